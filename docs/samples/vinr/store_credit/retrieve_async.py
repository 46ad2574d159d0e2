"""Look up one store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncVinrClient


async def main() -> None:
    # Set VINR_SECRET_KEY in the environment.
    async with AsyncVinrClient() as vinr:
        credit = await vinr.store_credit.retrieve(
            "sc_4Bk9mQ"
        )

    print(
        credit.balance_remaining,
        credit.currency,
        credit.expires_at,
    )


asyncio.run(main())
# The part shown ends here.
