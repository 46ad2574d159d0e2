"""Capture a payment by store credit."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    payment = admin.orders.payments.capture(
        "or_uw2YK1rnl0", "py_VqXmZF31wY"
    )

print(payment.amount, payment.status)
# The part shown ends here.
