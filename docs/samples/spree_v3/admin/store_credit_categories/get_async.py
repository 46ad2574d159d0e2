"""Look up one store credit category (Spree 5.5 and 5.6), with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        category = (
            await admin.store_credit_categories.get(
                "sccat_UkLWZg9DAJ"
            )
        )

    print(category.name, category.non_expiring)


asyncio.run(main())
# The part shown ends here.
