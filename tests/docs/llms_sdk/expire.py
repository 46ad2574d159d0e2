"""Let a credit expire soon, and take the expiry off again."""

from datetime import UTC, datetime, timedelta

from store_credit import ValidationError, VinrClient

with VinrClient() as vinr:
    credit = vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    expiring = vinr.store_credit.update(credit.id, expires_at=soon)
    param = ""
    try:
        vinr.store_credit.update(credit.id, expires_at=datetime(2020, 1, 1, tzinfo=UTC))
    except ValidationError as error:
        param = error.param or ""
    kept = vinr.store_credit.update(credit.id, expires_at=None)
