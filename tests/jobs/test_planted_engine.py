"""Failures that were planted: whole jobs by the command itself, on a served mock, against what must become of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.killed_command import POINTS
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
    def make(system: str, **settings: Any) -> Shop:
        return Shop(mock, system, f"planted-{next(_numbers)}", tmp_path, **settings)

    return make


@pytest.mark.parametrize("system", SYSTEMS)
def test_killed_at_any_moment_nothing_doubles_and_nothing_is_lost(
    system: str, shop: Callable[..., Shop], request: pytest.FixtureRequest
) -> None:
    """Failure 1. `--soak 2000` kills 50 times on 2,000 rows."""
    rows = request.config.getoption("--soak") or 60
    kills = 50 if rows >= 1000 else 4
    there = shop(system, rows=rows)
    there.trouble()
    moments = random.Random(f"{system} {rows}")
    killed = 0
    for _ in range(10 * kills):
        point = moments.choice(POINTS)
        # Together the kills are to reach the last rows; many requests go with one commit.
        most = rows // kills if point in ("sending", "answered") else rows // kills // 5
        run = there.apply("--concurrency", "3", kill=(point, moments.randint(1, max(2, most))))
        assert run.code in (-9, 0, 3), run
        killed += run.code == -9
        if killed == kills or run.code == 0:
            break
    there.control.clear_faults()
    run = there.apply()
    assert run.code == 0, run
    assert killed
    assert there.counted() == (0, 0)
