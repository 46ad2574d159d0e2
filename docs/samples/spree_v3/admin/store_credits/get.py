"""Look up one store credit without its customer (Spree 6.0)."""

# The part shown begins here.
from store_credit import SpreeAdminClient

with SpreeAdminClient() as admin:  # takes SPREE_URL and SPREE_ADMIN_KEY from the environment
    credit = admin.store_credits.get("credit_UkLWZg9DAJ")

print(credit.customer_id, credit.amount_remaining, credit.currency)
# The part shown ends here.
