"""Pay USD 10.00 of an order with store credit, with the async client."""

# The part shown begins here.
import asyncio
from decimal import Decimal

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        order = await admin.orders.store_credits.apply(
            "or_UkLWZg9DAJ", amount=Decimal("10.00")
        )

    print(order.store_credit_total, order.amount_due)


asyncio.run(main())
# The part shown ends here.
