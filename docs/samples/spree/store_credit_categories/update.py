"""Rename a category of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    category = spree.store_credit_categories.update("1", name="Apology")

print(category.name)
# The part shown ends here.
