"""List a customer's store credits in one currency, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        async for (
            credit
        ) in admin.customers.store_credits.list(
            "cus_AXs1igzRC6",
            filter={"currency_eq": "USD"},
        ):
            print(
                credit.id,
                credit.amount_remaining,
                credit.memo,
            )


asyncio.run(main())
# The part shown ends here.
