"""Where carts, orders and what pays them are kept.

Amounts are ten-thousandths, times Unix milliseconds, truth values 0 and 1.
"""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table

__all__ = ["ORDER_TABLES"]

_ID: Final = {"id": "BIGINT NOT NULL"}
_OWNER: Final = {"kind": "TEXT NOT NULL", "owner_id": "BIGINT NOT NULL"}
_TIMES: Final = {"created_at": "BIGINT NOT NULL", "updated_at": "BIGINT NOT NULL"}

ORDER_TABLES: Final = (
    Table(
        "spree_v3_variant",
        {**_ID, "name": "TEXT NOT NULL", "slug": "TEXT NOT NULL", "prices": "TEXT NOT NULL"},
        key=("id",),
    ),
    Table(
        "spree_v3_method",
        {
            **_ID,
            "type": "TEXT NOT NULL",
            "name": "TEXT NOT NULL",
            "description": "TEXT",
            "store_id": "BIGINT NOT NULL",
            "position": "BIGINT NOT NULL",
            "active": "BIGINT NOT NULL",
            "captures": "BIGINT NOT NULL",
        },
        key=("id",),
    ),
    Table(
        "spree_v3_purchase",
        {
            "kind": "TEXT NOT NULL",
            **_ID,
            "number": "TEXT NOT NULL",
            "token": "TEXT NOT NULL",
            "store_id": "BIGINT NOT NULL",
            "customer_id": "BIGINT",
            "email": "TEXT",
            "currency": "TEXT NOT NULL",
            "locale": "TEXT NOT NULL",
            "note": "TEXT",
            "state": "TEXT NOT NULL",
            "status": "TEXT NOT NULL",
            "item_total": "BIGINT NOT NULL",
            "delivery_total": "BIGINT NOT NULL",
            "quantity": "BIGINT NOT NULL",
            "payment_total": "BIGINT NOT NULL",
            "payment_status": "TEXT",
            "fulfillment_status": "TEXT",
            "bill_address": "TEXT",
            "ship_address": "TEXT",
            "fulfillment": "TEXT",
            "gift_card_id": "BIGINT",
            "cart_id": "BIGINT",
            "canceler_id": "BIGINT",
            "completing_at": "BIGINT",
            "completed_at": "BIGINT",
            "completed_by": "BIGINT",
            "canceled_at": "BIGINT",
            **_TIMES,
        },
        key=("kind", "id"),
        indexes=[("customer_id",), ("cart_id",)],
    ),
    Table(
        "spree_v3_line",
        {
            **_ID,
            **_OWNER,
            "variant_id": "BIGINT NOT NULL",
            "quantity": "BIGINT NOT NULL",
            "price": "BIGINT NOT NULL",
        },
        key=("id",),
        indexes=[("kind", "owner_id", "id")],
    ),
    Table(
        "spree_v3_payment",
        {
            **_ID,
            **_OWNER,
            "number": "TEXT NOT NULL",
            "method_id": "BIGINT NOT NULL",
            "credit_id": "BIGINT",
            "amount": "BIGINT NOT NULL",
            "status": "TEXT NOT NULL",
            "code": "TEXT",
            "captured": "BIGINT NOT NULL",
            **_TIMES,
        },
        key=("id",),
        indexes=[("kind", "owner_id", "id"), ("credit_id", "id"), ("code",)],
    ),
    Table(
        "spree_v3_refund",
        {**_ID, "payment_id": "BIGINT NOT NULL", "amount": "BIGINT NOT NULL", "code": "TEXT", **_TIMES},
        key=("id",),
        indexes=[("payment_id", "id")],
    ),
    Table(
        "spree_v3_gift_card",
        {
            **_ID,
            "store_id": "BIGINT NOT NULL",
            "customer_id": "BIGINT",
            "code": "TEXT NOT NULL",
            "amount": "BIGINT NOT NULL",
            "used": "BIGINT NOT NULL",
            "currency": "TEXT NOT NULL",
            "status": "TEXT NOT NULL",
            **_TIMES,
        },
        key=("id",),
        unique=[("code",)],
    ),
    Table(
        "spree_v3_address",
        {**_ID, "customer_id": "BIGINT", "fields": "TEXT NOT NULL", "standard": "BIGINT NOT NULL"},
        key=("id",),
        indexes=[("customer_id", "id")],
    ),
    Table("spree_v3_row_lock", {"kind": "TEXT NOT NULL", **_ID}, key=("kind", "id")),
)
"""A cart of 5.x is an order that is not complete, so `kind` is `order` there; 6.0 keeps carts apart. `state` is the
step of 5.x's checkout. `completed_by` is the number of the request that completed a purchase, which tells twins that
were under way at once."""
