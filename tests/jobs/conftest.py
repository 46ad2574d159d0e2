"""Fixtures of the tests of jobs, and the table of the kill runs, shown whenever some ran."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs_support.kill_runs import HEADER, PROPERTY
from jobs_support.move_shops import Shops
from store_credit_jobs.systems.clock import Clock
from store_credit_mock import Server


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
