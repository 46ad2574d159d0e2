"""List the ledger of one store credit, newest first (Spree 6.0)."""

# The part shown begins here.
from store_credit import SpreeAdminClient

# Set SPREE_URL and SPREE_ADMIN_KEY
# in the environment.
with SpreeAdminClient() as admin:
    for event in admin.store_credits.events.list(
        "credit_UkLWZg9DAJ"
    ):
        print(
            event.created_at, event.action, event.amount
        )
# The part shown ends here.
