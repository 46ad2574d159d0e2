"""The engine on a pretended server: whatever breaks, each row is done once or is said to be open."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings, strategies

from jobs_support.memory_journal import create_rows, no_room
from jobs_support.pretend_jobs import PretendJob
from store_credit import APIConnectionError
from store_credit_jobs.engine.events import LimitWaiting, Progress, RowHeld
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step


@settings(max_examples=40)
@given(
    keyed=strategies.booleans(),
    seed=strategies.integers(0, 2**32),
    trouble=strategies.sampled_from([0.0, 0.1, 0.3, 0.6]),
    kills=strategies.lists(
        strategies.tuples(strategies.integers(0, 12), strategies.sampled_from(["before", "after"])), max_size=8
    ),
)
def test_nothing_doubles_and_nothing_is_lost(
    keyed: bool, seed: int, trouble: float, kills: list[tuple[int, str]]
) -> None:
    """Killed before and after commits, responses lost, commits late: G1 and G2 hold at every end."""
    job = PretendJob(30, keyed=keyed, trouble=trouble, seed=seed)
    result = job.run_with_kills(kills)
    for _ in range(8):
        if result.exit_code is ExitCode.DONE:
            break
        assert result.exit_code in (ExitCode.OPEN, ExitCode.STOPPED), result.why
        result = job.run()
    assert result.exit_code is ExitCode.DONE, result.why
    assert job.state_of == {State.DONE: 30}
    assert (job.doubled(), job.lost()) == (0, 0)
    # Where the last kill came after the end, the run that ended the job had the proof.
    assert job.journal.ended is not None
    assert job.journal.ended["proof"]["holds"]


@pytest.mark.parametrize(("grace", "look"), [(0.0, True), (1.0, False)])
def test_without_the_grace_or_the_look_credits_double(grace: float, look: bool) -> None:
    """The search above would find it: who looks at once, or not at all, sends again what is still under way."""
    job = PretendJob(200, keyed=False, trouble=0.3, seed=7, grace=grace, look=look)
    job.run()
    assert job.doubled() > 0


def test_a_finished_job_asks_the_server_for_nothing() -> None:
    job = PretendJob(30)
    assert job.run().exit_code is ExitCode.DONE
    before = job.server.requests, job.server.reads, job.journal.commits
    result = job.run()
    assert result.exit_code is ExitCode.DONE
    assert (job.server.requests, job.server.reads) == before[:2]
    assert result.requests == 0
    assert result.totals.done == {"USD": sum(s.minor for s in job.steps if s.currency == "USD"),
                                  "JPY": sum(s.minor for s in job.steps if s.currency == "JPY")}  # fmt: skip


@pytest.mark.parametrize("keyed", [True, False])
def test_a_full_disk_stops_everything_and_the_next_run_looks_first(keyed: bool) -> None:
    job = PretendJob(60, keyed=keyed)
    left = 3

    def full(when: str) -> None:
        nonlocal left
        left -= when == "before"
        if left < 0:
            no_room(when)

    job.journal.commit = full
    with pytest.raises(JobsError, match="the disk is full"):
        job.run()
    sent = job.server.requests
    assert 0 < sent < 60
    # What was answered and could not be written is still on its way, as far as the journal knows.
    assert job.state_of[State.SENDING] >= sent - job.state_of[State.DONE] > 0
    job.journal.commit = lambda _: None
    assert job.run().exit_code is ExitCode.DONE
    assert (job.doubled(), job.lost()) == (0, 0)


def test_what_was_open_is_looked_up_before_anything_is_sent() -> None:
    job = PretendJob(20, keyed=False)
    job.journal.kept[3, 1] = attrs.evolve(
        job.steps[2],
        state=State.SENDING,
        attempt=1,
        first_sent=job.time.now(),
        last_sent=job.time.now(),
        credential="fp_1",
    )
    reads: list[int] = []
    job.server.on_request = lambda step: reads.append(job.server.reads)
    began = job.time.now()
    assert job.run().exit_code is ExitCode.DONE
    assert min(reads) == 1
    assert job.time.now() >= began + job.grace


def test_a_step_that_waited_since_its_claim_is_not_sent() -> None:
    """The grace counts from the claim: what a stopped process sends late would be looked for too early."""
    job = PretendJob(20, keyed=False)
    passed: list[str] = []

    def sleep(when: str) -> None:
        passed.append(when)
        if passed.count("after") == 2:
            job.time.pass_by(30.0)

    ages: list[float] = []
    job.journal.commit = sleep
    job.server.on_request = lambda step: ages.append(job.time.now() - (step.last_sent or 0.0))
    assert job.run().exit_code is ExitCode.DONE
    assert max(ages) <= Settings(grace=job.grace).fresh
    assert max(step.attempt for step in job.journal.kept.values()) > 1, "some were claimed before and given back"


@pytest.mark.parametrize(("keyed", "most"), [(True, 16), (False, 4)])
def test_few_steps_are_open_at_once(keyed: bool, most: int) -> None:
    """Each that is claimed may have to be looked up: four for each worker where that is free, else one."""
    job = PretendJob(100, keyed=keyed)
    opened: list[int] = []
    job.journal.commit = lambda when: opened.append(job.state_of[State.SENDING]) if when == "after" else None
    job.run()
    assert max(opened) == most


def test_reading_is_repeated_where_it_fails() -> None:
    job = PretendJob(10, keyed=False)
    job.server.faults = ["lost_after"]
    job.system.fails = [APIConnectionError("no route"), APIConnectionError("no route")]
    assert job.run().exit_code is ExitCode.DONE
    assert job.doubled() == 0


def test_rounds_are_bounded() -> None:
    """A row at which the server always fails is left open, and the others are done."""
    job = PretendJob(10, keyed=True)
    create = job.server.create

    def poisoned(step: Step) -> Outcome:
        if step.key == "row-4":
            return Outcome(step, State.UNKNOWN, sent=RequestSent(job.time.now(), 500, None))
        return create(step)

    job.server.create = poisoned  # type: ignore[method-assign]
    result = job.run(rounds=3)
    assert result.exit_code is ExitCode.OPEN
    assert result.resumable
    assert job.state_of[State.DONE] == 9
    assert job.journal.kept[4, 1].attempt == 3


def test_a_held_row_waits_for_a_person_and_the_rest_is_done() -> None:
    job = PretendJob(10, keyed=False)
    job.server.faults = ["lost_before"]
    settle = job.system.settle

    def held(steps, explained, stopped):  # type: ignore[no-untyped-def]
        for outcome in settle(steps, explained, stopped):
            yield attrs.evolve(outcome, state=State.HELD, code="look_alike", said="two are like it")

    job.system.settle = held  # type: ignore[method-assign]
    result = job.run()
    assert result.exit_code is ExitCode.OPEN
    assert not result.resumable
    assert job.state_of == {State.DONE: 9, State.HELD: 1}
    [told] = job.events.named("row.held")
    assert isinstance(told, RowHeld)
    assert told.code == "look_alike"
    assert job.journal.ended is None, "a job with a held row has not ended"


def test_the_steps_of_a_row_go_one_after_another() -> None:
    first = create_rows(6)
    steps = [attrs.evolve(step, s=s, wire=f"{step.wire[:-2]}x{s}.1") for step in first for s in (1, 2)]
    job = PretendJob(steps, mode="set")
    job.server.refuse = {"row-4": "changed_since_plan"}
    order: list[tuple[int, int]] = []
    job.server.on_request = lambda step: order.append((step.n, step.s))
    result = job.run()
    assert result.exit_code is ExitCode.REFUSED
    assert (4, 2) not in order, "its first step was refused"
    for n in (1, 2, 3, 5, 6):
        assert order.index((n, 1)) < order.index((n, 2))
    progress = [event for event in job.events.named("progress") if isinstance(event, Progress)][-1]
    assert progress.states[State.DONE] == 5, "rows are counted, not steps"


def test_what_was_found_a_moment_ago_explains_a_credit_too() -> None:
    """Two rows are alike and one credit is there: it explains one of them, also before that is written."""
    twins = [attrs.evolve(step, customer="cust_1", minor=100, currency="USD") for step in create_rows(2)]
    job = PretendJob(twins, keyed=False)
    job.server.faults = ["lost_after", "lost_before"]

    def settle(steps, explained, stopped):  # type: ignore[no-untyped-def]
        for step in steps:
            if explained("sc_1"):
                yield Outcome(step, State.HELD, code="look_alike")
            else:
                yield Outcome(step, State.DONE, made="sc_1", how="found")

    job.system.settle = settle  # type: ignore[method-assign]
    assert job.run(concurrency=1).exit_code is ExitCode.OPEN
    assert job.state_of == {State.DONE: 1, State.HELD: 1}


def test_who_is_refused_for_the_limit_sends_less() -> None:
    """A 429 is no failure of the server's, and is obeyed also where it says nothing more."""
    job = PretendJob(20)
    began = job.time.now()
    refused: list[Step] = []
    create = job.server.create

    def limited(step: Step) -> Outcome:
        if job.time.now() < began + 20 and len(refused) < 500:
            refused.append(step)
            return Outcome(step, State.PLANNED, sent=RequestSent(job.time.now(), 429, None))
        return create(step)

    job.server.create = limited  # type: ignore[method-assign]
    assert job.run().exit_code is ExitCode.DONE
    assert len(refused) < 40
    waits = {event.reason for event in job.events.events if isinstance(event, LimitWaiting)}
    assert waits <= {"retry_after", "limit"}
