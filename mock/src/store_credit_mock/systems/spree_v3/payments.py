"""Payments of carts and orders: rows and the states that count (spree-v3.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = [
    "INVALID",
    "Method",
    "Payment",
    "add",
    "add_method",
    "applied",
    "credit_method",
    "drop_applied",
    "find",
    "methods",
    "of_purchase",
    "place_method",
    "refunded",
    "save",
    "save_method",
    "settle_total",
]

_NAMES: Final = (
    "id", "kind", "owner_id", "number", "method_id", "credit_id", "amount", "status", "code", "captured", "created_at",
    "updated_at",
)  # fmt: skip
_COLUMNS: Final = ", ".join(_NAMES)
_VALUES: Final = attrgetter(*_NAMES)
_OF_OWNER: Final = (
    f"SELECT {_COLUMNS} FROM spree_v3_payment WHERE sandbox = ? AND kind = ? AND owner_id = ? ORDER BY id"  # noqa: S608
)
_INSERT: Final = f"INSERT INTO spree_v3_payment (sandbox, {_COLUMNS}) VALUES ({', '.join('?' * (len(_NAMES) + 1))})"  # noqa: S608
_UPDATE: Final = (
    f"UPDATE spree_v3_payment SET {', '.join(f'{name} = ?' for name in _NAMES[1:])} WHERE sandbox = ? AND id = ?"  # noqa: S608
)
_METHODS: Final = (
    "SELECT id, type, name, description, store_id, position, active, captures FROM spree_v3_method WHERE sandbox = ?"
    " ORDER BY position, id"
)
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

INVALID: Final = frozenset({"failed", "invalid", "void"})
"""States of payments that do not count."""


@dataclass(slots=True)
class Payment:
    """A row. Amounts are ten-thousandths, times Unix milliseconds.

    Attributes:
        number: Of 5.x; 6.0 counts within the purchase.
        credit_id: The store credit that pays; None for a payment by other means.
        code: The authorization code, `response_code` in responses.
        captured: What was captured of it.
    """

    id: int
    kind: str
    owner_id: int
    number: str
    method_id: int
    credit_id: int | None
    amount: int
    status: str
    code: str | None
    captured: int
    created_at: int
    updated_at: int

    @property
    def valid(self) -> bool:
        """Whether it counts for its purchase."""
        return self.status not in INVALID


@dataclass(frozen=True, slots=True)
class Method:
    """A payment method; `captures` says that it takes the money at completion."""

    id: int
    type: str
    name: str
    description: str | None
    store_id: int
    position: int
    active: bool
    captures: bool


def of_purchase(call: Call, purchase: Purchase) -> list[Payment]:
    """All payments of a purchase by id."""
    return [Payment(*row) for row in call.db.all(_OF_OWNER, (call.sandbox.name, purchase.kind, purchase.id))]


def find(call: Call, purchase: Purchase, number: int) -> Payment | None:
    """A payment of a purchase by its database number."""
    return next((payment for payment in of_purchase(call, purchase) if payment.id == number), None)


def add(
    call: Call, purchase: Purchase, method_id: int, credit_id: int | None, amount: int, code: str | None,
    status: str = "checkout",
) -> Payment:  # fmt: skip
    """Keep a new payment; who adds one with store credit writes the `eligible` event."""
    digits = 0 if profile_of(call).is_v6 else int(call.sandbox.random_id("v3 payment number", length=14), 16)
    number = "P" + "".join(_LETTERS[digits // 36**place % 36] for place in range(7))
    payment = Payment(
        next_id(call, "payment"), purchase.kind, purchase.id, number, method_id, credit_id, amount, status, code, 0,
        call.now, call.now,
    )  # fmt: skip
    call.db.run(_INSERT, (call.sandbox.name, *_VALUES(payment)))
    return payment


def save(call: Call, payment: Payment, status: str | None = None, *, touch: bool = True) -> None:
    """Keep a changed payment, in another state if one is given; `touch` moves the time at which it was changed."""
    if status is not None:
        payment.status = status
    if touch:
        payment.updated_at = call.now
    call.db.run(_UPDATE, (*_VALUES(payment)[1:], call.sandbox.name, payment.id))


def drop_applied(call: Call, purchase: Purchase) -> None:
    """Delete the store credit that is applied, as a change of the items of a cart of 6.0 does."""
    call.db.run(
        "DELETE FROM spree_v3_payment WHERE sandbox = ? AND kind = ? AND owner_id = ? AND status = 'checkout'"
        " AND credit_id IS NOT NULL",
        (call.sandbox.name, purchase.kind, purchase.id),
    )


def applied(call: Call, purchase: Purchase) -> int:
    """What store credit pays of a purchase, captured or not, in ten-thousandths."""
    return sum(p.amount for p in of_purchase(call, purchase) if p.credit_id is not None and p.valid)


def settle_total(call: Call, purchase: Purchase) -> None:
    """Say what was paid: captured payments less their refunds. The caller keeps the purchase."""
    purchase.payment_total = sum(
        payment.amount - refunded(call, payment.id)
        for payment in of_purchase(call, purchase)
        if payment.status == "completed"
    )


def refunded(call: Call, payment_id: int) -> int:
    """What was refunded of a payment."""
    row = call.db.one(
        "SELECT SUM(amount) FROM spree_v3_refund WHERE sandbox = ? AND payment_id = ?", (call.sandbox.name, payment_id)
    )
    return 0 if row is None or row[0] is None else int(row[0])


def methods(call: Call) -> list[Method]:
    """All payment methods in their order, of every store."""
    return [
        Method(*row[:6], active=bool(row[6]), captures=bool(row[7]))
        for row in call.db.all(_METHODS, (call.sandbox.name,))
    ]


def credit_method(call: Call) -> Method | None:
    """The first active payment method for store credit: of whichever store (trap 18)."""
    return next((method for method in methods(call) if method.type == "store_credit" and method.active), None)


def add_method(
    call: Call,
    type_: str,
    name: str,
    description: str | None,
    store_id: int,
    *,
    captures: bool,
    position: int | None = None,
) -> Method:
    """Add a payment method, the last one if its position is not given."""
    identity = next_id(call, "payment_method")
    place = identity if position is None else position
    call.db.run(
        "INSERT INTO spree_v3_method (sandbox, id, type, name, description, store_id, position, active, captures)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
        (call.sandbox.name, identity, type_, name, description, store_id, place, int(captures)),
    )
    return Method(identity, type_, name, description, store_id, place, active=True, captures=captures)


def save_method(call: Call, method_id: int, *, captures: bool, active: bool) -> None:
    """Keep a changed payment method."""
    call.db.run(
        "UPDATE spree_v3_method SET captures = ?, active = ? WHERE sandbox = ? AND id = ?",
        (int(captures), int(active), call.sandbox.name, method_id),
    )


def place_method(call: Call, method_id: int, position: int) -> None:
    """Move a payment method; the one for store credit that comes first is taken by every store (trap 18)."""
    call.db.run(
        "UPDATE spree_v3_method SET position = ? WHERE sandbox = ? AND id = ?",
        (position, call.sandbox.name, method_id),
    )
