"""Jobs and steps as they stand in the journal's tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import attrs

from store_credit_jobs.journal.journal import Job
from store_credit_jobs.journal.steps import State, Step

__all__ = [
    "ITS_ROW",
    "JOB",
    "RANK",
    "RANKED",
    "STEP",
    "STEP_COLUMNS",
    "Known",
    "as_json",
    "claimed_of",
    "iso",
    "job_of",
    "plain",
    "step_of",
]

STEP_COLUMNS: Final = (
    "SELECT s.n, s.s, r.key, s.action, r.customer, s.minor, r.currency, r.payload, s.wire, s.target, s.before, s.after,"
    " s.generation, s.state, s.attempt, s.first_sent, s.last_sent, s.credential, s.made, s.how, s.code, s.said,"
    " s.request_id, s.grace FROM step s"
)
ITS_ROW: Final = "JOIN plan_row r ON r.job = s.job AND r.n = s.n"
STEP: Final = f"{STEP_COLUMNS} {ITS_ROW}"
JOB: Final = (
    "SELECT j.id, a.identity, j.campaign, j.kind, j.plan_sha, j.undoes, j.state, j.created, j.ended, j.head, j.number,"
    " j.account FROM job j JOIN account a ON a.id = j.account"
)

RANKED: Final[tuple[State, ...]] = (State.HELD, State.SENDING, State.UNKNOWN, State.REFUSED, State.PLANNED, State.DONE)
"""A row of several steps stands where the first of these is that any of its steps has."""
_RANKS: Final = " ".join(f"WHEN '{state}' THEN {rank}" for rank, state in enumerate(RANKED))
RANK: Final = f"CASE s.state {_RANKS} END"


@attrs.frozen(slots=True)
class Known:
    """What is asked of a job again and again, and never changes."""

    id: str
    number: int
    account: int
    settings: Mapping[str, Any]


def job_of(row: tuple[Any, ...]) -> tuple[Job, Known]:
    """Read a line of `JOB`."""
    identity, account, campaign, kind, plan_sha, undoes, state, created, ended, told, number, account_number = row
    head: dict[str, Any] = json.loads(told)
    settings: dict[str, Any] = head.get("settings") or {}
    # Decided once for the whole plan, and part of each request.
    every = {name: settings[name] for name in ("category", "created_by") if settings.get(name) is not None}
    job = Job(identity, account, campaign, kind, plan_sha, undoes, state, created, ended, head)
    return job, Known(identity, number, account_number, every)


def step_of(job: Known, row: tuple[Any, ...]) -> Step:
    """Read a line of `STEP`."""
    n, s, key, action, customer, minor, currency, payload, wire, target, before, after, *rest = row
    generation, state, *told = rest
    return Step(
        job.id, n, s, key, action, customer, minor, currency, {**job.settings, **json.loads(payload)}, wire,
        target, before and json.loads(before), after and json.loads(after), generation, State(state), *told,
    )  # fmt: skip


def claimed_of(job: Known, row: tuple[Any, ...], now: float, credential: str, grace: float | None) -> Step | None:
    """Read a line of `STEP` that is planned as what it is once it is claimed.

    `attrs.evolve` would do, and takes 25 to 30 us a step, as long as the statement that writes the claim.

    Returns:
        None where the step was sent before under the same wire key with another credential: the key that would make
        sending it again harmless belongs to that one.
    """
    *planned, _, attempt, first_sent, _, sent_with, made, how, code, said, request_id, kept = row
    if first_sent is not None and sent_with != credential:
        return None
    first_sent = now if first_sent is None else first_sent
    claim = State.SENDING, attempt + 1, first_sent, now, credential
    longest = max((one for one in (kept, grace) if one is not None), default=None)
    return step_of(job, (*planned, *claim, made, how, code, said, request_id, longest))


def as_json(value: Any) -> str:
    """Write JSON in ASCII: no text, whatever is in it, is beyond a database."""
    return json.dumps(value, separators=(",", ":"))


def plain(text: str | None) -> str | None:
    """Replace in a server's text what databases cannot hold: NUL, and halves of surrogate pairs."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    return text.encode("utf-8", "replace").decode().replace("\0", "\u2400")


def iso(seconds: float) -> str:
    """Write a time of the wall clock as ISO 8601, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
