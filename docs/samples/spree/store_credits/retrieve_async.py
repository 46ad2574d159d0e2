"""Look up one store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        credit = await spree.store_credits.retrieve("1")

    print(
        credit.display_amount,
        credit.display_amount_used,
        credit.memo,
    )


asyncio.run(main())
# The part shown ends here.
