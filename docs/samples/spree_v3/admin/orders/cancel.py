"""Cancel an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

with SpreeAdminClient() as admin:  # takes SPREE_URL and SPREE_ADMIN_KEY from the environment
    order = admin.orders.cancel("or_VqXmZF31wY")

print(order.number, order.canceled_at)
# The part shown ends here.
