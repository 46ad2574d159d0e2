"""What shoppers do with a cart: show it, put store credit on it, take it off, complete it (S1, S2)."""

from __future__ import annotations

from decimal import Decimal

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.parameters import to_float
from store_credit_mock.systems.spree_v3 import apply_credit, checkout, completion, errors, row_locks
from store_credit_mock.systems.spree_v3.completion import Refusal
from store_credit_mock.systems.spree_v3.processing import CodeTakenError
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchase_serializers import cart_shape, order_shape
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["apply", "asked_amount", "code_taken", "complete", "get", "held", "remove"]


def get(call: Call) -> SystemResponse:
    """Show a cart; one that has an address and no parcel yet is led on before."""
    cart: Purchase = state_of(call).record
    if cart.ship_address is not None and cart.fulfillment is None and not completion.is_claimed(call, cart):
        checkout.advance(call, cart)
    return SystemResponse(200, cart_shape(call, cart))


def apply(call: Call) -> SystemResponse:
    """Apply store credit to a cart."""
    cart: Purchase = state_of(call).record
    return held(call, cart) or _done(call, cart, apply_credit.apply(call, cart, asked_amount(call)))


def remove(call: Call) -> SystemResponse:
    """Take store credit off a cart."""
    cart: Purchase = state_of(call).record
    return held(call, cart) or _done(call, cart, apply_credit.remove(call, cart))


def complete(call: Call) -> SystemResponse:
    """Make a cart an order; a cart that is one already gives it again."""
    cart: Purchase = state_of(call).record
    if cart.kind == "order" and cart.completed_at is not None:
        return SystemResponse(200, order_shape(call, cart))
    row_locks.check(call, cart)
    try:
        done = completion.complete_cart(call, cart)
    except CodeTakenError:
        return code_taken(call)
    if isinstance(done, Refusal):
        return errors.error("cart_cannot_complete", done.text)
    return SystemResponse(200, order_shape(call, done))


def asked_amount(call: Call) -> Decimal | None:
    """The amount to apply as Ruby's `to_f` reads it, without the request's locale; None asks for all there is."""
    value = state_of(call).parameters(call).get("amount")
    return to_float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def held(call: Call, cart: Purchase) -> SystemResponse | None:
    """Lock a cart for a change; a completion of 6.0 that holds it refuses.

    Raises:
        Abort: Another session holds its row (409).
    """
    row_locks.check(call, cart)
    if profile_of(call).claims_completion and completion.is_claimed(call, cart):
        return errors.error("completion_in_progress", "The cart is being completed. Please retry in a moment.")
    return None


def code_taken(call: Call) -> SystemResponse:
    """Refuse a capture under the code of another payment (trap 15).

    Raises:
        Abort: 5.x, where nothing is kept; on 6.0-alpha the credit is captured and the order made all the same.
    """
    if not profile_of(call).is_v6:
        text = (
            "Cannot transition state via :complete from :processing (Reason(s): Response code has already been taken)"
        )
        raise errors.refuse("cart_cannot_transition", text)
    state_of(call).interrupted = True
    return errors.invalid([("response_code", "has already been taken")])


def _done(call: Call, cart: Purchase, refusal: str | None) -> SystemResponse:
    if refusal is not None:
        return errors.error("processing_error", refusal)
    return SystemResponse(200, cart_shape(call, cart))
