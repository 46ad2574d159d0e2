"""Look up one store credit without its customer (Spree 6.0), with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        credit = await admin.store_credits.get(
            "credit_UkLWZg9DAJ"
        )

    print(
        credit.customer_id,
        credit.amount_remaining,
        credit.currency,
    )


asyncio.run(main())
# The part shown ends here.
