"""Processing the payments of a purchase at its completion, as both versions do it."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Abort, Call
from store_credit_mock.systems.spree_v3 import credit_gateway, payments, statuses
from store_credit_mock.systems.spree_v3.credit_gateway import BrokenCreditError, DeclinedError
from store_credit_mock.systems.spree_v3.payments import Payment
from store_credit_mock.systems.spree_v3.purchases import Purchase

__all__ = ["NO_PAYMENT", "CodeTakenError", "covered", "process"]

NO_PAYMENT: Final = "No payment found"


class CodeTakenError(Exception):
    """Another payment of the purchase has the authorization code that a capture returned (trap 15)."""


def process(call: Call, purchase: Purchase) -> str | None:
    """Capture or authorize each payment that waits, as its method says, until the total is covered.

    A payment that is declined has failed; what was captured before it stays captured.

    Returns:
        None, or the text of the refusal.

    Raises:
        Abort: 5.x took an amount below zero, and less than that is used (422).
        CodeTakenError: The credit was captured under the code of another payment of this purchase; the payment is left
            `processing`.
    """
    waiting = [payment for payment in payments.of_purchase(call, purchase) if payment.status == "checkout"]
    if purchase.payment_total >= purchase.total:
        return None
    if not waiting:
        pending = any(payment.status == "pending" for payment in payments.of_purchase(call, purchase))
        return None if pending else NO_PAYMENT
    captures = {method.id: method.captures for method in payments.methods(call)}
    for payment in waiting:
        if purchase.payment_total >= purchase.total:
            break
        try:
            _process(call, purchase, payment, captures=captures.get(payment.method_id, False))
        except DeclinedError as refusal:
            payments.save(call, payment, "failed")
            statuses.settle(call, purchase)
            return str(refusal)
        except BrokenCreditError as broken:
            raise Abort(broken.response()) from None
        statuses.settle(call, purchase)
    return None


def covered(call: Call, order: Purchase) -> bool:
    """Whether payments that are under way or done reach the total: what 6.0 wants before it places an order."""
    found = payments.of_purchase(call, order)
    counted = {"pending", "processing", "completed"}
    return sum(payment.amount for payment in found if payment.status in counted) >= order.total


def _process(call: Call, purchase: Purchase, payment: Payment, *, captures: bool) -> None:
    payments.save(call, payment, "processing")
    if payment.credit_id is None:
        payments.save(call, payment, "completed" if captures else "pending")
        return
    if not captures:
        payment.code = credit_gateway.authorize(call, payment, purchase.currency)
        payments.save(call, payment, "pending")
        return
    code = credit_gateway.purchase(call, payment, purchase.currency)
    others = (p for p in payments.of_purchase(call, purchase) if p.id != payment.id)
    if any(other.code == code and other.method_id == payment.method_id for other in others):
        raise CodeTakenError
    payment.code, payment.captured = code, payment.captured + payment.amount
    payments.save(call, payment, "completed")
