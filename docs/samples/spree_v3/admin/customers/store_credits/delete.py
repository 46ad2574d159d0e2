"""Delete a store credit of which nothing is used."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    admin.customers.store_credits.delete(
        "cus_AXs1igzRC6", "credit_VqXmZF31wY"
    )
# The part shown ends here.
