"""Raise a store credit of which nothing is used to USD 30.00."""

# The part shown begins here.
from decimal import Decimal

from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    credit = admin.customers.store_credits.update(
        "cus_AXs1igzRC6",
        "credit_EfhxLZ9ck8",
        amount=Decimal("30.00"),
    )

print(credit.amount, credit.amount_remaining)
# The part shown ends here.
