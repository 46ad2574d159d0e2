"""Look up one store credit of a customer."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    credit = admin.customers.store_credits.get(
        "cus_AXs1igzRC6", "credit_UkLWZg9DAJ"
    )

print(credit.amount, credit.amount_used, credit.memo)
# The part shown ends here.
