"""Raise a store credit to USD 40.00."""

# The part shown begins here.
from decimal import Decimal

from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    credit = spree.store_credits.update(
        "1",
        amount=Decimal("40.00"),
        memo="Raised after a second delay",
    )

print(credit.display_amount, credit.memo)
# The part shown ends here.
