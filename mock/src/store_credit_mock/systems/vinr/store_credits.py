"""Store credit records and customers: rows in, JSON out, every movement through the ledger."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.ledger import EXTERNAL, Account
from store_credit_mock.storage import Row, Storage
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.ledger_store import write_entry
from store_credit_mock.systems.vinr import events

__all__ = [
    "FIXTURE",
    "REMAINING",
    "SPENT",
    "account",
    "customer",
    "find",
    "issue",
    "move",
    "set_expiry",
    "shown",
    "shown_customer",
]

REMAINING: Final = "remaining"
SPENT: Final = "spent"
FIXTURE: Final = "fixture"
"""What an entry refers to that was spent before the sandbox began."""
_BOUNDED: Final = frozenset({REMAINING, SPENT})

COLUMNS: Final = "id, customer, amount, currency, remaining, expires_at, created, number"
_FIND = f"SELECT {COLUMNS} FROM vinr_credit WHERE sandbox = ? AND id = ?"  # noqa: S608
_INSERT = (
    "INSERT INTO vinr_credit (sandbox, id, number, customer, amount, currency, remaining, expires_at, created)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_COUNT = (
    "INSERT INTO vinr_total (sandbox, customer, credits) VALUES (?, '', 1), (?, ?, 1)"
    " ON CONFLICT (sandbox, customer) DO UPDATE SET credits = vinr_total.credits + 1"
)
_CUSTOMER = (
    "SELECT id, email, name, phone, default_payment_method, created FROM vinr_customer WHERE sandbox = ? AND id = ?"
)


def find(call: Call, identity: str) -> Row | None:
    """The row of a credit, in the order of `COLUMNS`."""
    return call.db.one(_FIND, (call.sandbox.name, identity))


def shown(row: Row, customer: Any = None) -> dict[str, Any]:
    """A record as the API shows it.

    Args:
        row: In the order of `COLUMNS`.
        customer: The expanded customer; without it the id is shown (V14).
    """
    return {
        "id": row[0],
        "customer": row[1] if customer is None else customer,
        "amount": row[2],
        "currency": row[3],
        "balance_remaining": row[4],
        "expires_at": row[5],
        "created": row[6],
    }


def shown_customer(row: Row) -> dict[str, Any]:
    """A customer as `expand[]=customer` shows it."""
    return {
        "id": row[0],
        "email": row[1],
        "name": row[2],
        "phone": row[3],
        "default_payment_method": row[4],
        "created": row[5],
    }


def customer(db: Storage, sandbox: str, identity: str) -> dict[str, Any] | None:
    """A customer, or None if there is none with this id."""
    row = db.one(_CUSTOMER, (sandbox, identity))
    return None if row is None else shown_customer(row)


def account(row: Row) -> Account:
    """The ledger's view of a credit."""
    return Account(row[0], "minor", row[3], {REMAINING: row[4], SPENT: row[2] - row[4]}, _BOUNDED)


def issue(call: Call, customer: str, amount: int, currency: str, expires_at: int | None, identity: str = "") -> Row:
    """Write a new record, its entry and its event. The id is made up if it is not given."""
    sandbox, db = call.sandbox, call.db
    number = sandbox.next()
    identity = identity or f"sc_{sandbox.random_id('credit', number)}"
    row: Row = (identity, customer, amount, currency, amount, expires_at, call.now // 1000, number)
    db.run(_INSERT, (sandbox.name, row[0], number, customer, amount, currency, amount, expires_at, row[6]))
    db.run(_COUNT, (sandbox.name, sandbox.name, customer))
    entry = Account(row[0], "minor", currency, {}, _BOUNDED).move(
        sandbox.next(), "issue", EXTERNAL, REMAINING, amount, call.now, "", _milliseconds(expires_at)
    )
    write_entry(db, sandbox.name, entry)
    events.emit(call, "store_credit.created", shown(row))
    return row


def move(call: Call, row: Row, action: str, source: str, target: str, amount: int, reference: str) -> Row:
    """Move part of a credit between its pockets; writes entry, balance and event, returns the new row.

    Raises:
        LedgerError: A pocket does not hold so much.
    """
    own = account(row)
    entry = own.move(call.sandbox.next(), action, source, target, amount, call.now, reference, _milliseconds(row[5]))
    write_entry(call.db, call.sandbox.name, entry)
    remaining = own.balance(REMAINING)
    call.db.run(
        "UPDATE vinr_credit SET remaining = ? WHERE sandbox = ? AND id = ?", (remaining, call.sandbox.name, row[0])
    )
    changed: Row = (*row[:4], remaining, *row[5:])
    events.emit(call, "store_credit.updated", shown(changed))
    return changed


def set_expiry(call: Call, row: Row, expires_at: int | None) -> Row:
    """Change when a credit ends. Emits an event if it changes anything (V35)."""
    if row[5] == expires_at:
        return row
    call.db.run(
        "UPDATE vinr_credit SET expires_at = ? WHERE sandbox = ? AND id = ?", (expires_at, call.sandbox.name, row[0])
    )
    changed: Row = (*row[:5], expires_at, *row[6:])
    events.emit(call, "store_credit.updated", shown(changed))
    return changed


def _milliseconds(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * 1000
