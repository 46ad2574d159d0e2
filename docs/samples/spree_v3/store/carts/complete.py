"""Complete a cart that store credit covers."""

# The part shown begins here.
import os

from store_credit import SpreeStoreClient

# Set SPREE_URL and SPREE_PUBLISHABLE_KEY
# in the environment.
with SpreeStoreClient(
    customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
) as store:
    order = store.carts.complete("cart_gbHJdmfrXB")

print(order.number, order.completed_at)
# The part shown ends here.
