"""Look up one store credit of the shopper's, with the async client."""

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
        credit = await store.customer.store_credits.get(
            "credit_UkLWZg9DAJ"
        )

    print(credit.amount_remaining, credit.currency)


asyncio.run(main())
# The part shown ends here.
