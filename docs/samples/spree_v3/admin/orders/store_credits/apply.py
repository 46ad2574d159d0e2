"""Pay USD 10.00 of an order with store credit."""

# The part shown begins here.
from decimal import Decimal

from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    order = admin.orders.store_credits.apply(
        "or_UkLWZg9DAJ", amount=Decimal("10.00")
    )

print(order.store_credit_total, order.amount_due)
# The part shown ends here.
