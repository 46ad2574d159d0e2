"""Applying store credit to an order and taking it off again (spree.md section 7, 13.3, 13.12, 13.13)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from store_credit_mock.systems.call import Abort, Call
from store_credit_mock.systems.rails.money import hundredths
from store_credit_mock.systems.spree import errors, payments, store_credits
from store_credit_mock.systems.spree.orders import Order, touch
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["NO_CREDITS", "apply", "is_applied", "remove"]

_LARGEST: Final = Decimal(10) ** 8
"""No payment is larger, in units of the currency: its column has ten digits, two of them decimals."""

NO_CREDITS: Final = "User does not have any Store Credits available"


def apply(call: Call, order: Order, amount: Decimal | None) -> str | None:
    """Apply store credit in place of what is applied already.

    Args:
        call: In a write transaction.
        order: The cart or order.
        amount: How much in the order's currency; None is all that is outstanding.

    Returns:
        None if the order has valid store credit now; else the text of the refusal, which may be empty. What was
        applied before is taken off either way.

    Raises:
        Abort: No active payment method (500), or a payment that cannot be saved (422): the user holds nothing in the
            order's currency (13.3), or the credit fails its own checks, as with a deleted type (section 5). Nothing is
            kept.
    """
    if order.user_id is None or not _has_credit(call, order.user_id):
        return NO_CREDITS
    _invalidate(call, order)
    method = payments.store_credit_method(call)
    if method is None:
        raise errors.crash("the store has no active payment method for store credit")
    target = Decimal(order.outstanding) / 100
    if amount is not None:
        target = min(amount, target)
    if abs(target) > _LARGEST:
        raise errors.crash("the amount is more than the database's column holds")
    for credit in store_credits.of_user(call, order.user_id):
        if target == 0:
            break
        if credit.remaining == 0:
            continue
        lacking = store_credits.absent(call, credit, complete=profile_of(call).complete)
        if lacking or store_credits.available(call, order.user_id, order.currency)[1] <= 0:
            raise Abort(errors.unprocessable(v5=profile_of(call).is_v5))
        taken = min(Decimal(credit.remaining) / 100, target)
        payments.add(call, order, method[0], hundredths(taken), credit)
        target -= taken
    return None if is_applied(call, order) else ""


def remove(call: Call, order: Order) -> str | None:
    """Take applied store credit off. Returns None, or the text of the refusal if some is past the checkout."""
    _invalidate(call, order)
    return "" if is_applied(call, order) else None


def _invalidate(call: Call, order: Order) -> None:
    """Take off what the request can see: what others applied while it waited stays, as nothing locks a cart (R26)."""
    changed, arrived = False, call.request.arrived
    for payment in payments.of_order(call, order.id):
        seen = arrived is None or payment.made_by <= arrived
        if payment.credit_id is not None and payment.state == "checkout" and seen:
            payments.set_state(call, payment, "invalid")
            changed = True
    if changed:
        touch(call, order)


def is_applied(call: Call, order: Order) -> bool:
    """Whether a store-credit payment of the order counts."""
    return any(payment.credit_id is not None and payment.valid for payment in payments.of_order(call, order.id))


def _has_credit(call: Call, user_id: int) -> bool:
    row = call.db.one(
        "SELECT id FROM spree_credit WHERE sandbox = ? AND user_id = ? AND deleted_at IS NULL LIMIT 1",
        (call.sandbox.name, user_id),
    )
    return row is not None
