"""List a customer's store credits in one currency."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    for credit in admin.customers.store_credits.list(
        "cus_AXs1igzRC6", filter={"currency_eq": "USD"}
    ):
        print(
            credit.id,
            credit.amount_remaining,
            credit.memo,
        )
# The part shown ends here.
