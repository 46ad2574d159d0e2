"""List the store credit of one customer."""

# The part shown begins here.
from store_credit import VinrClient

# Set VINR_SECRET_KEY in the environment.
with VinrClient() as vinr:
    for credit in vinr.store_credit.list(
        customer="cust_8aZ2"
    ):
        print(
            credit.id,
            credit.balance_remaining,
            credit.currency,
        )
# The part shown ends here.
