"""Cancel an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    order = admin.orders.cancel("or_VqXmZF31wY")

print(order.number, order.canceled_at)
# The part shown ends here.
