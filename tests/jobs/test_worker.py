"""Jobs that several workers share: workers that are killed, frozen, rescued though they live, and stopped."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from jobs_support.shops import SYSTEMS, Run, Shop
from served_mock import Served, start
from store_credit_jobs.config import Account, read_config
from store_credit_jobs.engine.events import Silent
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, State

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

    def command(self, *arguments: str, code: int = 0) -> Any:
        """Run a command about the journal; gives the first line of what it prints."""
        more = ["--config", str(self.shop.folder / "store-credit.toml"), "--postgres", self.dsn]
        run = Run([*arguments, *more], {"SHOP_TOKEN": self.shop.key}, self.shop.folder, ("never", 1))
        assert run.code == code, run
        return json.loads(run.out.splitlines()[0])

    def until(self, what: Callable[[], Any]) -> Any:
        """Wait until something is true."""
        deadline = time.monotonic() + 60
        while not (found := what()):
            assert time.monotonic() < deadline, "\n".join(map(repr, self.runs))
            time.sleep(0.05)
        return found

    def runner(self) -> str:
        """Who has the account."""
        told = self.journal.runner(self.shop.account.identity)
        assert told is not None
        return told.split(",")[0]

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
        self.journal.close()
        for run in self.runs:
            if run.process.is_alive():
                for number in (signal.SIGCONT, signal.SIGTERM):
                    _signal(run, number)
        for run in self.runs:
            # A signal may come before it is waited for.
            assert run.code in (0, -signal.SIGKILL, -signal.SIGTERM), run


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
    _signal(frozen, signal.SIGCONT)
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
@pytest.mark.parametrize("system", ["vinr", "spree-v2"])
def test_a_worker_that_lives_is_rescued(system: str, workers: Callable[..., Workers]) -> None:
    """Failure 23. First the queue takes its job away, which its lease survives; then its lease is gone, too."""
    there = workers(system, lease=6.0)
    job = there.hand_over("--rate", "15/s", "--concurrency", "3")
    there.start()
    there.until(lambda: there.done(job, 5))
    there.start()
    first = there.runner()
    there.sql("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing' AND task_name LIKE '%apply'")
    there.until(lambda: there.done(job, 15))
    assert there.runner() == first
    there.sql("UPDATE store_credit_jobs.runner SET lease_until = 0")
    there.until(lambda: there.ended(job))
    assert there.shop.counted() == (0, 0)


def test_a_worker_that_is_stopped_leaves_the_rest_to_others(workers: Callable[..., Workers]) -> None:
    """SIGTERM: what is in flight is waited for and written, and the next goes on without a lease to run out."""
    there = workers("vinr", lease=60.0)
    job = there.hand_over("--rate", "40/s")
    first = there.start()
    there.until(lambda: there.done(job, 5))
    _signal(first, signal.SIGTERM)
    assert first.code == 0, first
    states = there.journal.totals(job).states
    assert not {State.SENDING, State.UNKNOWN} & {*states}
    assert states[State.PLANNED]
    there.start()
    there.until(lambda: there.ended(job))
    assert there.shop.counted() == (0, 0)


def _signal(run: Run, number: int) -> None:
    assert run.process.pid is not None
    os.kill(run.process.pid, number)


def _said(run: Run) -> str:
    """What a process has said on stderr, if it has begun."""
    with suppress(FileNotFoundError):
        return run.err
    return ""


def _state(run: Run) -> str:
    """What the kernel says of a process: `T` for one that is frozen."""
    return Path(f"/proc/{run.process.pid}/stat").read_text().rpartition(") ")[2][0]


@pytest.mark.parametrize("wrong", ["host", "live"])
def test_a_worker_refuses_what_is_not_meant(
    workers: Callable[..., Workers], wrong: str, mock: Served, tmp_path: Path
) -> None:
    """Another server under the account's name, and a live account that nobody has confirmed; no request is sent."""
    there = workers("spree-v2")
    job = there.hand_over()
    config = tmp_path / "store-credit.toml"
    if wrong == "host":
        # A worker takes what is queued for its own accounts; here the queue is the account's that it had before.
        from store_credit_jobs.worker.order import queue_of

        identity = there.shop.account.identity
        other = Account("shop", "spree-v2", mock.url.replace("127.0.0.1", "localhost"), {})
        config.write_text(config.read_text().replace("127.0.0.1", "localhost"))
        there.sql(f"UPDATE procrastinate_jobs SET queue_name = '{queue_of(other.identity)}'")
        told = f"job {job} is for {identity}"
    else:
        config.write_text(config.read_text() + "live = true\n")
        told = f"job {job} was not confirmed for real money"
    before = there.shop.requests()
    worker = there.start()
    there.until(lambda: told in _said(worker))
    assert "Traceback" not in worker.err
    assert there.shop.requests() == before
    assert there.journal.totals(job).states == {State.PLANNED: 40}


def test_the_journal_is_read_and_decided_about_in_postgresql(workers: Callable[..., Workers]) -> None:
    """`jobs`, `settle` and `decide` take --postgres, and leave an account alone that a worker has."""
    there = workers("vinr", rows=3)
    job = there.hand_over()
    account = there.shop.account.identity
    there.journal.hold(account)
    one, two = there.journal.advance(job, [], 2, owner="x", credential="c1")
    there.journal.advance(job, [Outcome(one, State.HELD, code="key_window_over")], 0, owner="x", credential="c1")
    assert there.command("jobs", "list", "--json")["states"] == {"held": 1, "sending": 1, "planned": 1}
    for locked in (["jobs", "unlock", job], ["issue", "settle", job]):
        assert there.command(*locked, "--json", code=ExitCode.LOCKED)["code"] == "journal_locked"
    there.command("issue", "decide", job, "1", "done=sc_1", "--who", "ada", "--json")
    assert there.journal.owner in there.command("jobs", "show", job, "--json")["runner"]
    there.journal.close()
    there.journal = type(there.journal)(there.dsn)
    assert there.command("jobs", "unlock", job, "--json")["adopted"] == 1
    assert [step.state for step in there.journal.steps(job)] == [State.DONE, State.UNKNOWN, State.PLANNED]
    assert two.state is State.SENDING


def test_a_frozen_worker_keeps_nothing_of_the_queue_locked(workers: Callable[..., Workers]) -> None:
    """Each of its statements is a transaction of its own: none is open while it is not at work."""
    from store_credit_jobs.worker.worker import Worker

    there = workers("vinr", rows=1)
    there.hand_over()
    configuration = read_config(there.shop.folder / "store-credit.toml")
    app = Worker(there.dsn, configuration, Silent)._app()

    async def autocommits() -> bool:
        async with app.open_async(), getattr(app.connector, "pool").connection() as connection:  # noqa: B009
            return connection.autocommit

    assert asyncio.run(autocommits())
