"""Look up one order, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        order = await admin.orders.get("or_UkLWZg9DAJ")

    print(
        order.number,
        order.total,
        order.store_credit_total,
    )


asyncio.run(main())
# The part shown ends here.
