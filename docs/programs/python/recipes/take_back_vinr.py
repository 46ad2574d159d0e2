"""The recipe "Take a credit back" on VINR; `tests/docs/test_recipes.py` runs it."""

# >>> program
from datetime import UTC, datetime, timedelta

from store_credit import VinrClient, from_minor_units

SOON = timedelta(minutes=2)

vinr = VinrClient(api_key="sk_test_any", base_url="http://127.0.0.1:4010", deadline=30)


def take_back(credit_id: str) -> str:
    """Let a credit expire soon, unless there is nothing to take back."""
    credit = vinr.store_credit.retrieve(credit_id)
    soon = datetime.now(UTC).replace(microsecond=0) + SOON
    if not credit.balance_remaining:
        return "nothing is left to take back"
    if credit.expires_at is not None and credit.expires_at <= soon:
        return "already expired, or about to expire"
    credit = vinr.store_credit.update(credit_id, expires_at=soon)
    left = from_minor_units(credit.balance_remaining, credit.currency)
    return f"{left} {credit.currency} will expire in two minutes"


mistake = vinr.store_credit.create(customer="cust_8aZ2", amount=2500, currency="USD")
print(take_back(mistake.id))
print(take_back(mistake.id))  # a second click, or the program after a restart
# <<< program
