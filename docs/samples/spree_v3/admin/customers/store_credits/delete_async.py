"""Delete a store credit of which nothing is used, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        await admin.customers.store_credits.delete(
            "cus_AXs1igzRC6", "credit_VqXmZF31wY"
        )


asyncio.run(main())
# The part shown ends here.
