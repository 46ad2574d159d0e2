"""Read how much store credit the shopper has."""

# The part shown begins here.
import os

from store_credit import SpreeStoreClient

# Set SPREE_URL and SPREE_PUBLISHABLE_KEY
# in the environment.
with SpreeStoreClient(
    customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
) as store:
    profile = store.customer.get()

print(
    profile.email, profile.available_store_credit_total
)
# The part shown ends here.
