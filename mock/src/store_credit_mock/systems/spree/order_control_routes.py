"""Spree's routes of the control plane for carts and orders: what a shopper and the back office do to them."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.control_route import ControlCall, ControlError
from store_credit_mock.systems.spree import order_lifecycle, orders, payments
from store_credit_mock.systems.spree.control_declarations import (
    AMOUNT,
    ID,
    TEXT,
    Body,
    amount_of,
    closed_object,
    payment_methods,
    route,
    user_id_of,
)
from store_credit_mock.systems.spree.jsonapi import View, document
from store_credit_mock.systems.spree.money import decimal_text
from store_credit_mock.systems.spree.orders import Order
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.storefront_serializers import CART
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["ROUTES"]


def _order(control: ControlCall) -> Order:
    order = orders.find(control.call, control.path["number"])
    if order is None:
        raise ControlError(404, f"there is no cart or order {control.path['number']}")
    return order


def _summary(control: ControlCall, order: Order) -> Body:
    found = payments.of_order(control.call, order.id)
    return {
        "id": order.id,
        "number": order.number,
        "token": order.token,
        "state": order.state,
        "currency": order.currency,
        "user_id": order.user_id,
        "total": decimal_text(order.total),
        "payment_total": decimal_text(order.payment_total),
        "payment_state": order.payment_state,
        "line_items": [
            {"id": line.id, "variant_id": line.variant_id, "quantity": line.quantity, "price": decimal_text(line.price)}
            for line in orders.lines(control.call, order.id)
        ],
        "payments": [
            {
                "id": payment.id,
                "amount": decimal_text(payment.amount),
                "state": payment.state,
                "response_code": payment.code,
                "store_credit_id": payment.credit_id,
            }
            for payment in found
        ],
    }


def _add_cart(control: ControlCall) -> Body:
    store_id = control.body.get("store_id", 1)
    known = orders.currencies(control.call, store_id)
    if not known:
        raise ControlError(404, f"there is no store {store_id}")
    currency = control.body.get("currency", known[0])
    if currency not in known:
        raise ControlError(400, f"store {store_id} does not take {currency}; {', '.join(known)} it does")
    number = control.body.get("number")
    if number is not None and orders.find(control.call, number) is not None:
        raise ControlError(409, f"there is a cart {number} already")
    return _summary(control, orders.create(control.call, user_id_of(control), currency, store_id, number))


def _show_cart(control: ControlCall) -> Body:
    return _summary(control, _order(control))


def _show_document(control: ControlCall) -> Body:
    include = control.query.get("include")
    view = View(control.call, profile_of(control.call), tuple(include.split(",")) if include else None, {})
    return document(view, CART, _order(control))


def _add_item(control: ControlCall) -> Body:
    order, body = _order(control), control.body
    if ("variant_id" in body) == ("price" in body):
        raise ControlError(400, "name one of variant_id and price")
    order_lifecycle.add_item(
        control.call, order, body.get("variant_id"), body.get("quantity", 1), amount_of(control, "price")
    )
    return _summary(control, order)


def _set_item(control: ControlCall) -> Body:
    order = _order(control)
    line = control.path["id"]
    order_lifecycle.set_quantity(control.call, order, int(line) if line.isdecimal() else 0, control.body["quantity"])
    return _summary(control, order)


def _address(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.address(control.call, order, control.body.get("email"))
    return _summary(control, order)


def _next(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.advance(control.call, order)
    return _summary(control, order)


def _pay(control: ControlCall) -> Body:
    order = _order(control)
    method_id = control.body["payment_method_id"]
    if all(method["id"] != method_id for method in payment_methods(control)):
        raise ControlError(404, f"there is no payment method {method_id}")
    order_lifecycle.pay_otherwise(control.call, order, method_id, amount_of(control))
    return _summary(control, order)


def _complete(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.complete(control.call, order)
    return _summary(control, order)


def _payment(control: ControlCall, order: Order, states: tuple[str, ...]) -> Payment:
    """The payment named, or the newest one with store credit in one of these states."""
    wanted = control.body.get("payment_id")
    for payment in reversed(payments.of_order(control.call, order.id)):
        if wanted == payment.id or (wanted is None and payment.credit_id is not None and payment.state in states):
            return payment
    raise ControlError(404, f"order {order.number} has no such payment")


def _capture(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.capture(control.call, order, _payment(control, order, ("pending",)), amount_of(control))
    return _summary(control, order)


def _void(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.void(control.call, order, _payment(control, order, ("pending",)))
    return _summary(control, order)


def _refund(control: ControlCall) -> Body:
    order = _order(control)
    payment = _payment(control, order, ("completed",))
    amount = amount_of(control)
    if amount is None:
        amount = payment.amount - payments.refunded(control.call, payment.id)
    order_lifecycle.refund(control.call, order, payment, amount, control.body.get("reason"))
    return _summary(control, order)


def _cancel(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.cancel(control.call, order, control.body.get("user_id"))
    return _summary(control, order)


_CARTS: Final = "/_mock/spree/carts"
_ORDERS: Final = "/_mock/spree/orders"


ROUTES: Final = (
    route(
        "carts.create", "POST", _CARTS, "Open a cart", _add_cart,
        closed_object(
            user_id=ID, email=TEXT, currency=TEXT, store_id=ID,
            number={"type": "string", "pattern": "^R[0-9]{1,20}$"},
        ),
    ),
    route("carts.retrieve", "GET", _CARTS + "/{number}", "Show a cart or an order", _show_cart, writes=False),
    route(
        "carts.document", "GET", _CARTS + "/{number}/document", "Show a cart as the storefront would", _show_document,
        query={"include": {"type": "string"}}, writes=False,
    ),
    route(
        "carts.add_item", "POST", _CARTS + "/{number}/items", "Put something into a cart", _add_item,
        closed_object(variant_id=ID, price=AMOUNT, quantity={"type": "integer", "minimum": 1, "maximum": 1_000_000}),
    ),
    route(
        "carts.set_quantity", "PATCH", _CARTS + "/{number}/items/{id}", "Change a line of a cart", _set_item,
        closed_object(("quantity",), quantity={"type": "integer", "minimum": 0, "maximum": 1_000_000}),
    ),
    route(
        "carts.address", "POST", _CARTS + "/{number}/address", "Say where a cart goes", _address,
        closed_object(email=TEXT),
    ),
    route("carts.next", "POST", _CARTS + "/{number}/next", "Take a cart one step on", _next, closed_object()),
    route(
        "carts.pay", "POST", _CARTS + "/{number}/payments", "Add a payment by other means", _pay,
        closed_object(("payment_method_id",), payment_method_id=ID, amount=AMOUNT),
    ),
    route("carts.complete", "POST", _CARTS + "/{number}/complete", "Complete a cart", _complete, closed_object()),
    route(
        "orders.capture", "POST", _ORDERS + "/{number}/capture", "Capture a pending payment", _capture,
        closed_object(payment_id=ID, amount=AMOUNT),
    ),
    route(
        "orders.void", "POST", _ORDERS + "/{number}/void", "Void a pending payment", _void, closed_object(payment_id=ID)
    ),
    route(
        "orders.refund", "POST", _ORDERS + "/{number}/refund", "Refund a completed payment", _refund,
        closed_object(payment_id=ID, amount=AMOUNT, reason=TEXT),
    ),
    route(
        "orders.cancel", "POST", _ORDERS + "/{number}/cancel", "Cancel a completed order", _cancel,
        closed_object(user_id=ID),
    ),
)  # fmt: skip
"""Refusals: 409 where the order's state does not allow it, 422 where the store credit does not cover it."""
