"""Raise a store credit of which nothing is used to USD 30.00, with the async client."""

# The part shown begins here.
import asyncio
from decimal import Decimal

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        credit = (
            await admin.customers.store_credits.update(
                "cus_AXs1igzRC6",
                "credit_EfhxLZ9ck8",
                amount=Decimal("30.00"),
            )
        )

    print(credit.amount, credit.amount_remaining)


asyncio.run(main())
# The part shown ends here.
