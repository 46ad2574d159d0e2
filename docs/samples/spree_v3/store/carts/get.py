"""Look up the shopper's cart."""

# The part shown begins here.
import os

from store_credit import SpreeStoreClient

# Set SPREE_URL and SPREE_PUBLISHABLE_KEY
# in the environment.
with SpreeStoreClient(
    customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
) as store:
    cart = store.carts.get("cart_UkLWZg9DAJ")

print(
    cart.total, cart.store_credit_total, cart.amount_due
)
# The part shown ends here.
