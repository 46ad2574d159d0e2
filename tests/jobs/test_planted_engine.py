"""Failures that were planted: whole jobs by the command itself, on a served mock, against what must become of them.

The first of them, kills at any moment, is in `test_job_kills.py`; what takes long in `test_planted_on_a_clock.py`.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.shops import SYSTEMS, Shop
from served_mock import Served, start
from store_credit import SpreeClient
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import State
from store_credit_mock import Fault

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """A mock that behaves as the real servers do; each test has a sandbox of its own."""
    running = start("--observe")
    yield running
    running.process.terminate()
    running.end()


@pytest.fixture
def shop(mock: Served, tmp_path: Path) -> Callable[..., Shop]:
    def make(system: str, **settings: Any) -> Shop:
        return Shop(mock, system, f"planted-{next(_numbers)}", tmp_path, **settings)

    return make


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("point", ["claimed", "answered", "writing"])
def test_killed_between_commit_and_request_or_response_and_commit(
    system: str, point: str, shop: Callable[..., Shop]
) -> None:
    """Failures 2 and 3: looked up or replayed, and one credit each."""
    there = shop(system, rows=12)
    assert there.apply(kill=(point, 2 if point == "answered" else 1)).code == -9
    run = there.apply()
    assert run.code == 0, run
    assert there.counted() == (0, 0)


def test_two_runners_on_one_journal(shop: Callable[..., Shop]) -> None:
    """Failure 5: the second ends with 6 and sends nothing, not even a read."""
    there = shop("vinr")
    asked = there.requests("*")
    with contextlib.closing(SqliteJournal(there.folder / "workspace", write=True)):
        run = there.apply()
    assert run.code == ExitCode.LOCKED
    assert str(os.getpid()) in run.err
    assert there.requests("*") == asked


@pytest.mark.parametrize(("system", "doubled"), [("vinr", 0), ("spree-v2", 20), ("spree-v3", 0)])
def test_two_journals_and_one_campaign(system: str, doubled: int, shop: Callable[..., Shop]) -> None:
    """Failure 6: keys protect; on Spree's API v2 the closing scan finds each double and lists what to take back."""
    there = shop(system, rows=20)
    assert there.apply(workspace="one").code == 0
    run = there.apply(workspace="two")
    assert there.counted() == (doubled, 0)
    if not doubled:
        assert run.code == 0, run
        return
    assert run.code == ExitCode.BROKEN
    (repair,) = (there.folder / "two").glob("*.repair.jsonl")
    taken = [json.loads(line) for line in repair.read_text().splitlines()]
    assert len(taken) == 20
    with SpreeClient(there.mock.url, there.key) as spree:
        for line in taken:
            spree.store_credits.delete(line["take_back"])
    assert there.counted() == (0, 0)
    # Whose credits were kept is the second journal's; the first one says that its own are gone.
    assert there.apply(workspace="two").code == 0


def test_two_journals_and_a_lock_on_the_server(shop: Callable[..., Shop]) -> None:
    """Failure 6, with --server-lock: who comes second sends no credit."""
    there = shop("spree-v2", rows=6)
    other = there.connect()
    with other.server_lock("nov", lambda: False):
        run = there.apply("--server-lock")
        assert run.code == ExitCode.LOCKED, run
        assert "another runner has held the lock" in run.err
        assert there.requests() == 0
    other.close()
    assert there.apply("--server-lock").code == 0
    assert there.counted() == (0, 0)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_workspace_out_of_a_backup(system: str, shop: Callable[..., Shop]) -> None:
    """It is refused, and once a person has accepted it, what it does not know is found and nothing is sent twice."""
    there = shop(system, rows=12)
    assert there.apply(kill=("answered", 3)).code == -9
    workspace, backup = there.folder / "workspace", there.folder / "backup"
    shutil.copytree(workspace, backup)
    assert there.apply().code == 0
    sent = there.requests()
    shutil.rmtree(workspace)
    shutil.copytree(backup, workspace)
    run = there.apply("--json")
    assert run.code == ExitCode.USAGE, run
    assert json.loads(run.out.splitlines()[-1])["code"] == "journal_damaged"
    accepted = there.command("jobs", "accept-restored", "--json")
    assert accepted.code == 0, accepted
    assert there.apply().code == 0
    if system != "vinr":
        # There all of them were being sent, and are sent again under their keys.
        assert sum(json.loads(accepted.out)["rows"].values()) > 0
        assert there.requests() == sent
    assert there.counted() == (0, 0)


def _byte(there: Shop, line: int) -> None:
    lines = there.plan.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"101", b"102", 1).replace(b'"rows":', b'"rows": ', 1)
    there.plan.write_bytes(b"".join(lines))


def _yesterday(there: Shop) -> None:
    there.write_plan(there.plan, made="2026-01-01T00:00:00Z")


def _other_host(there: Shop) -> None:
    configuration = there.folder / "store-credit.toml"
    configuration.write_text(configuration.read_text().replace("127.0.0.1", "localhost"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda there: _byte(there, 1), "plan_changed"),
        (lambda there: _byte(there, -1), "plan_changed"),
        (_yesterday, "plan_old"),
        (_other_host, "other_host"),
    ],
    ids=["row", "seal", "yesterday", "other_host"],
)
def test_a_plan_that_is_not_the_one_for_now_and_here(
    change: Callable[[Shop], None], code: str, shop: Callable[..., Shop]
) -> None:
    """Failure 14: exit code 2, and no request of any kind."""
    there = shop("vinr")
    asked = there.requests("*")
    change(there)
    run = there.apply("--json")
    assert run.code == ExitCode.USAGE, run
    assert json.loads(run.out.splitlines()[-1])["code"] == code
    assert there.requests("*") == asked


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_disk_that_is_full_when_outcomes_are_written(system: str, shop: Callable[..., Shop]) -> None:
    """Failure 15: it stops with advice, and is resumed with one credit each."""
    there = shop(system)
    run = there.apply(kill=("full", 2))
    assert run.code == ExitCode.STOPPED, run
    assert "Free some disk space" in run.err
    assert 0 < there.requests() <= there.rows, run
    assert there.apply().code == 0
    assert there.counted() == (0, 0)


def test_a_journal_that_was_cut_off(shop: Callable[..., Shop]) -> None:
    """Failure 15: a damaged journal is refused, since it alone knows what was sent."""
    there = shop("vinr")
    there.apply(kill=("writing", 1))
    journal = there.folder / "workspace" / "journal.db"
    journal.write_bytes(journal.read_bytes()[:5000])
    asked = there.requests("*")
    run = there.apply("--json")
    assert run.code == ExitCode.USAGE, run
    assert json.loads(run.out.splitlines()[-1])["code"] == "journal_damaged"
    assert there.requests("*") == asked


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_command(number: signal.Signals, shop: Callable[..., Shop]) -> None:
    """Failure 22: 130; what was in flight is done, and resuming sends the rest alone."""
    there = shop("spree-v2", rows=60)
    there.control.add_fault(Fault(there.operation, delay=0.05))
    running = there.start("--concurrency", "4")
    there.control.exchanges(operation=there.operation, wait_for=5, timeout=60)
    os.kill(running.process.pid or 0, number)
    assert running.code == 130, running
    assert number.name in running.out
    sent = there.requests()
    assert 5 <= sent < 60
    there.control.clear_faults()
    assert there.apply().code == 0
    assert there.requests() == 60, "each row was sent once"
    assert there.counted() == (0, 0)


@pytest.mark.takes_seconds
def test_a_second_signal_to_the_command(shop: Callable[..., Shop]) -> None:
    """Failure 22: what hangs is not waited for, and is looked up next time."""
    there = shop("spree-v2", rows=20)
    there.control.add_fault(Fault(there.operation, nth=6, times=100, delay=4.0))
    running = there.start("--concurrency", "4")
    there.control.exchanges(operation=there.operation, wait_for=5, timeout=60)
    os.kill(running.process.pid or 0, signal.SIGINT)
    for _ in range(200):
        # Signals that are pending at the same moment are one.
        if running.process.exitcode is not None:
            break
        os.kill(running.process.pid or 0, signal.SIGINT)
        running.process.join(0.05)
    assert running.code == 130, running
    # A first signal waits for what is in flight, which would be done by then.
    with contextlib.closing(SqliteJournal(there.folder / "workspace", write=False)) as journal:
        (job,) = journal.jobs()
        assert State.SENDING in {step.state for step in journal.steps(job.id)}
    there.control.clear_faults()
    run = there.apply("--grace", "5")
    assert run.code == 0, run
    assert there.counted() == (0, 0)


def test_a_credit_that_staff_deletes_during_the_job(shop: Callable[..., Shop]) -> None:
    """Failure 24: the closing scan names it, with exit code 5."""
    there = shop("spree-v2", rows=20)
    assert there.apply("--max-total", "10.00:USD").code == ExitCode.STOPPED
    victim = next(name for name, credit in there.credits().items() if credit.minor == 101)
    with SpreeClient(there.mock.url, there.key) as spree:
        spree.store_credits.delete(victim)
    run = there.apply()
    assert run.code == ExitCode.BROKEN, run
    assert victim in run.out
    assert "row-1" in run.out
    (found,) = [one for one in there.result()["proof"]["findings"] if one["code"] == "deleted"]
    assert (found["key"], found["credit"]) == ("row-1", victim)
