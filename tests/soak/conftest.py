"""The table of what the soak has seen, shown whenever it ran."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from strategies import Tally

_TALLIES: pytest.StashKey[list[Tally]] = pytest.StashKey()


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Callable[[Tally], None]:
    """Put a line into the table."""
    return request.config.stash.setdefault(_TALLIES, []).append


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    """How many credits are intended on each system."""
    return request.config.getoption("--soak") or 120


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the table."""
    tallies = config.stash.get(_TALLIES, [])
    if tallies:
        terminalreporter.section("exactly once")
        for line in (Tally.HEADER, *tallies):
            terminalreporter.write_line(str(line))
