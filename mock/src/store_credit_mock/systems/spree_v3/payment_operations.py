"""The payments of an order: list, capture, void, refund."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Final

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.rails.parameters import to_float
from store_credit_mock.systems.rails.ransack import MONEY, TEXT
from store_credit_mock.systems.spree_v3 import errors, ids, listing, money, payments, row_locks, settlement
from store_credit_mock.systems.spree_v3.credit_gateway import BrokenCreditError, DeclinedError
from store_credit_mock.systems.spree_v3.listing import Listed
from store_credit_mock.systems.spree_v3.part_serializers import payment_shapes, unit_id
from store_credit_mock.systems.spree_v3.payments import Payment
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.settlement import InvalidTransitionError
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["capture", "list_", "refund", "void"]

_LISTED: Final = Listed(
    "spree_v3_payment",
    "r.id",
    itemgetter(0),
    {
        "amount": MONEY("r.amount", money.SCALE),
        "number": TEXT("r.number"),
        "response_code": TEXT("r.code"),
        "state": TEXT("r.status"),
        "status": TEXT("r.status"),
    },
    order="r.created_at ASC, r.id ASC",
)


def list_(call: Call) -> SystemResponse:
    """List the payments of an order, the oldest first."""
    order: Purchase = state_of(call).parent
    shapes = {shape["id"]: shape for shape in payment_shapes(call, order, admin=True)}
    where = " AND r.kind = ? AND r.owner_id = ?", [order.kind, order.id]
    return listing.answer(call, _LISTED, where, lambda number: shapes[ids.shown(call, "payment", number)])


def capture(call: Call) -> SystemResponse:
    """Capture a payment, whole or by the amount that is sent."""
    order, payment = _found(call)
    value = state_of(call).parameters(call).get("amount")
    wanted = to_float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    amount = None if wanted is None else money.units(wanted, profile_of(call).places)
    return _done(call, order, payment, lambda: settlement.capture(call, order, payment, amount))


def void(call: Call) -> SystemResponse:
    """Void a payment."""
    order, payment = _found(call)
    return _done(call, order, payment, lambda: settlement.void(call, order, payment))


def refund(call: Call) -> SystemResponse:
    """Give a part of a captured payment back; preparation, which the document lacks."""
    order: Purchase = state_of(call).parent
    sent = state_of(call).parameters(call)
    number = ids.number_of(call, "payment", str(sent.get("payment_id") or ""))
    payment = None if number is None else payments.find(call, order, number)
    if payment is None:
        raise errors.not_found("Payment")
    left = payment.amount - payments.refunded(call, payment.id)
    amount = left if sent.get("amount") is None else money.amount_sent(call, sent["amount"])[0] or 0
    if profile_of(call).is_v6 and payment.status != "completed":
        return errors.error("processing_error", "Payment not refundable")
    if amount <= 0 or amount > left:
        if profile_of(call).is_v6:
            return errors.error("processing_error", "Refund amount exceeds balance")
        text = "must be greater than 0" if amount <= 0 else "is greater than the allowed amount."
        return errors.invalid([("amount", text)])
    try:
        identity = settlement.refund(call, order, payment, amount)
    except DeclinedError as refusal:
        raise Abort(errors.error("gateway_error", str(refusal))) from None
    except BrokenCreditError as broken:
        raise Abort(broken.response()) from None
    return SystemResponse(201, _refund_shape(call, order, payment, identity, amount))


def _found(call: Call) -> tuple[Purchase, Payment]:
    state = state_of(call)
    if not profile_of(call).is_v6:
        row_locks.check(call, state.parent)
    return state.parent, state.record


def _done(call: Call, order: Purchase, payment: Payment, run: Any) -> SystemResponse:
    try:
        refusal: str | None = run()
    except InvalidTransitionError as invalid:
        raise errors.refuse("cart_cannot_transition", str(invalid)) from None
    except BrokenCreditError as broken:
        raise Abort(broken.response()) from None
    if refusal is not None:
        return errors.error("processing_error", refusal)
    wanted = ids.shown(call, "payment", payment.id)
    shapes = payment_shapes(call, order, admin=True)
    return SystemResponse(200, next(shape for shape in shapes if shape["id"] == wanted))


def _refund_shape(call: Call, order: Purchase, payment: Payment, identity: int, amount: int) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": ids.shown(call, "refund", identity),
        "transaction_id": payment.code,
        "amount": money.amount_shown(call, amount, order.currency),
        "payment_id": ids.shown(call, "payment", payment.id),
        "refund_reason_id": unit_id("rr", 1),
    }
    is_v6 = profile_of(call).is_v6
    shape |= {"originator_id": None, "originator_type": None} if is_v6 else {"reimbursement_id": None}
    now = shown(call.now)
    return {**shape, "metadata": {}, "created_at": now, "updated_at": now}
