"""Exactly once under `kill -9`: whole jobs by the command itself, in processes that end at any moment.

`scripts/test tests/jobs --soak` kills 50 times on 2,000 rows of each system; `--kill-seed N` chooses other moments.
The table at the end names the settings.
"""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from jobs_support.kill_runs import PROPERTY, Command, KillRun, MovingClock, Trouble, count, decide_held, states
from jobs_support.shops import SYSTEMS, Shop
from served_mock import Served, served, start
from store_credit import SpreeAdminClient, SpreeClient, spree_id
from store_credit_jobs.exit_codes import ExitCode
from store_credit_mock import Fault

pytestmark = pytest.mark.takes_seconds
HOUR = 3600.0

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
    return int(request.config.getoption("--kill-seed") or 0)


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
    assert run.kills >= 0.8 * kills - 1
    assert run.shop.result()["proof"]["holds"]


def test_under_limits_while_time_passes(
    mock: Served, shop: Callable[..., Shop], rows: int, kills: int, seed: int, tmp_path: Path, record_property: Any
) -> None:
    """The same where the server limits requests, and between two processes seconds pass, hours, or a day and more.

    Then VINR has forgotten its keys: what never arrived is left to a person.
    """
    rows, kills = min(rows // 2, 600), max(4, kills // 4)

    def run(there: Shop) -> None:
        clock = MovingClock(there, (0.0, 20.0, 61.0, HOUR, 25 * HOUR))
        trouble = Trouble(slow=0.2)
        run = KillRun(there, "under limits", kills, seed, trouble, between=clock, held_allowed=True)
        record_property(PROPERTY, run.go())
        assert run.last is not None
        assert run.last.code == 0, run.last
        assert count(there) == (rows, 0, 0)
        assert run.kills >= 0.8 * kills - 1

    vinr = shop("vinr", rows=rows, rate="")
    vinr.control.vinr.rate_limit(100, 20)
    run(vinr)
    if rows > 100:
        # 600 requests a minute, and 429 beyond.
        with served("--observe", "--profile", "spree-v3=6.0-alpha") as limiting:
            folder = tmp_path / "v3"
            folder.mkdir()
            spree = Shop(limiting, "spree-v3", "limits", folder, rows=rows, rate="")
            spree.customer = spree_id("customer", 1, server="6.0")
            spree.write_plan(spree.plan)
            run(spree)


@pytest.mark.parametrize(
    ("system", "slow", "doubled"), [("spree-v2", 60, 1), ("spree-v3", 60, 1), ("spree-v2", 0.2, 0)]
)
def test_a_commit_that_is_slower_than_the_grace_doubles(
    system: str, slow: float, doubled: int, shop: Callable[..., Shop]
) -> None:
    """Failure 4: what counts the doubles would see them, where a lookup comes before the request has ended."""
    there = shop(system, rows=8)
    if doubled:
        # It does not end while the job runs, however long that takes.
        there.control.freeze()
    there.control.add_fault(Fault(there.operation, nth=3, commit_after=slow))
    command = Command(there, "issue", "apply", str(there.plan), "--grace", "1")
    assert command.code == 0, command
    there.control.advance(slow)
    assert count(there) == (8 + doubled, doubled, 0)


def test_a_second_runner_while_the_first_is_frozen(shop: Callable[..., Shop]) -> None:
    """It is refused with 6 and asks the server nothing; the first goes on where it was, whenever it is woken."""
    there = shop("spree-v2", rows=40)
    there.control.add_fault(Fault(there.operation, delay=0.05))
    first = Command(there, "issue", "apply", str(there.plan), "--concurrency", "2")
    there.control.exchanges(limit=1, operation=there.operation, wait_for=1, timeout=60)
    first.process.send_signal(signal.SIGSTOP)
    try:
        asked = there.control.count_exchanges(method="GET").total
        second = Command(there, "issue", "apply", str(there.plan))
        assert second.code == ExitCode.LOCKED, second
        assert f"process {first.process.pid} " in repr(second)
        assert there.control.count_exchanges(method="GET").total == asked
    finally:
        first.process.send_signal(signal.SIGCONT)
    assert first.code == 0, first
    assert count(there) == (40, 0, 0)


def _cut_off(there: Shop, *options: str, ahead: float = 0.0) -> int:
    """Have the first create lost after its commit and all others before, and kill; how many creates came."""
    there.control.add_fault(Fault(there.operation, nth=1, drop=True, when="after"))
    there.control.add_fault(Fault(there.operation, drop=True))
    command = Command(there, "issue", "apply", str(there.plan), *options, ahead=ahead)
    there.control.exchanges(limit=1, operation=there.operation, wait_for=there.rows, timeout=60)
    command.kill()
    assert command.code == -9, command
    there.control.clear_faults()
    return there.control.count_exchanges(operation=there.operation).total


def test_the_key_is_forgotten(shop: Callable[..., Shop]) -> None:
    """Failure 7: a day later what was committed is found, what never arrived is held, and nothing is sent."""
    there = shop("vinr", rows=4)
    sent = _cut_off(there)
    clock = MovingClock(there, ())
    clock.pass_by(25 * HOUR)
    command = Command(there, "issue", "apply", str(there.plan), ahead=clock.ahead)
    assert command.code == ExitCode.OPEN, command
    assert states(there) == {"done": 1, "held": 3}
    assert there.control.count_exchanges(operation=there.operation).total == sent
    assert decide_held(there, clock.ahead) == 3
    command = Command(there, "issue", "apply", str(there.plan), ahead=clock.ahead)
    assert command.code == 0, command
    assert count(there) == (4, 0, 0)


@pytest.mark.parametrize("system", ["spree-v2", "spree-v3"])
def test_a_mark_is_removed(system: str, shop: Callable[..., Shop]) -> None:
    """Failure 8: a credit that has lost its mark before it was looked up holds its row; it is not made again."""
    there = shop(system, rows=3)
    _cut_off(there)
    if system == "spree-v2":
        with SpreeClient(there.mock.url, there.key) as spree:
            (credit,) = spree.store_credits.list()
            spree.store_credits.update(credit.id, private_metadata={})
    else:
        with SpreeAdminClient(there.mock.url, there.key) as admin:
            (credit,) = admin.customers.store_credits.list(there.customer)
            admin.customers.store_credits.update(there.customer, credit.id, memo="For the good of it")
    command = Command(there, "issue", "apply", str(there.plan))
    assert command.code == ExitCode.OPEN, command
    assert states(there) == {"done": 2, "held": 1}
    assert count(there) == (3, 0, 0)
    assert decide_held(there) == 1
    command = Command(there, "issue", "apply", str(there.plan))
    assert command.code == 0, command
    assert count(there) == (3, 0, 0)


@pytest.mark.parametrize(("system", "ahead"), [("spree-v2", -HOUR), ("spree-v3", HOUR)])
def test_a_clock_that_is_wrong_by_an_hour(system: str, ahead: float, shop: Callable[..., Shop]) -> None:
    """Failure 21: nothing is sent, and what was sent before by a right clock is settled by a right one."""
    there = shop(system, rows=3)
    sent = _cut_off(there)
    command = Command(there, "issue", "apply", str(there.plan), ahead=ahead)
    assert command.code == ExitCode.USAGE, command
    # For one that is behind, the plan is from the future.
    assert "correct it" in repr(command) or "correct the clock" in repr(command)
    assert there.control.count_exchanges(operation=there.operation).total == sent
    command = Command(there, "issue", "apply", str(there.plan))
    assert command.code == 0, command
    assert count(there) == (3, 0, 0)


@pytest.mark.parametrize(("system", "jumps"), [("spree-v2", HOUR), ("spree-v3", 25 * HOUR)])
def test_a_clock_that_is_set_while_a_job_runs(system: str, jumps: float, shop: Callable[..., Shop]) -> None:
    """What is sent after that is found by another process, whose clock is right: times are counted on, not read."""
    there = shop(system, rows=60)
    there.control.add_fault(Fault(there.operation, nth=20, times=100, drop=True, when="after"))
    there.control.add_fault(Fault(there.operation, delay=0.02))
    command = Command(there, "issue", "apply", str(there.plan), "--concurrency", "3", jumps=jumps)
    there.control.exchanges(limit=1, operation=there.operation, wait_for=5, timeout=60)
    command.set_clock()
    there.control.exchanges(limit=1, operation=there.operation, wait_for=30, timeout=60)
    command.kill()
    assert command.code == -9, command
    there.control.clear_faults()
    command = Command(there, "issue", "apply", str(there.plan))
    assert command.code == 0, command
    assert count(there) == (60, 0, 0)
