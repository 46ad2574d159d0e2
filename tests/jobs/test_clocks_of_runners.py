"""Times that runners write, one after the other, where the machine's clock was set in between."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from jobs_support.plan_lines import created, head
from store_credit import APIConnectionError
from store_credit_jobs import steady_time
from store_credit_jobs.engine.limits import Limits
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.engine.settling import patiently
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.rehearsal.clock import RehearsalClock, RehearsalHalt

DAY = 86_400.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ws"


def open_rows(folder: Path) -> tuple[Step, Step]:
    """Leave a row unknown, and one that may be sent again under its key."""
    with closing(SqliteJournal(folder, write=True)) as journal:
        job = journal.begin(head(), map(created, range(1, 3)), "s1").id
        one, two = journal.advance(job, [], 2, owner="me", credential="c")
        journal.advance(job, [Outcome(one, State.UNKNOWN), Outcome(two, State.UNKNOWN)], 0, owner="me", credential="c")
        journal.settled([Outcome(two, State.PLANNED)])
    return one, two


def seen(folder: Path) -> tuple[Step, Step]:
    with closing(SqliteJournal(folder, write=True)) as journal:
        (job,) = journal.jobs()
        one, two = journal.steps(job.id)
    return one, two


@pytest.mark.skipif(steady_time.boot() is None, reason="only Linux has an id for each start of the machine")
@pytest.mark.parametrize("by", [100.0, -100.0])
def test_a_clock_that_was_set_between_two_runners(folder: Path, monkeypatch: pytest.MonkeyPatch, by: float) -> None:
    """Set forward, the grace would seem over; set back, what is there would be older than what is looked for."""
    before = open_rows(folder)
    monkeypatch.setattr(steady_time, "BEGAN", steady_time.BEGAN + by)
    for then, now in zip(before, seen(folder), strict=True):
        assert then.first_sent is not None
        assert then.last_sent is not None
        assert now.first_sent == pytest.approx(then.first_sent + min(by, 0.0))
        if then.n == 1:
            assert now.last_sent == pytest.approx(then.last_sent + max(by, 0.0))
    # It is done once.
    again = seen(folder)
    assert [one.last_sent for one in again] == [one.last_sent for one in seen(folder)]


@pytest.mark.parametrize("boot", ["another", None])
def test_after_another_start_of_the_machine_the_whole_grace_is_waited(
    folder: Path, monkeypatch: pytest.MonkeyPatch, boot: str | None
) -> None:
    """Or on another machine, to which the workspace was moved: by how much clocks differ is not known."""
    (then, _) = open_rows(folder)
    monkeypatch.setattr(steady_time, "boot", lambda: boot)
    monkeypatch.setattr(steady_time, "BEGAN", steady_time.BEGAN + DAY)
    (now, _) = seen(folder)
    assert now.first_sent == then.first_sent
    assert now.last_sent == pytest.approx(steady_time.now(), abs=60)


def test_a_server_that_stays_away_ends_a_rehearsal_by_its_own_clock() -> None:
    """Its waits take no time: by the machine's clock it would try for ever."""
    clock = RehearsalClock()
    halt = RehearsalHalt(clock)
    settings = Settings(patience=600.0)
    limits = Limits(settings, halt, done={}, wall=clock.now)
    tried: list[float] = []

    def read() -> None:
        tried.append(clock.waited)
        assert len(tried) < 200, "it does not end"
        raise APIConnectionError("no route")

    assert patiently(read, settings, limits, halt, clock=clock.monotonic) is None
    assert [reason.code for reason in limits.reasons] == ["server_down"]
    assert 600 < tried[-1] < 660
