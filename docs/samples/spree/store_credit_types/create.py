"""Add a type of store credit that is spent before all others."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    kind = spree.store_credit_types.create(name="Promotional", priority=0)

print(kind.id, kind.name)
# The part shown ends here.
