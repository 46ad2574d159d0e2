"""Let a store credit run one year longer."""

# The part shown begins here.
from datetime import UTC, datetime

from store_credit import VinrClient

# Set VINR_SECRET_KEY in the environment.
with VinrClient() as vinr:
    credit = vinr.store_credit.update(
        "sc_4Bk9mQ",
        expires_at=datetime(
            2028, 11, 22, tzinfo=UTC
        ),  # None: never
        # Your own key, the same on every attempt.
        idempotency_key="8e0f9b1c-3a54-4d0e-bb0f-6f2f5a0f1d27",
    )

print(credit.expires_at)
# The part shown ends here.
