"""Let a type of store credit be spent later, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL and SPREE_TOKEN
    # in the environment.
    async with AsyncSpreeClient() as spree:
        kind = await spree.store_credit_types.update(
            "1", priority=3
        )

    print(kind.name, kind.priority)


asyncio.run(main())
# The part shown ends here.
