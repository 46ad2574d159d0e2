"""What the back office does with payments of an order: capture, void, refund, and cancelling the whole."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import credit_gateway, fulfillments, payments, purchases, statuses
from store_credit_mock.systems.spree_v3.credit_gateway import BrokenCreditError, DeclinedError
from store_credit_mock.systems.spree_v3.payments import Payment
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["InvalidTransitionError", "cancel", "capture", "refund", "void"]

_REFUND: Final = (
    "INSERT INTO spree_v3_refund (sandbox, id, payment_id, amount, code, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


class InvalidTransitionError(Exception):
    """A payment of 5.x is in no state for this; the text is the server's."""


def capture(call: Call, order: Purchase, payment: Payment, amount: int | None) -> str | None:
    """Capture a payment, whole or in part; one that is captured already stays as it is.

    A partial capture authorizes the rest anew although it is still locked.

    Returns:
        None, or the text of the refusal; then the payment has failed.

    Raises:
        InvalidTransitionError: 5.x: it is void, invalid or failed.
    """
    if payment.status == "completed":
        return None
    is_v6 = profile_of(call).is_v6
    allowed = {"checkout", "pending", "processing", *(("failed",) if is_v6 else ())}
    if payment.status not in allowed:
        if is_v6:
            return "Payment not capturable"
        raise InvalidTransitionError(_transition("started_processing", "started processing", payment.status))
    wanted = payment.amount if amount is None else amount
    try:
        if payment.credit_id is not None:
            payment.code = credit_gateway.capture(call, payment.code or "", wanted, order.currency)
    except DeclinedError as refusal:
        if not is_v6:
            payment.captured += wanted
        payments.save(call, payment, "failed")
        statuses.settle(call, order, saves=2)
        return str(refusal)
    payment.captured += wanted
    rest = payment.amount - payment.captured
    other = None
    if rest > 0:
        other = payments.add(call, order, payment.method_id, payment.credit_id, rest, None, "pending")
    # 6.0 completes what was captured before it authorizes the rest; 5.x leaves it processing where that is declined.
    refusal = None if is_v6 else _authorize(call, order, other)
    if refusal is not None:
        payments.save(call, payment, "processing")
        return refusal
    payment.amount = payment.amount if other is None else payment.captured
    payments.save(call, payment, "completed")
    statuses.settle(call, order, saves=2)
    return _authorize(call, order, other) if is_v6 else None


def _authorize(call: Call, order: Purchase, rest: Payment | None) -> str | None:
    """Lock what a partial capture left, although it is still locked. Returns None, or the text of the refusal."""
    if rest is None or rest.credit_id is None:
        return None
    try:
        rest.code = credit_gateway.authorize(call, rest, order.currency)
    except DeclinedError as refusal:
        payments.save(call, rest, "failed")
        return str(refusal)
    payments.save(call, rest)
    return None


def void(call: Call, order: Purchase, payment: Payment) -> str | None:
    """Void a payment and give back what it locked; one that is void already stays as it is.

    Returns:
        None, or the text of the refusal.

    Raises:
        InvalidTransitionError: 5.x: it is invalid or failed.
    """
    if payment.status == "void":
        return None
    is_v6 = profile_of(call).is_v6
    voidable = payment.status in {"pending", "processing", "completed", "checkout"}
    if is_v6 and not voidable:
        return "Payment not voidable"
    try:
        if payment.credit_id is not None and payment.code:
            credit_gateway.void(call, payment.code)
    except DeclinedError as refusal:
        return str(refusal)
    if voidable:
        _void(call, order, payment)
    return None


def refund(call: Call, order: Purchase, payment: Payment, amount: int) -> int:
    """Give a part of a captured payment back; return the refund's number.

    Raises:
        DeclinedError: The credit is gone, or less was captured.
    """
    identity = next_id(call, "refund")
    call.db.run(_REFUND, (call.sandbox.name, identity, payment.id, amount, payment.code, call.now, call.now))
    if payment.credit_id is not None:
        originator = ("Spree::Refund", identity)
        credit_gateway.give_back(call, payment.code or "", amount, order.currency, originator)
    statuses.settle(call, order, saves=1)
    return identity


def cancel(call: Call, order: Purchase, canceler_id: int | None) -> bool:
    """Cancel an order: what was captured goes back to its credits, what was only authorized stays locked.

    Returns:
        Whether it was done. After a partial refund it stops at the payment that was refunded: the order is cancelled
        and nothing more is given back, whatever the response says (trap 17).

    Raises:
        DeclinedError: A payment cannot be given back.
    """
    is_v6 = profile_of(call).is_v6
    allowed = order.completed_at is not None and order.status != "canceled"
    if not is_v6 or allowed:
        order.canceled_at = call.now
        order.canceler_id = order.canceler_id if canceler_id is None else canceler_id
        purchases.save(call, order)
    if not allowed:
        return False
    order.status = "canceled"
    if not is_v6:
        order.state = "canceled"
    fulfillments.set_status(order, "canceled")
    purchases.save(call, order)
    try:
        _void_payments(call, order)
    except BrokenCreditError:
        return False
    statuses.settle(call, order, saves=1)
    return True


def _void_payments(call: Call, order: Purchase) -> None:
    """Give back and void what was captured, void what waits; an order that a gift card covers gives nothing back.

    Raises:
        BrokenCreditError: A part of a payment was given back before; those ahead of it are void.
        DeclinedError: A payment cannot be given back.
    """
    found = payments.of_purchase(call, order)
    covered = order.gift_card_id is not None and payments.applied(call, order) >= order.total
    for payment in found:
        if payment.status == "completed" and (not covered or payment.credit_id is not None):
            if payment.credit_id is not None and not covered:
                credit_gateway.cancel(call, payment.code)
            _void(call, order, payment)
    ended = {"failed", "invalid", "void"} if profile_of(call).is_v6 else {"void"}
    for payment in () if covered else found:
        if payment.status == "pending" or (payment.credit_id is None and payment.status not in ended):
            _void(call, order, payment)


def _void(call: Call, order: Purchase, payment: Payment) -> None:
    payments.save(call, payment, "void")
    statuses.settle(call, order, saves=1)


def _transition(event: str, words: str, status: str) -> str:
    return f'Cannot transition state via :{event} from :{status} (Reason(s): State cannot transition via "{words}")'
