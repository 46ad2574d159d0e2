"""Carts in a fixtures file, and those that the control plane prepares."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from store_credit_mock.systems.call import Abort, Call, FixturesError
from store_credit_mock.systems.spree_v3 import addresses, apply_credit, checkout, completion, purchases, variants
from store_credit_mock.systems.spree_v3.customers import Customer
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.stores import Store

__all__ = ["CART", "load_cart"]

_ITEM: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["variant_id"],
    "properties": {
        "variant_id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1, "description": "Its number."},
        "quantity": {"type": "integer", "minimum": 1, "maximum": 10_000},
    },
}
CART: Final = {
    "token": {"type": "string", "minLength": 1, "maxLength": 255, "description": "X-Spree-Token."},
    "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "items": {"type": "array", "items": _ITEM},
    "address": {"type": "boolean", "description": "Whether it has an address, so that it can be completed."},
    "store_credit": {
        "type": ["boolean", "string", "number"],
        "description": "How much store credit is applied; true means as much as possible.",
    },
    "completed": {"type": "boolean", "description": "Whether it is completed and has become an order."},
}
"""JSON Schema of the members of one."""
_ADDRESS: Final = {
    "first_name": "Alice", "last_name": "Archer", "address1": "1 Main St", "city": "New York", "postal_code": "10001",
    "phone": "5551234567", "country_iso": "US", "state_abbr": "NY",
}  # fmt: skip


def load_cart(call: Call, cart: Mapping[str, Any], place: str, store: Store, customer: Customer | None) -> Purchase:
    """Open a cart, fill it, say where it goes, apply store credit and complete it.

    Args:
        call: In a write transaction, as `back_office.working` has it.
        cart: As `CART` says.
        place: Its JSON pointer.
        store: Whose.
        customer: Whose; None for a guest's.

    Raises:
        FixturesError: It names what is not there, or store credit that cannot be applied, or what
            the cart cannot be completed without.
    """
    currency = cart.get("currency", store.currency)
    if currency not in store.currencies:
        raise FixturesError(f"{place}/currency", f"the store sells in {', '.join(store.currencies)}, not {currency}")
    kind = purchases.cart_kind(call)
    customer_id, email = (None, None) if customer is None else (customer.id, customer.email)
    made = purchases.create(call, kind, store.id, customer_id, email, currency, store.locales[0])
    if "token" in cart:
        made.token = cart["token"]
    for number, item in enumerate(cart.get("items", [])):
        variant = variants.find(call, item["variant_id"])
        price = None if variant is None else variant.prices.get(currency)
        if variant is None or price is None:
            text = f"there is no variant {item['variant_id']} with a price in {currency}"
            raise FixturesError(f"{place}/items/{number}", text)
        purchases.set_quantity(call, made, variant.id, item.get("quantity", 1), price)
    if cart.get("address"):
        made.email = made.email or "guest@example.com"
        addresses.assign(call, made, billing=_ADDRESS, shipping=_ADDRESS)
    checkout.recalculate(call, made, items=True, address=bool(cart.get("address")))
    credit = cart.get("store_credit", False)
    if credit is not False:
        problem = _apply(call, made, None if credit is True else Decimal(str(credit)))
        if problem is not None:
            raise FixturesError(f"{place}/store_credit", problem or "this much cannot be applied")
    if cart.get("completed"):
        done = completion.complete_cart(call, made)
        if isinstance(done, completion.Refusal):
            raise FixturesError(f"{place}/completed", done.text)
        return done
    return made


def _apply(call: Call, cart: Purchase, amount: Decimal | None) -> str | None:
    """Apply store credit. Returns None, or the text of the refusal, as the API would give it."""
    try:
        return apply_credit.apply(call, cart, amount)
    except Abort as refusal:
        return str(refusal.answer.body["error"]["message"])
