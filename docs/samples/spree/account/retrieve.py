"""Read how much store credit the shopper has."""

# The part shown begins here.
import os

from store_credit import SpreeClient

# Set SPREE_URL in the environment.
with SpreeClient() as spree:
    account = spree.account.retrieve(
        customer_token=os.environ["SPREE_CUSTOMER_TOKEN"]
    )

print(account.email, account.store_credits)
# The part shown ends here.
