"""Carts and orders as responses show them: to shoppers whole, to the back office with what a caller expands."""

from __future__ import annotations

from typing import Any

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.spree_v3 import (
    apply_credit,
    checkout,
    gift_cards,
    ids,
    money,
    part_serializers,
    payments,
)
from store_credit_mock.systems.spree_v3.addresses import address_shape
from store_credit_mock.systems.spree_v3.part_serializers import amounts, unit_id
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase

__all__ = ["admin_order_shape", "cart_shape", "order_shape", "payable_methods"]


def cart_shape(call: Call, cart: Purchase, *, loaded: bool = False) -> dict[str, Any]:
    """A cart.

    Args:
        call: The request.
        cart: The cart.
        loaded: Whether the server had loaded the payments before, so that a sum of none is "0" and not "0.0".
    """
    profile = profile_of(call)
    shape: dict[str, Any] = {"id": ids.shown(call, "cart", cart.id), "market_id": _market(cart)}
    if profile.name != "5.5":
        shape["channel_id"] = unit_id("ch", cart.store_id)
    if profile.is_v6:
        shape["preferred_stock_location_id"] = None
    shape |= {
        "number": part_serializers.number_of(call, cart),
        "token": cart.token,
        "email": cart.email,
        "customer_note": cart.note,
        "currency": cart.currency,
        "locale": cart.locale,
        "total_quantity": cart.quantity,
        "warnings": [],
    }
    if profile.is_v6:
        shape["coupon_code"] = None
    shape |= _totals(call, cart, loaded=loaded)
    shape |= {
        "current_step": checkout.current_step(call, cart),
        "completed_steps": checkout.completed_steps(call, cart),
        "requirements": checkout.requirements(call, cart),
        "shipping_eq_billing_address": cart.bill_address == cart.ship_address,
        **_parts(call, cart),
        "billing_address": address_shape(call, cart.bill_address),
        "shipping_address": address_shape(call, cart.ship_address),
        "payment_methods": [part_serializers.method_shape(call, method) for method in payable_methods(call, cart)],
    }
    return shape | _ends(call, cart)


def order_shape(call: Call, order: Purchase) -> dict[str, Any]:
    """An order, as the shopper who completed it sees it."""
    shape = _order(call, order) | _parts(call, order)
    shape |= {
        "billing_address": address_shape(call, order.bill_address),
        "shipping_address": address_shape(call, order.ship_address),
    }
    return shape | _ends(call, order)


def admin_order_shape(call: Call, order: Purchase, expanded: frozenset[str] = frozenset()) -> dict[str, Any]:
    """An order, as the back office sees it; `expanded` are the associations that the caller asked for."""
    is_v6 = profile_of(call).is_v6
    shape = _order(call, order, admin=True) | _ends(call, order, admin=True)
    shape |= {
        "status": order.status,
        "last_ip_address": None,
        "considered_risky": False,
        "confirmation_delivered": False,
        "store_owner_notification_delivered": None,
        **amounts(call, order.currency, [("payment_total", order.payment_total)], admin=True),
        "metadata": {},
        "canceled_at": shown(order.canceled_at),
        "approved_at": None,
        "created_at": shown(order.created_at),
        "updated_at": shown(order.updated_at),
        "preferred_stock_location_id": None,
    }
    if is_v6:
        shape |= {"company_location_id": None, "seller_id": None, "order_group_id": None, "company_id": None}
    shape |= {"tags": [], "internal_note": None}
    if is_v6:
        shape["internal_note_html"] = None
    shape |= {
        "approver_id": None,
        "canceler_id": ids.shown(call, "staff", order.canceler_id),
        "created_by_id": None,
        "customer_id": ids.shown(call, "customer", order.customer_id),
    }
    parts = {
        "items": lambda: part_serializers.line_shapes(call, order),
        "fulfillments": lambda: part_serializers.fulfillment_shapes(call, order),
        "payments": lambda: part_serializers.payment_shapes(call, order, admin=True),
        "billing_address": lambda: address_shape(call, order.bill_address),
        "shipping_address": lambda: address_shape(call, order.ship_address),
    }
    return shape | {name: made() for name, made in parts.items() if name in expanded}


def payable_methods(call: Call, purchase: Purchase) -> list[payments.Method]:
    """The payment methods that a purchase may be paid with: no other than store credit once that covers it."""
    covered = _covered(purchase, payments.applied(call, purchase))
    return [
        method
        for method in payments.methods(call)
        if method.active
        and method.store_id == purchase.store_id
        and (apply_credit.has_credit(call, purchase) if method.type == "store_credit" else not covered)
    ]


def _order(call: Call, order: Purchase, *, admin: bool = False) -> dict[str, Any]:
    is_v6 = profile_of(call).is_v6
    shape: dict[str, Any] = {"id": ids.shown(call, "order", order.id), "market_id": _market(order)}
    if is_v6:
        shape["cart_id"] = ids.shown(call, "cart", order.cart_id)
    shape |= {
        "channel_id": unit_id("ch", order.store_id),
        "number": order.number,
        "email": order.email,
        "customer_note": order.note,
        "currency": order.currency,
        "locale": order.locale,
        "total_quantity": order.quantity,
    }
    if is_v6:
        shape["coupon_code"] = None
    shape |= {
        "fulfillment_status": order.fulfillment_status,
        "payment_status": order.payment_status,
        "completed_at": shown(order.completed_at),
    }
    return shape | _totals(call, order, admin=admin)


def _totals(call: Call, purchase: Purchase, *, admin: bool = False, loaded: bool = False) -> dict[str, Any]:
    profile = profile_of(call)
    applied = payments.applied(call, purchase)
    due = purchase.outstanding - applied
    # Ruby's `[0.0, 0].max` is the first of the two unless it is below zero, and a cancelled order owes minus nothing.
    named = [
        ("item_total", purchase.item_total), ("adjustment_total", 0), ("discount_total", 0), ("tax_total", 0),
        ("included_tax_total", 0), ("additional_tax_total", 0), ("total", purchase.total),
        ("gift_card_total", gift_cards.applied(call, purchase)), ("amount_due", max(due, 0)),
        ("delivery_total", purchase.delivery_total),
    ]  # fmt: skip
    if profile.is_v6:
        named.append(("fee_total", 0))
    shape = amounts(call, purchase.currency, named, admin=admin)
    if due < 0:
        shape["amount_due"] = 0
    elif due == 0 and purchase.status == "canceled":
        shape["amount_due"] = "-" + shape["amount_due"]
    shape["store_credit_total"] = (
        "0" if loaded and applied == 0 else money.amount_shown(call, applied, purchase.currency)
    )
    if not admin or profile.admin_display:
        shape["display_store_credit_total"] = money.display(call, -applied, purchase.currency)
    return {**shape, "covered_by_store_credit": _covered(purchase, applied)}


def _covered(purchase: Purchase, applied: int) -> bool:
    return purchase.customer_id is not None and applied > 0 and applied >= purchase.total


def _parts(call: Call, purchase: Purchase) -> dict[str, Any]:
    shape: dict[str, Any] = {"discounts": []}
    if profile_of(call).is_v6:
        shape["fees"] = []
    return {
        **shape,
        "items": part_serializers.line_shapes(call, purchase),
        "fulfillments": part_serializers.fulfillment_shapes(call, purchase),
        "payments": part_serializers.payment_shapes(call, purchase),
    }


def _ends(call: Call, purchase: Purchase, *, admin: bool = False) -> dict[str, Any]:
    return {
        "gift_card": part_serializers.gift_card_shape(call, purchase),
        "market": part_serializers.market_shape(call, admin=admin),
    }


def _market(purchase: Purchase) -> str:
    return unit_id("mkt", purchase.store_id)
