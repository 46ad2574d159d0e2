"""List the payments of an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    for payment in admin.orders.payments.list(
        "or_uw2YK1rnl0"
    ):
        print(payment.id, payment.amount, payment.status)
# The part shown ends here.
