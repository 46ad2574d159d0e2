"""Look up the shopper's cart, with the async client."""

# The part shown begins here.
import asyncio
import os

from store_credit import AsyncSpreeStoreClient


async def main() -> None:
    # Set SPREE_URL and SPREE_PUBLISHABLE_KEY
    # in the environment.
    async with AsyncSpreeStoreClient(
        customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
    ) as store:
        cart = await store.carts.get("cart_UkLWZg9DAJ")

    print(
        cart.total,
        cart.store_credit_total,
        cart.amount_due,
    )


asyncio.run(main())
# The part shown ends here.
