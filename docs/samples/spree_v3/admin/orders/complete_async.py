"""Complete an order that store credit covers, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        order = await admin.orders.complete(
            "or_EfhxLZ9ck8"
        )

    print(order.number, order.completed_at)


asyncio.run(main())
# The part shown ends here.
