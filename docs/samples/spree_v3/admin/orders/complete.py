"""Complete an order that store credit covers."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    order = admin.orders.complete("or_EfhxLZ9ck8")

print(order.number, order.completed_at)
# The part shown ends here.
