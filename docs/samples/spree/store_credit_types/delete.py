"""Delete a type of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    spree.store_credit_types.delete("3")
# The part shown ends here.
