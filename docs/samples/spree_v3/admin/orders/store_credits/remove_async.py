"""Take the store credit off an order, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        await admin.orders.store_credits.remove(
            "or_UkLWZg9DAJ"
        )


asyncio.run(main())
# The part shown ends here.
