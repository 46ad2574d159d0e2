"""Cancel an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

with SpreeAdminClient() as admin:  # takes SPREE_URL and SPREE_ADMIN_KEY from the environment
    order = admin.orders.cancel("or_UkLWZg9DAJ")

print(order.number, order.canceled_at)
# The part shown ends here.
