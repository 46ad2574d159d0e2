"""Look up one store credit."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    credit = spree.store_credits.retrieve("1")

print(
    credit.display_amount,
    credit.display_amount_used,
    credit.memo,
)
# The part shown ends here.
