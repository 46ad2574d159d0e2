"""Let a type of store credit be spent later."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    kind = spree.store_credit_types.update(
        "1", priority=3
    )

print(kind.name, kind.priority)
# The part shown ends here.
