"""Void a payment by store credit."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    payment = admin.orders.payments.void(
        "or_OIJLhNcSbf", "py_uw2YK1rnl0"
    )

print(payment.amount, payment.status)
# The part shown ends here.
