"""What the back office does with an order: show, complete, cancel it, put store credit on it (A9, A10)."""

from __future__ import annotations

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import (
    apply_credit,
    completion,
    errors,
    payments,
    purchases,
    row_locks,
    settlement,
    statuses,
)
from store_credit_mock.systems.spree_v3.cart_operations import asked_amount, code_taken
from store_credit_mock.systems.spree_v3.completion import Refusal
from store_credit_mock.systems.spree_v3.credit_gateway import DeclinedError
from store_credit_mock.systems.spree_v3.processing import CodeTakenError
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchase_serializers import admin_order_shape
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["apply", "cancel", "complete", "expanded", "get", "remove", "tell_statuses"]


def get(call: Call) -> SystemResponse:
    """Show an order."""
    return SystemResponse(200, admin_order_shape(call, state_of(call).record, expanded(call)))


def complete(call: Call) -> SystemResponse:
    """Place a draft, with `payment_pending` without its payments."""
    order: Purchase = state_of(call).record
    row_locks.check(call, order)
    unpaid = state_of(call).parameters(call).get("payment_pending") in {True, "true", "1", "t", "on"}
    try:
        done = completion.complete_draft(call, order, unpaid=unpaid)
    except CodeTakenError:
        return code_taken(call)
    if isinstance(done, Refusal):
        return errors.error("order_cannot_complete", done.text, _details(done.text))
    return SystemResponse(200, admin_order_shape(call, done, expanded(call)))


def cancel(call: Call) -> SystemResponse:
    """Cancel an order and give captured credit back; 5.x answers 200 whatever became of it (trap 17)."""
    order: Purchase = state_of(call).record
    row_locks.check(call, order)
    staff = call.caller.staff
    try:
        done = settlement.cancel(call, order, None if staff is None else staff.id)
    except DeclinedError as refusal:
        raise errors.refuse("gateway_error", str(refusal)) from None
    if not done and profile_of(call).is_v6:
        return errors.error("processing_error", "")
    return SystemResponse(200, admin_order_shape(call, order, expanded(call)))


def apply(call: Call) -> SystemResponse:
    """Apply store credit to an order."""
    order: Purchase = state_of(call).parent
    row_locks.check(call, order)
    before = _payments(call, order)
    refusal = apply_credit.apply(call, order, asked_amount(call))
    if refusal is None:
        answer = SystemResponse(201, admin_order_shape(call, order, expanded(call)))
    else:
        answer = errors.error("processing_error", refusal)
    if _payments(call, order) != before:
        tell_statuses(call, order)
    return answer


def remove(call: Call) -> SystemResponse:
    """Take store credit off an order."""
    order: Purchase = state_of(call).parent
    row_locks.check(call, order)
    before = _payments(call, order)
    refusal = apply_credit.remove(call, order)
    if _payments(call, order) != before:
        tell_statuses(call, order)
    return SystemResponse(204) if refusal is None else errors.error("processing_error", refusal)


def tell_statuses(call: Call, order: Purchase) -> None:
    """Follow a change of the payments once the response was made: 6.0 derives the statuses, 5.x touches the order."""
    if profile_of(call).is_v6:
        statuses.update_statuses(call, order)
    else:
        purchases.save(call, order)


def expanded(call: Call) -> frozenset[str]:
    """The associations that `expand` names."""
    value = state_of(call).parameters(call).get("expand")
    return frozenset(part.strip() for part in value.split(",")) if isinstance(value, str) else frozenset()


def _payments(call: Call, order: Purchase) -> list[tuple[int, str]]:
    return [(payment.id, payment.status) for payment in payments.of_purchase(call, order)]


def _details(text: str) -> dict[str, list[str]]:
    return {"base": [text]}
