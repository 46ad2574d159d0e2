"""List the categories of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    for category in spree.store_credit_categories.list():
        print(category.id, category.name)
# The part shown ends here.
