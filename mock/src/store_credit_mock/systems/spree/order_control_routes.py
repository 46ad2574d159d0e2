"""Spree's routes of the control plane for carts and orders: what a shopper and the back office do to them.

Refusals are 409 where the order's state does not allow it, and 422 where the store credit does not cover it.
"""

from __future__ import annotations

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.rails.money import decimal_text
from store_credit_mock.systems.spree import control_models as models
from store_credit_mock.systems.spree import fixtures, order_lifecycle, orders, payments, users
from store_credit_mock.systems.spree.jsonapi import View, document
from store_credit_mock.systems.spree.orders import Order
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.storefront_serializers import CART
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["payment_methods", "routes", "user_id_of"]

routes = ControlRoutes("/_mock/spree", "spree.", {order_lifecycle.ImpossibleError: 409, payments.DeclinedError: 422})


def user_id_of(control: ControlCall, user_id: int | None, email: str | None) -> int | None:
    """Find the user that a body names by id or e-mail.

    Raises:
        ControlError: There is no such user.
    """
    if email is not None:
        row = control.call.db.one(
            "SELECT id FROM spree_user WHERE sandbox = ? AND email = ?", (control.call.sandbox.name, email)
        )
        if row is None:
            raise ControlError(404, f"there is no user {email}")
        return row[0]
    if user_id is not None and not users.exists(control.call, user_id):
        raise ControlError(404, f"there is no user {user_id}")
    return user_id


def payment_methods(control: ControlCall) -> list[models.PaymentMethod]:
    """List the payment methods."""
    rows = control.call.db.all(
        "SELECT id, kind, name, active, auto_capture FROM spree_method WHERE sandbox = ? ORDER BY id",
        (control.call.sandbox.name,),
    )
    return [models.PaymentMethod(row[0], row[1], row[2], bool(row[3]), bool(row[4])) for row in rows]


def _amount(value: models.Amount | None, name: str) -> int | None:
    return None if value is None else fixtures.amount_of(value, name)


def _order(control: ControlCall, number: str) -> Order:
    order = orders.find(control.call, number)
    if order is None:
        raise ControlError(404, f"there is no cart or order {number}")
    return order


def _shown(control: ControlCall, order: Order) -> models.Cart:
    return models.Cart(
        order.id,
        order.number,
        order.token,
        order.state,
        order.currency,
        order.user_id,
        decimal_text(order.total),
        decimal_text(order.payment_total),
        order.payment_state,
        [models.CartLine.of(line) for line in orders.lines(control.call, order.id)],
        [models.CartPayment.of(payment) for payment in payments.of_order(control.call, order.id)],
    )


@routes.add("POST", "/carts", "carts.create")
def create_cart(control: ControlCall, body: models.NewCart) -> models.Cart:
    """Create a cart.

    Without a user, the cart belongs to a guest.
    """
    known = orders.currencies(control.call, body.store_id)
    if not known:
        raise ControlError(404, f"there is no store {body.store_id}")
    currency = body.currency or known[0]
    if currency not in known:
        raise ControlError(400, f"store {body.store_id} does not take {currency}; {', '.join(known)} it does")
    if body.number is not None and orders.find(control.call, body.number) is not None:
        raise ControlError(409, f"there is a cart {body.number} already")
    user_id = user_id_of(control, body.user_id, body.email)
    return _shown(control, orders.create(control.call, user_id, currency, body.store_id, body.number))


@routes.add("GET", "/carts/{number}", "carts.retrieve")
def cart(control: ControlCall, number: str) -> models.Cart:
    """Show a cart or an order."""
    return _shown(control, _order(control, number))


@routes.add("GET", "/carts/{number}/document", "carts.document")
def cart_document(control: ControlCall, number: str, include: str | None = None) -> models.CartDocument:
    """Show a cart as the storefront would.

    Args:
        control: The call.
        number: The cart's number.
        include: Relationships to include, separated by commas.
    """
    view = View(control.call, profile_of(control.call), tuple(include.split(",")) if include else None, {})
    return document(view, CART, _order(control, number))


@routes.add("POST", "/carts/{number}/items", "carts.add_item")
def add_item(control: ControlCall, number: str, body: models.AddItem) -> models.Cart:
    """Add an item to a cart.

    Name a variant, or set a price.
    """
    order = _order(control, number)
    if (body.variant_id is None) == (body.price is None):
        raise ControlError(400, "name one of variant_id and price")
    order_lifecycle.add_item(control.call, order, body.variant_id, body.quantity, _amount(body.price, "price"))
    return _shown(control, order)


@routes.add("PATCH", "/carts/{number}/items/{line_id}", "carts.set_quantity")
def set_quantity(control: ControlCall, number: str, line_id: int, body: models.Quantity) -> models.Cart:
    """Change the quantity of an item.

    0 removes the line from the cart.
    """
    order = _order(control, number)
    order_lifecycle.set_quantity(control.call, order, line_id, body.quantity)
    return _shown(control, order)


@routes.add("POST", "/carts/{number}/address", "carts.address")
def set_address(control: ControlCall, number: str, body: models.Address) -> models.Cart:
    """Set the address of a cart."""
    order = _order(control, number)
    order_lifecycle.address(control.call, order, body.email)
    return _shown(control, order)


@routes.add("POST", "/carts/{number}/next", "carts.next")
def next_(control: ControlCall, number: str) -> models.Cart:
    """Advance a cart by one step.

    The steps are address, delivery and payment.
    """
    order = _order(control, number)
    order_lifecycle.advance(control.call, order)
    return _shown(control, order)


@routes.add("POST", "/carts/{number}/payments", "carts.pay")
def pay(control: ControlCall, number: str, body: models.Pay) -> models.Cart:
    """Add another payment.

    The payment does not use store credit. Without an amount, it covers what store credit does not.
    """
    order = _order(control, number)
    if all(method.id != body.payment_method_id for method in payment_methods(control)):
        raise ControlError(404, f"there is no payment method {body.payment_method_id}")
    order_lifecycle.add_other_payment(control.call, order, body.payment_method_id, _amount(body.amount, "amount"))
    return _shown(control, order)


@routes.add("POST", "/carts/{number}/complete", "carts.complete")
def complete(control: ControlCall, number: str) -> models.Cart:
    """Complete a cart.

    If the server refuses, captured payments and the failed payment are kept, as on a real server.
    """
    order = _order(control, number)
    refusal = order_lifecycle.complete(control.call, order)
    if refusal is not None:
        raise ControlError(422, refusal, keep=True)
    return _shown(control, order)


def _payment(control: ControlCall, order: Order, payment_id: int | None, state: str) -> Payment:
    """The payment named, or the newest one with store credit in this state."""
    for payment in reversed(payments.of_order(control.call, order.id)):
        newest = payment_id is None and payment.credit_id is not None and payment.state == state
        if newest or payment_id == payment.id:
            return payment
    raise ControlError(404, f"order {order.number} has no such payment")


@routes.add("POST", "/orders/{number}/capture", "orders.capture")
def capture(control: ControlCall, number: str, body: models.Capture) -> models.Cart:
    """Capture a pending store-credit payment."""
    order = _order(control, number)
    payment = _payment(control, order, body.payment_id, "pending")
    order_lifecycle.capture(control.call, order, payment, _amount(body.amount, "amount"))
    return _shown(control, order)


@routes.add("POST", "/orders/{number}/void", "orders.void")
def void(control: ControlCall, number: str, body: models.Void) -> models.Cart:
    """Void a pending store-credit payment."""
    order = _order(control, number)
    order_lifecycle.void(control.call, order, _payment(control, order, body.payment_id, "pending"))
    return _shown(control, order)


@routes.add("POST", "/orders/{number}/refund", "orders.refund")
def refund(control: ControlCall, number: str, body: models.Refund) -> models.Cart:
    """Refund a completed store-credit payment."""
    order = _order(control, number)
    payment = _payment(control, order, body.payment_id, "completed")
    amount = _amount(body.amount, "amount")
    if amount is None:
        amount = payment.amount - payments.refunded(control.call, payment.id)
    order_lifecycle.refund(control.call, order, payment, amount, body.reason)
    return _shown(control, order)


@routes.add("POST", "/orders/{number}/cancel", "orders.cancel")
def cancel(control: ControlCall, number: str, body: models.Cancel) -> models.Cart:
    """Cancel a completed order."""
    order = _order(control, number)
    order_lifecycle.cancel(control.call, order, body.user_id)
    return _shown(control, order)
