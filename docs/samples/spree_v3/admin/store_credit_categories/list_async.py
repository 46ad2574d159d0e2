"""List the store credit categories (Spree 5.5 and 5.6), with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        async for (
            category
        ) in admin.store_credit_categories.list():
            print(category.id, category.name)


asyncio.run(main())
# The part shown ends here.
