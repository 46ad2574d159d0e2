"""Put at most USD 10.00 of store credit on the shopper's cart, with the async client."""

# The part shown begins here.
import asyncio
import os
from decimal import Decimal

from store_credit import AsyncSpreeStoreClient


async def main() -> None:
    # Set SPREE_URL and SPREE_PUBLISHABLE_KEY
    # in the environment.
    async with AsyncSpreeStoreClient(
        customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
    ) as store:
        cart = await store.carts.store_credits.apply(
            "cart_UkLWZg9DAJ", amount=Decimal("10.00")
        )

    print(cart.store_credit_total, cart.amount_due)


asyncio.run(main())
# The part shown ends here.
