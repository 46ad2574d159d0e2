"""Raise a store credit to USD 40.00, with the async client."""

# The part shown begins here.
import asyncio
from decimal import Decimal

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        credit = await spree.store_credits.update(
            "1",
            amount=Decimal("40.00"),
            memo="Raised after a second delay",
        )

    print(credit.display_amount, credit.memo)


asyncio.run(main())
# The part shown ends here.
