"""Completing a cart or a draft: what 5.x's checkout does, and what 6.0's three phases do (spree-v3.md section 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import (
    addresses,
    checkout,
    fulfillments,
    payments,
    processing,
    purchases,
    statuses,
)
from store_credit_mock.systems.spree_v3.processing import NO_PAYMENT
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase

__all__ = ["CLAIM", "Refusal", "complete_cart", "complete_draft", "is_claimed"]

CLAIM: Final = 5 * 60 * 1000
"""How long a completion of 6.0 holds its cart, in milliseconds."""
_CANCELED: Final = "Order is canceled"
_FAILED: Final = "Payment could not be processed, please check the details you entered"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a completion was refused, in the server's words."""

    text: str


def complete_cart(call: Call, cart: Purchase) -> Purchase | Refusal:
    """Make a cart an order. What was captured before a refusal stays captured (trap 14).

    Raises:
        CodeTakenError: See `processing.process`.
    """
    if profile_of(call).is_v6:
        return _complete_v6(call, cart)
    return _complete_v5(call, cart, "Could not complete checkout")


def complete_draft(call: Call, order: Purchase, *, unpaid: bool) -> Purchase | Refusal:
    """Place a draft of the back office, unpaid where the caller says so.

    Raises:
        CodeTakenError: See `processing.process`.
    """
    if not profile_of(call).is_v6:
        return _complete_v5(call, order, "Could not complete order", unpaid=unpaid)
    if order.completed_at is not None:
        return order
    if order.status == "canceled":
        return Refusal(_CANCELED)
    if not unpaid and order.total > 0 and not processing.covered(call, order):
        text = processing.process(call, order)
        if text is not None:
            return Refusal(text)
        if not processing.covered(call, order):
            return Refusal(_FAILED)
    _place(call, order)
    return order


def is_claimed(call: Call, cart: Purchase) -> bool:
    """Whether a completion of 6.0 that has not ended, or failed after money moved, holds the cart."""
    return cart.completing_at is not None and cart.completing_at > call.now - CLAIM


def _complete_v5(call: Call, order: Purchase, failed: str, *, unpaid: bool = False) -> Purchase | Refusal:
    if order.completed_at is not None:
        return order
    if order.status == "canceled":
        return Refusal(_CANCELED)
    found = payments.of_purchase(call, order)
    waiting = any(payment.status == "checkout" for payment in found)
    done = any(payment.status == "completed" for payment in found)
    if order.total > 0 and not unpaid and (waiting or not done):
        text = processing.process(call, order)
        if text is not None:
            return Refusal(text)
    while order.state != "payment":
        text = checkout.next_step(call, order)
        if text is not None:
            return Refusal(text or failed)
    if order.total > 0:
        if not any(payment.valid for payment in payments.of_purchase(call, order)):
            return Refusal(NO_PAYMENT)
        text = processing.process(call, order)
        if text is not None:
            return Refusal(text)
    order.state = "complete"
    _place(call, order)
    return order


def _complete_v6(call: Call, cart: Purchase) -> Purchase | Refusal:
    arrived = call.request.arrived
    order = purchases.of_cart(call, cart.id)
    if order is not None and arrived is not None and (order.completed_by or 0) > arrived:
        return _coded("completion_in_progress")
    if order is not None:
        if order.status == "canceled":
            return order
        if order.status != "placed" and order.total > 0 and not processing.covered(call, order):
            return _coded("payment_failed", message=_FAILED)
        return _finalize(call, cart, order)
    if is_claimed(call, cart):
        return _coded("completion_in_progress")
    lacking = checkout.requirements(call, cart)
    if lacking:
        return _coded("validation_failed", errors=lacking)
    cart.completing_at = call.now
    purchases.save(call, cart)
    order = _draft_of(call, cart)
    if order.total > 0 and not processing.covered(call, order):
        text = processing.process(call, order)
        if text is not None or not processing.covered(call, order):
            _roll_back(call, cart, order)
            return _coded("payment_failed", message=text or _FAILED)
    return _finalize(call, cart, order)


def _draft_of(call: Call, cart: Purchase) -> Purchase:
    """Copy a cart into an order that takes its payments over."""
    order = purchases.create(call, "order", cart.store_id, cart.customer_id, cart.email, cart.currency, cart.locale)
    order.token, order.note, order.cart_id = cart.token, cart.note, cart.id
    order.gift_card_id, order.payment_total = cart.gift_card_id, cart.payment_total
    order.bill_address = addresses.copy(call, cart.bill_address, cart.customer_id)
    order.ship_address = addresses.copy(call, cart.ship_address, cart.customer_id)
    purchases.copy_lines(call, cart, order)
    fulfillments.copy(call, cart, order)
    purchases.recount(call, order)
    purchases.save(call, order)
    purchases.move_rows(call, "spree_v3_payment", cart, order)
    return order


def _roll_back(call: Call, cart: Purchase, order: Purchase) -> None:
    """Undo the draft of a completion that failed before any money moved; else it stays, and holds the cart."""
    captured = any(payment.status == "completed" for payment in payments.of_purchase(call, order))
    if captured or processing.covered(call, order):
        return
    purchases.move_rows(call, "spree_v3_payment", order, cart)
    purchases.delete(call, order)
    cart.completing_at = None
    purchases.save(call, cart)


def _finalize(call: Call, cart: Purchase, order: Purchase) -> Purchase:
    if order.completed_at is None:
        _place(call, order)
    if cart.completed_at is None:
        cart.completed_at, cart.completed_by, cart.completing_at = call.now, call.sandbox.ordinal, None
        purchases.save(call, cart)
    return order


def _place(call: Call, order: Purchase) -> None:
    order.status, order.completed_at, order.completed_by = "placed", call.now, call.sandbox.ordinal
    statuses.settle(call, order)


def _coded(code: str, **members: Any) -> Refusal:
    """A refusal of 6.0-alpha, which puts Ruby into its message."""
    return Refusal(_ruby({"code": code, **members}))


def _ruby(value: Any) -> str:
    """A value as Ruby 3.3 inspects it."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return "{" + ", ".join(f":{name}=>{_ruby(one)}" for name, one in members.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_ruby(one) for one in cast("list[Any]", value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
