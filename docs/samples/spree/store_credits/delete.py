"""Delete a store credit of which nothing is used."""

# The part shown begins here.
from store_credit import SpreeClient

with SpreeClient() as spree:  # takes SPREE_URL and SPREE_TOKEN from the environment
    spree.store_credits.delete("2")
# The part shown ends here.
