"""Counts what is on a mock after a rehearsal, and compares it with the journal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from store_credit_jobs.journal.journal import Journal
from store_credit_jobs.journal.steps import State
from store_credit_jobs.rehearsal.stage import Stage
from store_credit_jobs.systems.system import System

__all__ = ["Counted", "count", "ids"]


class Counted(NamedTuple):
    """What was counted.

    Attributes:
        credits: How many credits are there that were not there before.
        doubled: How many of them no row explains.
        lost: How many credits of rows that are done are not there.
    """

    credits: int
    doubled: int
    lost: int


def ids(system: System, stage: Stage) -> set[str]:
    """Give the ids of all credits of the customers on a stage."""
    return {credit.id for credit in system.credits(customers=stage.customers())}


def count(journal: Journal, jobs: Iterable[str], before: set[str], after: set[str]) -> Counted:
    """Compare what is there with the journal, by ids alone.

    Args:
        journal: The journal.
        jobs: The jobs that were carried out on this mock.
        before: The ids of the credits that were there before them.
        after: The ids of those that are there now.
    """
    made: set[str] = set()
    deleted: set[str] = set()
    maybe = 0
    for step in (step for job in jobs for step in journal.steps(job)):
        if step.action == "create":
            if step.state is State.DONE and step.made is not None:
                made.add(step.made)
            # One that is planned again under the same key may have happened as well.
            open_ = step.state in (State.SENDING, State.UNKNOWN, State.HELD)
            maybe += open_ or (step.state is State.PLANNED and step.attempt > 0)
        elif step.action == "delete" and step.target is not None and step.state is not State.PLANNED:
            deleted.add(step.target)
    new = after - before
    # A row whose outcome is not known may have one.
    doubled = max(0, len(new - made) - maybe)
    return Counted(len(new), doubled, len((made | before) - after - deleted))
