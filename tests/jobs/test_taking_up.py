"""From a plan's file to a job: only the plan that was looked at, and only while it is of today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs_support.planning import NOW, Desk, account, csv
from store_credit_jobs.engine.taking_up import take_up
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.planning.plan_file import check_seal, read_head


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    made = SqliteJournal(tmp_path / "workspace", write=True)
    yield made
    made.close()


@pytest.mark.parametrize("begun", [False, True])
def test_a_plan_that_takes_the_place_of_the_one_that_was_confirmed_is_refused(
    desk: Desk, journal: SqliteJournal, *, begun: bool
) -> None:
    """A timer plans again while somebody types the total: what is sent must be what was read before."""
    plan = desk.make(csv("a,cust_1,1.00,USD")).path
    head, seal = read_head(plan), check_seal(plan)
    desk.make(csv("b,cust_2,900.00,USD"))
    if begun:
        take_up(plan, read_head(plan), check_seal(plan), journal, account(), now=NOW)
        seal = check_seal(plan)
    jobs = len(list(journal.jobs()))
    with pytest.raises(JobsError) as refused:
        take_up(plan, head, seal, journal, account(), now=NOW)
    assert refused.value.code == "plan_changed"
    assert len(list(journal.jobs())) == jobs


def test_a_job_of_which_nothing_was_sent_grows_old_with_its_plan(desk: Desk, journal: SqliteJournal) -> None:
    """A run that was refused for want of --live has made the job; a month later its plan is as old as any other."""
    plan = desk.make(csv("a,cust_1,1.00,USD")).path
    head, seal = read_head(plan), check_seal(plan)
    job = take_up(plan, head, seal, journal, account(), now=NOW)
    month = NOW + 30 * 86_400
    with pytest.raises(JobsError) as refused:
        take_up(plan, head, seal, journal, account(), now=month)
    assert refused.value.code == "plan_old"
    journal.advance(job.id, (), 1, owner="me", credential="0123")
    assert take_up(plan, head, seal, journal, account(), now=month).id == job.id
