"""What the payment method `store credit` does to a credit: authorize, capture, void, give back (spree-v3.md section 2).

Texts are the server's. A credit that was deleted is not found by its authorization code, only by the payment itself.
"""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import credit_events, errors, store_credits
from store_credit_mock.systems.spree_v3.payments import Payment
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = ["BrokenCreditError", "DeclinedError", "authorize", "cancel", "capture", "give_back", "purchase", "void"]

_TOO_MUCH: Final = "Unable to capture more than authorized amount"
_TOO_LITTLE: Final = "Store credit amount remaining is not sufficient"
_OTHER_CURRENCY: Final = "Store credit currency does not match order currency"


class DeclinedError(Exception):
    """The store credit cannot do what the payment asks; the texts are joined to the sentence of the response."""

    def __str__(self) -> str:
        return " and ".join(self.args)


class BrokenCreditError(Exception):
    """The credit would not be valid afterwards, as less than nothing would be used, so it cannot be kept."""

    def response(self) -> SystemResponse:
        """The refusal, where nobody catches it on the server."""
        return errors.invalid([("amount_used", "must be greater than or equal to 0")])


def authorize(call: Call, payment: Payment, currency: str) -> str:
    """Lock a payment's amount under a new code, and return the code.

    Raises:
        DeclinedError: The credit does not cover it, or is in another currency.
    """
    credit = credit_events.find_any(call, payment.credit_id)
    if credit is None:
        raise DeclinedError("Could not find store credit")
    code = store_credits.authorization_code(call, credit.id)
    _lock(call, credit, payment.amount, currency, code)
    return code


def purchase(call: Call, payment: Payment, currency: str) -> str:
    """Capture a payment at once under the first unused code of an `eligible` event of its amount; return the code.

    That may be the code of an earlier application of the same amount, and there is none where the amount was changed
    in place, as only a new payment writes such an event.

    Raises:
        DeclinedError: There is no such event, or the credit does not cover the amount or is in another currency.
    """
    code = _eligible(call, payment)
    if code is None:
        raise DeclinedError("Could not find store credit")
    return capture(call, code, payment.amount, currency)


def capture(call: Call, code: str, amount: int, currency: str) -> str:
    """Take an amount, in ten-thousandths, locking it first if nothing was locked under the code; return the code.

    Raises:
        BrokenCreditError: The amount is below zero, and less than that is used.
        DeclinedError: The credit is gone, does not cover it, or has less locked.
    """
    credit = _of_code(call, code, "capture")
    if not credit_events.amounts_of_code(call, credit, code, "authorize"):
        credit = _lock(call, credit, amount, currency, code)
    if amount > credit.authorized:
        raise DeclinedError(_TOO_MUCH)
    if credit.currency != currency:
        raise DeclinedError(_OTHER_CURRENCY)
    if credit.used + amount < 0:
        raise BrokenCreditError
    credit_events.move(call, credit, "capture", amount, code, used=amount, authorized=-amount)
    return code


def void(call: Call, code: str) -> str:
    """Give back what was locked under a code, whether or not it was captured since; return the code.

    Raises:
        DeclinedError: The credit is gone, or nothing was locked under the code.
    """
    credit = _of_code(call, code, "void")
    locked = credit_events.amounts_of_code(call, credit, code, "authorize")
    if not locked:
        raise DeclinedError(f"Unable to void code: {code}")
    credit_events.move(call, credit, "void", locked[0], code, authorized=-locked[0])
    return code


def give_back(call: Call, code: str, amount: int, currency: str, originator: tuple[str, int] | None = None) -> str:
    """Give an amount, in ten-thousandths, back to the credit it was captured from; return the code.

    Raises:
        BrokenCreditError: More than is still captured, because a part was given back before.
        DeclinedError: The credit is gone, or less was captured under the code.
    """
    credit = _of_code(call, code, "credit")
    if credit.currency != currency:
        raise DeclinedError(_OTHER_CURRENCY)
    captured = credit_events.amounts_of_code(call, credit, code, "capture")
    if not captured or amount > captured[0]:
        raise DeclinedError(f"Unable to credit code: {code}")
    if amount > credit.used:
        raise BrokenCreditError
    credit_events.move(call, credit, "credit", amount, code, used=-amount, originator=originator)
    return code


def cancel(call: Call, code: str | None) -> None:
    """Give all that was captured under a code back.

    Raises:
        BrokenCreditError: A part was given back before.
        DeclinedError: Nothing was captured under the code.
    """
    credit = credit_events.of_code(call, code or "")
    captured = [] if credit is None else credit_events.amounts_of_code(call, credit, code or "", "capture")
    if credit is None or code is None or not captured:
        raise DeclinedError("Could not find store credit for auth code: false for action: cancel")
    give_back(call, code, captured[0], credit.currency or "")


def _lock(call: Call, credit: Credit, amount: int, currency: str, code: str) -> Credit:
    if amount > credit.remaining:
        raise DeclinedError(_TOO_LITTLE, _TOO_MUCH)
    if credit.currency != currency:
        raise DeclinedError(_OTHER_CURRENCY, _TOO_MUCH)
    return credit_events.move(call, credit, "authorize", amount, code, authorized=amount)


def _of_code(call: Call, code: str, action: str) -> Credit:
    credit = credit_events.of_code(call, code)
    if credit is None:
        raise DeclinedError(f"Could not find store credit for auth code: {code} for action: {action}")
    return credit


def _eligible(call: Call, payment: Payment) -> str | None:
    for code, used in credit_events.eligible_codes(call, payment.credit_id or 0, payment.amount):
        if not used or _hidden(call, code):
            return code
    return None


def _hidden(call: Call, code: str) -> bool:
    """Whether a code was used by a request that was still under way when this one arrived (recorded on 5.6.1)."""
    arrived = call.request.arrived
    if arrived is None or profile_of(call).is_v6:
        return False
    row = call.db.one(
        "SELECT p.completed_by FROM spree_v3_payment y JOIN spree_v3_purchase p ON p.sandbox = y.sandbox"
        " AND p.kind = y.kind AND p.id = y.owner_id WHERE y.sandbox = ? AND y.code = ?",
        (call.sandbox.name, code),
    )
    return row is not None and row[0] is not None and row[0] > arrived
