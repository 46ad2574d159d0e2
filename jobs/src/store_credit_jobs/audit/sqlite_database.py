"""Adds up in SQLite, which every Python has. What does not fit into memory goes to a temporary file by itself."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Final

from store_credit_jobs.audit.database import SCHEMA, row_of
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.snapshots.snapshot_file import Snapshot
from store_credit_jobs.temporary import no_room, unnamed_database

__all__ = ["SqliteDatabase"]

_HALF: Final = 32
_MASK: Final = (1 << _HALF) - 1


class SqliteDatabase:
    """A temporary SQLite database with the tables of an audit."""

    name: ClassVar[str] = "sqlite"

    def __init__(self) -> None:
        # The empty name is a database of its own on the disk, which is removed when it is closed.
        self._connection = unnamed_database()
        for table, columns in SCHEMA.items():
            # SQLite would take text or a float in a column of integers.
            described = ", ".join(
                f"{name} {kind} check(typeof({name}) in ('integer', 'null'))" if "bigint" in kind else f"{name} {kind}"
                for name, kind in columns.items()
            )
            self._connection.execute(f"create table {table}({described})")

    def load_snapshot(self, snapshot: Snapshot, at: int) -> None:
        self.load_credits(snapshot.credits(), at)

    def load_credits(self, credits: Iterable[Credit], at: int) -> None:
        self.load_rows("credit", (row_of(credit, at) for credit in credits))

    def load_rows(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        places = ", ".join("?" * len(SCHEMA[table]))
        try:
            with self._connection:
                self._connection.execute("begin")
                self._connection.executemany(f"insert into {table} values({places})", rows)
        except sqlite3.OperationalError as error:
            raise _no_room(error) from None

    def sums(self, *expressions: str) -> str:
        return ", ".join(
            f"sum(({expression}) >> {_HALF}) as h{number}, sum(({expression}) & {_MASK}) as l{number}"
            for number, expression in enumerate(expressions)
        )

    def names(self, *expressions: str) -> str:
        return ", ".join(f"h{number}, l{number}" for number in range(len(expressions)))

    def largest(self, expression: str) -> str:
        high, low = _halves(expression)
        return f"{high} desc, {low} desc"

    def differs(self, expression: str) -> str:
        high, low = _halves(expression)
        return f"({high} != 0 or {low} != 0)"

    def month(self, expression: str) -> str:
        return f"strftime('%Y-%m', {expression}, 'unixepoch')"

    def combine(self, columns: Sequence[Any]) -> list[int]:
        pairs = zip(columns[::2], columns[1::2], strict=True)
        return [((high or 0) << _HALF) + (low or 0) for high, low in pairs]

    def rows(self, query: str, *arguments: object) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._connection.execute(query, arguments)
        except sqlite3.OperationalError as error:
            raise _no_room(error) from None

    def close(self) -> None:
        self._connection.close()


def _halves(expression: str) -> tuple[str, str]:
    high, low = f"sum(({expression}) >> {_HALF})", f"sum(({expression}) & {_MASK})"
    # What the lower halves carry over belongs to the upper one: only then is the pair in order, and 0 only for 0.
    return f"({high} + ({low} >> {_HALF}))", f"({low} & {_MASK})"


def _no_room(error: sqlite3.OperationalError) -> JobsError:
    return no_room(error, os.environ.get("SQLITE_TMPDIR"))
