"""Fixtures of the tests of jobs, and the table of the kill runs, shown whenever some ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.accounts_on_mock import Bench
from jobs_support.audit_reports import ENGINES
from jobs_support.job_bench import JobBench
from jobs_support.journal_steps import StandingClock
from jobs_support.kill_runs import HEADER, PROPERTY
from jobs_support.move_shops import Shops
from jobs_support.planning import Desk
from jobs_support.v3_account import PROFILES, V3Account
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.duckdb_database import DuckDatabase
from store_credit_jobs.journal.sql_journal import SqlJournal
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.systems.clock import Clock
from store_credit_mock import Contract, Server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the table; from reports, which also come from the processes of pytest-xdist."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [
        str(value)
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == PROPERTY
    ]
    if lines:
        terminalreporter.section("killed with SIGKILL, counted on the server")
        for line in (HEADER, *lines):
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _state_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """What journals note in the user's folder stays in the test's."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server; tests that need one are skipped where none can be started."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    from postgres import NoPostgresError, server

    try:
        with server() as address:
            yield address
    except NoPostgresError as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture
def database(postgres: str) -> str:
    """The address of an empty database."""
    from postgres import new_database

    return new_database(postgres)


@pytest.fixture
def clocks_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let minutes pass in no time, on this machine's clock and on that of the servers."""
    servers: list[Server] = []
    ahead = [0.0]
    wait, now = Clock.wait, Clock.now
    start = Server.start

    def started(self: Server) -> Server:
        servers.append(start(self))
        return servers[-1]

    def jump(self: Clock, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        if seconds < 5:
            return wait(self, seconds, stopped)
        ahead[0] += seconds
        for server in servers:
            server.control.advance(seconds)
        return not stopped()

    monkeypatch.setattr(Server, "start", started)
    monkeypatch.setattr(Clock, "wait", jump)
    monkeypatch.setattr(Clock, "now", lambda self: now(self) + ahead[0])


@pytest.fixture
def shops_of(tmp_path: Path, clocks_jump: None) -> Iterator[Callable[..., Shops]]:
    """Shops of the systems that a test names."""
    made: list[Shops] = []

    def make(source: str, target: str, customers: int = 3) -> Shops:
        made.append(Shops(tmp_path, source, target, customers))
        return made[-1]

    yield make
    for shops in made:
        shops.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Plans files in an empty folder."""
    return Desk(tmp_path)


@pytest.fixture
def clock() -> StandingClock:
    """The clock of `journal`."""
    return StandingClock()


@pytest.fixture(params=["sqlite", "postgres"])
def journal(request: pytest.FixtureRequest, tmp_path: Path, clock: StandingClock) -> Iterator[SqlJournal]:
    """A journal in a file, and one in PostgreSQL."""
    if request.param == "sqlite":
        opened = SqliteJournal(tmp_path / "ws", write=True, clock=clock)
    else:
        address = request.getfixturevalue("database")
        from store_credit_jobs.journal.postgres_journal import PostgresJournal

        opened = PostgresJournal(address, clock=clock)
    yield opened
    opened.close()


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def audit_engine(request: pytest.FixtureRequest) -> Callable[[], Database]:
    """Each of the databases that an audit can sum with."""
    if request.param is DuckDatabase:
        pytest.importorskip("duckdb")
    return request.param


@pytest.fixture
def bench_of(store_credit_mock_contract: Contract) -> Iterator[Callable[..., Bench]]:
    """Make accounts of the system that a test names, on mocks of their own."""
    made: list[Bench] = []

    def make(system: str, **settings: Any) -> Bench:
        made.append(Bench(store_credit_mock_contract, system, **settings))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def job_of(store_credit_mock_contract: Contract, tmp_path: Path) -> Iterator[Callable[..., JobBench]]:
    """Jobs of six rows, of 1.01 to 1.06, on accounts of the system that a test names."""
    made: list[JobBench] = []

    def make(system: str, rows: int = 6, **more: Any) -> JobBench:
        made.append(JobBench(store_credit_mock_contract, system, tmp_path, rows, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def v3_shop_of(store_credit_mock_contract: Contract) -> Iterator[Callable[..., V3Account]]:
    """Accounts of the version of Spree v3 that a test names."""
    made: list[V3Account] = []

    def make(profile: str, **more: Any) -> V3Account:
        made.append(V3Account(profile, store_credit_mock_contract, **more))
        return made[-1]

    yield make
    for one in made:
        one.mock.close()


@pytest.fixture(params=PROFILES)
def v3_shop(request: pytest.FixtureRequest, v3_shop_of: Callable[..., V3Account]) -> V3Account:
    """An account of each version of Spree v3."""
    return v3_shop_of(request.param)
