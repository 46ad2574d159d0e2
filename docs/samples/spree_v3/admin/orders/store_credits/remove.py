"""Take the store credit off an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    admin.orders.store_credits.remove("or_UkLWZg9DAJ")
# The part shown ends here.
