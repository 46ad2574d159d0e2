"""Take the store credit off the shopper's cart."""

# The part shown begins here.
import os

from store_credit import SpreeClient

# Set SPREE_URL in the environment.
with SpreeClient() as spree:
    cart = spree.checkout.remove_store_credit(
        order_token=os.environ["SPREE_ORDER_TOKEN"],
        fields={
            "cart": [
                "number",
                "total",
                "display_total",
                "payments",
            ]
        },
    )

print(cart.number, cart.display_total)
# The part shown ends here.
