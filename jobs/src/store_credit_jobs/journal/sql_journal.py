"""A journal in tables: the same statements whether they are in a file or on a server."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from store_credit_jobs import steady_time
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.database import Database, Value
from store_credit_jobs.journal.journal import Attempt, Decision, Job, Journal, KeyUse, Row, Totals
from store_credit_jobs.journal.origin import look_up_first
from store_credit_jobs.journal.outcomes import NEXT_GENERATION, explain, explained_by, write_attempts, write_outcome
from store_credit_jobs.journal.records import (
    ITS_ROW,
    JOB,
    RANK,
    RANKED,
    STEP,
    STEP_COLUMNS,
    Known,
    as_json,
    claimed_of,
    iso,
    job_of,
    plain,
    step_of,
)
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.journal.taking_over import account_of, key_uses, take_over

__all__ = ["SqlJournal"]

_PAGE: Final = 1000
"""How many lines are read at a time: between two pages others may write."""
_OPEN: Final = "s.state IN ('sending', 'unknown', 'held')"
"""Word for word as in the index `step_open`, which SQLite then uses."""
_READY: Final = (
    f"{ITS_ROW} WHERE s.job = ? AND s.state = 'planned' AND (s.s = 1 OR NOT EXISTS"
    " (SELECT 1 FROM step e WHERE e.job = s.job AND e.n = s.n AND e.s < s.s AND e.state <> 'done'))"
    " ORDER BY s.n, s.s LIMIT ?"
)
_MILLION: Final = 1_000_000


class SqlJournal(Journal):
    """A journal in the tables of `store_credit_jobs.journal.schema`.

    Args:
        db: Where they are.
        clock: What time it is, seconds since 1970.
    """

    def __init__(self, db: Database, clock: Callable[[], float] = steady_time.now) -> None:
        self._db = db
        self._clock = clock
        self._known: dict[str, Known] = {}

    def begin(self, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan_sha: str) -> Job:
        with self._db.transaction():
            self._db.serialize()
            found = self._db.all(f"{JOB} WHERE j.plan_sha = ?", (plan_sha,))
            if not found:
                identity = take_over(self._db, head, rows, plan_sha, self._clock())
                found = self._db.all(f"{JOB} WHERE j.id = ?", (identity,))
                look_up_first(self._db, "s.job = ?", (found[0][10],))
        return self._remembered(found[0])

    def job(self, job: str) -> Job:
        found = self._db.all(f"{JOB} WHERE j.id = ?", (job,))
        if not found and job:
            found = self._db.all(f"{JOB} WHERE substr(j.id, 1, ?) = ? ORDER BY j.number DESC LIMIT 5", (len(job), job))
        if len(found) > 1:
            which = ", ".join(row[0] for row in found)
            raise JobsError("job_ambiguous", f"more than one job id begins with {job!r}: {which}; use more characters")
        if not found:
            raise JobsError(
                "job_unknown", f"{job!r} is not a job in this workspace; `store-credit jobs list` lists its jobs"
            )
        return self._remembered(found[0])

    def jobs(self) -> Iterator[Job]:
        for row in self._db.all(f"{JOB} ORDER BY j.number DESC"):
            yield self._remembered(row)

    def key_use(self, account: str, campaign: str, key: str) -> KeyUse | None:
        return self.key_uses(account, campaign, (key,)).get(key)

    def key_uses(self, account: str, campaign: str, keys: Sequence[str]) -> dict[str, KeyUse]:
        number = account_of(self._db, account) if keys else None
        uses = {} if number is None else key_uses(self._db, number, campaign, keys)
        return {key: before.use for key, before in uses.items()}

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
        known = self._of(job)
        with self._db.transaction():
            moved = self._write(outcomes, looked_up=False)
            wanted = claim > 0 and not moved
            mine = not wanted or self._db.has(known.account)
            claimed = self._claim(known, claim, owner, credential, grace) if wanted and mine else []
        self._refuse(moved)
        if not mine:
            raise _lease_lost(known)
        return claimed

    def settled(self, outcomes: Sequence[Outcome]) -> None:
        with self._db.transaction():
            moved = self._write(outcomes, looked_up=True)
        self._refuse(moved)

    def _write(self, outcomes: Sequence[Outcome], *, looked_up: bool) -> list[str]:
        moved: list[str] = []
        written: list[tuple[Known, Outcome]] = []
        for outcome in outcomes:
            job = self._of(outcome.step.job)
            if write_outcome(self._db, job, outcome, looked_up=looked_up):
                written.append((job, outcome))
            else:
                step = outcome.step
                moved.append(f"row {step.n}, step {step.s}, attempt {step.attempt} of job {step.job}: {outcome.state}")
        write_attempts(self._db, written)
        return moved

    def _refuse(self, moved: Sequence[str]) -> None:
        if moved:
            raise JobsError(
                "step_moved",
                "the outcomes of some steps were not recorded"
                f" ({'; '.join(moved[:3])}): another runner may have taken over these steps. Run `store-credit issue"
                " settle` to look up the outcomes",
                exit_code=ExitCode.BROKEN if self._db.owner is None else ExitCode.LOCKED,
            )

    def _claim(self, job: Known, number: int, owner: str, credential: str, grace: float | None = None) -> list[Step]:
        claimed: list[Step] = []
        ready = f"{STEP_COLUMNS} {self._db.by_planned} {_READY} {self._db.lock_claimed}"
        while (wanted := number - len(claimed)) > 0:
            found = self._db.all(ready, (job.number, wanted))
            if not found:
                break
            now = self._clock()
            steps = [claimed_of(job, row, now, credential, grace) for row in found]
            self._db.many(
                "UPDATE step SET state = 'unknown' WHERE job = ? AND n = ? AND s = ?",
                [(job.number, *row[:2]) for row, step in zip(found, steps, strict=True) if step is None],
            )
            sent = [step for step in steps if step is not None]
            self._db.many(
                "UPDATE step SET state = 'sending', attempt = attempt + 1,"
                " first_attempt = coalesce(first_attempt, attempt + 1), first_sent = coalesce(first_sent, ?),"
                " last_sent = ?, credential = ?, owner = ?, grace = ?"
                " WHERE job = ? AND n = ? AND s = ?",
                [
                    (now, now, credential, self._db.owner or owner, step.grace, job.number, step.n, step.s)
                    for step in sent
                ],
            )
            claimed += sent
        if claimed:
            self._db.run(
                "UPDATE job SET state = 'open', ended = NULL WHERE number = ? AND state <> 'open'", (job.number,)
            )
        return claimed

    def open_steps(self, job: str, *, states: Sequence[State] = (State.SENDING, State.UNKNOWN)) -> Iterator[Step]:
        marks = ", ".join("?" * len(states))
        within = f" AND {_OPEN}" if {*states} <= {State.SENDING, State.UNKNOWN, State.HELD} else ""
        return self._pages(self._of(job), f" AND s.state IN ({marks}){within}", [str(state) for state in states])

    def steps(self, job: str) -> Iterator[Step]:
        return self._pages(self._of(job), "", ())

    def _pages(self, job: Known, which: str, values: Sequence[Value]) -> Iterator[Step]:
        n = s = 0
        while True:
            rows = self._db.all(
                f"{STEP} WHERE s.job = ? AND (s.n, s.s) > (?, ?){which} ORDER BY s.n, s.s LIMIT {_PAGE}",
                (job.number, n, s, *values),
            )
            for row in rows:
                n, s = row[:2]
                yield step_of(job, row)
            if len(rows) < _PAGE:
                return

    def rows(self, job: str) -> Iterator[Row]:
        number, n = self._of(job).number, 0
        while rows := self._db.all(
            "SELECT n, key, what, customer, minor, currency, line, payload, more FROM plan_row"
            f" WHERE job = ? AND n > ? ORDER BY n LIMIT {_PAGE}",
            (number, n),
        ):
            for n, key, what, customer, minor, currency, line, payload, more in rows:
                yield Row(n, key, what, customer, minor, currency, line, json.loads(payload), json.loads(more))

    def adopt(self, job: str, *, owner: str) -> int:
        known = self._of(job)
        with self._db.transaction():
            if not self._db.has(known.account):
                raise _lease_lost(known)
            # Their requests may have been sent; when at the earliest is known from the claim.
            self._db.run(
                "INSERT INTO attempt (job, n, s, attempt, at, outcome)"
                f" SELECT s.job, s.n, s.s, s.attempt, s.last_sent, 'unknown' FROM step s {self._db.by_open}"
                f" WHERE s.job = ? AND s.state = 'sending' AND {_OPEN} ON CONFLICT DO NOTHING",
                (known.number,),
            )
            if self._db.owner is not None:
                # Another machine's clock may be behind: counted by this one, all of it was sent before now, and is
                # waited for as if it had been sent just now.
                self._db.run(
                    "UPDATE step SET last_sent = greatest(last_sent, ?) WHERE job = ? AND owner <> ?"
                    " AND state IN ('sending', 'unknown')",
                    (self._clock(), known.number, self._db.owner),
                )
            opened = f"UPDATE step AS s {self._db.by_open} SET owner = ?"
            planned = f"UPDATE step AS s {self._db.by_planned} SET owner = ?, state = 'unknown'"
            mine = (self._db.owner or owner, known.number)
            self._db.run(f"{opened} WHERE s.job = ? AND s.state <> 'sending' AND {_OPEN}", mine)
            return self._db.run(
                f"{opened}, state = 'unknown' WHERE s.job = ? AND s.state = 'sending' AND {_OPEN}", mine
            ) + self._db.run(f"{planned} WHERE s.job = ? AND s.state = 'planned' AND s.first_sent IS NOT NULL", mine)

    def retry_refused(self, job: str) -> int:
        with self._db.transaction():
            self._db.serialize()
            number = self._of(job).number
            again = self._db.run(
                f"UPDATE step SET state = 'planned', {NEXT_GENERATION}, code = NULL, said = NULL"
                " WHERE job = ? AND state = 'refused' AND EXISTS (SELECT 1 FROM plan_row r"
                " JOIN job j ON j.number = r.job JOIN used u ON u.account = j.account AND u.campaign = j.campaign"
                " AND u.key = r.key WHERE r.job = step.job AND r.n = step.n AND u.job = r.job AND u.n = r.n)",
                (number,),
            )
            look_up_first(self._db, "s.job = ?", (number,))
            return again

    def decide(self, job: str, n: int, *, who: str, word: str, made: str | None) -> None:
        known = self._of(job)
        with self._db.transaction():
            self._db.serialize()
            held = f"{STEP} WHERE s.job = ? AND s.n = ? AND s.state = 'held' {self._db.lock}"
            found = [step_of(known, row) for row in self._db.all(held, (known.number, n))]
            if not found:
                raise JobsError(
                    "not_held", f"row {n} of job {known.id} is not waiting for a decision; `store-credit jobs show"
                    f" {known.id}` lists the rows that are",
                )  # fmt: skip
            step = found[0]
            if made is None:
                self._refuse_too_early(known, step)
            changed = f"state = 'planned', {NEXT_GENERATION}, how = NULL"
            if made is not None:
                changed = "state = 'done', how = 'decided'"
                if step.target not in (None, made):
                    raise JobsError(
                        "not_the_target", f"row {n} of job {known.id} changes credit {step.target}, not {made}: decide"
                        f" `done={step.target}` if that credit was changed, or `absent` if it was not",
                    )  # fmt: skip
                if step.action == "create" and not explain(self._db, known, step, made):
                    raise JobsError(
                        "explained_already",
                        f"credit {made} was created by {explained_by(self._db, known, made)}; row {n} needs a different"
                        " credit",
                    )
            key = (known.number, n, step.s)
            self._db.run(
                f"UPDATE step SET {changed}, made = ?, code = NULL, said = NULL WHERE job = ? AND n = ? AND s = ?",
                (made, *key),
            )
            look_up_first(self._db, "s.job = ? AND s.n = ? AND s.s = ?", key)
            self._db.run(
                "INSERT INTO decision (job, n, s, who, at, word) VALUES (?, ?, ?, ?, ?, ?)",
                (*key, who, iso(self._clock()), word),
            )

    def _refuse_too_early(self, job: Known, step: Step) -> None:
        over = None if step.last_sent is None else step.last_sent + step.longest_grace(0.0)
        if over is not None and over > self._clock():
            assert step.last_sent is not None
            raise JobsError(
                "too_early",
                f"row {step.n} of job {job.id} was last sent at {iso(step.last_sent)}, and that request may still be"
                f" running until {iso(over)}: check the server after that time before you decide `absent`",
            )

    def attempts(self, job: str, n: int) -> Iterator[Attempt]:
        for row in self._db.all(
            "SELECT attempt, at, outcome, status, request_id, skew, s FROM attempt WHERE job = ? AND n = ?"
            " ORDER BY s, attempt",
            (self._of(job).number, n),
        ):
            yield Attempt(*row)

    def doubles(self, job: str) -> Iterator[tuple[int, str]]:
        yield from self._db.all(
            "SELECT e.n, e.credit FROM explains e JOIN step s ON s.job = e.job AND s.n = e.n AND s.s = e.s"
            " WHERE e.job = ? AND e.credit <> s.made ORDER BY e.n, e.credit",
            (self._of(job).number,),
        )  # fmt: skip

    def decisions(self, job: str) -> Iterator[Decision]:
        for row in self._db.all(
            "SELECT n, who, at, word FROM decision WHERE job = ? ORDER BY at, n", (self._of(job).number,)
        ):
            yield Decision(*row)

    def explained(self, account: str, made: str) -> bool:
        return bool(
            self._db.all(
                "SELECT 1 FROM explains e JOIN account a ON a.id = e.account WHERE a.identity = ? AND e.credit = ?",
                (account, plain(made)),
            )
        )

    def totals(self, job: str) -> Totals:
        states: Counter[State] = Counter()
        planned: Counter[str] = Counter()
        amounts: defaultdict[State, Counter[str]] = defaultdict(Counter)
        nothing = 0
        for rank, currency, rows, millions, units in self._db.all(
            # In two parts, since a sum over a whole job may not fit into 64 bits.
            f"SELECT rank, currency, count(*), sum(minor / {_MILLION}), sum(minor % {_MILLION}) FROM"
            f" (SELECT r.n, r.currency, r.minor, min({RANK}) AS rank FROM plan_row r"
            " LEFT JOIN step s ON s.job = r.job AND s.n = r.n WHERE r.job = ?"
            " GROUP BY r.job, r.n, r.currency, r.minor) t"
            " GROUP BY rank, currency",
            (self._of(job).number,),
        ):
            if rank is None:
                nothing += rows
                continue
            minor = int(millions) * _MILLION + int(units)
            states[RANKED[rank]] += rows
            planned[currency] += minor
            amounts[RANKED[rank]][currency] += minor
        return Totals(dict(states), dict(planned), dict(amounts[State.DONE]), nothing, dict(amounts))

    def end(self, job: str, *, broken: bool, result: Mapping[str, Any]) -> None:
        number = self._of(job).number
        with self._db.transaction():
            self._db.run(
                "UPDATE job SET state = ?, ended = ?, result = ? WHERE number = ?",
                ("broken" if broken else "ended", iso(self._clock()), as_json(dict(result)), number),
            )

    def result(self, job: str) -> Mapping[str, Any] | None:
        ((told,),) = self._db.all("SELECT result FROM job WHERE number = ?", (self._of(job).number,))
        return told and json.loads(told)

    def close(self) -> None:
        self._db.close()

    def _remembered(self, row: tuple[Any, ...]) -> Job:
        job, known = job_of(row)
        self._known[job.id] = known
        return job

    def _of(self, job: str) -> Known:
        return self._known.get(job) or self._known[self.job(job).id]


def _lease_lost(job: Known) -> JobsError:
    return JobsError(
        "lease_lost",
        f"another runner has taken over the account of job {job.id}. This one sends nothing more, and the requests "
        "that it was sending will be looked up.",
        exit_code=ExitCode.LOCKED,
    )
