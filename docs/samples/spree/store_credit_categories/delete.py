"""Delete a category that no store credit has."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    spree.store_credit_categories.delete("5")
# The part shown ends here.
