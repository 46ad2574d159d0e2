"""Look up one store credit of the shopper's."""

# The part shown begins here.
import os

from store_credit import SpreeStoreClient

# Set SPREE_URL and SPREE_PUBLISHABLE_KEY
# in the environment.
with SpreeStoreClient(
    customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
) as store:
    credit = store.customer.store_credits.get(
        "credit_UkLWZg9DAJ"
    )

print(credit.amount_remaining, credit.currency)
# The part shown ends here.
