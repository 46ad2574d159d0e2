"""What a runner does to a journal: it begins jobs, claims steps and writes outcomes, on a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from jobs_support.plan_lines import head
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.sql_journal import SqlJournal
from store_credit_jobs.journal.steps import Outcome, Step

__all__ = ["ELSEWHERE", "StandingClock", "begun", "claim", "code_of", "step", "write"]

ELSEWHERE = "vinr|elsewhere|shop"
"""Another account than that of `plan_lines`."""


class StandingClock:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def begun(journal: SqlJournal, *rows: Mapping[str, Any], seal: str = "s1", **more: Any) -> str:
    """Begin a job of these rows."""
    job = journal.begin(head(**more), rows, seal)
    # An account of a database that several share has to be taken before anything is claimed for it.
    getattr(journal, "hold", str)(job.account)
    return job.id


def claim(journal: SqlJournal, job: str, number: int = 9, *outcomes: Outcome, credential: str = "c1") -> list[Step]:
    """Write outcomes, and claim so many steps."""
    return journal.advance(job, outcomes, number, owner="me", credential=credential)


def write(journal: SqlJournal, *outcomes: Outcome) -> None:
    """Write outcomes alone."""
    journal.advance(outcomes[0].step.job, outcomes, 0, owner="me", credential="c1")


def step(journal: SqlJournal, job: str, n: int = 1, s: int = 1) -> Step:
    """Read a step of a row."""
    return next(one for one in journal.steps(job) if (one.n, one.s) == (n, s))


def code_of(call: Callable[[], object]) -> str:
    """The code of the error that a call ends with."""
    with pytest.raises(JobsError) as raised:
        call()
    return raised.value.code
