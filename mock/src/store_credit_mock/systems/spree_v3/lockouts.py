"""Accounts that are locked after passwords that were wrong, as 6.x has it (read from code, not recorded).

Five failures in a row lock an account of a customer or of the staff for half an hour: whoever signs in is told so, with
the right password too. After that one more failure locks it again, and a good sign-in begins the count anew. 5.x counts
nothing. It comes on top of the limit of five sign-ins a minute and address, which answers first.
"""

from __future__ import annotations

from typing import Final, Literal

from store_credit_mock.systems.call import Call

__all__ = ["LOCKED_MS", "MOST_FAILURES", "Kind", "clear", "count_failure", "is_locked"]

Kind = Literal["customer", "staff"]

MOST_FAILURES: Final = 5
"""Failures in a row that lock an account."""
LOCKED_MS: Final = 30 * 60_000
"""How long an account stays locked."""

_FAIL: Final = (
    "INSERT INTO spree_v3_lockout (sandbox, kind, person_id, failures, locked_at) VALUES (?, ?, ?, 1, NULL)"
    " ON CONFLICT (sandbox, kind, person_id) DO UPDATE SET failures = spree_v3_lockout.failures + 1 RETURNING failures"
)
_LOCK: Final = "UPDATE spree_v3_lockout SET locked_at = ? WHERE sandbox = ? AND kind = ? AND person_id = ?"
_CLEAR: Final = "DELETE FROM spree_v3_lockout WHERE sandbox = ? AND kind = ? AND person_id = ?"
_FIND: Final = "SELECT locked_at FROM spree_v3_lockout WHERE sandbox = ? AND kind = ? AND person_id = ?"


def is_locked(call: Call, kind: Kind, person_id: int) -> bool:
    """Tell whether an account is locked now."""
    row = call.db.one(_FIND, (call.sandbox.name, kind, person_id))
    return row is not None and row[0] is not None and call.now < row[0] + LOCKED_MS


def count_failure(call: Call, kind: Kind, person_id: int) -> int:
    """Count a wrong password, lock the account if it is one too many, and return the count."""
    who = (call.sandbox.name, kind, person_id)
    row = call.db.one(_FAIL, who)
    assert row is not None
    if row[0] >= MOST_FAILURES:
        call.db.run(_LOCK, (call.now, *who))
    return row[0]


def clear(call: Call, kind: Kind, person_id: int) -> None:
    """Begin the count anew, as a good sign-in does."""
    call.db.run(_CLEAR, (call.sandbox.name, kind, person_id))
