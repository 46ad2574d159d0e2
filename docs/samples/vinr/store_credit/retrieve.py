"""Look up one store credit."""

# The part shown begins here.
from store_credit import VinrClient

# Set VINR_SECRET_KEY in the environment.
with VinrClient() as vinr:
    credit = vinr.store_credit.retrieve("sc_4Bk9mQ")

print(
    credit.balance_remaining,
    credit.currency,
    credit.expires_at,
)
# The part shown ends here.
