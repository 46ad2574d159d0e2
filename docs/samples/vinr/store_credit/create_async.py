"""Issue USD 10.00 of store credit for one year, with the async client."""

# The part shown begins here.
import asyncio
from datetime import UTC, datetime

from store_credit import AsyncVinrClient


async def main() -> None:
    # Set VINR_SECRET_KEY in the environment.
    async with AsyncVinrClient() as vinr:
        credit = await vinr.store_credit.create(
            customer="cust_8aZ2",
            amount=1000,  # in minor units: USD 10.00
            currency="USD",
            expires_at=datetime(
                2027, 11, 22, tzinfo=UTC
            ),
            # Your own key, the same on every attempt.
            idempotency_key="2f1d2a58-7c35-4b8e-9d0c-5a1f6f0f7c11",
        )

    print(credit.id, credit.balance_remaining)


asyncio.run(main())
# The part shown ends here.
