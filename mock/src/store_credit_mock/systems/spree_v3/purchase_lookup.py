"""Finding the cart or the order that a path names, for whoever may see it."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Abort, Call
from store_credit_mock.systems.spree_v3 import errors, ids, payments, purchases
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = [
    "TOKEN_HEADER",
    "find_cart",
    "find_free_cart",
    "find_order",
    "find_parent_order",
    "find_payment",
    "find_result",
]

TOKEN_HEADER: Final = "x-spree-token"  # noqa: S105 - the name of a header
_FORBIDDEN: Final = "You are not authorized to access this page."


def find_cart(call: Call) -> None:
    """Find the open cart of the path: the caller's own, or one whose token was sent.

    Raises:
        Abort: 404, or 403 where it is somebody else's.
    """
    cart = _cart(call)
    if cart is None or cart.completed_at is not None:
        raise _no_cart(call)
    _admit(call, cart)
    state_of(call).record = cart


def find_free_cart(call: Call) -> None:
    """Find the open cart of the path that the caller may make their own; its token is needed even by the owner."""
    cart = _cart(call)
    customer_id = call.caller.customer_id
    if cart is None or cart.completed_at is not None or cart.customer_id not in {None, customer_id}:
        raise _no_cart(call)
    if call.request.header(TOKEN_HEADER) != cart.token:
        raise errors.refuse("access_denied", _FORBIDDEN)
    state_of(call).record = cart


def find_result(call: Call) -> None:
    """Find what is to be completed: a cart, completed or not, or the order that a cart was made into."""
    state = state_of(call)
    cart = _cart(call)
    if cart is None and profile_of(call).is_v6:
        number = ids.number_of(call, "order", call.path["id"])
        cart = None if number is None else purchases.find(call, "order", number)
        if cart is None or cart.completed_at is None or cart.store_id != state.store.id:
            raise errors.not_found("Order group")
    if cart is None:
        raise _no_cart(call)
    _admit(call, cart)
    state.record = cart


def find_order(call: Call) -> None:
    """Find the order of the path; a draft that a completion of 6.0 left behind is not shown."""
    order = _order(call, call.path["id"])
    if order is None or (order.cart_id is not None and order.status == "draft"):
        raise errors.not_found("Order", "order_not_found")
    state_of(call).record = order


def find_parent_order(call: Call) -> None:
    """Find the order that owns what the path is about."""
    order = _order(call, call.path["order_id"])
    if order is None:
        raise errors.not_found("Order", "order_not_found")
    state_of(call).parent = order


def find_payment(call: Call) -> None:
    """Find the payment of the path below its order."""
    find_parent_order(call)
    state = state_of(call)
    number = ids.number_of(call, "payment", call.path["id"])
    payment = None if number is None else payments.find(call, state.parent, number)
    if payment is None:
        raise errors.not_found("Payment")
    state.record = payment


def _cart(call: Call) -> Purchase | None:
    number = ids.number_of(call, "cart", call.path.get("cart_id") or call.path["id"])
    cart = None if number is None else purchases.find(call, purchases.cart_kind(call), number)
    return None if cart is None or cart.store_id != state_of(call).store.id else cart


def _order(call: Call, text: str) -> Purchase | None:
    number = ids.number_of(call, "order", text)
    order = None if number is None else purchases.find(call, "order", number)
    return None if order is None or order.store_id != state_of(call).store.id else order


def _admit(call: Call, purchase: Purchase) -> None:
    customer_id = call.caller.customer_id
    if customer_id is not None and purchase.customer_id == customer_id:
        return
    if call.request.header(TOKEN_HEADER) != purchase.token:
        raise errors.refuse("access_denied", _FORBIDDEN)


def _no_cart(call: Call) -> Abort:
    return errors.not_found("Cart", profile_of(call).cart_code)
