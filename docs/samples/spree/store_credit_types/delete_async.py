"""Delete a type of store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        await spree.store_credit_types.delete("3")


asyncio.run(main())
# The part shown ends here.
