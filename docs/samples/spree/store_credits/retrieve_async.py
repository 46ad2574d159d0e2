"""Look up one store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    async with AsyncSpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
        credit = await spree.store_credits.retrieve("1")

    print(credit.display_amount, credit.display_amount_used, credit.memo)


asyncio.run(main())
# The part shown ends here.
