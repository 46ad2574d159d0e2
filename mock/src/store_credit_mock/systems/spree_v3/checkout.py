"""The way of a cart to its completion: steps, requirements, and recalculation when it changes."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import addresses, apply_credit, fulfillments, payments, purchases, variants
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase

__all__ = ["STEPS", "advance", "completed_steps", "current_step", "next_step", "recalculate", "requirements"]

STEPS: Final = ("address", "delivery", "payment")
_EMPTY: Final = "There are no items for this order"
_NO_EMAIL: Final = "Email can't be blank"


def recalculate(call: Call, cart: Purchase, *, items: bool, address: bool) -> None:
    """Follow a change of the items or of where a cart goes, as far as it can be followed; keeps the cart.

    6.0 drops applied store credit when the items change; 5.x keeps it, and gives the most there is when the cart enters
    payment anew.
    """
    if items:
        if profile_of(call).is_v6:
            payments.drop_applied(call, cart)
        purchases.recount(call, cart)
    if profile_of(call).is_v6:
        if items or address:
            fulfillments.rebuild(call, cart)
        purchases.save(call, cart)
        return
    if address and cart.state in {"delivery", "payment"}:
        cart.state = "address"
    advance(call, cart)


def advance(call: Call, cart: Purchase) -> None:
    """Lead a cart as far as it goes, never to its completion; keeps the cart."""
    if profile_of(call).is_v6:
        if cart.fulfillment is None and cart.ship_address is not None:
            fulfillments.rebuild(call, cart)
    else:
        while cart.state != "payment" and next_step(call, cart) is None:
            pass
    purchases.save(call, cart)


def next_step(call: Call, order: Purchase) -> str | None:
    """Lead an order of 5.x one step on. Returns None, or the text that says why it stays where it is."""
    if order.state == "cart":
        if order.quantity == 0:
            return _EMPTY
        addresses.assign_standard(call, order)
        order.state = "address"
    elif order.state == "address":
        if not fulfillments.rebuild(call, order):
            names = ", ".join(variants.name_of(call, line.variant_id) for line in purchases.lines(call, order))
            return (
                f"We cannot ship {names} to your current location at the moment. Please change your shipping address"
                f" or remove {names} from your cart."
            )
        order.state = "delivery"
    else:
        if not order.email:
            return _NO_EMAIL
        order.state = "payment"
        purchases.save(call, order)
        if payments.applied(call, order) > 0 and order.gift_card_id is None:
            apply_credit.apply(call, order, None)
    purchases.save(call, order)
    return None


def requirements(call: Call, cart: Purchase) -> list[dict[str, Any]]:
    """What a cart still lacks before it can be completed, in the order of the steps."""
    is_v6 = profile_of(call).is_v6
    parcel = fulfillments.parcel(cart)
    picked_up = is_v6 and parcel is not None and all(rate[1] == fulfillments.PICKUP for rate in parcel["rates"])
    found: list[tuple[str, str, str]] = []
    if cart.quantity == 0:
        found.append(("cart", "line_items", "Add at least one item to your cart"))
    if not cart.email:
        found.append(("address", "email", "Email address is required"))
    if cart.ship_address is None and not picked_up:
        found.append(("address", "ship_address", "Shipping address is required"))
    if parcel is None and (cart.quantity or not is_v6):
        named = ("delivery_method", "delivery method", "fulfillments")
        if not is_v6:
            named = ("shipping_method", "shipping method", "shipments")
        found.append(("delivery", named[0], f"Select a {named[1]} for all {named[2]}"))
    if cart.total > 0 and not any(payment.valid for payment in payments.of_purchase(call, cart)):
        found.append(("payment", "payment", "Add a payment method"))
    shape: list[dict[str, Any]] = [{"step": step, "field": field, "message": text} for step, field, text in found]
    return [{"code": f"{one['field']}_required", **one} for one in shape] if is_v6 else shape


def current_step(call: Call, cart: Purchase) -> str:
    """The step where a cart is: that of 5.x's state, that of the first requirement in 6.0."""
    if not profile_of(call).is_v6:
        return "address" if cart.state == "cart" else cart.state
    lacking = requirements(call, cart)
    step = lacking[0]["step"] if lacking else "complete"
    return "address" if step == "cart" else step


def completed_steps(call: Call, cart: Purchase) -> list[str]:
    """The steps before that one."""
    step = current_step(call, cart)
    steps = [name for name in STEPS if name != "payment" or cart.total > 0 or not profile_of(call).is_v6]
    return steps if step == "complete" else steps[: steps.index(step)]
