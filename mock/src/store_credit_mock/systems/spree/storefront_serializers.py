"""Carts, and an account with its orders, as the Storefront API shows them (spree.md section 7; recordings)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.rails.money import decimal_text
from store_credit_mock.systems.spree import store_credits, users
from store_credit_mock.systems.spree.jsonapi import Kind, Relation, View, identifier
from store_credit_mock.systems.spree.order_relations import (
    NO_LIST,
    NO_ONE,
    V5_NO_LIST,
    V5_NO_ONE,
    Targets,
    applied_credit,
    identifiers,
    lines_of,
    nothing,
    shipments_of,
    valid_payments,
)
from store_credit_mock.systems.spree.orders import Line, Order
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.serializers import (
    Event,
    credit_of,
    events_of,
)
from store_credit_mock.systems.spree.store_credits import Credit
from store_credit_mock.systems.spree.taxonomy import CATEGORY, TYPE, Named
from store_credit_mock.systems.spree.users import User

__all__ = ["ACCOUNT", "ACCOUNT_ORDER", "CART", "CART_METHOD"]

_SHOP: Final = "Spree::V2::Storefront::"


def _cart(view: View, order: Order) -> dict[str, Any]:
    currency = order.currency

    def money(amount: int) -> str | None:
        return view.money(amount, currency)

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
    if view.profile.is_v5:
        applied = applied_credit(view, order)
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


def _cart_payment(view: View, payment: Payment) -> dict[str, Any]:
    method = _method(view, payment.method_id)
    number: Any = str(payment.method_id) if view.profile.is_v5 else payment.method_id
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
CART_METHOD: Final = Kind("payment_method", _SHOP + "PaymentMethodSerializer", _cart_method, {"metafields": V5_NO_LIST})


def _named(kind: Kind, record: Named | None) -> Targets:
    return () if record is None else ((kind, record),)


_CART_CREDIT: Final = Kind(
    "store_credit",
    _SHOP + "StoreCreditSerializer",
    _cart_credit,
    {
        "metafields": V5_NO_LIST,
        "category": Relation(
            lambda view, credit: identifier("store_credit_category", credit.category_id),
            lambda view, credit: _named(_CART_CATEGORY, CATEGORY.find(view.call, credit.category_id)),
        ),
        "store_credit_events": Relation(
            lambda view, credit: identifiers("store_credit_event", events_of(view, credit.id)),
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
        "metafields": V5_NO_LIST,
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
    {"variant": Relation(lambda view, line: identifier("variant", line.variant_id), nothing)},
)


def _variants(view: View, order: Order) -> list[dict[str, str]]:
    return [{"id": str(line.variant_id), "type": "variant"} for line in lines_of(view, order)]


def _account_user(view: View, order: Order) -> Targets:
    user = users.find(view.call, order.user_id)
    return () if user is None else ((ACCOUNT, user),)


_CART_RELATIONS: Final = {
    "metafields": V5_NO_LIST,
    "line_items": Relation(
        lambda view, order: identifiers("line_item", lines_of(view, order)),
        lambda view, order: [(_LINE, line) for line in lines_of(view, order)],
    ),
    "variants": Relation(_variants, nothing),
    "promotions": NO_LIST,
    "payments": Relation(
        lambda view, order: identifiers("payment", valid_payments(view, order)),
        lambda view, order: [(_CART_PAYMENT, payment) for payment in valid_payments(view, order)],
    ),
    "shipments": Relation(shipments_of, nothing),
    "user": Relation(lambda view, order: identifier("user", order.user_id), _account_user),
    "billing_address": Relation(lambda view, order: identifier("address", order.bill_address_id), nothing),
    "shipping_address": Relation(lambda view, order: identifier("address", order.ship_address_id), nothing),
    "gift_card": V5_NO_ONE,
}
CART: Final = Kind("cart", _SHOP + "CartSerializer", _cart, _CART_RELATIONS)
ACCOUNT_ORDER: Final = Kind("order", _SHOP + "OrderSerializer", _cart, _CART_RELATIONS)


def _account(view: View, user: User) -> dict[str, Any]:
    count, remaining = store_credits.available(view.call, user.id, store_credits.default_currency(view.call))
    attributes: dict[str, Any] = {"email": user.email, "first_name": user.first_name, "last_name": user.last_name}
    if view.profile.locale:
        attributes["selected_locale"] = None
    attributes["public_metadata"] = None if view.profile.is_v5 else {}
    if view.profile.is_v5:
        attributes["tags"] = []
    # A sum over no record at all is the number 0 (spree.md section 7, D10).
    attributes["store_credits"] = decimal_text(remaining) if count else 0
    attributes["completed_orders"] = sum(number for _, number, _ in users.reports(view.call, user.id))
    return attributes


ACCOUNT: Final = Kind(
    "user",
    _SHOP + "UserSerializer",
    _account,
    {"default_billing_address": NO_ONE, "default_shipping_address": NO_ONE},
)
