"""List the shopper's store credits in one currency."""

# The part shown begins here.
import os

from store_credit import SpreeStoreClient

# Set SPREE_URL and SPREE_PUBLISHABLE_KEY
# in the environment.
with SpreeStoreClient(
    customer_token=os.environ["SPREE_SHOPPER_TOKEN"]
) as store:
    for credit in store.customer.store_credits.list(
        currency="EUR"
    ):
        print(
            credit.id,
            credit.amount_remaining,
            credit.currency,
        )
# The part shown ends here.
