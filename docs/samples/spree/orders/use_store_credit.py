"""Pay an order with at most USD 20.00 of store credit."""

# The part shown begins here.
from decimal import Decimal

from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    order = spree.orders.use_store_credit(
        "R100200300",
        amount=Decimal("20.00"),
        include=["payments"],
    )

for payment in order.payments:
    print(payment.amount, payment.state)
# The part shown ends here.
