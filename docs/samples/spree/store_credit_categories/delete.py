"""Delete a category that no store credit has."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    spree.store_credit_categories.delete("5")
# The part shown ends here.
