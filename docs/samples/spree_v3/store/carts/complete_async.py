"""Complete a cart that store credit covers, with the async client."""

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
        order = await store.carts.complete(
            "cart_gbHJdmfrXB"
        )

    print(order.number, order.completed_at)


asyncio.run(main())
# The part shown ends here.
