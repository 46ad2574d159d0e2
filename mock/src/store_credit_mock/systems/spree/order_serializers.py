"""Orders and payments as the two APIs show them (spree.md sections 3 and 7; recordings)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from store_credit_mock.systems.spree import orders, payments, store_credits, users
from store_credit_mock.systems.spree.datetimes import shown
from store_credit_mock.systems.spree.jsonapi import Kind, Relation, View, identifier
from store_credit_mock.systems.spree.money import decimal_text, money_text
from store_credit_mock.systems.spree.orders import Line, Order
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.serializers import (
    CREDIT,
    USER,
    Event,
    credit_of,
    events_of,
)
from store_credit_mock.systems.spree.store_credits import Credit
from store_credit_mock.systems.spree.taxonomy import CATEGORY, TYPE, Named
from store_credit_mock.systems.spree.users import User

__all__ = ["ACCOUNT", "ACCOUNT_ORDER", "CART", "CART_METHOD", "ORDER"]

_SHOP: Final = "Spree::V2::Storefront::"
_BACK: Final = "Spree::Api::V2::Platform::"

Targets = Sequence[tuple[Kind, Any]]


def _payments(view: View, order: Order) -> list[Payment]:
    key = ("payments", order.id)
    if key not in view.memory:
        view.memory[key] = payments.of_order(view.call, order.id)
    return view.memory[key]


def _valid(view: View, order: Order) -> list[Payment]:
    return [payment for payment in _payments(view, order) if payment.valid]


def _lines(view: View, order: Order) -> list[Line]:
    key = ("lines", order.id)
    if key not in view.memory:
        view.memory[key] = orders.lines(view.call, order.id)
    return view.memory[key]


def _ids(type_: str, found: Sequence[Any]) -> list[dict[str, str]]:
    return [{"id": str(record.id), "type": type_} for record in found]


def _kept(type_: str, text: str) -> list[dict[str, str]]:
    return [{"id": str(identity), "type": type_} for identity in orjson.loads(text)]


def _empty(view: View, record: Any) -> list[Any]:
    return []


def _null(view: View, record: Any) -> None:
    return None


def _nothing(view: View, record: Any) -> Targets:
    return ()


_NO_LIST: Final = Relation(_empty, _nothing)
_NO_ONE: Final = Relation(_null, _nothing)


# The storefront


def _cart(view: View, order: Order) -> dict[str, Any]:
    currency = order.currency

    def money(amount: int) -> str | None:
        return money_text(amount, currency)

    zero = decimal_text(0)
    attributes: dict[str, Any] = {
        "number": order.number,
        "item_total": decimal_text(order.item_total),
        "total": decimal_text(order.total),
        "ship_total": decimal_text(order.ship_total),
        "adjustment_total": zero,
        "created_at": shown(order.created_at),
        "updated_at": shown(order.updated_at),
        "completed_at": shown(order.completed_at),
        "included_tax_total": zero,
        "additional_tax_total": zero,
        "display_additional_tax_total": money(0),
        "display_included_tax_total": money(0),
        "tax_total": zero,
        "currency": currency,
        "state": order.state,
        "token": order.token,
        "email": order.email,
        "display_item_total": money(order.item_total),
        "display_ship_total": money(order.ship_total),
        "display_adjustment_total": money(0),
        "display_tax_total": money(0),
        "promo_total": zero,
        "display_promo_total": money(0),
        "item_count": order.item_count,
        "special_instructions": None,
        "display_total": money(order.total),
        "pre_tax_item_amount": decimal_text(order.item_total),
        "display_pre_tax_item_amount": money(order.item_total),
        "pre_tax_total": decimal_text(order.total),
        "display_pre_tax_total": money(order.total),
        "shipment_state": order.shipment_state,
        "payment_state": order.payment_state,
        "public_metadata": {},
    }
    if view.profile.five:
        applied = _applied(view, order)
        attributes["total_minus_store_credits"] = decimal_text(order.total - applied)
        attributes["display_total_minus_store_credits"] = money(order.total - applied)
        attributes["store_credit_total_cents"] = applied
        attributes["total_minus_store_credits_cents"] = order.total - applied
        attributes["subtotal_cents"] = order.item_total
        attributes["ship_total_cents"] = order.ship_total
        attributes["promo_total_cents"] = 0
        attributes["tax_total_cents"] = 0
        attributes["total_cents"] = order.total
    return attributes


def _applied(view: View, order: Order) -> int:
    return sum(payment.amount for payment in _valid(view, order) if payment.credit_id is not None)


def _cart_payment(view: View, payment: Payment) -> dict[str, Any]:
    method = _method(view, payment.method_id)
    number: Any = str(payment.method_id) if view.profile.five else payment.method_id
    return {
        "amount": decimal_text(payment.amount),
        "response_code": payment.code,
        "number": payment.number,
        "cvv_response_code": None,
        "cvv_response_message": None,
        "payment_method_id": number,
        "payment_method_name": None if method is None else method.name,
        "state": payment.state,
        "public_metadata": {},
    }


@dataclass(slots=True)
class _Method:
    id: int
    kind: str
    name: str
    active: int
    auto_capture: int


def _method(view: View, method_id: int) -> _Method | None:
    key = ("method", method_id)
    if key not in view.memory:
        row = view.call.db.one(
            "SELECT id, kind, name, active, auto_capture FROM spree_method WHERE sandbox = ? AND id = ?",
            (view.call.sandbox.name, method_id),
        )
        view.memory[key] = None if row is None else _Method(*row)
    return view.memory[key]


def _cart_method(view: View, method: _Method) -> dict[str, Any]:
    preferences = {"dummy_key": "PUBLICKEY123"} if method.kind == "Spree::Gateway::Bogus" else {}
    return {
        "type": method.kind,
        "name": method.name,
        "description": method.name,
        "public_metadata": {},
        "preferences": preferences,
    }


def _method_target(view: View, payment: Payment) -> Targets:
    method = _method(view, payment.method_id)
    return () if method is None else ((CART_METHOD, method),)


def _cart_credit(view: View, credit: Credit) -> dict[str, Any]:
    return {
        "amount": decimal_text(credit.amount),
        "amount_used": decimal_text(credit.used),
        "created_at": shown(credit.created_at),
        "public_metadata": store_credits.metadata(credit.public_metadata),
    }


def _cart_event(view: View, event: Event) -> dict[str, Any]:
    row = view.call.db.one(
        "SELECT o.number FROM spree_payment p JOIN spree_order o ON o.sandbox = p.sandbox AND o.id = p.order_id"
        " WHERE p.sandbox = ? AND p.code = ? ORDER BY p.id",
        (view.call.sandbox.name, event.code),
    )
    return {
        "action": event.action,
        "amount": decimal_text(event.amount),
        "user_total_amount": decimal_text(event.user_total),
        "created_at": shown(event.created_at),
        "order_number": None if row is None else row[0],
    }


def _name(view: View, record: Named) -> dict[str, Any]:
    return {"name": record.name}


_CART_CATEGORY: Final = Kind("store_credit_category", _SHOP + "StoreCreditCategorySerializer", _name)
_CART_TYPE: Final = Kind("store_credit_type", _SHOP + "StoreCreditTypeSerializer", _name)
_CART_EVENT: Final = Kind("store_credit_event", _SHOP + "StoreCreditEventSerializer", _cart_event)
CART_METHOD: Final = Kind("payment_method", _SHOP + "PaymentMethodSerializer", _cart_method)


def _named(kind: Kind, record: Named | None) -> Targets:
    return () if record is None else ((kind, record),)


_CART_CREDIT: Final = Kind(
    "store_credit",
    _SHOP + "StoreCreditSerializer",
    _cart_credit,
    {
        "category": Relation(
            lambda view, credit: identifier("store_credit_category", credit.category_id),
            lambda view, credit: _named(_CART_CATEGORY, CATEGORY.find(view.call, credit.category_id)),
        ),
        "store_credit_events": Relation(
            lambda view, credit: _ids("store_credit_event", events_of(view, credit.id)),
            lambda view, credit: [(_CART_EVENT, event) for event in events_of(view, credit.id)],
        ),
        "credit_type": Relation(
            lambda view, credit: identifier("store_credit_type", credit.type_id),
            lambda view, credit: _named(_CART_TYPE, TYPE.find(view.call, credit.type_id)),
        ),
    },
)


def _cart_source(view: View, payment: Payment) -> Targets:
    credit = credit_of(view, payment.credit_id)
    return () if credit is None else ((_CART_CREDIT, credit),)


_CART_PAYMENT: Final = Kind(
    "payment",
    _SHOP + "PaymentSerializer",
    _cart_payment,
    {
        "source": Relation(lambda view, payment: identifier("store_credit", payment.credit_id), _cart_source),
        "payment_method": Relation(
            lambda view, payment: identifier("payment_method", payment.method_id), _method_target
        ),
    },
)


def _line(view: View, line: Line) -> dict[str, Any]:
    return {
        "quantity": line.quantity,
        "price": decimal_text(line.price),
        "total": decimal_text(line.price * line.quantity),
    }


_LINE: Final = Kind(
    "line_item",
    _SHOP + "LineItemSerializer",
    _line,
    {"variant": Relation(lambda view, line: identifier("variant", line.variant_id), _nothing)},
)


def _variants(view: View, order: Order) -> list[dict[str, str]]:
    return [{"id": str(line.variant_id), "type": "variant"} for line in _lines(view, order)]


def _shipments(view: View, order: Order) -> list[dict[str, str]]:
    return [] if order.shipment_id is None else [{"id": str(order.shipment_id), "type": "shipment"}]


def _account_user(view: View, order: Order) -> Targets:
    user = users.find(view.call, order.user_id)
    return () if user is None else ((ACCOUNT, user),)


_CART_RELATIONS: Final = {
    "line_items": Relation(
        lambda view, order: _ids("line_item", _lines(view, order)),
        lambda view, order: [(_LINE, line) for line in _lines(view, order)],
    ),
    "variants": Relation(_variants, _nothing),
    "promotions": _NO_LIST,
    "payments": Relation(
        lambda view, order: _ids("payment", _valid(view, order)),
        lambda view, order: [(_CART_PAYMENT, payment) for payment in _valid(view, order)],
    ),
    "shipments": Relation(_shipments, _nothing),
    "user": Relation(lambda view, order: identifier("user", order.user_id), _account_user),
    "billing_address": Relation(lambda view, order: identifier("address", order.bill_address_id), _nothing),
    "shipping_address": Relation(lambda view, order: identifier("address", order.ship_address_id), _nothing),
}
CART: Final = Kind("cart", _SHOP + "CartSerializer", _cart, _CART_RELATIONS)
ACCOUNT_ORDER: Final = Kind("order", _SHOP + "OrderSerializer", _cart, _CART_RELATIONS)


def _account(view: View, user: User) -> dict[str, Any]:
    count, remaining = store_credits.available(view.call, user.id, store_credits.default_currency(view.call))
    attributes: dict[str, Any] = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
    if view.profile.locale:
        attributes["selected_locale"] = None
    attributes["public_metadata"] = {}
    # A sum over no record at all is the number 0 (spree.md section 7, D10).
    attributes["store_credits"] = decimal_text(remaining) if count else 0
    attributes["completed_orders"] = sum(number for _, number, _ in users.reports(view.call, user.id))
    return attributes


ACCOUNT: Final = Kind(
    "user",
    _SHOP + "UserSerializer",
    _account,
    {"default_billing_address": _NO_ONE, "default_shipping_address": _NO_ONE},
)


# The platform


def _order(view: View, order: Order) -> dict[str, Any]:
    currency = order.currency
    zero = decimal_text(0)

    def money(amount: int) -> str | None:
        return money_text(amount, currency)

    available = store_credits.available(view.call, order.user_id, currency)[1]
    applied = _applied(view, order)
    # order/store_credit.rb: from the payment step on what is applied counts, before it what the user has in the default
    # store's currency, whatever the order's is.
    spendable = min(order.total, store_credits.user_total(view.call, order.user_id))
    applicable = applied if order.state in {"payment", "confirm", "complete"} else spendable
    return {
        "number": order.number,
        "item_total": decimal_text(order.item_total),
        "total": decimal_text(order.total),
        "state": order.state,
        "adjustment_total": zero,
        "completed_at": shown(order.completed_at),
        "payment_total": decimal_text(order.payment_total),
        "shipment_state": order.shipment_state,
        "payment_state": order.payment_state,
        "email": order.email,
        "special_instructions": None,
        "created_at": shown(order.created_at),
        "updated_at": shown(order.updated_at),
        "currency": currency,
        "last_ip_address": None,
        "shipment_total": decimal_text(order.ship_total),
        "additional_tax_total": zero,
        "promo_total": zero,
        "channel": "spree",
        "included_tax_total": zero,
        "item_count": order.item_count,
        "approved_at": None,
        "confirmation_delivered": order.completed_at is not None,
        "canceled_at": shown(order.canceled_at),
        "state_lock_version": 0,
        "taxable_adjustment_total": zero,
        "non_taxable_adjustment_total": zero,
        "store_owner_notification_delivered": None,
        "public_metadata": {},
        "private_metadata": {},
        "internal_note": None,
        "display_ship_total": money(order.ship_total),
        "display_shipment_total": money(order.ship_total),
        "display_outstanding_balance": money(order.outstanding),
        "display_item_total": money(order.item_total),
        "display_adjustment_total": money(0),
        "display_included_tax_total": money(0),
        "display_additional_tax_total": money(0),
        "display_tax_total": money(0),
        "display_promo_total": money(0),
        "display_total": money(order.total),
        "display_cart_promo_total": money(0),
        "display_pre_tax_item_amount": money(order.item_total),
        "display_pre_tax_total": money(order.total),
        "display_total_applicable_store_credit": money(-applicable),
        "display_total_applied_store_credit": money(-applied),
        "display_order_total_after_store_credit": money(order.total - applicable),
        "display_total_available_store_credit": money(available),
        "display_store_credit_remaining_after_capture": money(available - applicable),
    }


def _payment(view: View, payment: Payment) -> dict[str, Any]:
    order = view.memory.get(("order", payment.order_id))
    return {
        "amount": decimal_text(payment.amount),
        "source_type": None if payment.credit_id is None else "Spree::StoreCredit",
        "state": payment.state,
        "response_code": payment.code,
        "avs_response": None,
        "created_at": shown(payment.created_at),
        "updated_at": shown(payment.updated_at),
        "number": payment.number,
        "cvv_response_code": None,
        "cvv_response_message": None,
        "public_metadata": {},
        "private_metadata": {},
        "display_amount": money_text(payment.amount, "USD" if order is None else order.currency),
    }


def _refunds(view: View, payment: Payment) -> list[dict[str, str]]:
    rows = view.call.db.all(
        "SELECT id FROM spree_refund WHERE sandbox = ? AND payment_id = ? ORDER BY id",
        (view.call.sandbox.name, payment.id),
    )
    return [{"id": str(row[0]), "type": "refund"} for row in rows]


def _payment_source(view: View, payment: Payment) -> Targets:
    credit = credit_of(view, payment.credit_id)
    return () if credit is None else ((CREDIT, credit),)


def _payment_order(view: View, payment: Payment) -> Targets:
    order = view.memory.get(("order", payment.order_id))
    return () if order is None else ((ORDER, order),)


_PAYMENT: Final = Kind(
    "payment",
    _BACK + "PaymentSerializer",
    _payment,
    {
        "order": Relation(lambda view, payment: identifier("order", payment.order_id), _payment_order),
        "payment_method": Relation(lambda view, payment: identifier("payment_method", payment.method_id), _nothing),
        "source": Relation(lambda view, payment: identifier("store_credit", payment.credit_id), _payment_source),
        "log_entries": Relation(lambda view, payment: _kept("log_entry", payment.logs), _nothing),
        "state_changes": Relation(lambda view, payment: _kept("state_change", payment.changes), _nothing),
        "payment_capture_events": Relation(
            lambda view, payment: _kept("payment_capture_event", payment.captures), _nothing
        ),
        "refunds": Relation(_refunds, _nothing),
    },
)


def _order_payments(view: View, order: Order) -> Targets:
    view.memory[("order", order.id)] = order
    return [(_PAYMENT, payment) for payment in _payments(view, order)]


def _order_user(view: View, order: Order) -> Targets:
    user = users.find(view.call, order.user_id)
    return () if user is None else ((USER, user),)


ORDER: Final = Kind(
    "order",
    _BACK + "OrderSerializer",
    _order,
    {
        "user": Relation(lambda view, order: identifier("user", order.user_id), _order_user),
        "created_by": _NO_ONE,
        "approver": _NO_ONE,
        "canceler": Relation(lambda view, order: identifier(view.profile.creator, order.canceler_id), _nothing),
        "bill_address": Relation(lambda view, order: identifier("address", order.bill_address_id), _nothing),
        "ship_address": Relation(lambda view, order: identifier("address", order.ship_address_id), _nothing),
        "line_items": Relation(lambda view, order: _ids("line_item", _lines(view, order)), _nothing),
        "payments": Relation(lambda view, order: _ids("payment", _payments(view, order)), _order_payments),
        "shipments": Relation(_shipments, _nothing),
        "state_changes": Relation(lambda view, order: _kept("state_change", order.changes), _nothing),
        "return_authorizations": _NO_LIST,
        "reimbursements": _NO_LIST,
        "adjustments": _NO_LIST,
        "all_adjustments": _NO_LIST,
        "order_promotions": _NO_LIST,
    },
)
