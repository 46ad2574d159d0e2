"""Let a store credit run one year longer, with the async client."""

# The part shown begins here.
import asyncio
from datetime import UTC, datetime

from store_credit import AsyncVinrClient


async def main() -> None:
    # Set VINR_SECRET_KEY in the environment.
    async with AsyncVinrClient() as vinr:
        credit = await vinr.store_credit.update(
            "sc_4Bk9mQ",
            expires_at=datetime(
                2028, 11, 22, tzinfo=UTC
            ),  # None: never
            # Your own key, the same on every attempt.
            idempotency_key="8e0f9b1c-3a54-4d0e-bb0f-6f2f5a0f1d27",
        )

    print(credit.expires_at)


asyncio.run(main())
# The part shown ends here.
