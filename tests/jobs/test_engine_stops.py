"""What stops a job: limits, deadlines, a server that is down, signals, defects; and what is still sent after that."""

from __future__ import annotations

import sys
import threading

import pytest

from jobs_support.memory_journal import Killed, no_room
from jobs_support.pretend_jobs import PretendJob, join_workers
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.events import LimitWaiting, RowRefused
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step, Stop


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


@pytest.mark.parametrize("refused", [0, 2])
def test_what_fits_into_a_total_is_issued_before_the_job_stops(refused: int) -> None:
    """Also where it is claimed together with what does not fit; what a refusal leaves is there for others."""
    job = PretendJob(30)
    dollars = [step for step in job.steps if step.currency == "USD"]
    job.server.refuse = {step.key: "customer_unknown" for step in dollars[:refused]}
    fits = [step.minor for step in dollars[refused : refused + 5]]
    result = job.run(max_total={"USD": sum(fits)})
    issued = [credit.minor for credit in job.server.credits.values() if credit.currency == "USD"]
    assert sorted(issued) == sorted(fits)
    (reason,) = result.reasons
    assert (reason.code, f"; {sum(issued)} have been issued" in reason.text) == ("total_limit", True)
    assert job.state_of[State.SENDING] == 0


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
