"""Delete a type of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    spree.store_credit_types.delete("3")
# The part shown ends here.
