"""What a job says is on the server, in a temporary database: a million rows take no more memory than ten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.temporary import unnamed_database

__all__ = ["Expected", "Known"]

_TABLES: Final = """
create table known(n integer, s integer, key text, customer text, minor integer, currency text, state text,
    attempt integer, expires integer, base text, made text, seen integer not null default 0, server integer,
    primary key(n, s)) without rowid;
create unique index known_made on known(made) where made is not null;
create index known_base on known(base);
"""
_LIKE: Final = "create index if not exists known_like on known(customer, currency, minor)"
_MILLION: Final = 1_000_000
"""Sums are taken in two parts: that of a whole job may not fit into 64 bits."""
_COLUMNS: Final = "n, s, key, customer, minor, currency, state, attempt, made, seen"
_MARKED: Final = 3600
"""Seconds by which an expiry may be later than its row's: what `--mark-expiry` adds at most."""


class Known(NamedTuple):
    """A step that creates, as the journal has it. `seen`: whether its credit was met on the server."""

    n: int
    s: int
    key: str
    customer: str
    minor: int
    currency: str
    state: State
    attempt: int
    made: str | None
    seen: bool


class Expected:
    """The creates of a job, to be looked up by credit, by mark and by likeness."""

    def __init__(self) -> None:
        # An empty name: a file that nobody sees and that is gone with the connection.
        self._db = unnamed_database()
        self._db.execute("pragma journal_mode = off")
        self._db.execute("pragma synchronous = off")
        self._db.executescript(_TABLES)

    def fill(self, steps: Iterable[Step]) -> None:
        """Take the creates of a job."""
        self._db.execute("begin")
        self._db.executemany(
            "insert into known(n, s, key, customer, minor, currency, state, attempt, expires, base, made)"
            " values(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    step.n,
                    step.s,
                    step.key,
                    step.customer,
                    step.minor,
                    step.currency,
                    str(step.state),
                    step.attempt,
                    step.payload.get("expires"),
                    base_of(step.wire),
                    step.made,
                )
                for step in steps
            ),
        )
        self._db.execute("commit")

    def by_credit(self, made: str) -> Known | None:
        """Find the step that made a credit."""
        return self._one("made = ?", made)

    def by_mark(self, mark: str) -> Known | None:
        """Find the step that a mark belongs to, of whatever generation."""
        return self._one("base = ?", base_of(mark))

    def like(self, credit: Credit) -> Known | None:
        """Find a step like a credit: one whose outcome is open before others, then one that was sent more than once."""
        self._db.execute(_LIKE)
        expiry, bounds = "expires is null", ()
        if credit.expires is not None:
            expiry, bounds = "expires between ? and ?", (credit.expires - _MARKED, credit.expires)
        return self._one(
            f"customer = ? and currency = ? and minor = ? and {expiry}"
            " order by state in ('sending', 'unknown', 'held') desc, attempt desc limit 1",
            credit.customer,
            credit.currency,
            credit.minor,
            *bounds,
        )

    def saw(self, known: Known, server: int) -> None:
        """Note that a step's credit is on the server, with its amount there in minor units."""
        self._db.execute("update known set seen = 1, server = ? where n = ? and s = ?", (server, known.n, known.s))

    def not_seen(self) -> Iterator[Known]:
        """Go through the steps that are done and whose credit was not met."""
        rows = self._db.execute(
            f"select {_COLUMNS} from known where state = 'done' and not seen order by n, s"  # noqa: S608 - constants
        ).fetchall()
        return map(_known, rows)

    def customers(self) -> Iterator[str]:
        """Go through the customers of steps that were sent, each once."""
        rows = self._db.execute("select distinct customer from known where state != 'planned'")
        return (row[0] for row in rows.fetchall())

    def sums(self) -> dict[str, tuple[int, int]]:
        """Add up, by currency, what is done and what of it is on the server, in minor units."""
        rows = self._db.execute(
            "select currency, sum(minor / :m), sum(minor % :m), sum(coalesce(server, 0) / :m),"
            " sum(coalesce(server, 0) % :m) from known where state = 'done' group by currency",
            {"m": _MILLION},
        )
        return {row[0]: (row[1] * _MILLION + row[2], row[3] * _MILLION + row[4]) for row in rows}

    def count(self) -> int:
        """Count the steps whose credit is on the server."""
        return int(self._db.execute("select count(*) from known where state = 'done' and seen").fetchone()[0])

    def close(self) -> None:
        """Remove the database."""
        self._db.close()

    def _one(self, where: str, *values: object) -> Known | None:
        row = self._db.execute(f"select {_COLUMNS} from known where {where}", values).fetchone()  # noqa: S608 - constants
        return None if row is None else _known(row)


def base_of(mark: str) -> str:
    """A mark without its generation."""
    return mark.rpartition(".")[0]


def _known(row: tuple[int, int, str, str, int, str, str, int, str | None, int]) -> Known:
    return Known(*row[:6], State(row[6]), row[7], row[8], bool(row[9]))
