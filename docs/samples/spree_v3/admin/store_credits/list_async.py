"""List the store credits of one customer among all, with the sums by currency (Spree 6.0), with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        page = await admin.store_credits.list(
            filter={"customer_id_eq": "cust_AXs1igzRC6"}
        )

    for total in page.meta.totals:
        print(
            total.currency,
            total.amount - total.amount_used,
        )


asyncio.run(main())
# The part shown ends here.
