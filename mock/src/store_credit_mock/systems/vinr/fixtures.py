"""What a fresh sandbox holds, and what a fixtures file may add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from store_credit_mock.ledger import LedgerError
from store_credit_mock.systems.base import Call
from store_credit_mock.systems.vinr import records

__all__ = ["SAMPLE_CUSTOMER", "add_customer", "load", "seed"]

SAMPLE_CUSTOMER: Final = "cust_8aZ2"
"""The customer that VINR's own samples name."""


def seed(call: Call) -> None:
    """Add the customer of the samples."""
    add_customer(call, SAMPLE_CUSTOMER, "jane@example.com", "Jane Doe", "+14155550100")


def add_customer(
    call: Call,
    identity: str,
    email: str,
    name: str | None = None,
    phone: str | None = None,
    payment_method: str | None = None,
) -> dict[str, Any]:
    """Add a customer and return it as the API would show it."""
    created = call.now // 1000
    call.db.run(
        "INSERT INTO vinr_customer (sandbox, id, number, email, name, phone, default_payment_method, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (call.sandbox.name, identity, call.sandbox.next(), email, name, phone, payment_method, created),
    )
    return records.shown_customer((identity, email, name, phone, payment_method, created))


def load(call: Call, fixtures: Mapping[str, Any]) -> None:
    """Add what a fixtures file names: `customers` and `store_credits`.

    Raises:
        ValueError: A part is not understood; the text says which.
    """
    unknown = set(fixtures) - {"customers", "store_credits"}
    if unknown:
        raise ValueError(f"vinr: {', '.join(sorted(unknown))}: not known; customers and store_credits are")
    for number, customer in enumerate(fixtures.get("customers", [])):
        place = f"vinr.customers[{number}]"
        _only(place, customer, {"id", "email", "name", "phone", "default_payment_method"})
        identity, email = _text(place, customer, "id"), _text(place, customer, "email")
        if records.customers(call.db, call.sandbox.name, [identity]):
            continue
        rest = (customer.get("name"), customer.get("phone"), customer.get("default_payment_method"))
        add_customer(call, identity, email, *rest)
    for number, credit in enumerate(fixtures.get("store_credits", [])):
        place = f"vinr.store_credits[{number}]"
        _only(place, credit, {"id", "customer", "amount", "currency", "expires_at", "spent"})
        owner = _text(place, credit, "customer")
        if not records.customers(call.db, call.sandbox.name, [owner]):
            raise ValueError(f"{place}: there is no customer {owner}; add it under vinr.customers")
        amount, spent = credit.get("amount"), credit.get("spent", 0)
        if not isinstance(amount, int) or amount < 1 or not isinstance(spent, int) or not 0 <= spent <= amount:
            raise ValueError(f"{place}: amount is 1 or more in minor units, spent at most amount")
        identity = credit.get("id", "")
        if identity and records.find(call, identity):
            raise ValueError(f"{place}: there is a store credit {identity} already")
        currency = _text(place, credit, "currency").upper()
        row = records.issue(call, owner, amount, currency, credit.get("expires_at"), identity)
        try:
            if spent:
                records.move(call, row, "spend", records.REMAINING, records.SPENT, spent, "fixture")
        except LedgerError as error:
            raise ValueError(f"{place}: {error}") from error


def _only(place: str, value: Any, known: set[str]) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{place}: is no mapping")
    unknown = set(cast("dict[str, Any]", value)) - known
    if unknown:
        raise ValueError(f"{place}: {', '.join(sorted(unknown))}: not known; {', '.join(sorted(known))} are")


def _text(place: str, value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str) or not found:
        raise ValueError(f"{place}: {name} is missing or no text")
    return found
