"""From an outcome to the state of its step: the one place that lets a step leave what was sent behind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from store_credit_jobs.journal.database import Database, Value
from store_credit_jobs.journal.records import Known, plain
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step

__all__ = ["NEXT_GENERATION", "explain", "explained_by", "write_attempts", "write_outcome"]

NEXT_GENERATION: Final = (
    "generation = generation + 1, wire = rtrim(wire, '0123456789') || (generation + 1), first_sent = NULL,"
    " first_attempt = NULL"
)
"""Assignments that put a step under the wire key of its next generation: a wire key ends with the number."""
_FORGET_FIRST: Final = "first_sent = NULL, first_attempt = NULL"
# What was sent before this attempt may have arrived all the same.
_FORGET_IF_FIRST: Final = (
    "first_sent = CASE WHEN first_attempt = attempt THEN NULL ELSE first_sent END,"
    " first_attempt = CASE WHEN first_attempt = attempt THEN NULL ELSE first_attempt END"
)
_KEEP_FIRST: Final = "first_sent = first_sent"


def write_outcome(db: Database, job: Known, outcome: Outcome, *, looked_up: bool) -> bool:
    """Write an outcome, inside a transaction of the caller's.

    Args:
        db: Where the journal is.
        job: The job of the step.
        outcome: What became of it.
        looked_up: The step was looked up; else it was sent just now.

    Returns:
        Whether the step was open still, in this attempt and this runner's. If not, nothing was written.
    """
    step, state, sent = outcome.step, outcome.state, outcome.sent
    done = state is State.DONE
    made = plain(outcome.made) or step.target if done else None
    if state is State.SENDING or (done and made is None):
        raise ValueError(f"{state} with credit {made!r} is not a valid outcome of {step.action}")
    request = plain(sent.request_id) if sent else None
    whose, owners = ("", ()) if db.owner is None else (" AND owner = ?", (db.owner,))
    written = db.run(
        "UPDATE step SET state = ?, made = ?, how = ?, code = ?, said = ?, request_id = coalesce(?, request_id),"
        f" {_first(outcome, looked_up)} WHERE job = ? AND n = ? AND s = ? AND attempt = ?"
        f" AND state IN ('sending', 'unknown', 'held'){whose}",
        (str(state), made, outcome.how if done else None, plain(outcome.code), plain(outcome.said), request,
         job.number, step.n, step.s, step.attempt, *owners),
    )  # fmt: skip
    if not written:
        return False
    if made is not None and step.action == "create":
        if explain(db, job, step, made):
            for further in outcome.also_made:
                explain(db, job, step, plain(further) or "")
        else:
            db.run(
                "UPDATE step SET state = 'held', made = NULL, how = NULL, code = 'explained_already', said = ?"
                " WHERE job = ? AND n = ? AND s = ?",
                (f"credit {made} is what {explained_by(db, job, made)} created", job.number, step.n, step.s),
            )
    return True


def write_attempts(db: Database, sent: Iterable[tuple[Known, Outcome]]) -> None:
    """List the requests behind outcomes that `write_outcome` has written, inside the same transaction."""
    db.many(
        "INSERT INTO attempt (job, n, s, attempt, at, outcome, status, request_id, skew)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job, n, s, attempt) DO UPDATE SET at = excluded.at,"
        " outcome = excluded.outcome, status = excluded.status, request_id = excluded.request_id,"
        " skew = excluded.skew",
        [_attempt(job, outcome, outcome.sent) for job, outcome in sent if outcome.sent is not None],
    )


def _attempt(job: Known, outcome: Outcome, sent: RequestSent) -> tuple[Value, ...]:
    step = outcome.step
    skew = None if outcome.server_time is None else round(outcome.server_time - sent.at, 3)
    request = plain(sent.request_id)
    return job.number, step.n, step.s, step.attempt, sent.at, str(outcome.state), sent.status, request, skew


def _first(outcome: Outcome, looked_up: bool) -> str:
    """Give the assignments that say since when a request of this generation may have arrived."""
    if outcome.state is not State.PLANNED:
        return _KEEP_FIRST
    if outcome.next_generation:
        return NEXT_GENERATION
    if looked_up:
        return _FORGET_FIRST if outcome.how == "absent" else _KEEP_FIRST
    return _FORGET_IF_FIRST


def explain(db: Database, job: Known, step: Step, credit: str) -> bool:
    """Write that a step created a credit; returns False where another step did."""
    key = (job.account, credit, job.number, step.n, step.s)
    return bool(
        db.run("INSERT INTO explains (account, credit, job, n, s) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", key)
        or db.all("SELECT 1 FROM explains WHERE account = ? AND credit = ? AND job = ? AND n = ? AND s = ?", key)
    )


def explained_by(db: Database, job: Known, credit: str) -> str:
    """Name the row that created a credit."""
    ((other, n),) = db.all(
        "SELECT j.id, e.n FROM explains e JOIN job j ON j.number = e.job WHERE e.account = ? AND e.credit = ?",
        (job.account, credit),
    )
    return f"row {n} of job {other}"
