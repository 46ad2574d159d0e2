"""Read how much store credit the shopper has, with the async client."""

# The part shown begins here.
import asyncio
import os

from store_credit import AsyncSpreeClient


async def main() -> None:
    async with AsyncSpreeClient() as spree:  # takes SPREE_URL from the environment
        account = await spree.account.retrieve(customer_token=os.environ["SPREE_CUSTOMER_TOKEN"])

    print(account.email, account.store_credits)


asyncio.run(main())
# The part shown ends here.
