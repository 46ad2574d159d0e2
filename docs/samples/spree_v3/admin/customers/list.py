"""Find a customer by the address."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    for customer in admin.customers.list(
        filter={"email_eq": "nora@shop.example"}
    ):
        print(
            customer.id,
            customer.available_store_credit_total,
        )
# The part shown ends here.
