"""Look up one category of store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        category = (
            await spree.store_credit_categories.retrieve(
                "1"
            )
        )

    print(category.name)


asyncio.run(main())
# The part shown ends here.
