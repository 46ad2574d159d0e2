"""The tables that an audit asks, and the two databases that add up: SQLite, and DuckDB for many millions.

Amounts are 64-bit integers in both, and their sums are wider: DuckDB has integers of 128 bits for them. SQLite has not,
so that there the upper and the lower half of each amount are added up apart, and put together in Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, Final, Protocol

from store_credit_jobs.credit import Credit
from store_credit_jobs.snapshots.snapshot_file import Snapshot

__all__ = ["AMOUNTS", "SCHEMA", "BooksRow", "Database", "Row", "row_of"]

AMOUNTS: Final = ("minor", "used", "authorized", "expired")

SCHEMA: Final = {
    "credit": {
        "id": "text not null",
        "customer": "text",
        "currency": "text not null",
        "minor": "bigint not null",
        "used": "bigint not null",
        "authorized": "bigint not null",
        "expired": "bigint not null",
        "expires": "bigint",
        "created": "bigint not null",
        "memo": "text",
        "category": "text",
        "email": "text",
        "campaign": "text",
        "mark": "text",
        "invalid": "text",
    },
    "books": {"customer": "text", "currency": "text not null", "minor": "bigint not null"},
    "gone": {"id": "text not null", "currency": "text not null", "minor": "bigint not null"},
}
"""Columns of each table. `expired` is what was left of a credit that has expired, else 0; times are whole seconds."""

Row = tuple[
    str,
    str | None,
    str,
    int,
    int,
    int,
    int,
    int | None,
    int,
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
]
BooksRow = tuple[str | None, str, int]


class Database(Protocol):
    """What both databases do. Methods raise `JobsError` with `disk_full` where there is no room for them."""

    name: ClassVar[str]
    """`sqlite` or `duckdb`."""

    def load_snapshot(self, snapshot: Snapshot, at: int) -> None:
        """Fill `credit` with a snapshot's credits; those whose expiry is not after `at` have expired."""
        ...

    def load_credits(self, credits: Iterable[Credit], at: int) -> None:
        """Fill `credit` with credits, likewise."""
        ...

    def load_rows(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Fill a table of `SCHEMA` with rows in the order of its columns."""
        ...

    def sums(self, *expressions: str) -> str:
        """Write the columns that hold the sums of some expressions over integers."""
        ...

    def names(self, *expressions: str) -> str:
        """Write the names of what `sums` wrote for the same expressions, to select them from a subquery."""
        ...

    def largest(self, expression: str) -> str:
        """Write an `order by` that puts the largest sum of an expression first."""
        ...

    def differs(self, expression: str) -> str:
        """Write a condition that holds where the sum of an expression is not 0."""
        ...

    def month(self, expression: str) -> str:
        """Write the month, in UTC, of an expression in seconds since 1970, such as `2026-11`."""
        ...

    def combine(self, columns: Sequence[Any]) -> list[int]:
        """Make integers of what `sums` selected."""
        ...

    def rows(self, query: str, *arguments: object) -> Iterator[tuple[Any, ...]]:
        """Go through the rows of a query."""
        ...

    def close(self) -> None:
        """Let go of it and of its temporary files."""
        ...


def row_of(credit: Credit, at: int) -> Row:
    """Make a row of `credit`; whatever text a server sent becomes text that a database takes."""
    expired = credit.expires is not None and credit.expires <= at
    mark = credit.mark
    return (
        _text(credit.id),
        None if credit.customer is None else _text(credit.customer),
        _text(credit.currency),
        credit.minor,
        credit.used,
        credit.authorized,
        credit.remaining if expired else 0,
        credit.expires,
        int(credit.created // 1),
        None if credit.memo is None else _text(credit.memo),
        None if credit.category is None else _text(credit.category),
        None if credit.email is None else _text(credit.email),
        None if mark is None else _text(mark.split(".")[1] if mark.count(".") == 3 else mark),
        None if mark is None else _text(mark),
        None if credit.invalid is None else _text(credit.invalid),
    )


def _text(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
