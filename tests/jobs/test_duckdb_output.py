"""DuckDB writes nothing to standard output, where reports and JSON go."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

duckdb = pytest.importorskip("duckdb", reason="the extra `parquet` is not installed")

PROGRAM = """
import sys
from pathlib import Path

import duckdb

made, plain = [], duckdb.connect
duckdb.connect = lambda *arguments, **options: made.append(plain(*arguments, **options)) or made[-1]
{opening}
for connection in (plain(), *made):
    print(*connection.execute("select current_setting('enable_progress_bar')").fetchone())
"""
AUDIT = """
from store_credit_jobs.audit.duckdb_database import DuckDatabase
opened = DuckDatabase()
"""
FILE = """
from store_credit_jobs.planning.reading.parquet_file import ParquetFile
opened = ParquetFile(Path(sys.argv[1]), "rows.parquet", {})
"""


@pytest.mark.parametrize("opening", [AUDIT, FILE], ids=["audit", "file"])
def test_no_progress_bar_where_python_is_a_shell(opening: str, tmp_path: Path) -> None:
    """There, and under `python -c`, DuckDB draws one for a query of two seconds, in the middle of a report."""
    path = tmp_path / "rows.parquet"
    duckdb.sql("select 'cust_8aZ2' as customer").write_parquet(str(path))
    command = [sys.executable, "-c", PROGRAM.format(opening=opening), str(path)]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "False"], "DuckDB's own, then ours"
