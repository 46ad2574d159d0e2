"""Look up one type of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    kind = spree.store_credit_types.retrieve("1")

print(kind.name, kind.priority)
# The part shown ends here.
