"""Read how much store credit the shopper has, with the async client."""

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
        profile = await store.customer.get()

    print(
        profile.email,
        profile.available_store_credit_total,
    )


asyncio.run(main())
# The part shown ends here.
