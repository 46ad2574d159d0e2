"""Entries and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

__all__ = ["EXTERNAL", "Account", "Entry", "LedgerError", "Unit", "balances"]

EXTERNAL: Final = "outside"
"""The pocket credit comes from when it is issued, and goes to when it is taken away. It has no bound."""

Unit = Literal["minor", "hundredth", "ten_thousandth"]
"""What an amount counts: the currency's minor unit (VINR), or 1/100 or 1/10000 in any currency (Spree, its API v3)."""


class LedgerError(Exception):
    """A movement would break a bound of its account; nothing was moved. `rule` names the bound."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


class Entry(NamedTuple):
    """One movement between two pockets of one account. Never changed, never deleted.

    Attributes:
        number: Place in the account's order, counted by the sandbox; grows.
        account: What the money belongs to: `sc_...`, `spree:17`.
        action: Why it moved: `issue`, `spend`, `restore`, `authorize`...
        source: Pocket it left.
        target: Pocket it went to.
        amount: How much, 1 or more.
        unit: What `amount` counts.
        currency: ISO 4217, or whatever text the system takes for one.
        at: When, in Unix milliseconds.
        reference: What caused it: a purchase, a payment. May be empty.
        until: The expiry in force at that moment, in Unix milliseconds; None is none.
    """

    number: int
    account: str
    action: str
    source: str
    target: str
    amount: int
    unit: Unit
    currency: str
    at: int
    reference: str = ""
    until: int | None = None


class Account:
    """The pockets of one account, each a balance.

    Args:
        name: As in `Entry.account`.
        unit: What its amounts count.
        currency: All its entries have this one, until `redenominate`.
        pockets: Balances to start from.
        bounded: Pockets that must not fall below 0; a movement that would is refused.
    """

    __slots__ = ("bounded", "currency", "name", "pockets", "unit")

    def __init__(
        self,
        name: str,
        unit: Unit,
        currency: str,
        pockets: dict[str, int] | None = None,
        bounded: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.unit: Unit = unit
        self.currency = currency
        self.pockets = dict(pockets or {})
        self.bounded = bounded

    def balance(self, pocket: str) -> int:
        """What a pocket holds."""
        return self.pockets.get(pocket, 0)

    def move(
        self,
        number: int,
        action: str,
        source: str,
        target: str,
        amount: int,
        at: int,
        reference: str = "",
        until: int | None = None,
    ) -> Entry:
        """Move an amount and return the entry to be kept.

        Args:
            number: See `Entry`.
            action: See `Entry`.
            source: See `Entry`.
            target: See `Entry`.
            amount: 1 or more.
            at: Unix milliseconds.
            reference: See `Entry`.
            until: The expiry in force, Unix milliseconds.

        Raises:
            LedgerError: The amount is not positive, or a bounded pocket would fall below 0.
        """
        if amount < 1:
            raise LedgerError("amount_positive", f"{self.name}: {amount} cannot be moved; an amount must be at least 1")
        left = self.pockets.get(source, 0) - amount
        if left < 0 and source in self.bounded:
            raise LedgerError(
                "pocket_covers_movement", f"{self.name}: {source} contains {left + amount}, but {amount} was requested"
            )
        if source != EXTERNAL:
            self.pockets[source] = left
        if target != EXTERNAL:
            self.pockets[target] = self.pockets.get(target, 0) + amount
        return Entry(number, self.name, action, source, target, amount, self.unit, self.currency, at, reference, until)


def balances(entries: Iterable[Entry]) -> dict[tuple[str, str, str], int]:
    """Add entries up: balance by account, currency and pocket; pockets that come to 0 are left out."""
    sums: dict[tuple[str, str, str], int] = {}
    for entry in entries:
        for pocket, amount in ((entry.source, -entry.amount), (entry.target, entry.amount)):
            if pocket != EXTERNAL:
                key = (entry.account, entry.currency, pocket)
                sums[key] = sums.get(key, 0) + amount
    return {key: amount for key, amount in sums.items() if amount}
