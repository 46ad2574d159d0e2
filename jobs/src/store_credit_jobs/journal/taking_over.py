"""From a plan to the rows and steps of a job: each key once, whatever other jobs did with it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple, cast

from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.journal.database import Database, Value
from store_credit_jobs.journal.journal import KeyUse
from store_credit_jobs.journal.keys import payload_of, payload_sha, standing
from store_credit_jobs.journal.records import RANK, RANKED, as_json, iso
from store_credit_jobs.journal.steps import State
from store_credit_jobs.wire_key import generation_of, with_generation

__all__ = ["account_of", "add_account", "key_uses", "take_over"]

_ROWS: Final = 500
"""How many rows are looked up and written at a time."""
_PROBLEMS: Final = 1000
_FOR_PEOPLE: Final = ("was", "then", "why", "job", "made")
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ADVICE: Final = {
    "key_conflict": (
        "row {n} of job {job} used it for something else, and is {state}: give this row a different key, or the "
        "same customer, amount and text as before"
    ),
    "key_used": (
        "row {n} of job {job} has the same content, and is {state}: run `store-credit issue settle {job}`, and "
        "plan again once the outcome is known"
    ),
    "key_double": "it occurs twice in this plan, first in row {n}: plan the file again",
}


class Before(NamedTuple):
    """What a key was used for before.

    Attributes:
        use: For whom.
        job: The number of the job.
        generation: The generation that its row has come to.
    """

    use: KeyUse
    job: int
    generation: int


def account_of(db: Database, identity: str) -> int | None:
    """Give an account's number, None where no job has been about it."""
    found = db.all("SELECT id FROM account WHERE identity = ?", (identity,))
    return found[0][0] if found else None


def add_account(db: Database, identity: str) -> int:
    """Give an account a number, inside a transaction of the caller's."""
    number: int = db.all("SELECT coalesce(max(id), 0) + 1 FROM account")[0][0]
    db.run("INSERT INTO account (id, identity) VALUES (?, ?)", (number, identity))
    return number


def key_uses(db: Database, account: int, campaign: str, keys: Sequence[str]) -> dict[str, Before]:
    """Give what keys were used for, of those that were."""
    # A planned step that was sent before under the same wire key may have happened.
    sent = (
        f"CASE WHEN s.state = 'planned' AND s.first_sent IS NOT NULL THEN {RANKED.index(State.UNKNOWN)} ELSE {RANK} END"
    )
    rows = db.all(
        f"SELECT u.key, j.id, u.job, u.n, u.payload_sha, min({sent}), max(CASE s.state WHEN 'done' THEN 1 ELSE 0 END),"
        " max(s.generation), max(s.made) FROM used u JOIN job j ON j.number = u.job"
        " JOIN step s ON s.job = u.job AND s.n = u.n WHERE u.account = ? AND u.campaign = ?"
        f" AND u.key IN ({', '.join('?' * len(keys))}) GROUP BY u.key, j.id, u.job, u.n, u.payload_sha",
        (account, campaign, *keys),
    )
    found: dict[str, Before] = {}
    for key, job, number, n, sha, rank, some_done, generation, made in rows:
        state = RANKED[int(rank)]
        if some_done and state in (State.REFUSED, State.PLANNED):
            state = State.HELD
        found[key] = Before(KeyUse(job, n, bytes(sha), state, made), number, generation)
    return found


def take_over(
    db: Database, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan_sha: str, now: float
) -> str:
    """Write a plan as a new job, inside a transaction of the caller's; returns the job's id.

    Raises:
        JobsError: `key_conflict`, `key_used` or `key_double`: the caller's transaction must end with it.
    """
    account = account_of(db, head["identity"])
    if account is None:
        account = add_account(db, head["identity"])
    number = db.all("SELECT coalesce(max(number), 0) + 1 FROM job")[0][0]
    identity = _new_id(now)
    db.run(
        "INSERT INTO job (number, id, account, campaign, kind, plan_sha, undoes, state, created, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)",
        (number, identity, account, head["campaign"], head["kind"], plan_sha, head.get("undoes"), iso(now),
         as_json(dict(head))),
    )  # fmt: skip
    taking = _TakingOver(db, head, account, number, identity)
    left = iter(rows)
    while some := list(islice(left, _ROWS)):
        taking.take(some)
    taking.refuse()
    return identity


class _TakingOver:
    def __init__(self, db: Database, head: Mapping[str, Any], account: int, number: int, identity: str) -> None:
        self._db = db
        self._file: str | None = cast("dict[str, Any]", head.get("source") or {}).get("name")
        self._campaign: str = head["campaign"]
        self._mode: str = head["mode"]
        self._account = account
        self._number = number
        self._identity = identity
        self._problems: list[Problem] = []
        self._refused = 0

    def take(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write some rows, with their steps and the use of their keys."""
        keys = [row["key"] for row in rows if row.get("steps")]
        before = key_uses(self._db, self._account, self._campaign, keys) if keys else {}
        lines: list[tuple[Value, ...]] = []
        steps: list[tuple[Value, ...]] = []
        uses: list[tuple[Value, ...]] = []
        taken: dict[str, int] = {}
        for row in rows:
            key, n, what = row["key"], row["n"], row["do"]
            more = {name: row[name] for name in _FOR_PEOPLE if row.get(name) is not None}
            if row.get("steps"):
                sha, old = payload_sha(row, self._mode), before.get(key)
                told = standing(old and old.use, sha)
                if key in taken or (old and old.job == self._number):
                    self._problem("key_double", row, taken.get(key) or (old and old.use.n))
                elif told == "free":
                    if old is not None:
                        self._supersede(old)
                    taken[key] = n
                    uses.append((self._account, self._campaign, key, self._number, n, sha))
                    steps += self._steps(row, 1 if old is None else old.generation + 1)
                elif told == "already_done":
                    assert old is not None
                    what = "nothing"
                    more |= {"why": told, "job": old.use.job, "made": old.use.made}
                else:
                    assert old is not None
                    self._problem(told, row, old.use.n, old.use)
            lines.append(
                (self._number, n, key, row["customer"], _whole(row["minor"]), row["currency"], what, row.get("line"),
                 as_json(payload_of(row)), as_json(more))
            )  # fmt: skip
        self._db.many(
            "INSERT INTO plan_row (job, n, key, customer, minor, currency, what, line, payload, more)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            lines,
        )
        self._db.many(
            "INSERT INTO step (job, n, s, action, minor, target, before, after, wire, generation)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            steps,
        )
        self._db.many(
            "INSERT INTO used (account, campaign, key, job, n, payload_sha) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (account, campaign, key)"
            " DO UPDATE SET job = excluded.job, n = excluded.n, payload_sha = excluded.payload_sha",
            uses,
        )

    def refuse(self) -> None:
        """Raise what stands against the plan, if anything does."""
        if not self._refused:
            return
        raise JobsError(
            self._problems[0].code,
            f"{self._refused} rows of the plan have keys that other jobs in this workspace have used, or may have"
            " used, to issue or change credit. Nothing was sent.",
            problems=self._problems,
        )

    def _steps(self, row: Mapping[str, Any], generation: int) -> Iterator[tuple[Value, ...]]:
        for s, step in enumerate(row["steps"], 1):
            wire = step["wire"]
            this = max(generation, generation_of(wire))
            yield (
                self._number, row["n"], s, step["action"], _whole(step["minor"]), step.get("target"),
                _json(step.get("before")), _json(step.get("after")), with_generation(wire, this), this,
            )  # fmt: skip

    def _supersede(self, old: Before) -> None:
        """Take care that another job will not send a row that this one sends."""
        key = (old.job, old.use.n)
        self._db.run(
            "UPDATE step SET state = 'refused', code = 'superseded', said = ?"
            " WHERE job = ? AND n = ? AND state = 'planned'",
            (f"job {self._identity} took over the key", *key),
        )
        if self._db.all("SELECT 1 FROM step WHERE job = ? AND n = ? AND state <> 'refused'", key):
            # Only where machines share a journal: it was claimed since it was read.
            raise JobsError(
                "key_used", f"row {old.use.n} of job {old.use.job} is being sent by another runner; try again later"
            )

    def _problem(self, code: str, row: Mapping[str, Any], n: int | None, use: KeyUse | None = None) -> None:
        self._refused += 1
        if len(self._problems) < _PROBLEMS:
            text = _ADVICE[code].format(n=n, job=use and use.job, state=use and use.state)
            self._problems.append(Problem(code, text, self._file, row.get("line"), row["key"]))


def _whole(minor: object) -> int:
    # A database would take 12.5 as well.
    if type(minor) is not int:
        raise TypeError(f"{minor!r} is not a whole number of minor units")
    return minor


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else as_json(value)


def _new_id(now: float) -> str:
    value = int(now * 1000) << 40 | secrets.randbits(40)
    return "jb_" + "".join(_LETTERS[value >> shift & 31] for shift in range(85, -1, -5))
