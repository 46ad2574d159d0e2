"""Failures that were planted and take minutes or hours: whole jobs on the embedded mock, on time that waiting moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from http_library import httpx
from jobs_support.accounts_on_mock import Key
from jobs_support.job_bench import JobBench
from jobs_support.memory_journal import Killed
from jobs_support.shops import SYSTEMS
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import State
from store_credit_mock import Contract, Fault

_CREATES = "*.create"
Maker = Callable[..., JobBench]


@pytest.fixture
def job(store_credit_mock_contract: Contract, tmp_path: Path) -> Iterator[Maker]:
    made: list[JobBench] = []

    def make(system: str, **settings: Any) -> JobBench:
        made.append(JobBench(store_credit_mock_contract, system, tmp_path, **settings))
        return made[-1]

    yield make
    for one in made:
        one.close()


def _late(bench: JobBench) -> None:
    """Have the third create and the seventh commit 45 seconds after their responses were lost."""
    for nth in (3, 7):
        bench.mock.control.add_fault(Fault(_CREATES, nth=nth, commit_after=45))


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_create_slower_than_its_response(system: str, job: Maker) -> None:
    """Failure 4: with the grace one credit each."""
    bench = job(system, account={"grace": 60.0})
    _late(bench)
    assert bench.run().exit_code is ExitCode.DONE
    assert bench.counted() == (0, 0)


def test_a_create_slower_than_its_response_and_no_grace(job: Maker) -> None:
    """Failure 4: who looks at once, and sends again, doubles on Spree's API v2; and this test would see it."""
    bench = job("spree-v2", account={"grace": 0.0})
    _late(bench)
    bench.run()
    assert bench.counted() == (2, 0)


def _kill_after(monkeypatch: pytest.MonkeyPatch, commits: int) -> None:
    advance, left = SqliteJournal.advance, commits

    def dying(self: Any, job: str, outcomes: Any, claim: int, **more: Any) -> Any:
        nonlocal left
        left -= bool(outcomes)
        if left < 0:
            raise Killed
        return advance(self, job, outcomes, claim, **more)

    monkeypatch.setattr(SqliteJournal, "advance", dying)


@pytest.mark.parametrize("arrives", [True, False])
def test_a_resume_after_25_hours(arrives: bool, job: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failure 7: VINR has forgotten its keys. What it did is found; what may never have arrived is held, not sent."""
    bench = job("vinr", account={"grace": 60.0})
    bench.mock.control.add_fault(Fault(_CREATES, nth=20, times=100, drop=True, when="after" if arrives else "before"))
    with monkeypatch.context() as patch:
        _kill_after(patch, 2)
        with pytest.raises(Killed):
            bench.run()
    planned = sum(step.state is State.PLANNED for step in bench.steps)
    sent = bench.wire.writes
    lost = sent - len([one for one in bench.credits() if one.id not in bench.before])
    assert lost or arrives
    bench.mock.control.clear_faults()
    bench.clock.wait(25 * 3600)
    result = bench.run()
    held = [step for step in bench.steps if step.state is State.HELD]
    assert result.exit_code is (ExitCode.OPEN if held else ExitCode.DONE), result.why
    assert {step.code for step in held} <= {"key_window_over"}
    assert len(held) >= lost
    # Nothing that was open was sent again.
    assert bench.wire.writes - sent == planned
    assert bench.counted() == (0, len(held))


def test_a_limit_that_halves_in_the_middle(job: Maker) -> None:
    """Failure 16: the pace follows: time / ideal <= 1.10, refused <= 3 %, lost 0."""
    bench = job("vinr", rows=600, account={"rate": None}, rate_limit=(50, 50))
    began = bench.clock.now()
    halved: list[float] = []

    def halve(number: int, request: Any) -> None:
        if number == 300:
            bench.mock.control.vinr.rate_limit(rate=25, size=50)
            halved.append(bench.clock.now())

    bench.wire.before = halve
    result = bench.run(concurrency=8)
    assert result.exit_code is ExitCode.DONE, result.why
    assert halved
    refused = result.requests - 600
    assert refused / 600 <= 0.03
    # Whoever gets full buckets at the change has 50 more.
    ideal = (300 - 50) / 50 + (300 - 50) / 25
    assert (bench.clock.now() - began) / ideal <= 1.10
    assert bench.counted() == (0, 0)


@pytest.mark.parametrize("profile", ["5.6", "6.0-alpha"])
def test_the_limit_of_spree_v3_is_kept(profile: str, job: Maker) -> None:
    """Failure 16: 300 a minute on 5.x and 600 on 6.0, as announced, also by a server that would let more through."""
    bench = job("spree-v3", rows=90, account={"rate": None, "server": profile}, spree_v3_profile=profile)
    check = bench.system.check()
    assert check.limit == (300 if profile == "5.6" else 600)
    began = bench.clock.now()
    result = bench.run(per_minute=check.limit)
    assert result.exit_code is ExitCode.DONE, result.why
    assert result.requests == 90, "none was refused"
    pace = check.limit / 60
    assert 90 / pace <= bench.clock.now() - began + 1 <= 1.10 * 90 / pace + 1


def test_a_storm_of_refusals(job: Maker) -> None:
    """Failure 16: whatever is sent is refused for a while, and nothing is lost."""
    bench = job("spree-v2", rows=60, account={"rate": None})
    bench.mock.control.add_fault(Fault(_CREATES, nth=10, times=30, status=429, headers={"retry-after": "2"}))
    began = bench.clock.now()
    result = bench.run()
    assert result.exit_code is ExitCode.DONE, result.why
    assert bench.clock.now() - began >= 2 * 30 / 4
    assert bench.counted() == (0, 0)


def test_a_wait_of_a_day_ends_the_job(job: Maker) -> None:
    """Failure 16: exit code 4, and the next day it goes on."""
    bench = job("vinr")
    bench.mock.control.add_fault(Fault(_CREATES, nth=10, times=100, status=429, headers={"retry-after": "86400"}))
    began = bench.clock.now()
    assert bench.run().exit_code is ExitCode.STOPPED
    assert bench.clock.now() - began < 60
    assert bench.wire.writes <= 10 + 4
    bench.mock.control.clear_faults()
    bench.clock.wait(86_400)
    assert bench.run().exit_code is ExitCode.DONE
    assert bench.counted() == (0, 0)


def _other_amount(response: Any) -> Any:
    body = response.read().replace(b'"amount":105', b'"amount":106').replace(b'"1.05"', b'"1.06"')
    return httpx.Response(response.status_code, headers=response.headers, content=body)


def _accepted(response: Any) -> Any:
    return httpx.Response(202, headers=response.headers, content=response.read())


def _elsewhere(response: Any) -> Any:
    return httpx.Response(303, headers={"location": "https://elsewhere.example/"}, content=b"")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("changed", [_other_amount, _accepted, _elsewhere])
def test_a_success_that_is_about_something_else(changed: Callable[[Any], Any], system: str, job: Maker) -> None:
    """Failure 17: another amount, a 202, a 303 are never taken for done: what became of it is looked up."""
    bench = job(system, rows=10, account={"grace": 5.0})
    states: list[State] = []

    def once(number: int, request: Any, response: Any) -> Any:
        return changed(response) if number == 5 else response

    bench.wire.after = once
    settle = bench.system.settle

    def noted(steps: Any, *more: Any) -> Any:
        states.extend(step.state for step in steps)
        return settle(steps, *more)

    bench.system.settle = noted
    result = bench.run(concurrency=1)
    assert result.exit_code is ExitCode.DONE, result.why
    assert states == [State.UNKNOWN]
    assert bench.counted() == (0, 0)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_token_that_ends_during_the_job(system: str, job: Maker) -> None:
    """Failure 18: exit code 7; with the new one the job goes on, and what was open is looked up."""
    bench = job(system, rows=30, account={"grace": 5.0})
    # One response is lost under the old credential: under the new one its key means nothing.
    bench.mock.control.add_fault(Fault(_CREATES, nth=5, drop=True, when="after"))

    said = {"code": "authentication_required", "message": "expired"}
    body = {"error": "The access token expired" if system == "spree-v2" else said}

    def ended(number: int, request: Any) -> Any:
        return httpx.Response(401, json=body) if number > 15 else None

    bench.wire.before = ended
    result = bench.run()
    assert result.exit_code is ExitCode.CREDENTIALS, result.why
    assert bench.wire.writes <= 15 + 4
    bench.wire.before = lambda number, request: None
    bench.key = _renewed(bench)
    result = bench.run(system=bench.connect())
    assert result.exit_code is ExitCode.DONE, result.why
    assert bench.counted() == (0, 0)


def _renewed(bench: JobBench) -> Key:
    """The same credential under another fingerprint, as a new one would have."""
    key = Key(bench.key.reveal())
    key.fingerprint = "print-of-the-new-one"
    return key
