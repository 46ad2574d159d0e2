"""Where Spree's state is kept. Amounts are hundredths, times Unix milliseconds, truth values 0 and 1."""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table
from store_credit_mock.systems.call import Call

__all__ = ["TABLES", "next_id"]

_ID: Final = {"id": "BIGINT NOT NULL"}
_TIMES: Final = {"created_at": "BIGINT NOT NULL", "updated_at": "BIGINT NOT NULL"}

TABLES: Final = (
    Table("spree_counter", {"name": "TEXT NOT NULL", "value": "BIGINT NOT NULL"}, key=("name",)),
    Table(
        "spree_store",
        {**_ID, "name": "TEXT NOT NULL", "currency": "TEXT NOT NULL", "currencies": "TEXT NOT NULL"},
        key=("id",),
    ),
    Table(
        "spree_user",
        {
            **_ID,
            "email": "TEXT NOT NULL",
            "first_name": "TEXT",
            "last_name": "TEXT",
            "admin": "BIGINT NOT NULL",
            "password": "TEXT",
            **_TIMES,
        },
        key=("id",),
    ),
    Table(
        "spree_token",
        {
            "token": "TEXT NOT NULL",
            "user_id": "BIGINT",
            "application": "TEXT",
            "scopes": "TEXT NOT NULL",
            "life": "BIGINT",
            "expires_at": "BIGINT",
            "revoked_at": "BIGINT",
            "refresh": "TEXT",
            "previous_refresh": "TEXT",
        },
        key=("token",),
        indexes=[("user_id",), ("refresh",)],
    ),
    Table(
        "spree_application",
        {"client_id": "TEXT NOT NULL", "secret": "TEXT NOT NULL", "name": "TEXT NOT NULL", "scopes": "TEXT NOT NULL"},
        key=("client_id",),
        unique=[("name",)],
    ),
    Table("spree_category", {**_ID, "name": "TEXT NOT NULL", **_TIMES}, key=("id",), indexes=[("name",)]),
    Table(
        "spree_type",
        {**_ID, "name": "TEXT NOT NULL", "priority": "BIGINT", **_TIMES},
        key=("id",),
        indexes=[("name",)],
    ),
    Table(
        "spree_credit",
        {
            **_ID,
            "user_id": "BIGINT",
            "category_id": "BIGINT",
            "type_id": "BIGINT",
            "created_by_id": "BIGINT",
            "amount": "BIGINT NOT NULL",
            "used": "BIGINT NOT NULL",
            "authorized": "BIGINT NOT NULL",
            "currency": "TEXT",
            "memo": "TEXT",
            "originator_type": "TEXT",
            "originator_id": "BIGINT",
            "public_metadata": "TEXT NOT NULL",
            "private_metadata": "TEXT NOT NULL",
            "deleted_at": "BIGINT",
            **_TIMES,
        },
        key=("id",),
        indexes=[("user_id", "id"), ("category_id",), ("created_at", "id"), ("updated_at", "id")],
    ),
    Table(
        "spree_event",
        {
            **_ID,
            "credit_id": "BIGINT NOT NULL",
            "action": "TEXT NOT NULL",
            "amount": "BIGINT NOT NULL",
            "code": "TEXT NOT NULL",
            "user_total": "BIGINT NOT NULL",
            "originator_type": "TEXT",
            "originator_id": "BIGINT",
            **_TIMES,
        },
        key=("id",),
        indexes=[("credit_id", "id"), ("code",)],
    ),
    Table(
        "spree_holding",
        {
            "user_id": "BIGINT NOT NULL",
            "currency": "TEXT NOT NULL",
            "credits": "BIGINT NOT NULL",
            "remaining": "BIGINT NOT NULL",
        },
        key=("user_id", "currency"),
    ),
    Table("spree_variant", {**_ID, "name": "TEXT NOT NULL", "prices": "TEXT NOT NULL"}, key=("id",)),
    Table(
        "spree_method",
        {
            **_ID,
            "kind": "TEXT NOT NULL",
            "name": "TEXT NOT NULL",
            "active": "BIGINT NOT NULL",
            "auto_capture": "BIGINT NOT NULL",
        },
        key=("id",),
    ),
    Table(
        "spree_order",
        {
            **_ID,
            "number": "TEXT NOT NULL",
            "token": "TEXT NOT NULL",
            "user_id": "BIGINT",
            "store_id": "BIGINT NOT NULL",
            "currency": "TEXT NOT NULL",
            "state": "TEXT NOT NULL",
            "email": "TEXT",
            "item_total": "BIGINT NOT NULL",
            "ship_total": "BIGINT NOT NULL",
            "item_count": "BIGINT NOT NULL",
            "payment_total": "BIGINT NOT NULL",
            "payment_state": "TEXT",
            "shipment_state": "TEXT",
            "shipment_id": "BIGINT",
            "bill_address_id": "BIGINT",
            "ship_address_id": "BIGINT",
            "canceler_id": "BIGINT",
            "changes": "TEXT NOT NULL",
            "completed_at": "BIGINT",
            "canceled_at": "BIGINT",
            **_TIMES,
        },
        key=("id",),
        indexes=[("token",), ("user_id", "id")],
        unique=[("number",)],
    ),
    Table(
        "spree_line",
        {
            **_ID,
            "order_id": "BIGINT NOT NULL",
            "variant_id": "BIGINT NOT NULL",
            "quantity": "BIGINT NOT NULL",
            "price": "BIGINT NOT NULL",
        },
        key=("id",),
        indexes=[("order_id", "id")],
    ),
    Table(
        "spree_payment",
        {
            **_ID,
            "order_id": "BIGINT NOT NULL",
            "method_id": "BIGINT NOT NULL",
            "credit_id": "BIGINT",
            "amount": "BIGINT NOT NULL",
            "state": "TEXT NOT NULL",
            "code": "TEXT",
            "number": "TEXT NOT NULL",
            "changes": "TEXT NOT NULL",
            "logs": "TEXT NOT NULL",
            "captures": "TEXT NOT NULL",
            "made_by": "BIGINT NOT NULL",
            **_TIMES,
        },
        key=("id",),
        indexes=[("order_id", "id"), ("credit_id", "id"), ("code",)],
    ),
    Table(
        "spree_refund",
        {
            **_ID,
            "payment_id": "BIGINT NOT NULL",
            "amount": "BIGINT NOT NULL",
            "reason": "TEXT",
            **_TIMES,
        },
        key=("id",),
        indexes=[("payment_id", "id")],
    ),
)
"""`spree_holding` keeps, per user and currency, how many live credits there are and what remains of them, so that an
event's total does not cost a walk through all of a user's credits. Secrets and passwords are kept as digests."""

_NEXT: Final = (
    "INSERT INTO spree_counter (sandbox, name, value) VALUES (?, ?, 1)"
    " ON CONFLICT (sandbox, name) DO UPDATE SET value = spree_counter.value + 1 RETURNING value"
)


def next_id(call: Call, name: str) -> int:
    """The next id of one kind of record, counting from 1; an id is never given twice."""
    row = call.db.one(_NEXT, (call.sandbox.name, name))
    assert row is not None
    return row[0]
