"""List the ledger of one store credit, newest first (Spree 6.0), with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        async for (
            event
        ) in admin.store_credits.events.list(
            "credit_UkLWZg9DAJ"
        ):
            print(
                event.created_at,
                event.action,
                event.amount,
            )


asyncio.run(main())
# The part shown ends here.
