"""What a running job tells whoever shows it: a terminal, JSON lines, a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Protocol

import attrs

from store_credit_jobs.journal.steps import State

__all__ = [
    "Event",
    "Events",
    "JobEnded",
    "JobStarted",
    "LimitWaiting",
    "Phase",
    "Progress",
    "RowHeld",
    "RowRefused",
    "Silent",
    "Waiting",
    "as_json",
]

Phase = Literal["settling", "sending", "checking"]
"""What a job does: finding out what became of what was sent, sending, or reading the server for the proof."""

Waiting = Literal["limit", "retry_after", "circuit", "grace"]
"""What a job waits for: the server's limit, a time the server set, a server in trouble, requests that may still run."""


@attrs.frozen(slots=True)
class JobStarted:
    """A runner took up a job.

    Attributes:
        job: Its id.
        account: The account's identity.
        campaign: Its campaign.
        kind: `issue`, `undo` or `move`.
        rows: Rows of the plan, those that do nothing among them.
        nothing: Rows that do nothing.
        states: Rows by state as the journal has them now.
        planned: What the plan issues or changes per currency, in minor units.
        done: What of that earlier runs have done.
        resumed: Whether an earlier run has sent anything of it.
        concurrency: How many requests may be in flight.
    """

    name: ClassVar[str] = "job.started"
    job: str
    account: str
    campaign: str
    kind: str
    rows: int
    nothing: int
    states: Mapping[State, int]
    planned: Mapping[str, int]
    done: Mapping[str, int]
    resumed: bool
    concurrency: int


@attrs.frozen(slots=True)
class Progress:
    """How far a job is. Comes up to four times a second; whoever wants fewer leaves some out.

    Attributes:
        job: Its id.
        phase: What it does now.
        rows: Rows of the plan, those that do nothing among them.
        nothing: Rows that do nothing.
        states: Rows by state.
        planned: What the plan issues or changes per currency, in minor units.
        done: What of that is done.
        requests: Requests that this run has sent for steps.
        in_flight: Requests that wait for their response.
        rate: Rows a second over the last seconds.
        left: Seconds until all rows are done at that rate; None where there is no telling.
        waiting: What it waits for now, or None.
        waiting_left: Seconds until that is over, as far as known.
        checked: Credits read for the proof; 0 before.
        seconds: Since the run began.
    """

    name: ClassVar[str] = "progress"
    job: str
    phase: Phase
    rows: int
    nothing: int
    states: Mapping[State, int]
    planned: Mapping[str, int]
    done: Mapping[str, int]
    requests: int
    in_flight: int
    rate: float
    left: float | None
    waiting: Waiting | None
    waiting_left: float | None
    checked: int
    seconds: float


@attrs.frozen(slots=True)
class RowRefused:
    """The server refused a row for good.

    Attributes:
        job: The job's id.
        n: The row's number, from 1.
        key: Its key.
        customer: Whose credit it is.
        minor: The step's amount, in minor units.
        currency: Three capitals.
        code: The server's code, or ours.
        text: What the server said; holds no credential.
    """

    name: ClassVar[str] = "row.refused"
    job: str
    n: int
    key: str
    customer: str
    minor: int
    currency: str
    code: str | None
    text: str | None


@attrs.frozen(slots=True)
class RowHeld:
    """Looking a row up could not decide what became of it: a person has to. Members as of `RowRefused`."""

    name: ClassVar[str] = "row.held"
    job: str
    n: int
    key: str
    customer: str
    minor: int
    currency: str
    code: str | None
    text: str | None


@attrs.frozen(slots=True)
class LimitWaiting:
    """Nothing is sent for a while, of a second or more.

    Attributes:
        job: The job's id.
        reason: What it waits for.
        seconds: How long, as far as known.
    """

    name: ClassVar[str] = "limit.waiting"
    job: str
    reason: Waiting
    seconds: float


@attrs.frozen(slots=True)
class JobEnded:
    """A run is over; the job is, too, unless `exit_code` says that it may be resumed.

    Attributes:
        job: Its id.
        exit_code: How the command ends.
        why: A sentence for people on what stopped it or what is wrong; None where all is well.
        states: Rows by state.
        nothing: Rows that do nothing.
        planned: What the plan issues or changes per currency, in minor units.
        done: What of that is done.
        refusals: Refused rows by code.
        requests: Requests that this run has sent for steps.
        seconds: How long the run took.
        proof: The closing scan, as it stands in the result file; None where there was none.
        files: The result files that were written.
    """

    name: ClassVar[str] = "job.ended"
    job: str
    exit_code: int
    why: str | None
    states: Mapping[State, int]
    nothing: int
    planned: Mapping[str, int]
    done: Mapping[str, int]
    refusals: Mapping[str, int]
    requests: int
    seconds: float
    proof: Mapping[str, Any] | None
    files: tuple[str, ...]


Event = JobStarted | Progress | RowRefused | RowHeld | LimitWaiting | JobEnded


class Events(Protocol):
    """Takes what a running job tells."""

    def emit(self, event: Event) -> None:
        """Take an event. Called by one thread at a time; must not raise, and returns soon."""
        ...


class Silent:
    """Takes events and shows nothing."""

    def emit(self, event: Event) -> None:
        """Take an event."""


def as_json(event: Event) -> dict[str, Any]:
    """Give an event as JSON: its members, and its name as `event`."""
    members: dict[str, Any] = {"event": event.name}
    for field in attrs.fields(type(event)):
        value = getattr(event, field.name)
        if isinstance(value, Mapping):
            # A copy: the members of a state are words, and the engine goes on counting in its own dictionaries.
            value = {str(key): item for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        members[field.name] = list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return members
