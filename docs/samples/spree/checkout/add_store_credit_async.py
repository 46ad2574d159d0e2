"""Put at most USD 20.00 of store credit on the shopper's cart, with the async client."""

# The part shown begins here.
import asyncio
import os
from decimal import Decimal

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL in the environment.
    async with AsyncSpreeClient() as spree:
        cart = await spree.checkout.add_store_credit(
            order_token=os.environ["SPREE_ORDER_TOKEN"],
            amount=Decimal("20.00"),
            include=["payments"],
        )

    for payment in cart.payments:
        print(payment.amount, payment.state)


asyncio.run(main())
# The part shown ends here.
