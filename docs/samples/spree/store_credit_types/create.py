"""Add a type of store credit that is spent before all others."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    kind = spree.store_credit_types.create(
        name="Promotional", priority=0
    )

print(kind.id, kind.name)
# The part shown ends here.
