"""List the store credits of one user in one currency."""

# The part shown begins here.
from store_credit import SpreeClient

# Set SPREE_URL and SPREE_TOKEN
# in the environment.
with SpreeClient() as spree:
    for credit in spree.store_credits.list(
        filter={"user_id_eq": "2", "currency_eq": "USD"}
    ):
        print(
            credit.id,
            credit.amount
            - credit.amount_used
            - credit.amount_authorized,
        )
# The part shown ends here.
