"""Take the store credit off the shopper's cart, with the async client."""

# The part shown begins here.
import asyncio
import os

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL in the environment.
    async with AsyncSpreeClient() as spree:
        cart = await spree.checkout.remove_store_credit(
            order_token=os.environ["SPREE_ORDER_TOKEN"],
            fields={
                "cart": [
                    "number",
                    "total",
                    "display_total",
                    "payments",
                ]
            },
        )

    print(cart.number, cart.display_total)


asyncio.run(main())
# The part shown ends here.
