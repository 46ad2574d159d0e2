"""What must always hold of an account, checked from its entries alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from store_credit_mock.ledger.entries import EXTERNAL, Entry

__all__ = ["InvariantViolation", "check_account"]


@dataclass(frozen=True, slots=True)
class InvariantViolation:
    """One bound that does not hold.

    Attributes:
        rule: Its name.
        subject: What breaks it: an account, a purchase.
        text: The numbers.
        allowed: The real server lets this happen too, and where that is known from; empty means it is a defect.
    """

    rule: str
    subject: str
    text: str
    allowed: str = ""


def check_account(
    name: str,
    entries: Iterable[Entry],
    kept: Mapping[str, int],
    currency: str,
    bounded: Iterable[str] = (),
    spending: Iterable[str] = (),
) -> list[InvariantViolation]:
    """Check one account.

    Args:
        name: The account.
        entries: All of its entries.
        kept: The balances that are stored and shown, by pocket.
        currency: The currency they are in.
        bounded: Pockets that must never have been below 0.
        spending: Actions that must not happen at or after the expiry in force.

    Returns:
        Findings under the rules `entries_in_order`, `amount_positive`, `sum_of_entries_is_balance`, `never_below_zero`,
        `nothing_spent_after_expiry`.
    """
    found: list[InvariantViolation] = []
    sums: dict[tuple[str, str], int] = {}
    lows: dict[str, int] = {}
    watched = set(bounded)
    late = set(spending)
    last = 0
    for entry in entries:
        if entry.account != name or entry.number <= last:
            found.append(InvariantViolation("entries_in_order", name, f"entry {entry.number} follows {last}"))
        last = entry.number
        if entry.amount < 1:
            found.append(InvariantViolation("amount_positive", name, f"entry {entry.number} moves {entry.amount}"))
        if entry.action in late and entry.until is not None and entry.at >= entry.until:
            text = f"entry {entry.number} spent {entry.amount} at {entry.at}, expiry was {entry.until}"
            found.append(InvariantViolation("nothing_spent_after_expiry", name, text))
        for pocket, amount in ((entry.source, -entry.amount), (entry.target, entry.amount)):
            if pocket != EXTERNAL:
                key = (entry.currency, pocket)
                sums[key] = sums.get(key, 0) + amount
                if pocket in watched and sums[key] < lows.get(pocket, 0):
                    lows[pocket] = sums[key]
    for pocket, low in lows.items():
        found.append(InvariantViolation("never_below_zero", name, f"{pocket} was {low}"))
    expected = {(currency, pocket): amount for pocket, amount in kept.items() if amount}
    actual = {key: amount for key, amount in sums.items() if amount}
    if expected != actual:
        found.append(
            InvariantViolation(
                "sum_of_entries_is_balance", name, f"entries add up to {_text(actual)}, kept is {_text(expected)}"
            )
        )
    return found


def _text(sums: Mapping[tuple[str, str], int]) -> str:
    return (
        ", ".join(f"{pocket} {amount} {currency}" for (currency, pocket), amount in sorted(sums.items())) or "nothing"
    )
