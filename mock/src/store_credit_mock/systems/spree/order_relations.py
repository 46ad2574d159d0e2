"""What orders are shown with on both APIs: their payments, lines and shipments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson

from store_credit_mock.systems.spree import orders, payments
from store_credit_mock.systems.spree.jsonapi import Kind, Relation, View
from store_credit_mock.systems.spree.orders import Line, Order
from store_credit_mock.systems.spree.payments import Payment

__all__ = [
    "NO_LIST",
    "NO_ONE",
    "V5_NO_LIST",
    "V5_NO_ONE",
    "Targets",
    "applied_credit",
    "identifiers",
    "kept_identifiers",
    "lines_of",
    "nothing",
    "payments_of",
    "shipments_of",
    "valid_payments",
]


Targets = Sequence[tuple[Kind, Any]]


def payments_of(view: View, order: Order) -> list[Payment]:
    """The payments of an order, read once for each response."""
    key = ("payments", order.id)
    if key not in view.memory:
        view.memory[key] = payments.of_order(view.call, order.id)
    return view.memory[key]


def valid_payments(view: View, order: Order) -> list[Payment]:
    """Those of its payments that count."""
    return [payment for payment in payments_of(view, order) if payment.valid]


def lines_of(view: View, order: Order) -> list[Line]:
    """The lines of an order, read once for each response."""
    key = ("lines", order.id)
    if key not in view.memory:
        view.memory[key] = orders.lines(view.call, order.id)
    return view.memory[key]


def identifiers(type_: str, found: Sequence[Any]) -> list[dict[str, str]]:
    """Resource identifiers of records."""
    return [{"id": str(record.id), "type": type_} for record in found]


def kept_identifiers(type_: str, text: str) -> list[dict[str, str]]:
    """Resource identifiers of ids that are kept as a JSON list."""
    return [{"id": str(identity), "type": type_} for identity in orjson.loads(text)]


def _empty(view: View, record: Any) -> list[Any]:
    return []


def _null(view: View, record: Any) -> None:
    return None


def nothing(view: View, record: Any) -> Targets:
    """Include nothing."""
    return ()


def shipments_of(view: View, order: Order) -> list[dict[str, str]]:
    """The identifier of its shipment, if there is one."""
    return [] if order.shipment_id is None else [{"id": str(order.shipment_id), "type": "shipment"}]


def applied_credit(view: View, order: Order) -> int:
    """Hundredths of store credit that pay an order."""
    return sum(payment.amount for payment in valid_payments(view, order) if payment.credit_id is not None)


NO_LIST: Final = Relation(_empty, nothing)
NO_ONE: Final = Relation(_null, nothing)
V5_NO_LIST: Final = Relation(_empty, nothing, v5=True)
V5_NO_ONE: Final = Relation(_null, nothing, v5=True)
