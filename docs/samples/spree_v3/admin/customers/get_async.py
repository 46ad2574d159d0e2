"""Look up one customer, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        customer = await admin.customers.get(
            "cus_AXs1igzRC6"
        )

    print(
        customer.email,
        customer.available_store_credit_total,
    )


asyncio.run(main())
# The part shown ends here.
