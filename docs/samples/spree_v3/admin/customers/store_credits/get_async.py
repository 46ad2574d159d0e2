"""Look up one store credit of a customer, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        credit = await admin.customers.store_credits.get(
            "cus_AXs1igzRC6", "credit_UkLWZg9DAJ"
        )

    print(credit.amount, credit.amount_used, credit.memo)


asyncio.run(main())
# The part shown ends here.
