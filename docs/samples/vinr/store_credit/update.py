"""Let a store credit run one year longer."""

# The part shown begins here.
from datetime import UTC, datetime

from store_credit import VinrClient

with VinrClient() as vinr:  # takes the key from VINR_SECRET_KEY
    credit = vinr.store_credit.update(
        "sc_4Bk9mQ",
        expires_at=datetime(2028, 11, 22, tzinfo=UTC),  # None: never
        idempotency_key="2f1d2a58-7c35-4b8e-9d0c-5a1f6f0f7c11",
    )

print(credit.expires_at)
# The part shown ends here.
