"""Take the store credit off an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

with SpreeAdminClient() as admin:  # takes SPREE_URL and SPREE_ADMIN_KEY from the environment
    admin.orders.store_credits.remove("or_UkLWZg9DAJ")
# The part shown ends here.
