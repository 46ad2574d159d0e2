"""List the payments of an order."""

# The part shown begins here.
from store_credit import SpreeAdminClient

with SpreeAdminClient() as admin:  # takes SPREE_URL and SPREE_ADMIN_KEY from the environment
    for payment in admin.orders.payments.list("or_uw2YK1rnl0"):
        print(payment.id, payment.amount, payment.status)
# The part shown ends here.
