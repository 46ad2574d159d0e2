"""Look up one store credit of a customer."""

# The part shown begins here.
from store_credit import SpreeAdminClient

with SpreeAdminClient() as admin:  # takes SPREE_URL and SPREE_ADMIN_KEY from the environment
    credit = admin.customers.store_credits.get("cus_AXs1igzRC6", "credit_UkLWZg9DAJ")

print(credit.amount, credit.amount_used, credit.memo)
# The part shown ends here.
