"""Look up one store credit without its customer (Spree 6.0)."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    credit = admin.store_credits.get("credit_UkLWZg9DAJ")

print(
    credit.customer_id,
    credit.amount_remaining,
    credit.currency,
)
# The part shown ends here.
