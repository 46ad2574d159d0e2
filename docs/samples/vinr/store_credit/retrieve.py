"""Look up one store credit."""

# The part shown begins here.
from store_credit import VinrClient

with VinrClient() as vinr:  # takes the key from VINR_SECRET_KEY
    credit = vinr.store_credit.retrieve("sc_4Bk9mQ")

print(credit.balance_remaining, credit.currency, credit.expires_at)
# The part shown ends here.
