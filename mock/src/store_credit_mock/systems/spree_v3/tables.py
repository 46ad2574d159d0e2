"""Where the state of v3 is kept, but for orders and webhooks.

Amounts are ten-thousandths of a unit of their currency (`money.SCALE`), as 6.0 keeps four decimals; times are Unix
milliseconds, truth values 0 and 1, lists and objects JSON text. Secret keys and passwords are kept as digests.
"""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table
from store_credit_mock.systems.call import Call

__all__ = ["TABLES", "next_id"]

_ID: Final = {"id": "BIGINT NOT NULL"}
_TIMES: Final = {"created_at": "BIGINT NOT NULL", "updated_at": "BIGINT NOT NULL"}
_PERSON: Final = {"email": "TEXT NOT NULL", "first_name": "TEXT", "last_name": "TEXT", "password": "TEXT"}

TABLES: Final = (
    Table("spree_v3_counter", {"name": "TEXT NOT NULL", "value": "BIGINT NOT NULL"}, key=("name",)),
    Table(
        "spree_v3_store",
        {
            **_ID,
            "code": "TEXT NOT NULL",
            "name": "TEXT NOT NULL",
            "currency": "TEXT NOT NULL",
            "currencies": "TEXT NOT NULL",
            "locales": "TEXT NOT NULL",
        },
        key=("id",),
        unique=[("code",)],
    ),
    Table(
        "spree_v3_customer",
        {
            **_ID,
            **_PERSON,
            "phone": "TEXT",
            "accepts_email_marketing": "BIGINT NOT NULL",
            "metadata": "TEXT NOT NULL",
            "failed_attempts": "BIGINT NOT NULL",
            **_TIMES,
        },
        key=("id",),
        unique=[("email",)],
    ),
    # `stores` are the ids of those where the person has the role admin.
    Table("spree_v3_staff", {**_ID, **_PERSON, "stores": "TEXT NOT NULL", **_TIMES}, key=("id",), unique=[("email",)]),
    # `token` is that of a publishable key; of a secret one only `digest` and the first twelve letters are kept.
    Table(
        "spree_v3_api_key",
        {
            **_ID,
            "store_id": "BIGINT NOT NULL",
            "name": "TEXT NOT NULL",
            "kind": "TEXT NOT NULL",
            "digest": "TEXT NOT NULL",
            "token": "TEXT",
            "token_prefix": "TEXT",
            "scopes": "TEXT NOT NULL",
            "created_by_id": "BIGINT",
            "revoked_at": "BIGINT",
            **_TIMES,
        },
        key=("id",),
        unique=[("digest",)],
    ),
    Table("spree_v3_category", {**_ID, "name": "TEXT NOT NULL", **_TIMES}, key=("id",)),
    Table(
        "spree_v3_credit",
        {
            **_ID,
            "store_id": "BIGINT NOT NULL",
            "customer_id": "BIGINT",
            "category_id": "BIGINT",
            "created_by_id": "BIGINT",
            "amount": "BIGINT NOT NULL",
            "used": "BIGINT NOT NULL",
            "authorized": "BIGINT NOT NULL",
            "currency": "TEXT NOT NULL",
            "memo": "TEXT",
            "metadata": "TEXT NOT NULL",
            "originator_type": "TEXT",
            "originator_id": "BIGINT",
            "deleted_at": "BIGINT",
            **_TIMES,
        },
        key=("id",),
        indexes=[("customer_id", "store_id", "id"), ("store_id", "id"), ("currency", "id")],
    ),
    Table(
        "spree_v3_event",
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
        "spree_v3_lockout",
        {
            "kind": "TEXT NOT NULL",
            "person_id": "BIGINT NOT NULL",
            "failures": "BIGINT NOT NULL",
            "locked_at": "BIGINT",
        },
        key=("kind", "person_id"),
    ),
    Table(
        "spree_v3_holding",
        {
            "customer_id": "BIGINT NOT NULL",
            "store_id": "BIGINT NOT NULL",
            "currency": "TEXT NOT NULL",
            "credits": "BIGINT NOT NULL",
            "remaining": "BIGINT NOT NULL",
        },
        key=("customer_id", "store_id", "currency"),
    ),
    Table(
        "spree_v3_idempotency",
        {
            "key": "TEXT NOT NULL",
            "fingerprint": "TEXT NOT NULL",
            "status": "BIGINT NOT NULL",
            "body": "TEXT",
            "at_ms": "BIGINT NOT NULL",
            "ordinal": "BIGINT NOT NULL",
        },
        key=("key",),
    ),
)
"""`spree_v3_holding` keeps what remains to a customer of a store's live credits that no gift card made, so that totals
cost no walk through all credits. The key of `spree_v3_idempotency` is a digest of namespace and key; `ordinal` is the
number of the request that left the row, by which twins that were under way at once do not see each other's."""

_NEXT: Final = (
    "INSERT INTO spree_v3_counter (sandbox, name, value) VALUES (?, ?, 1)"
    " ON CONFLICT (sandbox, name) DO UPDATE SET value = spree_v3_counter.value + 1 RETURNING value"
)


def next_id(call: Call, name: str) -> int:
    """The next id of one kind of record, counting from 1; an id is never given twice."""
    row = call.db.one(_NEXT, (call.sandbox.name, name))
    assert row is not None
    return row[0]
