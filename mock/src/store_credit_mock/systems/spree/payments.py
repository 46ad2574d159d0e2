"""Payments with store credit: rows, and what the payment method does to the credit (spree.md section 6 and 13.14)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree import orders, store_credits
from store_credit_mock.systems.spree.orders import Order
from store_credit_mock.systems.spree.store_credits import Credit
from store_credit_mock.systems.spree.tables import next_id

__all__ = [
    "INVALID",
    "DeclinedError",
    "Payment",
    "add",
    "authorize",
    "capture",
    "credit_back",
    "delete_applied",
    "fail",
    "give_back",
    "of_order",
    "purchase",
    "refunded",
    "release",
    "save",
    "set_state",
    "store_credit_method",
    "unlock",
]

_NAMES: Final = (
    "id", "order_id", "method_id", "credit_id", "amount", "state", "code", "number", "changes", "logs", "captures",
    "made_by", "created_at", "updated_at",
)  # fmt: skip
_COLUMNS: Final = ", ".join(_NAMES)
_OF_ORDER: Final = f"SELECT {_COLUMNS} FROM spree_payment WHERE sandbox = ? AND order_id = ? ORDER BY id"  # noqa: S608
_INSERT: Final = f"INSERT INTO spree_payment (sandbox, {_COLUMNS}) VALUES ({', '.join('?' * (len(_NAMES) + 1))})"  # noqa: S608
_UPDATE: Final = f"UPDATE spree_payment SET {', '.join(f'{n} = ?' for n in _NAMES[1:])} WHERE sandbox = ? AND id = ?"  # noqa: S608
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

INVALID: Final = frozenset({"failed", "invalid", "void"})
"""States of payments that do not count."""


_TOO_MUCH: Final = "Unable to capture more than authorized amount"


class DeclinedError(Exception):
    """The store credit cannot do what the payment asks; the texts are the server's (spree.md section 6)."""

    def __str__(self) -> str:
        return self.sentence(v5=True)

    def sentence(self, *, v5: bool) -> str:
        """The texts as one: 4.x runs them together, 5.x makes a sentence of them (recorded on 5.3.6)."""
        return (" and " if v5 else "").join(self.args)


@dataclass(slots=True)
class Payment:
    """A row. Amounts are hundredths, times Unix milliseconds.

    Attributes:
        credit_id: The store credit that pays; None for a payment by other means.
        changes: Ids of state changes, as JSON.
        logs: Ids of log entries, as JSON.
        captures: Ids of capture events, as JSON.
        made_by: Number of the request that made it, or after which it was made.
    """

    id: int
    order_id: int
    method_id: int
    credit_id: int | None
    amount: int
    state: str
    code: str | None
    number: str
    changes: str
    logs: str
    captures: str
    made_by: int
    created_at: int
    updated_at: int

    @property
    def completed(self) -> bool:
        """Whether its amount was taken."""
        return self.state == "completed"

    @property
    def valid(self) -> bool:
        """Whether it counts for its order."""
        return self.state not in INVALID


def of_order(call: Call, order_id: int) -> list[Payment]:
    """All payments of an order by id."""
    return [Payment(*row) for row in call.db.all(_OF_ORDER, (call.sandbox.name, order_id))]


def store_credit_method(call: Call) -> tuple[int, bool] | None:
    """Id of the active store-credit payment method, and whether it captures at once."""
    row = call.db.one(
        "SELECT id, auto_capture FROM spree_method WHERE sandbox = ? AND kind = 'Spree::PaymentMethod::StoreCredit'"
        " AND active = 1 ORDER BY id",
        (call.sandbox.name,),
    )
    return None if row is None else (row[0], bool(row[1]))


def add(
    call: Call, order: Order, method_id: int, amount: int, credit: Credit | None, state: str = "checkout"
) -> Payment:
    """Add a payment; one with store credit writes an `eligible` event of its amount under a fresh code."""
    digits = int(call.sandbox.random_id("payment number", length=14), 16)
    number = "P" + "".join(_LETTERS[digits // 36**place % 36] for place in range(7))
    code = None if credit is None else store_credits.authorization_code(call, credit.id)
    payment = Payment(
        next_id(call, "payment"), order.id, method_id, None if credit is None else credit.id, amount, state, code,
        number, "[]", "[]", "[]", call.sandbox.ordinal, call.now, call.now,
    )  # fmt: skip
    call.db.run(_INSERT, (call.sandbox.name, *_row(payment)))
    if credit is not None and code is not None:
        store_credits.record(call, credit, "eligible", amount, code)
    orders.touch(call, order)
    return payment


def save(call: Call, payment: Payment) -> None:
    """Keep a changed payment."""
    payment.updated_at = call.now
    call.db.run(_UPDATE, (*_row(payment)[1:], call.sandbox.name, payment.id))


def set_state(call: Call, payment: Payment, *states: str) -> None:
    """Lead a payment through states; each leaves a state change behind."""
    for state in states:
        payment.state = state
        payment.changes = orders.new_change(call, payment.changes)
    save(call, payment)


def delete_applied(call: Call, order: Order) -> None:
    """Delete the store credit that is applied, as a change of the cart's lines does (spree.md section 7)."""
    call.db.run(
        "DELETE FROM spree_payment WHERE sandbox = ? AND order_id = ? AND state = 'checkout' AND credit_id IS NOT NULL",
        (call.sandbox.name, order.id),
    )


def fail(call: Call, payment: Payment) -> None:
    """Note that a payment was declined; it counts for its order no more."""
    payment.logs = _added(call, payment.logs, "log_entry")
    set_state(call, payment, "processing", "failed")


def purchase(call: Call, payment: Payment, order: Order) -> None:
    """Authorise and capture at once, under the first code of an eligible event of this amount that is still unused.

    That may be the code of an earlier application of the same amount; the payment then takes it (spree.md section 6).

    Raises:
        DeclinedError: The credit does not cover the amount, has less authorised, or is in another currency.
    """
    credit = _credit(call, payment)
    payment.code = code = _eligible(call, credit, payment.amount)
    try:
        credit = _locked(call, credit, payment.amount, order.currency, code)
    except DeclinedError as refusal:
        # The capture is tried all the same, and finds nothing authorised.
        raise DeclinedError(*refusal.args, _TOO_MUCH) from None
    _take(call, credit, payment.amount, code)
    payment.captures = _added(call, payment.captures, "payment_capture_event")
    payment.logs = _added(call, payment.logs, "log_entry")
    set_state(call, payment, "processing", "completed")


def authorize(call: Call, payment: Payment, order: Order) -> None:
    """Lock the amount, under a code of its own.

    Raises:
        DeclinedError: The credit does not cover the amount, or is in another currency.
    """
    credit = _credit(call, payment)
    code = store_credits.authorization_code(call, credit.id)
    _locked(call, credit, payment.amount, order.currency, code)
    payment.code = code
    payment.logs = _added(call, payment.logs, "log_entry")
    set_state(call, payment, "processing", "pending")


def capture(call: Call, payment: Payment, order: Order, amount: int, *, repair: bool) -> None:
    """Take what was locked, or a part of it.

    A partial capture authorises the rest again although it is still locked: 29.98 where 14.99 was meant (13.14).

    Args:
        call: In a write transaction.
        payment: A pending payment.
        order: Its order.
        amount: Hundredths.
        repair: Unlock the rest first, so that nothing leaks.

    Raises:
        DeclinedError: More than was authorised.
    """
    if amount > payment.amount or amount < 1:
        raise DeclinedError(_TOO_MUCH)
    credit = _credit(call, payment)
    code = payment.code or ""
    rest = payment.amount - amount
    credit = _take(call, credit, amount, code)
    payment.captures = _added(call, payment.captures, "payment_capture_event")
    payment.logs = _added(call, payment.logs, "log_entry")
    if rest:
        if repair:
            credit = store_credits.adjust(call, credit, "void", 0, -rest, code)
            store_credits.record(call, credit, "void", rest, code)
        other = add(call, order, payment.method_id, rest, credit, "pending")
        other.code = store_credits.authorization_code(call, credit.id)
        _locked(call, credit, rest, order.currency, other.code)
        save(call, other)
        payment.amount = amount
    set_state(call, payment, "processing", "completed")


def release(call: Call, payment: Payment) -> None:
    """Void an authorisation."""
    unlock(call, payment)
    set_state(call, payment, "void")


def unlock(call: Call, payment: Payment) -> None:
    """Give what a payment locked back to its credit."""
    credit = _credit(call, payment)
    code = payment.code or ""
    credit = store_credits.adjust(call, credit, "void", 0, -payment.amount, code)
    store_credits.record(call, credit, "void", payment.amount, code)


def credit_back(call: Call, payment: Payment, amount: int, originator: tuple[str, int] | None = None) -> None:
    """Give captured credit back.

    Raises:
        DeclinedError: More than is still captured under this code.
    """
    credit = _credit(call, payment)
    code = payment.code or ""
    if amount > _captured(call, code) or amount > credit.used:
        raise DeclinedError(f"Unable to credit code: {code}")
    credit = store_credits.adjust(call, credit, "credit", -amount, 0, code)
    store_credits.record(call, credit, "credit", amount, code, originator)


def give_back(call: Call, payment: Payment, amount: int, reason: str | None) -> int:
    """Refund a part of a completed payment; returns the refund's id.

    Raises:
        DeclinedError: More than is still captured.
    """
    if amount < 1 or amount > payment.amount - refunded(call, payment.id):
        raise DeclinedError(f"Unable to credit code: {payment.code}")
    identity = next_id(call, "refund")
    call.db.run(
        "INSERT INTO spree_refund (sandbox, id, payment_id, amount, reason, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (call.sandbox.name, identity, payment.id, amount, reason, call.now, call.now),
    )
    if payment.credit_id is not None:
        credit_back(call, payment, amount, ("Spree::Refund", identity))
    return identity


def refunded(call: Call, payment_id: int) -> int:
    """What was refunded of a payment."""
    row = call.db.one(
        "SELECT SUM(amount) FROM spree_refund WHERE sandbox = ? AND payment_id = ?", (call.sandbox.name, payment_id)
    )
    return 0 if row is None or row[0] is None else int(row[0])


def _locked(call: Call, credit: Credit, amount: int, currency: str, code: str) -> Credit:
    if amount > credit.remaining:
        raise DeclinedError("Store credit amount remaining is not sufficient")
    if credit.currency != currency:
        raise DeclinedError("Store credit currency does not match order currency")
    locked = store_credits.adjust(call, credit, "authorize", 0, amount, code)
    store_credits.record(call, locked, "authorize", amount, code)
    return replace(locked)


def _take(call: Call, credit: Credit, amount: int, code: str) -> Credit:
    # A negative authorisation that was written by hand makes more remain than there is; it cannot be captured.
    if amount > credit.authorized:
        raise DeclinedError(_TOO_MUCH)
    taken = store_credits.adjust(call, credit, "capture", amount, -amount, code)
    store_credits.record(call, taken, "capture", amount, code)
    return taken


def _eligible(call: Call, credit: Credit, amount: int) -> str:
    row = call.db.one(
        "SELECT e.code FROM spree_event e WHERE e.sandbox = ? AND e.credit_id = ? AND e.action = 'eligible'"
        " AND e.amount = ? AND NOT EXISTS (SELECT 1 FROM spree_event o WHERE o.sandbox = e.sandbox AND o.code = e.code"
        " AND o.action <> 'eligible') ORDER BY e.id",
        (call.sandbox.name, credit.id, amount),
    )
    if row is None:
        raise DeclinedError("Could not find store credit")
    return row[0]


def _captured(call: Call, code: str) -> int:
    """What was captured and not given back under a code."""
    taken = 0
    for action, amount in call.db.all(
        "SELECT action, amount FROM spree_event WHERE sandbox = ? AND code = ?", (call.sandbox.name, code)
    ):
        taken += {"capture": amount, "credit": -amount}.get(action, 0)
    return taken


def _credit(call: Call, payment: Payment) -> Credit:
    credit = None if payment.credit_id is None else store_credits.find(call, payment.credit_id)
    if credit is None:
        raise DeclinedError("Could not find store credit")
    return credit


def _added(call: Call, kept: str, counter: str) -> str:
    return orjson.dumps([*orjson.loads(kept), next_id(call, counter)]).decode()


def _row(payment: Payment) -> tuple[Any, ...]:
    return tuple(getattr(payment, name) for name in _NAMES)
