"""Put at most USD 20.00 of store credit on the shopper's cart."""

# The part shown begins here.
import os
from decimal import Decimal

from store_credit import SpreeClient

# Set SPREE_URL in the environment.
with SpreeClient() as spree:
    cart = spree.checkout.add_store_credit(
        order_token=os.environ["SPREE_ORDER_TOKEN"],
        amount=Decimal("20.00"),
        include=["payments"],
    )

for payment in cart.payments:
    print(payment.amount, payment.state)
# The part shown ends here.
