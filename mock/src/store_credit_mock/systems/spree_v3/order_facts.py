"""What customers and their profiles show of orders and addresses."""

from __future__ import annotations

from typing import Any

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.addresses import address_shape

__all__ = ["addresses", "standard_address", "totals"]


def totals(call: Call, customer_id: int) -> tuple[int, int, int | None]:
    """How many orders a customer has completed, their sum in ten-thousandths, and when the last one was, in ms."""
    row = call.db.one(
        "SELECT COUNT(*), SUM(item_total + delivery_total), MAX(completed_at) FROM spree_v3_purchase WHERE sandbox = ?"
        " AND kind = 'order' AND customer_id = ? AND completed_at IS NOT NULL",
        (call.sandbox.name, customer_id),
    )
    return (0, 0, None) if row is None else (int(row[0]), int(row[1] or 0), row[2])


def addresses(call: Call, customer_id: int) -> list[dict[str, Any]]:
    """The customer's addresses as the profile shows them, the newest first."""
    shapes = (address_shape(call, text) for text in _kept(call, customer_id, ""))
    return [shape for shape in shapes if shape is not None]


def standard_address(call: Call, customer_id: int) -> dict[str, Any] | None:
    """The address that a customer of 5.x gets by default, for billing and shipping alike."""
    found = _kept(call, customer_id, " AND standard = 1")
    return address_shape(call, found[0]) if found else None


def _kept(call: Call, customer_id: int, where: str) -> list[str]:
    rows = call.db.all(
        f"SELECT id, fields FROM spree_v3_address WHERE sandbox = ? AND customer_id = ?{where} ORDER BY id DESC",  # noqa: S608
        (call.sandbox.name, customer_id),
    )
    return [orjson.dumps({"id": row[0], **orjson.loads(row[1])}).decode() for row in rows]
