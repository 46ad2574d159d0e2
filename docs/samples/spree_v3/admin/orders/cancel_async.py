"""Cancel an order, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        order = await admin.orders.cancel(
            "or_VqXmZF31wY"
        )

    print(order.number, order.canceled_at)


asyncio.run(main())
# The part shown ends here.
