"""The engine on a pretended server: whatever breaks, each row is done once or is said to be open."""

from __future__ import annotations

import csv
import json
import sys
import threading
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings, strategies

from jobs_support.memory_journal import Killed, create_rows, no_room
from jobs_support.pretend_jobs import PretendJob, join_workers
from store_credit import APIConnectionError
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.events import JobStarted, LimitWaiting, Progress, RowHeld, RowRefused, as_json
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.result import ended, write_files
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Row
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step, Stop


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


def test_the_same_refusal_over_and_over_stops_the_job() -> None:
    job = PretendJob(60, keyed=True)
    job.server.refuse = {step.key: "customer_unknown" for step in job.steps[10:]}
    result = job.run(concurrency=1, stop_after=5)
    assert result.exit_code is ExitCode.STOPPED
    assert [reason.code for reason in result.reasons] == ["same_refusal"]
    assert result.refusals["customer_unknown"] < 15
    assert job.state_of[State.DONE] == 10
    assert job.state_of[State.SENDING] == 0
    refused = job.events.named("row.refused")
    assert isinstance(refused[0], RowRefused)
    assert (refused[0].key, refused[0].code, refused[0].text) == ("row-11", "customer_unknown", "no")
    job.server.refuse = {}
    job.journal.retry_refused("jb_1")
    assert job.run().exit_code is ExitCode.DONE
    assert job.doubled() == 0


def test_refused_rows_are_told_by_the_exit_code() -> None:
    job = PretendJob(10)
    job.server.refuse = {"row-4": "customer_unknown"}
    result = job.run()
    assert result.exit_code is ExitCode.REFUSED
    assert result.refusals == {"customer_unknown": 1}
    assert job.journal.state == "ended"
    assert job.run().refusals == {"customer_unknown": 1}, "also when it is run again and sends nothing"


@pytest.mark.parametrize(
    ("stop", "code"), [(Stop.CREDENTIALS, ExitCode.CREDENTIALS), (Stop.TOO_LONG, ExitCode.STOPPED)]
)
def test_the_server_may_stop_a_job(stop: Stop, code: ExitCode) -> None:
    job = PretendJob(40)

    def after_ten(step: Step) -> None:
        if job.server.requests >= 10:
            job.server.stop = stop

    job.server.on_request = after_ten
    result = job.run()
    assert result.exit_code is code
    assert result.resumable
    # Those in flight come to their end, and nobody begins another.
    assert job.server.requests <= 10 + 4
    assert job.state_of[State.SENDING] == 0
    job.server.on_request = lambda step: None
    job.server.stop = None
    assert job.run().exit_code is ExitCode.DONE
    assert job.doubled() == 0


def test_a_wait_of_hours_is_not_waited_for() -> None:
    job = PretendJob(10)
    refused = RequestSent(job.time.now(), 429, None)
    job.system.execute = lambda step: Outcome(step, State.PLANNED, sent=refused, wait=86_400.0)  # type: ignore[method-assign]
    began = job.time.now()
    result = job.run()
    assert result.exit_code is ExitCode.STOPPED
    assert "24.0 hours" in str(result.why)
    assert job.time.now() - began < 60
    assert job.state_of == {State.PLANNED: 10}


def test_a_total_is_never_passed_also_over_several_runs() -> None:
    """Unknown outcomes count as if they had happened."""
    job = PretendJob(60, keyed=False, trouble=0.3, seed=3)
    dollars = sum(step.minor for step in job.steps if step.currency == "USD")
    most = dollars // 2
    for _ in range(3):
        result = job.run(max_total={"USD": most})
        assert result.exit_code is ExitCode.STOPPED
        assert "total_limit" in [reason.code for reason in result.reasons]
        job.time.pass_by(100)
        assert sum(credit.minor for credit in job.server.credits.values() if credit.currency == "USD") <= most
        assert job.state_of[State.SENDING] == 0
    assert job.run().exit_code is ExitCode.DONE


def test_a_deadline_stops_a_job() -> None:
    job = PretendJob(40)
    job.server.on_request = lambda step: job.time.pass_by(0.001)
    result = job.run(deadline=job.time.now() + 0.01)
    assert [reason.code for reason in result.reasons] == ["deadline"]
    assert result.exit_code is ExitCode.STOPPED
    assert 0 < job.server.requests < 40
    assert job.run().exit_code is ExitCode.DONE


def test_a_server_that_cannot_be_reached_is_probed_and_given_up() -> None:
    job = PretendJob(40)
    job.server.faults = ["unreachable"] * 1000
    result = job.run()
    assert result.exit_code is ExitCode.STOPPED
    assert [reason.code for reason in result.reasons] == ["server_down"]
    # Ten, those that were under way, and one probe in half a minute.
    assert job.server.requests <= 10 + 4 + 600 / 30 + 1
    assert job.state_of == {State.PLANNED: 40}
    waits = [event for event in job.events.events if isinstance(event, LimitWaiting)]
    assert {wait.reason for wait in waits} == {"circuit"}
    assert 15 <= len(waits) <= 22, "each pause is told once"
    job.server.faults = ["unreachable"] * 25
    assert job.run().exit_code is ExitCode.DONE


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


def test_a_defect_in_a_system_ends_the_job_and_is_shown() -> None:
    job = PretendJob(30)

    def broken(step: Step) -> None:
        if step.n == 7:
            raise ZeroDivisionError

    job.server.on_request = broken
    with pytest.raises(ZeroDivisionError):
        job.run()
    assert job.journal.kept[7, 1].state is State.UNKNOWN
    assert job.state_of[State.SENDING] == 0
    job.server.on_request = lambda step: None
    assert job.run().exit_code is ExitCode.DONE


def test_a_lease_that_is_lost_stops_before_the_next_byte() -> None:
    job = PretendJob(30)
    result = run(
        job.journal.head,
        job.journal,
        job.system,
        Settings(concurrency=4),
        may_send=lambda: job.server.requests < 5,
        clock=job.time.now,
        wall=job.time.now,
    )
    assert result.exit_code is ExitCode.LOCKED
    assert job.server.requests <= 5 + 3
    assert job.state_of[State.SENDING] == 0


def test_progress_and_events_are_json() -> None:
    job = PretendJob(30, trouble=0.2, seed=1)
    job.server.refuse = {"row-4": "customer_unknown"}
    result = job.run()
    [started] = job.events.named("job.started")
    assert isinstance(started, JobStarted)
    assert (started.rows, started.resumed) == (30, False)
    last = [event for event in job.events.named("progress") if isinstance(event, Progress)][-1]
    assert sum(last.states.values()) + last.nothing == 30
    for event in [*job.events.events, ended(result)]:
        told = json.loads(json.dumps(as_json(event)))
        assert told["event"] == event.name


def test_an_asked_stop_waits_for_what_is_in_flight_and_sends_no_more() -> None:
    """Also in a thread that gets no signals, as in a program that uses the library."""
    job = PretendJob(200)
    interrupts = Interrupts()
    job.server.on_request = lambda step: interrupts.ask() if job.server.requests >= 20 else None
    results = []

    def library() -> None:
        results.append(run(job.journal.head, job.journal, job.system, Settings(concurrency=4), interrupts=interrupts))

    thread = threading.Thread(target=library)
    thread.start()
    thread.join(30)
    [result] = results
    assert result.exit_code is ExitCode.INTERRUPTED
    assert job.state_of[State.SENDING] == 0
    assert job.server.requests <= 20 + 4
    assert result.proof is None
    assert job.run().exit_code is ExitCode.DONE
    assert (job.doubled(), job.lost()) == (0, 0)


def test_a_request_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a stop what is in flight is waited for, but not for ever; what is left is looked up next time."""
    job = PretendJob(20)
    interrupts, gate = Interrupts(), threading.Event()

    def hang(step: Step) -> None:
        if step.n == 5:
            interrupts.ask()
            gate.wait(20)

    job.server.on_request = hang
    try:
        result = run(
            job.journal.head, job.journal, job.system, Settings(concurrency=4, leave_within=0.2), interrupts=interrupts
        )
    finally:
        gate.set()
        join_workers()
    assert result.exit_code is ExitCode.INTERRUPTED
    assert job.journal.kept[5, 1].state is State.SENDING
    job.server.on_request = lambda step: None
    assert job.run().exit_code is ExitCode.DONE
    assert job.doubled() == 0


def test_after_a_kill_no_worker_goes_on_with_what_was_queued() -> None:
    """Ctrl-C twice raises in the feeder: what was claimed and not begun is not sent any more."""
    job = PretendJob(100)
    gate = threading.Event()

    def hang(step: Step) -> None:
        if step.n > 8:
            gate.wait(20)

    def die(when: str) -> None:
        if when == "after" and job.journal.commits == 3:
            raise Killed

    job.server.on_request, job.journal.commit = hang, die
    with pytest.raises(Killed):
        run(job.journal.head, job.journal, job.system, Settings(concurrency=4), clock=job.time.now, wall=job.time.now)
    gate.set()
    join_workers()
    assert job.server.requests <= 8 + 4


def test_a_failed_commit_waits_for_what_is_in_flight() -> None:
    """Who is told that the disk is full may rely on nothing being under way any more."""
    job = PretendJob(100)
    ended: list[int] = []
    returned = threading.Event()
    main = threading.get_ident()

    def waits() -> bool:
        frame = sys._current_frames().get(main)
        while frame is not None and frame.f_code.co_name != "_wait_for":
            frame = frame.f_back
        return frame is not None

    def hang(step: Step) -> None:
        if step.n > 8:
            for _ in range(2000):
                if waits() or returned.wait(0.005):
                    break
            ended.append(returned.is_set())

    def full(when: str) -> None:
        if when == "before" and job.journal.commits == 2:
            no_room(when)

    job.server.on_request, job.journal.commit = hang, full
    with pytest.raises(JobsError):
        run(job.journal.head, job.journal, job.system, Settings(concurrency=4), clock=job.time.now, wall=job.time.now)
    returned.set()
    join_workers()
    assert ended
    assert not any(ended)


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


def test_the_result_files_hold_what_happened(tmp_path: Path) -> None:
    steps = create_rows(6)
    steps[1] = attrs.evolve(steps[1], key="=HYPERLINK(1)")
    job = PretendJob(steps)
    job.server.refuse = {"row-4": "@customer_unknown"}
    more = {"why": "already_done", "job": "jb_0", "made": "sc_old"}
    job.journal.idle = [Row(7, "row-7", "nothing", "cust_7", 107, "USD", None, {}, more)]
    result = job.run()
    told, rows = write_files(result, job.journal, tmp_path)
    kept = json.loads(told.read_text())
    assert kept["states"]["done"] == 5
    assert kept["states"]["refused"] == 1
    dollars = [step.minor for step in steps if step.currency == "USD"]
    assert kept["totals"]["USD"] == {
        "planned": sum(dollars), "made": sum(dollars) - 104, "refused": 104, "unknown": 0, "left": 0,
    }  # fmt: skip
    assert kept["proof"]["holds"]
    lines = list(csv.DictReader(rows.read_text(encoding="utf-8").splitlines()))
    assert [line["key"] for line in lines][:2] == ["row-1", "'=HYPERLINK(1)"]
    assert lines[3] == {"key": "row-4", "state": "refused", "id": "", "code": "'@customer_unknown", "text": "no"}
    assert lines[0]["id"].startswith("sc_")
    assert lines[6] == {"key": "row-7", "state": "nothing", "id": "sc_old", "code": "already_done", "text": ""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jb_1.result.json", "jb_1.rows.csv"]


def test_a_result_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    job = PretendJob(3)
    result = job.run()
    write_files(result, job.journal, tmp_path)
    before = (tmp_path / "jb_1.rows.csv").read_bytes()

    def failing(_: str):  # type: ignore[no-untyped-def]
        yield Row(1, "row-1", "create", "cust_1", 101, "USD", None, {}, {})
        raise OSError(28, "No space left on device")

    job.journal.rows = failing  # type: ignore[method-assign]
    with pytest.raises(JobsError, match="No space left"):
        write_files(result, job.journal, tmp_path)
    assert (tmp_path / "jb_1.rows.csv").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2
