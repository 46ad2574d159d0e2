"""The recipe "Show a customer's balance" on VINR; `tests/docs/test_recipes.py` runs it."""

# >>> program
from datetime import UTC, datetime, timedelta

from store_credit import VinrClient, from_minor_units

vinr = VinrClient(api_key="sk_test_any", base_url="http://127.0.0.1:4010", deadline=30)


def balance(customer: str, at: datetime) -> dict[str, int]:
    """What a customer can spend at a time: minor units, by currency."""
    total: dict[str, int] = {}
    for credit in vinr.store_credit.list(customer=customer, limit=100):
        if credit.expires_at is None or at < credit.expires_at:
            total[credit.currency] = total.get(credit.currency, 0) + credit.balance_remaining
    return total


def shown(total: dict[str, int]) -> str:
    return ", ".join(f"{from_minor_units(total[one], one)} {one}" for one in sorted(total))


now = datetime.now(UTC).replace(microsecond=0)
ends = now + timedelta(days=30)
vinr.store_credit.create(customer="cust_8aZ2", amount=1500, currency="USD", expires_at=ends)
vinr.store_credit.create(customer="cust_8aZ2", amount=700, currency="USD")  # never expires
vinr.store_credit.create(customer="cust_8aZ2", amount=500, currency="JPY")
print("today:", shown(balance("cust_8aZ2", now)))
print("in 30 days:", shown(balance("cust_8aZ2", ends)))
# <<< program
