"""Let a type of store credit be spent later."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    kind = spree.store_credit_types.update("1", priority=3)

print(kind.name, kind.priority)
# The part shown ends here.
