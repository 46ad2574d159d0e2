"""Find a customer by the address, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        async for customer in admin.customers.list(
            filter={"email_eq": "nora@shop.example"}
        ):
            print(
                customer.id,
                customer.available_store_credit_total,
            )


asyncio.run(main())
# The part shown ends here.
