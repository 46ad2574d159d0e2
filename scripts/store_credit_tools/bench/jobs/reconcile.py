"""A snapshot against the books, a million rows each: ours, a loop into SQLite by hand, and pandas if it is there."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from store_credit_jobs.audit.amounts import plain
from store_credit_jobs.credit import Credit
from store_credit_jobs.snapshots.snapshot_file import SnapshotDraft, SnapshotHead
from store_credit_tools.bench.groups import QUICK, Effort, Group, SkippedError
from store_credit_tools.bench.interleave import interleave
from store_credit_tools.bench.processes import BenchmarkError, Contender, Worker
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS", "LARGE_GROUPS"]

MANY = 1_000_000
LARGE = 10
"""How many times as many rows the large comparison has."""
ROUNDS = 3
_WHEN = "2026-11-29T00:00:00Z"
_CURRENCIES = ("USD", "EUR", "JPY")


def _measure(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """Names are `who/s` and `who/MB`; who is `sqlite`, `duckdb`, `loop` or `pandas`."""
    return _compared(names, effort, MANY, effort.times(ROUNDS))


def _large(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """The same of more rows, once: its files alone take minutes to write."""
    return _compared(names, effort, LARGE * MANY, 1)


def _compared(names: Sequence[str], effort: Effort, many: int, rounds: int) -> Mapping[str, Sequence[float]]:
    who = sorted({name.partition("/")[0] for name in names})
    if "pandas" in who and find_spec("pandas") is None:
        raise SkippedError("pandas is not installed")
    if "duckdb" in who and find_spec("duckdb") is None:
        raise SkippedError("DuckDB is not installed")
    many = many // 10 if effort is QUICK else many
    found: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        snapshot, books = _files(Path(folder), many)
        counts: set[float] = set()

        def sample(one: str) -> float:
            seconds, megabytes, count = _figures(Contender("reconcile", one, [str(snapshot), str(books)]))
            counts.add(count)
            memory.setdefault(one, []).append(megabytes)
            return seconds

        memory: dict[str, list[float]] = {}
        samplers = {one: (lambda one=one: sample(one)) for one in who}
        for one, seconds in interleave(samplers, rounds).items():
            found[f"{one}/s"] = seconds
            found[f"{one}/MB"] = memory[one][-len(seconds) :]
    if len(counts) != 1:
        raise BenchmarkError(f"they found different numbers of differences: {sorted(counts)}")
    return found


def _figures(contender: Contender) -> tuple[float, float, int]:
    with Worker(contender, 1.0) as worker:
        line = worker.ask("figure")
    try:
        seconds, megabytes, count = json.loads(line)
    except ValueError:
        raise BenchmarkError(f"{contender.function} printed {line!r} in place of its figures") from None
    return seconds, megabytes, count


def _files(folder: Path, many: int) -> tuple[Path, Path]:
    """Write a snapshot, and books that say something else of every thousandth customer."""
    books = folder / "books.csv"
    with SnapshotDraft(folder, _WHEN) as draft, books.open("w", encoding="ascii") as file:
        file.write("customer,currency,amount\n")
        for credit in _credits(many):
            draft.add(credit)
            owed = credit.minor - credit.used + (credit.minor % 1000 == 0)
            file.write(f"{credit.customer},{credit.currency},{plain(owed, credit.currency)}\n")
        head = SnapshotHead(
            account="shop",
            identity="vinr|api.vinr.example|shop",
            system="vinr",
            host="api.vinr.example",
            started=_WHEN,
            ended=_WHEN,
            ledger=False,
            credits=draft.credits,
            totals=draft.totals,
            previous=None,
            tool="0",
        )
        return draft.seal(head, "snapshot.jsonl").path, books


def _credits(many: int) -> Iterator[Credit]:
    for number in range(many):
        yield Credit(
            id=f"sc_{number:08d}",
            customer=f"cust_{number * 7919 % (many * 3 // 5):08d}",
            minor=number % 9973 + 1,
            used=number % 3,
            authorized=0,
            currency=_CURRENCIES[number % 3],
            expires=None,
            created=1_790_000_000.0 + number,
            memo="Goodwill",
        )


def _rows(who: str, name: str, rival: str) -> list[Comparison]:
    return [
        Comparison(f"{name}, time", "s", f"{who}/s", f"{rival}/s"),
        Comparison(f"{name}, peak of memory", "MB", f"{who}/MB", f"{rival}/MB"),
    ]


GROUPS = [
    Group(
        "reconcile a snapshot with the books",
        [
            *_rows("sqlite", "reconcile 2 x 1,000,000 rows in SQLite, against a loop by hand", "loop"),
            *_rows("duckdb", "reconcile 2 x 1,000,000 rows in DuckDB, against a loop by hand", "loop"),
        ],
        _measure,
    ),
    Group(
        "reconcile a snapshot with the books, and pandas",
        _rows("duckdb", "reconcile 2 x 1,000,000 rows in DuckDB, against pandas", "pandas"),
        _measure,
    ),
]
"""For information: nothing is promised but that the sums are integers."""

LARGE_GROUPS = [
    Group(
        "reconcile a large snapshot with the books",
        [
            Comparison(f"reconcile 2 x {LARGE * MANY:,} rows in DuckDB, time", "s", "duckdb/s", None, 15.0),
            Comparison(
                f"reconcile 2 x {LARGE * MANY:,} rows in DuckDB, peak of memory", "MB", "duckdb/MB", None, 700.0
            ),
        ],
        _large,
    )
]
"""What takes many minutes, and is measured with `--full`."""
