"""The events of credits that payments read and write: by authorization code, by action, by amount."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import lifecycle, store_credits
from store_credit_mock.systems.spree_v3.store_credits import COLUMNS, Credit

__all__ = ["amounts_of_code", "any_of_customer", "eligible_codes", "find_any", "move", "of_code"]

_ANY: Final = f"SELECT {COLUMNS} FROM spree_v3_credit WHERE sandbox = ? AND id = ?"  # noqa: S608
_OF_CODE: Final = "SELECT credit_id FROM spree_v3_event WHERE sandbox = ? AND code = ? ORDER BY id LIMIT 1"
_AMOUNTS: Final = (
    "SELECT amount FROM spree_v3_event WHERE sandbox = ? AND credit_id = ? AND code = ? AND action = ? ORDER BY id"
)
_ELIGIBLE: Final = (
    "SELECT e.code, EXISTS (SELECT 1 FROM spree_v3_event o WHERE o.sandbox = e.sandbox AND o.credit_id = e.credit_id"
    " AND o.code = e.code AND o.action <> 'eligible') FROM spree_v3_event e WHERE e.sandbox = ? AND e.credit_id = ?"
    " AND e.action = 'eligible' AND e.amount = ? ORDER BY e.id"
)


def find_any(call: Call, credit_id: int | None) -> Credit | None:
    """A credit, deleted or not: a payment keeps showing the one it is made with."""
    row = None if credit_id is None else call.db.one(_ANY, (call.sandbox.name, credit_id))
    return None if row is None else store_credits.read(row)


def of_code(call: Call, code: str) -> Credit | None:
    """The live credit that an authorization code belongs to."""
    row = call.db.one(_OF_CODE, (call.sandbox.name, code))
    return None if row is None else store_credits.find(call, row[0])


def amounts_of_code(call: Call, credit: Credit, code: str, action: str) -> list[int]:
    """The amounts of a credit's events of one action under a code, by id."""
    return [row[0] for row in call.db.all(_AMOUNTS, (call.sandbox.name, credit.id, code, action))]


def eligible_codes(call: Call, credit_id: int, amount: int) -> list[tuple[str, bool]]:
    """The codes of a credit's `eligible` events of an amount by id, and whether each was used for more since."""
    return [(row[0], bool(row[1])) for row in call.db.all(_ELIGIBLE, (call.sandbox.name, credit_id, amount))]


def any_of_customer(call: Call, customer_id: int) -> bool:
    """Whether a customer has a live credit, in whatever store and currency."""
    row = call.db.one(
        "SELECT id FROM spree_v3_credit WHERE sandbox = ? AND customer_id = ? AND deleted_at IS NULL LIMIT 1",
        (call.sandbox.name, customer_id),
    )
    return row is not None


def move(
    call: Call,
    credit: Credit,
    action: str,
    amount: int,
    code: str,
    *,
    used: int = 0,
    authorized: int = 0,
    originator: tuple[str, int] | None = None,
) -> Credit:
    """Move an amount between the pockets of a credit and write the event; return the credit as it is now.

    Raises:
        Abort: 500, as the customer's total has too many digits for its column.
    """
    if used or authorized:
        credit = store_credits.adjust(call, credit, action, used, authorized, code)
    else:
        lifecycle.publish(call, "updated", credit)
    store_credits.record(call, credit, action, amount, code, originator)
    return credit
