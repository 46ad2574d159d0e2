"""List the store credits of one customer among all, with the sums by currency (Spree 6.0)."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    page = admin.store_credits.list(
        filter={"customer_id_eq": "cust_AXs1igzRC6"}
    )

for total in page.meta.totals:
    print(
        total.currency, total.amount - total.amount_used
    )
# The part shown ends here.
