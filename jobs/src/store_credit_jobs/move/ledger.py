"""What of each credit was taken, given and cut, as the journal has it: the books of a move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.journal import Job, Journal, Row
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.move.pair import Pair, Part

__all__ = ["MARGIN", "Cut", "Give", "Ledger", "Take", "move_jobs", "taken"]

MARGIN = 5
"""Seconds after an expiry from which on nothing of a credit can be spent any more."""


@attrs.frozen(slots=True)
class Take:
    """A row that takes from a credit of the source.

    Attributes:
        credit: The credit's id in the source.
        step: Its step, with the state.
        give: What is to be given for it: `customer`, and where there are some `expires` and `memo`.
        was: What it looked like when it was planned: `minor`, `used`, `authorized`, `expires`.
    """

    credit: str
    step: Step
    give: Mapping[str, Any]
    was: Mapping[str, Any]


@attrs.frozen(slots=True)
class Give:
    """A row that gives in the target.

    Attributes:
        step: Its step, with the state.
        credits: For which credits of the source, and how much of it for each, in minor units.
        owners: The customer in the source of each.
    """

    step: Step
    credits: Mapping[str, int]
    owners: Mapping[str, str]


@attrs.frozen(slots=True)
class Cut:
    """A row that takes back in the target what was given too much for a credit of the source.

    Attributes:
        step: Its step, with the state.
        credit: The credit's id in the source.
        minor: By how much, in minor units.
    """

    step: Step
    credit: str
    minor: int


@attrs.frozen(slots=True)
class Ledger:
    """All rows of moves between two accounts, by the source's credits, in the order of the jobs."""

    takes: Mapping[str, list[Take]]
    gives: Mapping[str, list[Give]]
    cuts: Mapping[str, list[Cut]]

    @classmethod
    def read(cls, journal: Journal, pair: Pair) -> Ledger:
        """Read it from the journal."""
        takes: defaultdict[str, list[Take]] = defaultdict(list)
        gives: defaultdict[str, list[Give]] = defaultdict(list)
        cuts: defaultdict[str, list[Cut]] = defaultdict(list)
        for job, part in reversed(list(move_jobs(journal, pair))):
            for row, step in _with_steps(journal, job):
                if part == "take":
                    assert step.target is not None
                    takes[step.target].append(Take(step.target, step, row.more["then"]["give"], row.more["was"]))
                elif part == "give":
                    give = Give(step, row.more["was"]["credits"], row.more["was"]["owners"])
                    for credit in give.credits:
                        gives[credit].append(give)
                else:
                    credit = row.more["was"]["credit"]
                    cuts[credit].append(Cut(step, credit, row.minor))
        return cls(takes, gives, cuts)

    def given(self, credit: str, *states: State) -> int:
        """Add up what is given for a credit by rows in these states, in minor units."""
        return sum(give.credits[credit] for give in self.gives.get(credit, ()) if give.step.state in states)


def move_jobs(journal: Journal, pair: Pair) -> Iterator[tuple[Job, Part]]:
    """Go through the jobs of moves between two accounts, the newest first."""
    for job in journal.jobs():
        if job.kind == "move":
            other, part = Pair.read(job.head)
            if other.same(pair):
                yield job, part


def _with_steps(journal: Journal, job: Job) -> Iterator[tuple[Row, Step]]:
    """Go through the rows that do something, each with its one step."""
    steps = iter(journal.steps(job.id))
    step = next(steps, None)
    for row in journal.rows(job.id):
        if step is not None and step.n == row.n:
            yield row, step
            step = next(steps, None)


def taken(take: Take, now: Credit | None, server_now: float) -> int | None:
    """Tell how much a row that is done took from its credit, in minor units.

    Args:
        take: The row.
        now: The credit as it is now; None where it is not there any more.
        server_now: The time by the source's clock, seconds since 1970.

    Returns:
        None where that is not known yet: the credit goes on being spent until it expires.
    """
    step = take.step
    if step.action == "delete":
        return (step.before or {})["minor"]
    if step.after is not None and "minor" in step.after:
        return (step.before or {})["minor"] - step.after["minor"]
    if now is None:
        return 0
    if now.expires is None or now.expires + MARGIN > server_now:
        return None
    return now.remaining
