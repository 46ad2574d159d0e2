"""Every movement of a credit of Spree's as entries of the append-only ledger.

A credit has three pockets: what `remains`, what is `authorized` for a payment, what is `used`. Spree's own events are a
view that is rewritten by later saves (spree.md section 6); these entries never are.
"""

from __future__ import annotations

from typing import Final

from store_credit_mock.ledger import EXTERNAL, Entry, Unit
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.ledger_store import write_entry

__all__ = ["AUTHORIZED", "REMAINING", "USED", "Pockets", "moved"]

REMAINING: Final = "remaining"
AUTHORIZED: Final = "authorized"
USED: Final = "used"

Pockets = tuple[int, int, int]
"""Amount, used and authorized of a credit, in the unit of its account."""


def moved(
    call: Call,
    account: tuple[str, Unit],
    action: str,
    before: tuple[Pockets, str | None],
    after: tuple[Pockets, str | None],
    reference: str = "",
) -> None:
    """Write what leads from one state of a credit to another.

    Args:
        call: In a write transaction.
        account: The credit's account, and the unit it counts in.
        action: Why: `allocation`, `authorize`, `capture`, `void`, `credit`, `edit`, `delete`.
        before: Amounts and currency before; amounts of 0 for a credit that is new.
        after: Amounts and currency after; amounts of 0 for one that is gone.
        reference: The payment's authorization code, if a payment caused it.
    """
    (old, old_currency), (new, new_currency) = before, after
    if old_currency != new_currency:
        _settle(call, account, action, old, (0, 0, 0), old_currency, reference)
        old = (0, 0, 0)
    _settle(call, account, action, old, new, new_currency, reference)


def _settle(
    call: Call,
    account: tuple[str, Unit],
    action: str,
    old: Pockets,
    new: Pockets,
    currency: str | None,
    reference: str,
) -> None:
    amount, used, authorized = new[0] - old[0], new[1] - old[1], new[2] - old[2]
    moves: tuple[tuple[str, str, int], ...]
    if action == "capture" and used == -authorized:
        moves = ((AUTHORIZED, USED, used),)
    else:
        moves = ((EXTERNAL, REMAINING, amount), (REMAINING, AUTHORIZED, authorized), (REMAINING, USED, used))
    for source, target, change in moves:
        if change:
            first, last = (source, target) if change > 0 else (target, source)
            entry = Entry(
                call.sandbox.next(), account[0], action, first, last, abs(change), account[1], currency or "", call.now,
                reference,
            )  # fmt: skip
            write_entry(call.db, call.sandbox.name, entry)
