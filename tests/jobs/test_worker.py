"""Jobs that several workers share: workers that are killed, frozen, rescued though they live, and stopped."""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.shops import SYSTEMS, Run, Shop
from served_mock import Served, start
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State

pytest.importorskip("procrastinate", reason="the extra `postgres` is not installed")

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """A mock that behaves as the real servers do; each test has a sandbox of its own."""
    running = start("--observe")
    yield running
    running.process.terminate()
    running.end()


class Workers:
    """Workers on one database.

    Args:
        shop: Whose jobs they carry out.
        dsn: The database.
        lease: Seconds.
    """

    def __init__(self, shop: Shop, dsn: str, lease: float = 2.0) -> None:
        from store_credit_jobs.journal.postgres_journal import PostgresJournal

        self.shop, self.dsn, self.lease = shop, dsn, lease
        self.journal = PostgresJournal(dsn)
        self.runs: list[Run] = []

    def start(self, kill: tuple[str, int] = ("never", 1)) -> Run:
        """Start one, in a process of its own."""
        config = str(self.shop.folder / "store-credit.toml")
        arguments = ["worker", "--postgres", self.dsn, "--config", config, "--json", "--lease", f"{self.lease}s"]
        run = Run(arguments, {"SHOP_TOKEN": self.shop.key}, self.shop.folder, kill)
        self.runs.append(run)
        return run

    def hand_over(self, *options: str) -> str:
        """Hand the shop's plan over; gives the job's id."""
        run = self.shop.apply("--postgres", self.dsn, "--json", *options)
        assert run.code == 0, run
        told = json.loads(run.out)
        assert told["event"] == "job.handed_over"
        return told["job"]

    def until(self, what: Callable[[], Any]) -> Any:
        """Wait until something is true."""
        deadline = time.monotonic() + 60
        while not (found := what()):
            assert time.monotonic() < deadline, "\n".join(map(repr, self.runs))
            time.sleep(0.05)
        return found

    def done(self, job: str, rows: int) -> bool:
        """Whether that many rows are done at least."""
        return self.journal.totals(job).states.get(State.DONE, 0) >= rows

    def sql(self, statement: str) -> None:
        """Change something in the database behind everybody's back."""
        import psycopg

        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def ended(self, job: str) -> str | None:
        """How the job ended: `ended`, `broken`, or None while it is open."""
        return None if (state := self.journal.job(job).state) == "open" else state

    def stop(self) -> None:
        """End all that are left, in order; what is frozen goes on before."""
        for run in self.runs:
            if run.process.is_alive():
                for number in (signal.SIGCONT, signal.SIGTERM):
                    os.kill(run.process.pid, number)
        for run in self.runs:
            assert run.code in (0, -9), run
        self.journal.close()


@pytest.fixture
def workers(mock: Served, database: str, tmp_path: Path) -> Iterator[Callable[..., Workers]]:
    made: list[Workers] = []

    def make(system: str, rows: int = 40, lease: float = 2.0, **settings: Any) -> Workers:
        shop = Shop(mock, system, f"worker-{next(_numbers)}", tmp_path, rows=rows, **settings)
        made.append(Workers(shop, database, lease))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_a_job_is_handed_over_and_carried_out(workers: Callable[..., Workers]) -> None:
    """Handing over sends nothing; a worker does it all, and running the command again tells how it ended."""
    there = workers("vinr")
    job = there.hand_over()
    assert there.shop.counted() == (0, 40)
    assert there.hand_over() == job
    worker = there.start()
    there.until(lambda: there.ended(job))
    assert there.shop.counted() == (0, 0)
    again = there.shop.apply("--postgres", there.dsn)
    assert again.code == 0, again
    assert "40 done" in again.out
    assert there.shop.result()["exit_code"] == 0
    events = [json.loads(line)["event"] for line in worker.out.splitlines()]
    assert (events[0], events[-1]) == ("job.started", "job.ended")


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_three_workers_one_killed_one_frozen(
    system: str, workers: Callable[..., Workers], request: pytest.FixtureRequest
) -> None:
    """The frozen one has passed its lease check, and sends when it goes on, long after another took its place.

    Keys keep VINR and Spree v3 from making a second credit. Spree v2 has none: the closing scan finds it, or there is
    none.
    """
    rows = request.config.getoption("--soak") or 60
    there = workers(system, rows=rows)
    there.shop.trouble()
    job = there.hand_over("--rate", f"{rows // 3}/s", "--concurrency", "3")
    killed = there.start(("answered", rows // 6))
    assert killed.code == -9, killed
    frozen = there.start(("frozen-sending", rows // 6))
    there.until(lambda: _state(frozen) == "T")
    before = there.journal.totals(job).states.get(State.DONE, 0)
    third = there.start()
    there.until(lambda: there.done(job, before + rows // 6))
    os.kill(frozen.process.pid, signal.SIGCONT)
    ended = there.until(lambda: there.ended(job) or there.journal.totals(job).states.get(State.HELD))
    doubled, lost = there.shop.counted()
    result = there.journal.result(job)
    print(f"{system}: {doubled} doubled, {lost} lost, {ended}")
    assert lost == 0
    if system == "spree-v2" and doubled:
        assert ended == "broken"
        assert result is not None
        assert result["exit_code"] == ExitCode.BROKEN
        assert doubled == 1
    else:
        assert doubled == 0
        assert ended == "ended"
    assert third.process.is_alive()


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_worker_that_lives_is_rescued(system: str, workers: Callable[..., Workers]) -> None:
    """Failure 23. First the queue takes its job away, which its lease survives; then its lease is gone, too."""
    there = workers(system, lease=6.0)
    job = there.hand_over("--rate", "15/s", "--concurrency", "3")
    there.start()
    there.until(lambda: there.done(job, 5))
    there.start()
    first = there.journal.runner(there.shop.account.identity)
    there.sql("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing' AND task_name LIKE '%apply'")
    there.until(lambda: there.done(job, 15))
    assert there.journal.runner(there.shop.account.identity).split()[0] == first.split()[0]
    there.sql("UPDATE store_credit_jobs.runner SET lease_until = 0")
    there.until(lambda: there.ended(job))
    assert there.shop.counted() == (0, 0)


def test_a_worker_that_is_stopped_leaves_the_rest_to_others(workers: Callable[..., Workers]) -> None:
    """SIGTERM: what is in flight is waited for and written, and the next goes on at once, with no lease to run out."""
    there = workers("vinr", lease=60.0)
    job = there.hand_over("--rate", "40/s")
    first = there.start()
    there.until(lambda: there.done(job, 5))
    os.kill(first.process.pid, signal.SIGTERM)
    assert first.code == 0, first
    states = there.journal.totals(job).states
    assert not {State.SENDING, State.UNKNOWN} & {*states}
    assert states[State.PLANNED]
    there.start()
    there.until(lambda: there.ended(job))
    assert there.shop.counted() == (0, 0)


def _state(run: Run) -> str:
    """What the kernel says of a process: `T` for one that is frozen."""
    return Path(f"/proc/{run.process.pid}/stat").read_text().rpartition(") ")[2][0]
