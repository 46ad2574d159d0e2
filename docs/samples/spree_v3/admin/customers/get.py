"""Look up one customer."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    customer = admin.customers.get("cus_AXs1igzRC6")

print(
    customer.email, customer.available_store_credit_total
)
# The part shown ends here.
