"""Capture a payment by store credit, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL and SPREE_ADMIN_KEY
    # in the environment.
    async with AsyncSpreeAdminClient() as admin:
        payment = await admin.orders.payments.capture(
            "or_uw2YK1rnl0", "py_VqXmZF31wY"
        )

    print(payment.amount, payment.status)


asyncio.run(main())
# The part shown ends here.
