"""A full temporary folder: one sentence with the code `disk_full`, and nothing that is half done."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import attrs
import pytest

from jobs_support.plan_lines import created, head
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.engine.expected import Expected
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.planning.draft import Draft, DraftRow, DraftRows
from store_credit_jobs.planning.plan_file import PlanHead, write_plan
from store_credit_jobs.temporary import folder

NOTHING = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "
COMMAND = f"{NOTHING}from store_credit_jobs.cli.main import main; main()"


@contextmanager
def full(size: int = 100_000) -> Iterator[None]:
    """Let no file grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def draft(_: Path) -> None:
    """More rows than SQLite's cache holds."""
    row = DraftRow(1, 1, "k" * 9000, "c" * 9000, 1, "USD", None, None, None, None)
    with Draft() as rows:
        for first in range(0, 2500, 100):
            rows.add(DraftRows.of([row._replace(n=first + n) for n in range(100)]))


def expected(place: Path) -> None:
    with closing(SqliteJournal(place / "workspace", write=False)) as journal:
        (job,) = journal.jobs()
        steps = list(journal.steps(job.id))
    Expected().fill(attrs.evolve(step, n=step.n + 2000 * turn) for turn in range(14) for step in steps)


def audited(_: Path) -> None:
    database = SqliteDatabase()
    database.load_rows("books", (["c" * 1000, "USD", 1] for _ in range(20_000)))


@pytest.mark.parametrize("fill", [draft, expected, audited], ids=lambda one: one.__name__)
def test_what_is_added_up_on_the_disk(fill: Callable[[Path], None], tmp_path: Path) -> None:
    """Planning, the closing scan and the audit keep rows in a database that is not SQLite's concern alone."""
    with closing(SqliteJournal(tmp_path / "workspace", write=True, durable=False)) as journal:
        journal.begin(head(), map(created, range(1, 2000)), "s1")
    with full(), pytest.raises(JobsError) as raised:
        fill(tmp_path)
    assert (raised.value.code, raised.value.exit_code) == ("disk_full", ExitCode.STOPPED)
    assert "TMPDIR" in raised.value.message
    fill(tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python looks for another, and finds none."""
    import tempfile

    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_get_default_tempdir", none)
    with pytest.raises(JobsError, match="no space for temporary files") as raised, folder("store-credit-"):
        pass
    assert raised.value.code == "disk_full"


def test_the_command_says_it_in_one_sentence(tmp_path: Path) -> None:
    """A rehearsal wants a folder, and Python finds none that a byte can be written to."""
    head = PlanHead(
        "pl_1", "nov", "shop", "vinr|h|shop", "vinr", "https://h", "2026-11-29T16:00:00Z", {}, "add", "issue", "0.1"
    )
    write_plan(tmp_path / "plan.jsonl", head, [])
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "issue", "rehearse", "plan.jsonl", "--json"],
        cwd=tmp_path, env={"PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 4, done
    (told,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (told["event"], told["code"]) == ("error", "disk_full")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
