"""Add a type of store credit that is spent before all others, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        kind = await spree.store_credit_types.create(
            name="Promotional", priority=0
        )

    print(kind.id, kind.name)


asyncio.run(main())
# The part shown ends here.
