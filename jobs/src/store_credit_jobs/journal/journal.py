"""What every journal can do: the one in a SQLite file, and the one in PostgreSQL that several machines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import attrs

from store_credit_jobs.journal.steps import Outcome, State, Step

__all__ = ["Attempt", "Decision", "Job", "Journal", "KeyUse", "Row", "Totals"]


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
class Row:
    """A row of a job.

    Attributes:
        n: Its number in the plan.
        key: Its key.
        what: `create`, `reduce`, `expire`, `delete`, `restore` or `nothing`.
        customer: Whose credit.
        minor: What it is about, in minor units.
        currency: Three capitals.
        line: The line of the source file, or None.
        payload: What else the requests say: `expires`, `memo`, `order`, ...
        more: What the plan said for people: `was`, `then`; of a row with nothing to do `why`, `job` and `made`.
    """

    n: int
    key: str
    what: str
    customer: str
    minor: int
    currency: str
    line: int | None
    payload: Mapping[str, Any]
    more: Mapping[str, Any]


@attrs.frozen(slots=True)
class Decision:
    """A person's word about a row: `word`, by `who`, at `at` (ISO 8601, UTC)."""

    n: int
    who: str
    at: str
    word: str


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
    """The job that used a row key last, and what came of it.

    Attributes:
        job: The job's id.
        n: The row's number in it.
        payload_sha: What it asked for; see `store_credit_jobs.journal.keys`.
        state: Where the row stands. `PLANNED` means that nothing of it can have happened: a row that was sent and is to
            be sent again under the same wire key is `UNKNOWN` here; one of several steps, some of them done, `HELD`.
        made: The credit that it created or changed, or None.
    """

    job: str
    n: int
    payload_sha: bytes
    state: State
    made: str | None


@attrs.frozen(slots=True)
class Attempt:
    """A request in the journal's list.

    Attributes:
        attempt: Its number, from 1 in each step.
        at: When it was sent, seconds since 1970 by this machine's clock.
        outcome: Where the step stood after it.
        status: The HTTP status of its response, or None.
        request_id: The server's id of it, or None.
        skew: Seconds by which the server's clock was ahead, by the response's `Date`; None without one.
        s: The number of its step in the row.
    """

    attempt: int
    at: float
    outcome: str
    status: int | None
    request_id: str | None
    skew: float | None = None
    s: int = 1


class Journal(Protocol):
    """Remembers durably. Every method that writes has written, to the disk, when it returns.

    Raises:
        JobsError: `disk_full`, `journal_damaged`, `journal_locked`: from every method.
    """

    def begin(self, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan_sha: str) -> Job:
        """Take a plan over in one transaction, or give the job that has it already.

        A row that another job has done meanwhile has nothing to do here. One that another job was refused, or has
        planned and cannot have sent, is done here and not there: there it is refused as `superseded`.

        Args:
            head: The plan's first line.
            rows: Its rows' lines, read once.
            plan_sha: Its seal.

        Raises:
            JobsError: `key_conflict`, a key was used meanwhile for something else; `key_used`, whether another job did
                the same is open; `key_double`, a key stands in the plan twice. `problems` names the rows.
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

    def key_uses(self, account: str, campaign: str, keys: Sequence[str]) -> dict[str, KeyUse]:
        """Tell what each of some row keys was used for before, of those that were. At most 500 keys at a time."""
        ...

    def advance(
        self,
        job: str,
        outcomes: Sequence[Outcome],
        claim: int,
        *,
        owner: str,
        credential: str,
        grace: float | None = None,
    ) -> list[Step]:
        """Write outcomes and claim the next planned steps, in one transaction.

        A step is claimed only once the earlier steps of its row are done. What is claimed is `sending` from here on,
        with its attempt counted and its times, credential and grace set; of several graces the longest is kept.

        A planned step that was sent before under the same wire key, and of which it is not proven that nothing
        happened, may be sent again only with the same credential; with another it becomes unknown instead.

        Returns:
            At most `claim` steps, in the order of the plan. Fewer where no more can be claimed now.

        Raises:
            JobsError: `step_moved`: a step is not of this owner and attempt any more, and its outcome was not written.
                The other outcomes were, and nothing was claimed.
        """
        ...

    def open_steps(self, job: str, *, states: Sequence[State] = (State.SENDING, State.UNKNOWN)) -> Iterator[Step]:
        """Go through the steps in some states, in the order of the plan."""
        ...

    def adopt(self, job: str, *, owner: str) -> int:
        """Make what an owner that is gone was sending unknown, and what it meant to send again under the same wire key.

        Returns how many steps that were.

        Only the runner that has the account may: by the lock of the file, or in PostgreSQL by its lease.
        """
        ...

    def settled(self, outcomes: Sequence[Outcome]) -> None:
        """Write outcomes of looking up.

        Raises:
            JobsError: `step_moved`, as from `advance`.
        """
        ...

    def retry_refused(self, job: str) -> int:
        """Plan every refused step again, as its next generation; returns how many.

        Rows whose key another job took over since are left alone.
        """
        ...

    def decide(self, job: str, n: int, *, who: str, word: str, made: str | None) -> None:
        """Write a person's word about a held row: done by the credit `made`, or absent where that is None.

        Raises:
            JobsError: `not_held`; `too_early`, absent while a request of it may still be running; or
                `explained_already`, `made` is what another row created.
        """
        ...

    def steps(self, job: str) -> Iterator[Step]:
        """Go through all steps of a job, in the order of the plan."""
        ...

    def rows(self, job: str) -> Iterator[Row]:
        """Go through all rows of a job, in the order of the plan, also those with nothing to do."""
        ...

    def attempts(self, job: str, n: int) -> Iterator[Attempt]:
        """Go through the requests of a row, in the order they were sent."""
        ...

    def explained(self, account: str, made: str) -> bool:
        """Whether a credit is what some step of the account created."""
        ...

    def doubles(self, job: str) -> Iterator[tuple[int, str]]:
        """Go through the credits that exist beside the one that a row should have made: the row's number and the id."""
        ...

    def decisions(self, job: str) -> Iterator[Decision]:
        """Go through what persons decided about a job's rows, in the order they did."""
        ...

    def totals(self, job: str) -> Totals:
        """Count a job's rows and add up its amounts."""
        ...

    def end(self, job: str, *, broken: bool, result: Mapping[str, Any]) -> None:
        """Write how a job ended."""
        ...

    def result(self, job: str) -> Mapping[str, Any] | None:
        """Give what `end` wrote last, or None."""
        ...

    def close(self) -> None:
        """Let go of the journal and its lock."""
        ...
