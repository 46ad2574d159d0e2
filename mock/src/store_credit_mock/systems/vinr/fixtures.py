"""What a fresh sandbox holds, and what a fixtures file may add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store_credit_mock.ledger import LedgerError
from store_credit_mock.systems.call import Call, FixturesError
from store_credit_mock.systems.vinr import events, store_credits
from store_credit_mock.systems.vinr.authentication import READ, WRITE, keep_key
from store_credit_mock.systems.vinr.parameters import MAXIMUM_AMOUNT, MAXIMUM_TIME

__all__ = ["FIXTURES", "SAMPLES", "SAMPLE_CUSTOMER", "SAMPLE_WEBHOOK_SECRET", "add_customer", "load", "seed"]

SAMPLE_CUSTOMER: Final = "cust_8aZ2"
"""The customer that VINR's own samples name."""

_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_OPTIONAL: Final = {"type": ["string", "null"], "maxLength": 320}
_TIME: Final = {"type": ["integer", "null"], "minimum": 0, "maximum": MAXIMUM_TIME, "description": "Unix seconds."}
_CUSTOMER: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "email"],
    "properties": {
        "id": _TEXT,
        "email": _TEXT,
        "name": _OPTIONAL,
        "phone": _OPTIONAL,
        "default_payment_method": _OPTIONAL,
    },
}
_CREDIT: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["customer", "amount", "currency"],
    "properties": {
        "id": {"type": "string", "pattern": "^sc_[A-Za-z0-9]+$"},
        "customer": _TEXT,
        "amount": {"type": "integer", "minimum": 1, "maximum": MAXIMUM_AMOUNT, "description": "Minor units."},
        "currency": {"type": "string", "pattern": "^[A-Za-z]{3}$"},
        "expires_at": _TIME,
        "spent": {"type": "integer", "minimum": 0, "maximum": MAXIMUM_AMOUNT, "description": "Minor units."},
    },
}
_ENDPOINT: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["url"],
    "properties": {
        "url": {"type": "string", "pattern": "^https?://"},
        "secret": {**_TEXT, "description": "Signs the deliveries; by default, generated."},
        "enabled_events": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": ["*", "store_credit.created", "store_credit.updated"]},
        },
    },
}
_KEY: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key"],
    "properties": {
        "key": {"type": "string", "pattern": "^[rs]k_test_.", "maxLength": 255},
        "scopes": {"type": "array", "items": {"enum": [READ, WRITE]}, "description": "By default, both."},
        "expires_at": _TIME,
        "revoked": {"type": "boolean"},
    },
}
FIXTURES: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "customers": {"type": "array", "items": _CUSTOMER},
        "webhook_endpoints": {"type": "array", "items": _ENDPOINT},
        "keys": {"type": "array", "items": _KEY},
        "store_credits": {"type": "array", "items": _CREDIT},
    },
}
"""JSON Schema of what `load` takes."""

SAMPLES: Final = {
    "customers": [{"id": "cust_sample", "email": "sam@example.com", "name": "Sam Sample"}],
    "store_credits": [
        {
            "id": "sc_4Bk9mQ",
            "customer": SAMPLE_CUSTOMER,
            "amount": 1000,
            "spent": 350,
            "currency": "USD",
            "expires_at": 1826841600,
        },
        {"customer": "cust_sample", "amount": 2500, "currency": "EUR"},
        {"customer": "cust_sample", "amount": 5000, "currency": "USD", "spent": 5000},
    ],
}
"""What `serve --samples` holds: the credit that the samples of the reference pages name, and two to look at."""

SAMPLE_WEBHOOK_SECRET: Final = "whsec_sample"  # noqa: S105 - known to everybody
"""What the samples of webhooks sign with."""


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
    return store_credits.shown_customer((identity, email, name, phone, payment_method, created))


def load(call: Call, fixtures: Mapping[str, Any]) -> None:
    """Add what a fixtures file names, in the order of `FIXTURES`.

    Raises:
        FixturesError: A credit has no owner, is there already, or has less than was spent of it.
    """
    for customer in fixtures.get("customers", []):
        if store_credits.customer(call.db, call.sandbox.name, customer["id"]) is not None:
            continue
        rest = (customer.get("name"), customer.get("phone"), customer.get("default_payment_method"))
        add_customer(call, customer["id"], customer["email"], *rest)
    # Before the credits, whose events they get.
    for endpoint in fixtures.get("webhook_endpoints", []):
        events.add_endpoint(call, endpoint["url"], endpoint.get("enabled_events", ["*"]), endpoint.get("secret"))
    for key in fixtures.get("keys", []):
        expires = key.get("expires_at")
        scopes = sorted(set(key.get("scopes", (READ, WRITE))))
        expires_ms = None if expires is None else int(expires) * 1000
        keep_key(call, key["key"], scopes, expires_ms, revoked=key.get("revoked", False))
    for number, credit in enumerate(fixtures.get("store_credits", [])):
        place = f"/vinr/store_credits/{number}"
        owner, identity, amount = credit["customer"], credit.get("id", ""), int(credit["amount"])
        if store_credits.customer(call.db, call.sandbox.name, owner) is None:
            raise FixturesError(f"{place}/customer", f"there is no customer {owner}; add it under vinr.customers")
        if identity and store_credits.find(call, identity):
            raise FixturesError(f"{place}/id", f"there is a store credit {identity} already")
        row = store_credits.issue(call, owner, amount, credit["currency"].upper(), credit.get("expires_at"), identity)
        try:
            if spent := int(credit.get("spent", 0)):
                store_credits.move(
                    call, row, "spend", store_credits.REMAINING, store_credits.SPENT, spent, store_credits.FIXTURE
                )
        except LedgerError as error:
            raise FixturesError(f"{place}/spent", str(error)) from error
