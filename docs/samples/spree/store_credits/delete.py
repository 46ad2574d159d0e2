"""Delete a store credit of which nothing is used."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    spree.store_credits.delete("2")
# The part shown ends here.
