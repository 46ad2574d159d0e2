"""Rename a category of store credit."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    category = spree.store_credit_categories.update(
        "1", name="Apology"
    )

print(category.name)
# The part shown ends here.
