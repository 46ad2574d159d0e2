"""What a job tells of itself: its exit code, its events, and the files of its result."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import attrs
import pytest

from jobs_support.memory_journal import create_rows
from jobs_support.pretend_jobs import PretendJob
from store_credit_jobs.engine.events import JobStarted, Progress, as_json
from store_credit_jobs.engine.result import ended, write_files
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Row


def test_refused_rows_are_told_by_the_exit_code() -> None:
    job = PretendJob(10)
    job.server.refuse = {"row-4": "customer_unknown"}
    result = job.run()
    assert result.exit_code is ExitCode.REFUSED
    assert result.refusals == {"customer_unknown": 1}
    assert job.journal.state == "ended"
    assert job.run().refusals == {"customer_unknown": 1}, "also when it is run again and sends nothing"


def test_progress_and_events_are_json() -> None:
    job = PretendJob(30, trouble=0.2, seed=1)
    job.server.refuse = {"row-4": "customer_unknown"}
    result = job.run()
    [started] = job.events.named("job.started")
    assert isinstance(started, JobStarted)
    assert (started.rows, started.resumed) == (30, False)
    last = [event for event in job.events.named("progress") if isinstance(event, Progress)][-1]
    assert sum(last.states.values()) + last.nothing == 30
    for event in [*job.events.events, ended(result)]:
        told = json.loads(json.dumps(as_json(event)))
        assert told["event"] == event.name


def test_the_result_files_hold_what_happened(tmp_path: Path) -> None:
    steps = create_rows(6)
    steps[1] = attrs.evolve(steps[1], key="=HYPERLINK(1)")
    job = PretendJob(steps)
    job.server.refuse = {"row-4": "@customer_unknown"}
    more = {"why": "already_done", "job": "jb_0", "made": "sc_old"}
    job.journal.idle = [Row(7, "row-7", "nothing", "cust_7", 107, "USD", None, {}, more)]
    result = job.run()
    told, rows = write_files(result, job.journal, tmp_path)
    kept = json.loads(told.read_text())
    assert kept["states"]["done"] == 5
    assert kept["states"]["refused"] == 1
    dollars = [step.minor for step in steps if step.currency == "USD"]
    assert kept["totals"]["USD"] == {
        "planned": sum(dollars), "made": sum(dollars) - 104, "refused": 104, "unknown": 0, "left": 0,
    }  # fmt: skip
    assert kept["proof"]["holds"]
    lines = list(csv.DictReader(rows.read_text(encoding="utf-8").splitlines()))
    assert [line["key"] for line in lines][:2] == ["row-1", "'=HYPERLINK(1)"]
    assert lines[3] == {"key": "row-4", "state": "refused", "id": "", "code": "'@customer_unknown", "text": "no"}
    assert lines[0]["id"].startswith("sc_")
    assert lines[6] == {"key": "row-7", "state": "nothing", "id": "sc_old", "code": "already_done", "text": ""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jb_1.result.json", "jb_1.rows.csv"]


def test_a_result_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    job = PretendJob(3)
    result = job.run()
    write_files(result, job.journal, tmp_path)
    before = (tmp_path / "jb_1.rows.csv").read_bytes()

    def failing(_: str):  # type: ignore[no-untyped-def]
        yield Row(1, "row-1", "create", "cust_1", 101, "USD", None, {}, {})
        raise OSError(28, "No space left on device")

    job.journal.rows = failing  # type: ignore[method-assign]
    with pytest.raises(JobsError, match="No space left"):
        write_files(result, job.journal, tmp_path)
    assert (tmp_path / "jb_1.rows.csv").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
