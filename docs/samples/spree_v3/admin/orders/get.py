"""Look up one order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    order = admin.orders.get("or_UkLWZg9DAJ")

print(
    order.number, order.total, order.store_credit_total
)
# The part shown ends here.
