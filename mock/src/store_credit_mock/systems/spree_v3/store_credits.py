"""Store credit records: rows, checks, events, and every change of their amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final, cast

from store_credit_mock.ledger import Unit
from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails import postings
from store_credit_mock.systems.rails.datetimes import compact
from store_credit_mock.systems.spree_v3 import errors, lifecycle, money, stores
from store_credit_mock.systems.spree_v3.stores import DEFAULT_STORE
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = [
    "COLUMNS",
    "GIFT_CARD",
    "Credit",
    "account_name",
    "adjust",
    "authorization_code",
    "available",
    "check",
    "find",
    "insert",
    "of_customer",
    "read",
    "record",
    "rewrite_allocation",
    "row",
    "save",
]

GIFT_CARD: Final = "Spree::GiftCard"
"""The originator of credits that a gift card made; no total counts them."""

_UNIT: Final[Unit] = "ten_thousandth"
_NAMES: Final = (
    "id", "store_id", "customer_id", "category_id", "created_by_id", "amount", "used", "authorized", "currency", "memo",
    "metadata", "originator_type", "originator_id", "deleted_at", "created_at", "updated_at",
)  # fmt: skip
_VALUES: Final = attrgetter(*_NAMES)
_MARKS: Final = ", ".join("?" * (len(_NAMES) + 1))
_CHANGES: Final = ", ".join(f"{name} = ?" for name in _NAMES[1:])
COLUMNS: Final = ", ".join(_NAMES)
_INSERT: Final = f"INSERT INTO spree_v3_credit (sandbox, {COLUMNS}) VALUES ({_MARKS})"  # noqa: S608
_UPDATE: Final = f"UPDATE spree_v3_credit SET {_CHANGES} WHERE sandbox = ? AND id = ?"  # noqa: S608
_LIVE: Final = f"SELECT {COLUMNS} FROM spree_v3_credit WHERE sandbox = ? AND deleted_at IS NULL"  # noqa: S608
_EVENT: Final = (
    "INSERT INTO spree_v3_event (sandbox, id, credit_id, action, amount, code, user_total, originator_type,"
    " originator_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_HOLD: Final = (
    "INSERT INTO spree_v3_holding (sandbox, customer_id, store_id, currency, credits, remaining)"
    " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sandbox, customer_id, store_id, currency) DO UPDATE SET"
    " credits = spree_v3_holding.credits + excluded.credits,"
    " remaining = spree_v3_holding.remaining + excluded.remaining"
)
_HELD: Final = (
    "SELECT credits, remaining FROM spree_v3_holding WHERE sandbox = ? AND customer_id = ? AND store_id = ?"
    " AND currency = ?"
)
_CODE: Final = "spree_v3.code"


@dataclass(slots=True)
class Credit:
    """A row. Amounts are ten-thousandths, times Unix milliseconds, metadata JSON text."""

    id: int
    store_id: int
    customer_id: int | None
    category_id: int | None
    created_by_id: int | None
    amount: int
    used: int
    authorized: int
    currency: str
    memo: str | None
    metadata: str
    originator_type: str | None
    originator_id: int | None
    deleted_at: int | None
    created_at: int
    updated_at: int

    @property
    def remaining(self) -> int:
        """What can still be spent: `amount - amount_used - amount_authorized`."""
        return self.amount - self.used - self.authorized

    @property
    def outstanding(self) -> bool:
        """Whether it counts as owed: all or nothing, so any authorized amount makes it not outstanding."""
        return self.authorized == 0 and self.used < self.amount


def read(row: Row) -> Credit:
    """A record from a row in the order of `COLUMNS`."""
    return Credit(*row)


def row(credit: Credit) -> Row:
    """The row of a record, in the order of `COLUMNS`."""
    return _VALUES(credit)


def find(call: Call, credit_id: int | None) -> Credit | None:
    """A live record."""
    row = None if credit_id is None else call.db.one(f"{_LIVE} AND id = ?", (call.sandbox.name, credit_id))
    return None if row is None else Credit(*row)


def of_customer(call: Call, customer_id: int, store_id: int) -> list[Credit]:
    """A customer's live credits in a store, in the order they are spent: the oldest first."""
    rows = call.db.all(
        f"{_LIVE} AND customer_id = ? AND store_id = ? ORDER BY created_at, id",
        (call.sandbox.name, customer_id, store_id),
    )
    return [Credit(*row) for row in rows]


def check(credit: Credit, *, is_number: bool = True) -> list[tuple[str, str]]:
    """What a credit fails, attribute and message, in the order of the model's checks."""
    found: list[tuple[str, str]] = []
    if not credit.currency.strip():
        found.append(("currency", "can't be blank"))
    if not is_number:
        found.append(("amount", "is not a number"))
    elif credit.amount <= 0:
        found.append(("amount", "must be greater than 0"))
    if credit.used > credit.amount:
        found.append(("amount_used", "Cannot be greater than amount."))
    if credit.used + credit.authorized > credit.amount:
        found.append(("amount_authorized", "Exceeds total credits."))
    return found


def insert(call: Call, credit: Credit) -> None:
    """Keep a new record under the next id, with its entry and its first event.

    Raises:
        Abort: 400, as a text holds U+0000; 500, as an amount or the customer's total has too many digits for its
            column.
    """
    errors.no_null_byte(credit.memo, credit.currency)
    amounts = (credit.amount, credit.used, credit.authorized)
    money.check_columns(call, *amounts)
    credit.id = next_id(call, "credit")
    call.db.run(_INSERT, (call.sandbox.name, *_VALUES(credit)))
    _hold(call, credit, 1)
    before = ((0, 0, 0), credit.currency)
    postings.moved(call, _account(credit), "allocation", before, (amounts, credit.currency))
    record(call, credit, "allocation", credit.amount, authorization_code(call, credit.id))
    lifecycle.publish(call, "created", credit)


def save(call: Call, old: Credit, new: Credit, action: str = "edit", reference: str = "") -> None:
    """Keep a changed record: its entries, what its customer holds, and its row.

    Raises:
        Abort: 400, as a text holds U+0000; 500, as an amount has too many digits for its column.
    """
    errors.no_null_byte(new.memo)
    money.check_columns(call, new.amount, new.used, new.authorized)
    call.db.run(_UPDATE, (*_VALUES(new)[1:], call.sandbox.name, new.id))
    gone = new.deleted_at is not None
    before = ((old.amount, old.used, old.authorized), old.currency)
    after = ((0, 0, 0) if gone else (new.amount, new.used, new.authorized), new.currency)
    _hold(call, old, -1)
    if before != after:
        postings.moved(call, _account(new), "delete" if gone else action, before, after, reference)
    if not gone:
        _hold(call, new, 1)
    lifecycle.publish(call, "deleted" if gone else "updated", new)


def adjust(call: Call, credit: Credit, action: str, used: int, authorized: int, code: str) -> Credit:
    """Move between the pockets for a payment; the caller writes the event. Returns the new record."""
    new = replace(
        credit, used=credit.used + used, authorized=credit.authorized + authorized, updated_at=call.now
    )  # fmt: skip
    save(call, credit, new, action, code)
    return new


def record(
    call: Call,
    credit: Credit,
    action: str,
    amount: int,
    code: str,
    originator: tuple[str, int] | None = None,
) -> int:
    """Write an event under the next id, and return its id.

    Args:
        call: In a write transaction.
        credit: The credit, as it is now.
        action: `allocation`, `eligible`, `authorize`, `capture`, `void` or `credit`.
        amount: What was moved, in ten-thousandths.
        code: The authorization code.
        originator: Class and number of what caused it: `("Spree::Refund", 1)`.

    Raises:
        Abort: 500, as the customer's total has too many digits for its column.
    """
    identity = next_id(call, "event")
    kind, number = originator or (None, None)
    total = _customer_total(call, credit.customer_id)
    money.check_columns(call, amount, total)
    call.db.run(
        _EVENT,
        (call.sandbox.name, identity, credit.id, action, amount, code, total, kind, number, call.now, call.now),
    )
    return identity


def rewrite_allocation(call: Call, credit: Credit) -> None:
    """Rewrite the allocation event after an edit of the amount: the ledger is not append-only.

    Raises:
        Abort: 500, as the customer's total has too many digits for its column.
    """
    total = _customer_total(call, credit.customer_id)
    money.check_columns(call, total)
    call.db.run(
        "UPDATE spree_v3_event SET amount = ?, user_total = ?, updated_at = ? WHERE sandbox = ? AND credit_id = ?"
        " AND action = 'allocation'",
        (credit.amount, total, call.now, call.sandbox.name, credit.id),
    )


def authorization_code(call: Call, credit_id: int) -> str:
    """A code no other payment has: number, `SC`, UTC time with six digits below the second."""
    last = cast("list[int]", call.sandbox.setting(_CODE, [0, 0]))
    number = last[1] + 1 if last[0] == call.now else 0
    # A thousand codes fit into a millisecond; a request that needs more borrows from the next ones.
    call.sandbox.set_setting(_CODE, [call.now, number])
    millisecond, rest = divmod(number, 1000)
    return f"{credit_id}-SC-{compact(call.now + millisecond)}{rest:03d}"


def available(call: Call, customer_id: int, store_id: int, currency: str) -> tuple[int, int]:
    """How many credits a customer has in a store and currency without those of gift cards, and what remains of them."""
    row = call.db.one(_HELD, (call.sandbox.name, customer_id, store_id, currency))
    return (0, 0) if row is None else (row[0], row[1])


def account_name(credit_id: int) -> str:
    """The name of a credit's account in the ledger."""
    return f"spree_v3:{credit_id}"


def _account(credit: Credit) -> tuple[str, Unit]:
    return account_name(credit.id), _UNIT


def _customer_total(call: Call, customer_id: int | None) -> int:
    """What an event says of its customer: the total in the default store's currency, whatever the credit's own."""
    if customer_id is None:
        return 0
    return available(call, customer_id, DEFAULT_STORE, stores.find(call, DEFAULT_STORE).currency)[1]


def _hold(call: Call, credit: Credit, sign: int) -> None:
    if credit.customer_id is not None and credit.originator_type != GIFT_CARD:
        owner: Sequence[Any] = (credit.customer_id, credit.store_id, credit.currency)
        call.db.run(_HOLD, (call.sandbox.name, *owner, sign, sign * credit.remaining))
