"""Look up one category of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    category = spree.store_credit_categories.retrieve("1")

print(category.name)
# The part shown ends here.
