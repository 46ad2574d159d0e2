"""What every journal can do: the one in a SQLite file, and the one in PostgreSQL that several machines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import attrs

from store_credit_jobs.journal.steps import Outcome, State, Step

__all__ = ["Attempt", "Job", "Journal", "KeyUse", "Totals"]


@attrs.frozen(slots=True)
class Job:
    """A plan that is being carried out, or was.

    Attributes:
        id: `jb_` and a time-ordered id.
        account: The account's identity.
        campaign: The campaign inside which row keys are unique.
        kind: `issue`, `undo` or `move`.
        plan_sha: The plan's seal.
        undoes: The id of the job that this one undoes, or None.
        state: `open`, `ended` or `broken`.
        created: ISO 8601, UTC.
        ended: Likewise, or None.
        head: The plan's head, as JSON.
    """

    id: str
    account: str
    campaign: str
    kind: str
    plan_sha: str
    undoes: str | None
    state: str
    created: str
    ended: str | None
    head: Mapping[str, Any]


@attrs.frozen(slots=True)
class Totals:
    """Rows by state, and per currency what was planned and done, in minor units.

    Attributes:
        states: Rows that have steps, by where they stand.
        planned: What all of them are about, by currency.
        done: What the done ones are about, by currency.
        nothing: Rows in which nothing is to be done.
        amounts: What the rows in each state are about, by state and currency.
    """

    states: Mapping[State, int]
    planned: Mapping[str, int]
    done: Mapping[str, int]
    nothing: int
    amounts: Mapping[State, Mapping[str, int]] = attrs.field(factory=dict[State, Mapping[str, int]])


@attrs.frozen(slots=True)
class KeyUse:
    """The job that used a row key before, and what of."""

    job: str
    n: int
    payload_sha: bytes
    state: State
    made: str | None


@attrs.frozen(slots=True)
class Attempt:
    """A request in the journal's list."""

    attempt: int
    at: float
    outcome: str
    status: int | None
    request_id: str | None


class Journal(Protocol):
    """Remembers durably. Every method that writes has written, to the disk, when it returns.

    Raises:
        JobsError: `disk_full`, `journal_damaged`, `journal_locked`: from every method.
    """

    def begin(self, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan_sha: str) -> Job:
        """Take a plan over in one transaction, or give the job that has it already.

        Raises:
            JobsError: `key_conflict`, a key of the plan was used meanwhile with another payload.
        """
        ...

    def job(self, job: str) -> Job:
        """Give a job by its id, or an unambiguous beginning of it."""
        ...

    def jobs(self) -> Iterator[Job]:
        """Go through all jobs, the newest first."""
        ...

    def key_use(self, account: str, campaign: str, key: str) -> KeyUse | None:
        """Tell what a row key was used for before."""
        ...

    def advance(self, job: str, outcomes: Sequence[Outcome], claim: int, *, owner: str, credential: str) -> list[Step]:
        """Write outcomes and claim the next planned steps, in one transaction.

        A step is claimed only once the earlier steps of its row are done. What is claimed is `sending` from here on,
        with its attempt counted and its times and credential set.

        Returns:
            At most `claim` steps, in the order of the plan.
        """
        ...

    def open_steps(self, job: str, *, states: Sequence[State] = (State.SENDING, State.UNKNOWN)) -> Iterator[Step]:
        """Go through the steps in some states, in the order of the plan."""
        ...

    def adopt(self, job: str, *, owner: str) -> int:
        """Make what an owner that is gone was sending unknown; returns how many steps that were.

        In PostgreSQL only those whose lease has expired; with a file, whose lock the runner holds, all.
        """
        ...

    def settled(self, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes of looking up."""
        ...

    def retry_refused(self, job: str) -> int:
        """Plan every refused step again, as its next generation; returns how many."""
        ...

    def decide(self, job: str, n: int, *, who: str, word: str, made: str | None) -> None:
        """Write a person's word about a held row: done by the credit `made`, or absent where that is None.

        Raises:
            JobsError: The row is not held, or `made` explains another row already.
        """
        ...

    def steps(self, job: str) -> Iterator[Step]:
        """Go through all steps of a job, in the order of the plan."""
        ...

    def attempts(self, job: str, n: int) -> Iterator[Attempt]:
        """Go through the requests of a row, in the order they were sent."""
        ...

    def explained(self, account: str, made: str) -> bool:
        """Whether a credit is what some step of the account created."""
        ...

    def totals(self, job: str) -> Totals:
        """Count a job's rows and add up its amounts."""
        ...

    def end(self, job: str, *, broken: bool, result: Mapping[str, Any]) -> None:
        """Write how a job ended."""
        ...

    def close(self) -> None:
        """Let go of the journal and its lock."""
        ...
