"""Add up what a customer can still spend, by currency, over all pages."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

from store_credit import VinrClient, from_minor_units, to_minor_units


def balances(vinr: VinrClient, customer: str) -> dict[str, Decimal]:
    """The balances, in decimals of each currency."""
    minor: Counter[str] = Counter()
    for credit in vinr.store_credit.list(customer=customer, limit=2):
        if credit.expires_at is None or credit.expires_at > datetime.now(UTC):
            minor[credit.currency] += credit.balance_remaining
    return {currency: from_minor_units(amount, currency) for currency, amount in minor.items()}


with VinrClient() as vinr:
    for amount, currency in [("10.00", "USD"), ("2.50", "USD"), ("7.25", "EUR"), ("500", "JPY"), ("0.01", "USD")]:
        vinr.store_credit.create(customer="cust_8aZ2", amount=to_minor_units(amount, currency), currency=currency)
    found = balances(vinr, "cust_8aZ2")
