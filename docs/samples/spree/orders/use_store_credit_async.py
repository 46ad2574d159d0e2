"""Pay an order with at most USD 20.00 of store credit, with the async client."""

# The part shown begins here.
import asyncio
from decimal import Decimal

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        order = await spree.orders.use_store_credit(
            "R100200300",
            amount=Decimal("20.00"),
            include=["payments"],
        )

    for payment in order.payments:
        print(payment.amount, payment.state)


asyncio.run(main())
# The part shown ends here.
