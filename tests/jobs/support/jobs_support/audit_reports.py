"""Reports of an audit on snapshots of a few credits, all of them read at one time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from jobs_support.listed_account import VINR, ListedAccount
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.duckdb_database import DuckDatabase
from store_credit_jobs.audit.report import Report
from store_credit_jobs.audit.run import Question, make_report
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.snapshots.credit_line import LARGEST
from store_credit_jobs.snapshots.export import Reading, export
from store_credit_jobs.snapshots.snapshot_file import Snapshot

__all__ = ["AMOUNTS", "AT", "DAY", "ENGINES", "reported", "snapshot_of"]

AT = 1_790_000_000
"""When the snapshots are taken."""
DAY = 86_400
ENGINES: tuple[Callable[[], Database], ...] = (SqliteDatabase, DuckDatabase)
AMOUNTS = st.integers(0, 2000) | st.integers(0, LARGEST)
"""Minor units, usual ones and the largest that a credit may have."""


def snapshot_of(folder: Path, held: Sequence[Credit], account: Account = VINR, when: float = AT) -> Snapshot:
    """Take a snapshot of an account that holds these credits."""
    return export(ListedAccount(held), account, folder / "s.jsonl", Reading(clock=lambda: when))


def reported(snapshot: Snapshot, engine: Callable[[], Database] = SqliteDatabase, **asked: Any) -> Report:
    """Audit a snapshot with one of the databases."""
    database = engine()
    try:
        return make_report(snapshot, database, Question(**asked))
    finally:
        database.close()
