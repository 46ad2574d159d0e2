"""Where VINR's state is kept. Times are Unix seconds as in the API, or Unix milliseconds where a name ends in `_ms`."""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table

__all__ = ["TABLES"]

TABLES: Final = (
    Table(
        "vinr_customer",
        {
            "id": "TEXT NOT NULL",
            "number": "BIGINT NOT NULL",
            "email": "TEXT NOT NULL",
            "name": "TEXT",
            "phone": "TEXT",
            "default_payment_method": "TEXT",
            "created": "BIGINT NOT NULL",
        },
        key=("id",),
    ),
    Table(
        "vinr_credit",
        {
            "id": "TEXT NOT NULL",
            "number": "BIGINT NOT NULL",
            "customer": "TEXT NOT NULL",
            "amount": "BIGINT NOT NULL",
            "currency": "TEXT NOT NULL",
            "remaining": "BIGINT NOT NULL CHECK (remaining >= 0 AND remaining <= amount)",
            "expires_at": "BIGINT",
            "created": "BIGINT NOT NULL",
        },
        key=("number",),  # Pages are read, and new credits written, side by side.
        indexes=[("customer", "number")],
        unique=[("id",)],
    ),
    # How many credits there are, in all (customer '') and of each customer: a page must not cost a count.
    Table("vinr_total", {"customer": "TEXT NOT NULL", "credits": "BIGINT NOT NULL"}, key=("customer",)),
    Table(
        "vinr_idempotency",
        {
            "scope": "TEXT NOT NULL",
            "key": "TEXT NOT NULL",
            "fingerprint": "TEXT NOT NULL",
            "status": "BIGINT NOT NULL",
            "body": "TEXT NOT NULL",
            "at_ms": "BIGINT NOT NULL",
        },
        key=("scope", "key"),
    ),
    Table(
        "vinr_key",
        {
            "key": "TEXT NOT NULL",
            "scopes": "TEXT NOT NULL",
            "expires_ms": "BIGINT",
            "revoked": "BIGINT NOT NULL",
        },
        key=("key",),
    ),
    Table(
        "vinr_purchase",
        {
            "id": "TEXT NOT NULL",
            "number": "BIGINT NOT NULL",
            "customer": "TEXT NOT NULL",
            "currency": "TEXT NOT NULL",
            "due": "BIGINT NOT NULL",
            "paid_by_credit": "BIGINT NOT NULL",
            "refunded": "BIGINT NOT NULL",
            "returned": "BIGINT NOT NULL",
            "created": "BIGINT NOT NULL",
        },
        key=("id",),
        unique=[("number",)],
    ),
    Table(
        "vinr_purchase_part",
        {
            "purchase": "TEXT NOT NULL",
            "place": "BIGINT NOT NULL",
            "credit": "TEXT NOT NULL",
            "amount": "BIGINT NOT NULL",
            "refunded": "BIGINT NOT NULL CHECK (refunded >= 0 AND refunded <= amount)",
        },
        key=("purchase", "place"),
    ),
    Table(
        "vinr_event",
        {
            "id": "TEXT NOT NULL",
            "number": "BIGINT NOT NULL",
            "type": "TEXT NOT NULL",
            "payload": "TEXT NOT NULL",
        },
        key=("number",),
        unique=[("id",)],
    ),
    Table(
        "vinr_endpoint",
        {
            "id": "TEXT NOT NULL",
            "number": "BIGINT NOT NULL",
            "url": "TEXT NOT NULL",
            "enabled_events": "TEXT NOT NULL",
            "secret": "TEXT NOT NULL",
            "status": "TEXT NOT NULL",
            "created": "BIGINT NOT NULL",
        },
        key=("id",),
    ),
    Table(
        "vinr_delivery",
        {
            "id": "TEXT NOT NULL",
            "number": "BIGINT NOT NULL",
            "event": "TEXT NOT NULL",
            "endpoint": "TEXT NOT NULL",
            "state": "TEXT NOT NULL",
            "attempts": "BIGINT NOT NULL",
            "due_ms": "BIGINT NOT NULL",
            "claimed_ms": "BIGINT NOT NULL",
            "last_status": "BIGINT",
            "last_error": "TEXT",
        },
        key=("id",),
        indexes=[("state", "due_ms", "number"), ("endpoint", "state", "due_ms", "number")],
    ),
)
