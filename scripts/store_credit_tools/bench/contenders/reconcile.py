"""Compare what a snapshot says with what the books say, per customer and currency."""

from __future__ import annotations

import csv
import json
import resource
import sqlite3
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

__all__: list[str] = []

_EXPONENTS = {"USD": 2, "EUR": 2, "JPY": 0}
_BOTH = """
    select customer, currency, sum(books), sum(server) from (
        select customer, currency, minor as books, 0 as server from books
        union all select customer, currency, 0, minor from credit
    ) group by 1, 2 having sum(books) != sum(server)"""


def sqlite(snapshot: str, books: str) -> Callable[[], str]:
    """Ours, in SQLite."""
    from store_credit_jobs.audit.sqlite_database import SqliteDatabase

    return lambda: _timed(lambda: _ours(SqliteDatabase(), snapshot, books))


def duckdb(snapshot: str, books: str) -> Callable[[], str]:
    """Ours, in DuckDB."""
    from store_credit_jobs.audit.duckdb_database import DuckDatabase

    return lambda: _timed(lambda: _ours(DuckDatabase(), snapshot, books))


def loop(snapshot: str, books: str) -> Callable[[], str]:
    """A loop as anybody writes it, which checks nothing."""

    def work() -> int:
        database = sqlite3.connect("")
        database.execute("create table credit(customer, currency, minor)")
        database.execute("create table books(customer, currency, minor)")
        with Path(snapshot).open(encoding="ascii") as file:
            lines = (json.loads(line) for line in file)
            rows = ((one["customer"], one["currency"], one["minor"] - one["used"]) for one in lines if "id" in one)
            database.executemany("insert into credit values(?, ?, ?)", rows)
        with Path(books).open(encoding="ascii", newline="") as file:
            cells = csv.DictReader(file)
            told = ((row["customer"], row["currency"], _minor(row["amount"], row["currency"])) for row in cells)
            database.executemany("insert into books values(?, ?, ?)", told)
        return len(database.execute(_BOTH).fetchall())

    return lambda: _timed(work)


def pandas(snapshot: str, books: str) -> Callable[[], str]:
    """Data frames, whose outer join makes floats of the integers."""
    frames: Any = import_module("pandas")

    def work() -> int:
        held = frames.read_json(snapshot, lines=True, dtype=False)
        held = held[held["id"].notna()]
        held["server"] = held["minor"] - held["used"]
        server = held.groupby(["customer", "currency"])["server"].sum()
        told = frames.read_csv(books)
        told["books"] = (told["amount"] * told["currency"].map({k: 10**e for k, e in _EXPONENTS.items()})).round()
        both = frames.concat([server, told.groupby(["customer", "currency"])["books"].sum()], axis=1).fillna(0)
        return int((both["server"] != both["books"]).sum())

    return lambda: _timed(work)


def _ours(database: Any, snapshot: str, books: str) -> int:
    from store_credit_jobs.audit.books import compare, read_books
    from store_credit_jobs.snapshots.snapshot_file import Snapshot

    try:
        database.load_snapshot(Snapshot.open(Path(snapshot)), 0)
        database.load_rows("books", read_books(Path(books)))
        return compare(database, books).count
    finally:
        database.close()


def _minor(amount: str, currency: str) -> int:
    return int(Decimal(amount).scaleb(_EXPONENTS[currency]))


def _timed(work: Callable[[], int]) -> str:
    """Seconds, the process's peak of memory in megabytes, and how many differ."""
    began = perf_counter()
    count = work()
    seconds = perf_counter() - began
    return json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, count])
