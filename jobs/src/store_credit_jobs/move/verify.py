"""Whether a move is whole: three equalities for each customer and currency, from what both servers have now.

*count*: for as many credits as were taken something was given. *minor*: what is gone from the source is in the target.
*owed*: what the source owed before, less what was spent since on either side, is what both owe now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.move.ledger import Give, Ledger, Take, taken

__all__ = ["MEASURES", "Difference", "Verdict", "to_be_seen", "verify", "without"]

MEASURES: Final = ("count", "minor", "owed")


class Difference(NamedTuple):
    """Something that is not equal.

    Attributes:
        customer: The customer in the target.
        currency: Three capitals.
        measure: `count`, `minor` or `owed`; the latter two in minor units.
        source: By the source.
        target: By the target.
    """

    customer: str
    currency: str
    measure: str
    source: int
    target: int


@attrs.frozen(slots=True)
class Verdict:
    """What was found.

    Attributes:
        differences: What is not equal, by customer, currency and measure.
        open: Rows whose outcome is open, or which are to be sent still.
        sums: Per currency and measure what the source and the target have.
        customers: Over how many customers.
    """

    differences: list[Difference]
    open: int
    sums: Mapping[tuple[str, str], tuple[int, int]]
    customers: int


def to_be_seen(ledger: Ledger, *, took: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Tell which credits of the source and of the target are to be read: ids, each with its customer."""
    source: dict[str, str] = {}
    target: dict[str, str] = {}
    for gives in ledger.gives.values():
        for give in gives:
            source |= give.owners
            if give.step.made is not None:
                target[give.step.made] = give.step.customer
    source |= {credit: takes[-1].step.customer for credit, takes in ledger.takes.items()}
    return source if took else {}, target


def verify(
    ledger: Ledger,
    source: Mapping[str, Credit | None],
    target: Mapping[str, Credit | None],
    server_now: float,
    *,
    took: bool,
) -> Verdict:
    """Compare both servers.

    Args:
        ledger: The books.
        source: The source's credits as they are now.
        target: The target's credits that were given, as they are now.
        server_now: The time by the source's clock, seconds since 1970.
        took: Whether the move takes from the source at all (`--give-only` does not).
    """
    books = _Books(source, target, server_now, took)
    for credit in {**ledger.takes, **ledger.gives}:
        takes = [take for take in ledger.takes.get(credit, ()) if take.step.state is not State.REFUSED]
        gives = [give for give in ledger.gives.get(credit, ()) if give.step.state is not State.REFUSED]
        if takes or gives:
            books.add(credit, takes, gives, sum(cut.minor for cut in ledger.cuts.get(credit, ()) if _done(cut.step)))
    return books.verdict()


def _done(step: Step) -> bool:
    return step.state is State.DONE


class _Books:
    def __init__(
        self, source: Mapping[str, Credit | None], target: Mapping[str, Credit | None], now: float, took: bool
    ) -> None:
        self.source, self.target, self.now, self.took = source, target, now, took
        self.here: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.there: defaultdict[tuple[str, str, str], int] = defaultdict(int)
        self.open = 0
        self.counted: set[str] = set()

    def add(self, credit: str, takes: list[Take], gives: list[Give], cut: int) -> None:
        """Add what became of a credit of the source."""
        self.open += sum(not _done(part.step) for part in (*takes, *gives))
        whose = takes[-1].give["customer"] if takes else gives[-1].step.customer
        key = whose, (takes[-1].step if takes else gives[-1].step).currency
        now = self.source.get(credit)
        given = sum(give.credits[credit] for give in gives) - cut
        if self.took:
            gone = sum(taken(take, now, self.now) or 0 for take in takes if _done(take.step))
            self.there[*key, "owed"] += _owed(now, self.now)
        else:
            gone = given
        self.here[*key, "count"] += gone > 0
        self.here[*key, "minor"] += gone
        self.here[*key, "owed"] += _owed_before(takes, now) if takes else given
        there = [made for give in gives if (made := self.target.get(give.step.made or "")) is not None]
        self.there[*key, "count"] += any(made.minor > 0 for made in there)
        for made in there:
            # One that was given for several is met several times.
            if made.id not in self.counted:
                self.counted.add(made.id)
                self.there[*key, "minor"] += made.minor
                self.there[*key, "owed"] += made.minor - made.used
                self.here[*key, "owed"] -= made.used

    def verdict(self) -> Verdict:
        """Compare."""
        keys = sorted({*self.here, *self.there})
        sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        differences: list[Difference] = []
        for key in keys:
            here, there = self.here[key], self.there[key]
            sums[key[1:]][0] += here
            sums[key[1:]][1] += there
            if here != there:
                differences.append(Difference(*key, here, there))
        totals = {key: (here, there) for key, (here, there) in sums.items()}
        return Verdict(differences, self.open, totals, len({key[0] for key in keys}))


def _owed(credit: Credit | None, now: float) -> int:
    """What of a credit is owed now."""
    if credit is None or (credit.expires is not None and credit.expires <= now):
        return 0
    return credit.minor - credit.used


def _owed_before(takes: Sequence[Take], now: Credit | None) -> int:
    """What of a credit was owed when it was planned, less what was spent of it in the source since."""
    owed = sum(take.was["minor"] - take.was["used"] for take in takes)
    return owed if now is None else owed - (now.used - takes[-1].was["used"])


def without(differences: Iterable[Difference], waived: set[tuple[str, ...]]) -> list[Difference]:
    """Leave out what is named in a file, if it is still what it was."""
    return [one for one in differences if tuple(map(str, one)) not in waived]
