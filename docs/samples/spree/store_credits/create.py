"""Issue USD 25.00 of store credit as goodwill."""

# The part shown begins here.
from decimal import Decimal

from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    credit = spree.store_credits.create(
        user_id="2",
        category_id="4",
        created_by_id="5",
        amount=Decimal("25.00"),
        currency="USD",
        memo="Sorry that the parcel was late",
        public_metadata={"campaign": "winter"},
        private_metadata={"ticket": 4711},
    )

print(credit.id, credit.display_amount)
# The part shown ends here.
