"""Exactly once under `kill -9`: whole jobs by the command itself, in processes that end at any moment.

`scripts/test tests/jobs --soak` kills 50 times on 2,000 rows of each system; `--kill-seed N` chooses other moments.
The table at the end names the settings.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.kill_runs import PROPERTY, KillRun, Trouble, count
from jobs_support.shops import SYSTEMS, Shop
from served_mock import Served, start

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
    """A shop whose requests are not limited."""

    def make(system: str, **settings: Any) -> Shop:
        made = Shop(mock, system, f"kills-{next(_numbers)}", tmp_path, **settings)
        made.control.vinr.rate_limit()
        return made

    return make


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> int:
    """How many rows a job has."""
    return request.config.getoption("--soak") or 120


@pytest.fixture
def kills(request: pytest.FixtureRequest, rows: int) -> int:
    """How often it is killed."""
    return max(5, rows // 40) if request.config.getoption("--soak") else 5


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """What moments are drawn by."""
    return request.config.getoption("--kill-seed")


@pytest.mark.takes_seconds
@pytest.mark.parametrize("system", SYSTEMS)
def test_nothing_doubles_and_nothing_is_lost(
    system: str, shop: Callable[..., Shop], rows: int, kills: int, seed: int, record_property: Callable[..., None]
) -> None:
    """Killed at random moments among requests that break in all ways, and then left to finish."""
    trouble = Trouble() if rows >= 600 else Trouble(slow=0.2)
    run = KillRun(shop(system, rows=rows), "kill -9", kills, seed, trouble)
    record_property(PROPERTY, run.go())
    assert run.last is not None
    assert run.last.code == 0, run.last
    assert count(run.shop) == (rows, 0, 0)
    # Where the last responses came faster than the killing, the job was finished one or two kills too early.
    assert run.kills >= 0.9 * kills - 1
    assert run.shop.result()["proof"]["holds"]
