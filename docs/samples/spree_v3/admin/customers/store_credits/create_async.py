"""Issue USD 25.00 of store credit, marked in its memo, with the async client."""

# The part shown begins here.
import asyncio
from decimal import Decimal

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        credit = await admin.customers.store_credits.create(
            "cus_AXs1igzRC6",
            amount=Decimal("25.00"),
            currency="USD",
            memo="refund-4711",
            # Your own key, the same on every attempt.
            idempotency_key="5d0c7a0e-6f7e-4c55-9d1e-0f6f0a6f4a11",
        )

    print(
        credit.id,
        credit.amount_remaining,
        credit.currency,
    )


asyncio.run(main())
# The part shown ends here.
