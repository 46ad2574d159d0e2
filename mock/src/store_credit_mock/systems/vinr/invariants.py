"""What always holds at VINR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from store_credit_mock.ledger import Entry, InvariantViolation, check_account
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.ledger_store import read_entries
from store_credit_mock.systems.vinr.store_credits import COLUMNS, FIXTURE, REMAINING, SPENT

__all__ = ["check"]

_SIDES: Final = {"spend": 0, "restore": 1}


def check(call: Call) -> Iterator[InvariantViolation]:
    """Check every credit against its entries, and every purchase against the credits that paid for it.

    Rules besides the ledger's own: `remaining_within_amount`, `purchase_parts_add_up`, `spent_is_purchases`,
    `totals_count_credits`, `entries_have_credits`.
    """
    sandbox, db = call.sandbox.name, call.db
    entries: dict[str, list[Entry]] = {}
    for entry in read_entries(db, sandbox):
        # Accounts of other systems have the system's name and a colon before the credit's own.
        if ":" not in entry.account:
            entries.setdefault(entry.account, []).append(entry)
    counted: dict[str, int] = {"": 0}
    rows = db.all(f"SELECT {COLUMNS} FROM vinr_credit WHERE sandbox = ? ORDER BY number", (sandbox,))  # noqa: S608
    for identity, customer, amount, currency, remaining, _, _, _ in rows:
        counted[""] += 1
        counted[customer] = counted.get(customer, 0) + 1
        if not 0 <= remaining <= amount:
            yield InvariantViolation("remaining_within_amount", identity, f"{remaining} of {amount} remain")
        own = entries.get(identity, [])
        issued = sum(entry.amount for entry in own if entry.action == "issue")
        if issued != amount:
            yield InvariantViolation(
                "sum_of_entries_is_balance", identity, f"{issued} was issued, the record says {amount}"
            )
        kept = {REMAINING: remaining, SPENT: amount - remaining}
        yield from check_account(identity, own, kept, currency, (REMAINING, SPENT), ("spend",))
    known = {row[0] for row in rows}
    for account, own in entries.items():
        if account not in known:
            yield InvariantViolation("entries_have_credits", account, f"{len(own)} entries and no credit")
    yield from _purchases(call, entries)
    kept_totals = dict(db.all("SELECT customer, credits FROM vinr_total WHERE sandbox = ?", (sandbox,)))
    if {name: number for name, number in kept_totals.items() if number} != {k: v for k, v in counted.items() if v}:
        yield InvariantViolation("totals_count_credits", sandbox, f"{kept_totals} is kept, {counted} was counted")


def _purchases(call: Call, entries: dict[str, list[Entry]]) -> Iterator[InvariantViolation]:
    sandbox, db = call.sandbox.name, call.db
    parts: dict[str, list[tuple[str, int, int]]] = {}
    for purchase, credit, amount, refunded in db.all(
        "SELECT purchase, credit, amount, refunded FROM vinr_purchase_part WHERE sandbox = ?", (sandbox,)
    ):
        parts.setdefault(purchase, []).append((credit, amount, refunded))
    moved: dict[tuple[str, str], list[int]] = {}
    for own in entries.values():
        for entry in own:
            if entry.action in _SIDES and entry.reference != FIXTURE:
                sums = moved.setdefault((entry.reference, entry.account), [0, 0])
                sums[_SIDES[entry.action]] += entry.amount
    for identity, due, paid, refunded in db.all(
        "SELECT id, due, paid_by_credit, refunded FROM vinr_purchase WHERE sandbox = ?", (sandbox,)
    ):
        own_parts = parts.get(identity, [])
        total, back = sum(part[1] for part in own_parts), sum(part[2] for part in own_parts)
        if total != paid or paid > due or back != refunded:
            text = f"due {due}, paid {paid}, parts {total}, refunded {refunded}, parts {back}"
            yield InvariantViolation("purchase_parts_add_up", identity, text)
        for credit, amount, given_back in own_parts:
            spent, restored = moved.pop((identity, credit), (0, 0))
            if (spent, restored) != (amount, given_back):
                text = f"{credit}: spent {spent} and restored {restored}, the purchase says {amount} and {given_back}"
                yield InvariantViolation("spent_is_purchases", identity, text)
    for (reference, credit), (spent, restored) in moved.items():
        text = f"{credit}: spent {spent} and restored {restored} for {reference or 'nothing'}, which no purchase knows"
        yield InvariantViolation("spent_is_purchases", reference or credit, text)
