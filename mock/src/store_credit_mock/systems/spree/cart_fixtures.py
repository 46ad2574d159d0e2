"""Carts in a fixtures file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from store_credit_mock.systems.call import Call, FixturesError
from store_credit_mock.systems.spree import order_lifecycle, orders, users

__all__ = ["CART", "load_cart"]

_STATES: Final = ("cart", "address", "delivery", "payment")
_ITEM: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "variant_id": {"type": "integer", "minimum": 1},
        "price": {"type": ["string", "number"], "description": "A decimal, instead of a variant."},
        "quantity": {"type": "integer", "minimum": 1, "maximum": 10_000},
    },
    "oneOf": [{"required": ["variant_id"]}, {"required": ["price"]}],
}
CART: Final = {
    "user_id": {"type": ["integer", "null"], "minimum": 1, "description": "By default, the cart belongs to a guest."},
    "number": {"type": "string", "pattern": "^R[0-9]{1,20}$"},
    "token": {"type": "string", "minLength": 1, "maxLength": 255, "description": "X-Spree-Order-Token."},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "items": {"type": "array", "items": _ITEM},
    "state": {"enum": list(_STATES), "description": "The checkout step."},
}
"""JSON Schema of the members of one."""


def load_cart(call: Call, cart: Mapping[str, Any], place: str, amount: Callable[[Any, str], int]) -> None:
    """Open a cart, fill it and take it as far as its state says.

    Args:
        call: In a write transaction.
        cart: As `CART` says.
        place: Its JSON pointer.
        amount: Reads an amount at a JSON pointer as hundredths.

    Raises:
        FixturesError: It names what is not there, or a state that it cannot reach.
    """
    user_id, number = cart.get("user_id"), cart.get("number")
    if user_id is not None and not users.exists(call, user_id):
        raise FixturesError(f"{place}/user_id", f"there is no user {user_id}")
    if number is not None and orders.find(call, number) is not None:
        raise FixturesError(f"{place}/number", f"there is a cart {number} already")
    known = orders.currencies(call)
    currency = cart.get("currency", known[0])
    if currency not in known:
        raise FixturesError(f"{place}/currency", f"the store does not take {currency}; {', '.join(known)} it does")
    order = orders.create(call, user_id, currency, 1, number)
    if "token" in cart:
        order.token = cart["token"]
        orders.save(call, order)
    for index, item in enumerate(cart.get("items", [])):
        price = amount(item["price"], f"{place}/items/{index}/price") if "price" in item else None
        try:
            order_lifecycle.add_item(call, order, item.get("variant_id"), item.get("quantity", 1), price)
        except order_lifecycle.ImpossibleError as error:
            raise FixturesError(f"{place}/items/{index}", str(error)) from error
    try:
        for state in _STATES[1 : _STATES.index(cart.get("state", "cart")) + 1]:
            if state == "address":
                order_lifecycle.address(call, order, None)
            else:
                order_lifecycle.advance(call, order)
    except order_lifecycle.ImpossibleError as error:
        raise FixturesError(f"{place}/state", str(error)) from error
