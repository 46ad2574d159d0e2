"""Look up one store credit."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    credit = spree.store_credits.retrieve("1")

print(credit.display_amount, credit.display_amount_used, credit.memo)
# The part shown ends here.
