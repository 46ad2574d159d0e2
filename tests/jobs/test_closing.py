"""The closing scan: what it proves, and what it finds."""

from __future__ import annotations

import json
from pathlib import Path

import attrs
import pytest

from jobs_support.memory_journal import create_rows
from jobs_support.pretend_jobs import PretendJob
from store_credit_jobs.credit import Credit
from store_credit_jobs.engine.proof import Finding, Proof
from store_credit_jobs.engine.result import Result, write_files
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step
from store_credit_jobs.wire_key import with_generation


def proof_of(result: Result) -> Proof:
    assert result.proof is not None
    return result.proof


def finding(result: Result) -> Finding:
    [found] = proof_of(result).findings
    return found


def during(job: PretendJob, at: int, do: object) -> None:
    """Do something while the job runs: when a row is sent, all before it are done."""
    done: list[int] = []

    def maybe(step: Step) -> None:
        if step.n == at and not done:
            done.append(1)
            do()  # type: ignore[operator]

    job.server.on_request = maybe


@pytest.mark.parametrize("keyed", [True, False])
def test_what_is_there_once_is_proven_with_equal_sums(keyed: bool) -> None:
    job = PretendJob(30, keyed=keyed, trouble=0.2, seed=5)
    proof = proof_of(job.run())
    assert proof.holds
    assert proof.credits == 30
    for currency, sums in proof.sums.items():
        planned = sum(step.minor for step in job.steps if step.currency == currency)
        assert (sums.planned, sums.done, sums.issued, sums.server) == (planned,) * 4
    assert job.journal.state == "ended"


def test_a_credit_that_staff_deleted_meanwhile_is_named() -> None:
    job = PretendJob(30, keyed=False)
    during(job, 20, lambda: job.server.remove(next(iter(job.server.credits))))
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.BROKEN
    deleted = [one for one in proof_of(result).findings if one.code == "deleted"]
    assert [(one.n, one.minor) for one in deleted] == [(1, 101)]
    assert "row-1" in str(result.why)
    assert "sums_differ" in proof_of(result).counts
    assert job.journal.state == "broken"


def test_a_second_credit_with_a_mark_is_a_double_and_can_be_taken_back(tmp_path: Path) -> None:
    """Of whatever generation: another runner with another journal may have been refused once."""
    job = PretendJob(10, keyed=False)
    job.run()
    first = next(iter(job.server.credits.values()))
    assert first.mark is not None
    twin = attrs.evolve(first, id="sc_twin", mark=with_generation(first.mark, 2))
    job.server.add(twin)
    job.journal.state = "open"
    result = job.run()
    assert result.exit_code is ExitCode.BROKEN
    assert finding(result).code == "double_found"
    *_, repair = write_files(result, job.journal, tmp_path)
    assert [json.loads(line) for line in repair.read_text().splitlines()] == [
        {"take_back": "sc_twin", "customer": first.customer, "minor": first.minor, "currency": first.currency,
         "key": "row-1", "n": 1}
    ]  # fmt: skip
    # Once it is taken back, the same command says so.
    job.server.remove("sc_twin")
    again = job.run()
    assert again.exit_code is ExitCode.DONE
    write_files(again, job.journal, tmp_path)
    assert not repair.exists()


def test_the_scan_is_repeated_for_a_job_that_was_broken_and_sends_nothing() -> None:
    job = PretendJob(10, keyed=False)
    during(job, 9, lambda: job.server.remove(next(iter(job.server.credits))))
    assert job.run(concurrency=1).exit_code is ExitCode.BROKEN
    sent = job.server.requests
    assert job.run().exit_code is ExitCode.BROKEN
    assert job.server.requests == sent


def test_a_changed_amount_is_named() -> None:
    job = PretendJob(10, keyed=False)
    during(job, 9, lambda: job.server.add(attrs.evolve(next(iter(job.server.credits.values())), minor=1)))
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.BROKEN
    assert proof_of(result).counts == {"amount_differs": 1, "sums_differ": 1}


def _like(step: Step, created: float) -> Credit:
    return Credit("sc_like", step.customer, step.minor, 0, 0, step.currency, None, created=created)


def test_a_credit_like_ours_is_told_and_breaks_nothing() -> None:
    """A row that was sent once has made one credit: the other is somebody else's."""
    job = PretendJob(10, keyed=True)
    during(job, 9, lambda: job.server.add(_like(job.steps[0], job.time.now())))
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.DONE
    assert finding(result).code == "look_alike"
    assert proof_of(result).holds


def test_a_credit_like_one_that_was_sent_twice_may_be_its_double() -> None:
    """That VINR keeps keys is our decision, not its word: where it does not, this is what shows it."""
    job = PretendJob(10, keyed=True)
    job.server.faults = ["lost_after"]
    during(job, 9, lambda: job.server.add(_like(job.steps[0], job.time.now())))
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.BROKEN
    assert finding(result).code == "double_found"


def test_a_row_that_was_given_back_before_it_was_sent_has_made_one_credit() -> None:
    """Claimed twice and sent once: a credit like its is somebody else's."""
    job = PretendJob(10, keyed=True)
    kept = job.journal.kept[1, 1]
    job.journal.kept[1, 1] = attrs.evolve(kept, attempt=3)
    during(job, 9, lambda: job.server.add(_like(job.steps[0], job.time.now())))
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.DONE
    assert finding(result).code == "look_alike"


def test_a_lost_response_explains_one_credit_and_no_more() -> None:
    job = PretendJob(10, keyed=True)
    job.server.faults = ["lost_after"]

    def others() -> None:
        for number in range(3):
            job.server.add(attrs.evolve(_like(job.steps[0], job.time.now()), id=f"sc_like_{number}"))

    during(job, 9, others)
    assert proof_of(job.run(concurrency=1)).counts == {"double_found": 1, "look_alike": 2}


def test_a_credit_with_another_expiry_is_not_like_it() -> None:
    job = PretendJob(10, keyed=True)
    job.server.faults = ["lost_after"]
    other = attrs.evolve(_like(job.steps[0], job.time.now()), expires=1_900_000_000)
    during(job, 9, lambda: job.server.add(other))
    assert proof_of(job.run(concurrency=1)).findings == ()


def test_a_credit_that_may_be_of_a_row_which_is_open_is_nobodys_double() -> None:
    """Two rows that say the same: to take the credit of the held one back would be a loss that nobody meant."""
    steps = create_rows(10)
    steps[9] = attrs.evolve(steps[9], customer=steps[0].customer, minor=steps[0].minor, currency=steps[0].currency)
    job = PretendJob(steps, keyed=True)
    job.server.faults = ["lost_after"]
    during(job, 9, lambda: job.server.add(_like(job.steps[0], job.time.now())))
    settle = job.system.settle

    def held(steps, explained, stopped):  # type: ignore[no-untyped-def]
        for outcome in settle(steps, explained, stopped):
            yield attrs.evolve(outcome, state=State.HELD) if outcome.step.n == 10 else outcome

    job.system.settle = held  # type: ignore[method-assign]
    execute = job.system.execute

    def lost(step: Step) -> Outcome:
        if step.n != 10:
            return execute(step)
        return Outcome(step, State.UNKNOWN, sent=RequestSent(job.time.now(), None, None))

    job.system.execute = lost  # type: ignore[method-assign]
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.OPEN, result.why
    assert proof_of(result).findings == ()


def test_what_another_job_has_created_is_no_look_alike() -> None:
    job = PretendJob(10, keyed=True)
    job.journal.others.add("sc_like")
    during(job, 9, lambda: job.server.add(_like(job.steps[0], job.time.now())))
    assert proof_of(job.run(concurrency=1)).findings == ()


def test_an_old_credit_is_not_even_read() -> None:
    job = PretendJob(10, keyed=True)
    job.server.add(_like(job.steps[0], job.time.now() - 86_400))
    proof = proof_of(job.run())
    assert proof.findings == ()
    assert proof.read == 10


def test_a_credit_of_a_row_that_is_not_done_is_named() -> None:
    """Another runner with a journal of its own has made what this one was refused."""
    job = PretendJob(10, keyed=False)
    job.server.refuse = {"row-3": "customer_unknown"}
    job.server.add(attrs.evolve(_like(job.steps[2], job.time.now()), mark=job.steps[2].wire))
    result = job.run()
    assert result.exit_code is ExitCode.BROKEN
    assert finding(result).code == "not_recorded"


def test_a_credit_that_the_list_does_not_show_is_asked_for() -> None:
    """Clocks differ, lists lag: before a credit is called deleted it is read by its id."""
    job = PretendJob(10, keyed=False)
    listed = job.system.credits

    def behind(**arguments: object):  # type: ignore[no-untyped-def]
        return (credit for credit in listed(**arguments) if credit.id != "sc_3")  # type: ignore[arg-type]

    job.system.credits = behind  # type: ignore[method-assign]
    assert proof_of(job.run()).holds


@pytest.mark.parametrize("ahead", [-3600.0, 3600.0])
def test_a_server_with_another_time_is_read_from_early_enough(ahead: float) -> None:
    """What was created is looked for by the server's clock, which its responses tell."""
    job = PretendJob(10, keyed=False)
    create = job.server.create

    def otherwise(step: Step) -> Outcome:
        outcome = create(step)
        assert outcome.made is not None
        job.server.add(attrs.evolve(job.server.credits[outcome.made], created=job.time.now() + ahead))
        return attrs.evolve(outcome, server_time=job.time.now() + ahead)

    job.server.create = otherwise  # type: ignore[method-assign]
    twin = attrs.evolve(_like(job.steps[0], job.time.now() + ahead), id="sc_twin", mark=job.steps[0].wire)
    job.server.add(twin)
    assert finding(job.run()).code == "double_found"


def test_rows_and_sums_of_the_plan_must_be_those_of_the_journal() -> None:
    job = PretendJob(10)
    result = job.run(
        plan_rows=11, plan_totals={"USD": 1, "JPY": sum(s.minor for s in job.steps if s.currency == "JPY")}
    )
    assert result.exit_code is ExitCode.BROKEN
    assert proof_of(result).counts == {"rows_differ": 1, "sums_differ": 1}


def _change(step: Step, action: str, target: str, **after: int) -> Step:
    return attrs.evolve(step, action=action, target=target, before={"minor": step.minor, "used": 0}, after=after)


@pytest.mark.parametrize(
    ("changes", "codes", "exit_code"),
    [
        ({}, {}, ExitCode.DONE),
        ({"used": 5}, {"changed_since": 1}, ExitCode.DONE),
        ({"minor": 60}, {"amount_differs": 1}, ExitCode.BROKEN),
        (None, {"deleted": 1}, ExitCode.BROKEN),
    ],
)
def test_changes_are_read_again(changes: dict[str, int] | None, codes: dict[str, int], exit_code: ExitCode) -> None:
    """A reduced credit has the amount it was left with, and what was spent from it meanwhile is told."""
    [step] = create_rows(1)
    job = PretendJob([_change(step, "update", "sc_old", minor=50, used=0)], keyed=False, mode="reduce")
    job.server.add(attrs.evolve(_like(step, 0.0), id="sc_old"))

    def reduce(step: Step) -> Outcome:
        now = attrs.evolve(job.server.credits["sc_old"], **{"minor": 50, **(changes or {})})
        job.server.add(now)
        if changes is None:
            job.server.remove("sc_old")
        return Outcome(step, State.DONE, made="sc_old", how="sent", sent=RequestSent(0.0, 200, None))

    job.system.execute = reduce  # type: ignore[method-assign]
    result = job.run()
    assert proof_of(result).counts == codes
    assert result.exit_code is exit_code


@pytest.mark.parametrize("there", [True, False])
def test_a_deleted_credit_must_be_gone(there: bool) -> None:
    [step] = create_rows(1)
    job = PretendJob([_change(step, "delete", "sc_old")], keyed=False, mode="undo")
    if there:
        job.server.add(attrs.evolve(_like(step, 0.0), id="sc_old"))
    job.system.execute = lambda step: Outcome(step, State.DONE, how="sent", made="sc_old")  # type: ignore[method-assign]
    assert job.run().exit_code is (ExitCode.BROKEN if there else ExitCode.DONE)
