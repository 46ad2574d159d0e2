"""List the types of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    for kind in spree.store_credit_types.list():
        print(kind.id, kind.name, kind.priority)
# The part shown ends here.
