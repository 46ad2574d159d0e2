"""Read how much store credit the shopper has, with the async client."""

# The part shown begins here.
import asyncio
import os

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL in the environment.
    async with AsyncSpreeClient() as spree:
        account = await spree.account.retrieve(
            customer_token=os.environ[
                "SPREE_CUSTOMER_TOKEN"
            ]
        )

    print(account.email, account.store_credits)


asyncio.run(main())
# The part shown ends here.
