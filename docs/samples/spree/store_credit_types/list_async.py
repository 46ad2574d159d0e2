"""List the types of store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        async for (
            kind
        ) in spree.store_credit_types.list():
            print(kind.id, kind.name, kind.priority)


asyncio.run(main())
# The part shown ends here.
