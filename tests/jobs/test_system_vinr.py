"""VINR as jobs see it: what a write comes to, what becomes of a lost one within the day of its key and after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from http_library import httpx
from jobs_support.accounts_on_mock import GRACE, NOW, Bench, Key, never
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State, Stop
from store_credit_jobs.systems.http import UnannouncedWriteError

CREATE = "vinr.store_credit.create"
HOUR = 3600.0
Maker = Callable[..., Bench]


@pytest.fixture
def bench(bench_of: Maker) -> Bench:
    """One account."""
    return bench_of("vinr")


def test_a_create_is_done_once_and_tells_what_the_engine_needs(bench: Bench) -> None:
    """The first response and the one that the server gives again are both the credit, and say which they are."""
    step = bench.step(payload={"expires": int(NOW) + 86_400})
    done = bench.system.execute(step)
    assert (done.state, done.how, done.code) == (State.DONE, "sent", None)
    assert done.sent.status == 201
    assert done.sent.request_id.startswith("req_")
    assert done.sent.at == NOW
    assert done.server_time == NOW
    assert done.limit == (50, 49)
    again = bench.system.execute(step)
    assert (again.state, again.how, again.made) == (State.DONE, "replayed", done.made)
    (credit,) = bench.credits()
    assert (credit.id, credit.customer, credit.minor, credit.used) == (done.made, "cust_8aZ2", 1250, 0)
    assert (credit.currency, credit.expires, credit.created) == ("USD", int(NOW) + 86_400, NOW)


def test_a_lost_response_is_sent_again_under_its_key(bench: Bench) -> None:
    """Planted: the runner dies after the response and before its commit. The key finds the credit."""
    bench.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = bench.system.execute(bench.step())
    assert (lost.state, lost.sent.status) == (State.UNKNOWN, None)
    bench.clock.pass_by(22 * HOUR)
    again = bench.settle(lost)
    assert (again.state, again.next_generation, again.how) == (State.PLANNED, False, None)
    assert bench.clock.waited == []
    done = bench.system.execute(bench.claimed(again))
    assert (done.state, done.how) == (State.DONE, "replayed")
    assert [one.id for one in bench.credits()] == [done.made]


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("planned", [True, False], ids=["planned to be sent again", "unknown"])
def test_after_the_day_of_its_key_a_step_is_looked_up_and_never_sent(
    bench: Bench, *, committed: bool, planned: bool
) -> None:
    """Planted: a resume after 25 hours. What is there is found, what is not is held; no request goes out."""
    bench.mock.fault(CREATE, nth=1, drop=True, when="after" if committed else "before")
    lost = bench.system.execute(bench.step())
    if planned:
        # The runner stopped between settling and sending again.
        lost = bench.settle(lost)
    bench.clock.pass_by(25 * HOUR)
    writes = bench.wire.writes
    if planned:
        lost = bench.system.execute(bench.claimed(lost))
        assert (lost.state, lost.code, lost.sent) == (State.UNKNOWN, "key_window_over", None)
    verdict = bench.settle(lost)
    assert bench.wire.writes == writes == 1
    if committed:
        (credit,) = bench.credits()
        assert (verdict.state, verdict.how, verdict.made) == (State.DONE, "found", credit.id)
    else:
        assert (verdict.state, verdict.code) == (State.HELD, "key_window_over")


@pytest.mark.parametrize("settings", [{"key_window": 0.0}, {}], ids=["no window", "another credential"])
def test_a_key_of_doubtful_worth_is_not_relied_on(bench: Bench, settings: dict[str, Any]) -> None:
    """Without a window, and after a change of the credential, lost steps are looked up when they have ended."""
    bench.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = bench.system.execute(bench.step())
    key = None if settings else Key(bench.mock.control.vinr.issue_key().key)
    runner = bench.connect(key, **settings)
    verdict = bench.settle(lost, system=runner)
    assert (verdict.state, verdict.how) == (State.DONE, "found")
    assert bench.clock.waited == [GRACE]
    assert bench.wire.writes == 1


def test_one_credit_explains_one_step(bench: Bench) -> None:
    """Planted: two equal rows, one of them lost. The other's credit is not taken for it, nor one taken twice."""
    done = bench.system.execute(bench.step(1))
    bench.mock.fault(CREATE, nth=1, drop=True, when="before")
    lost = bench.system.execute(bench.step(2))
    bench.clock.pass_by(25 * HOUR)
    assert bench.settle(lost, explained={done.made}.__contains__).state is State.HELD
    # A restored journal knows of neither: one of them is explained, the other is for a person.
    first, second = bench.settle(done, lost)
    assert (first.state, first.made, second.state) == (State.DONE, done.made, State.HELD)


def test_two_that_may_each_be_it_are_for_a_person(bench: Bench) -> None:
    """Two equal rows, both committed, both lost: nothing tells which is which."""
    bench.mock.fault(CREATE, drop=True, when="after")
    lost = [bench.system.execute(bench.step(n)) for n in (1, 2)]
    bench.clock.pass_by(25 * HOUR)
    assert {one.state for one in bench.settle(*lost)} == {State.HELD}


def test_what_proves_that_nothing_happened_is_planned_again(bench: Bench) -> None:
    """No connection, a rate limit, refused credentials: planned; the last stop the job, and so does a wait of a day."""

    def unreachable(request: Any) -> Any:
        raise httpx.ConnectError("refused", request=request)

    bench.wire.before = unreachable
    offline = bench.system.execute(bench.step())
    assert (offline.state, offline.code, offline.stop) == (State.PLANNED, "not_sent", None)
    bench.wire.before = lambda request: request
    for status, headers, wait, stop in (
        (429, {"retry-after": "7"}, 7.0, None),
        (429, {"retry-after": "86400"}, 86_400.0, Stop.TOO_LONG),
        (401, {}, None, Stop.CREDENTIALS),
        (403, {}, None, Stop.CREDENTIALS),
    ):
        bench.mock.control.clear_faults()
        bench.mock.fault(CREATE, status=status, headers=headers or None)
        outcome = bench.system.execute(bench.step())
        assert (outcome.state, outcome.wait, outcome.stop) == (State.PLANNED, wait, stop), status
        assert (outcome.sent.status, outcome.next_generation) == (status, False)
    assert bench.mock.control.vinr.credits() == []


@pytest.mark.parametrize("status", [500, 502, 503, 408])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_server_that_fails_leaves_the_outcome_unknown(bench: Bench, status: int, when: str) -> None:
    """A 5xx or 408 says nothing about what was done; the key does."""
    bench.mock.fault(CREATE, nth=1, status=status, when=when)
    lost = bench.system.execute(bench.step())
    assert (lost.state, lost.sent.status) == (State.UNKNOWN, status)
    done = bench.system.execute(bench.claimed(bench.settle(lost)))
    assert (done.state, done.how) == (State.DONE, "replayed" if when == "after" else "sent")
    assert len(bench.credits()) == 1


def test_a_twin_that_still_runs_is_waited_for(bench: Bench) -> None:
    """409 while the first request of the key runs: unknown, sent again later, one credit."""
    bench.mock.fault(CREATE, nth=1, commit_after=5)
    lost = bench.system.execute(bench.step())
    running = bench.system.execute(bench.claimed(bench.settle(lost)))
    assert (running.state, running.code, running.wait) == (State.UNKNOWN, "idempotency_in_progress", 1.0)
    bench.clock.pass_by(6)
    done = bench.system.execute(bench.claimed(bench.settle(running)))
    assert (done.state, done.how) == (State.DONE, "replayed")
    assert len(bench.credits()) == 1


def test_a_stored_refusal_is_left_behind_only_by_the_next_generation(bench: Bench) -> None:
    """Planted: 404 for a customer who is then created. The same key replays it, the next generation issues once."""
    first = bench.step(customer="cust_new")
    refused = bench.system.execute(first)
    assert (refused.state, refused.code, refused.sent.status) == (State.REFUSED, "resource_missing", 404)
    bench.mock.control.vinr.add_customer("cust_new")
    assert bench.system.execute(first).state is State.REFUSED
    again = bench.step(customer="cust_new", wire=first.wire[:-1] + "2", generation=2)
    assert bench.system.execute(again).state is State.DONE
    assert len(bench.credits(customer="cust_new")) == 1


def test_a_refusal_that_the_key_did_not_store_says_nothing_of_the_first_request(bench: Bench) -> None:
    """The expiry has passed when a lost create is sent again: its 400 hides the credit that is there."""
    bench.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = bench.system.execute(bench.step(payload={"expires": int(NOW) + 600}))
    planned = bench.settle(lost)
    bench.mock.fault(CREATE, nth=1, status=400)
    bench.clock.pass_by(601)
    refused = bench.system.execute(bench.claimed(planned))
    assert (refused.state, refused.code) == (State.HELD, "refused_on_resend")
    verdict = bench.settle(refused)
    assert (verdict.state, verdict.made) == (State.DONE, bench.credits()[0].id)


def test_a_key_that_was_used_for_something_else_is_for_a_person(bench: Bench) -> None:
    """Something was done under it, so that neither refusal nor success would be true."""
    bench.system.execute(bench.step())
    other = bench.system.execute(bench.step(minor=99))
    assert (other.state, other.code) == (State.HELD, "idempotency_conflict")


def changed(**members: Any) -> Callable[[Any, Any], Any]:
    """Responses to writes with other members."""

    def change(request: Any, response: Any) -> Any:
        if request.method == "GET":
            return response
        body = response.json() | members
        return type(response)(response.status_code, json=body, headers={"date": response.headers["date"]})

    return change


def with_status(status: int) -> Callable[[Any, Any], Any]:
    """Responses to writes with another status."""

    def change(request: Any, response: Any) -> Any:
        kept = request.method == "GET"
        return response if kept else type(response)(status, json=response.json())

    return change


@pytest.mark.parametrize(
    "change",
    [
        changed(customer="cust_other"),
        changed(amount=1249),
        changed(currency="EUR"),
        changed(expires_at=int(NOW) + 5),
        with_status(202),
        with_status(200),
        with_status(303),
        with_status(307),
    ],
    ids=["customer", "amount", "currency", "expiry", "202", "200", "303", "307"],
)
def test_a_success_that_is_about_something_else_is_never_done(bench: Bench, change: Callable[[Any, Any], Any]) -> None:
    """Planted: echoes of another credit, 202, redirects: unknown, then settled by the key."""
    bench.wire.after = change
    lost = bench.system.execute(bench.step())
    assert lost.state is State.UNKNOWN
    bench.wire.after = lambda request, response: response
    done = bench.system.execute(bench.claimed(bench.settle(lost)))
    assert (done.state, done.how) == (State.DONE, "replayed")
    assert len(bench.credits()) == 1


def test_only_an_announced_write_passes_and_only_once(bench: Bench) -> None:
    """A write from anywhere but `execute`, and a second one in the place of one, raise before a byte leaves."""
    client = bench.system._client
    with pytest.raises(UnannouncedWriteError, match="only reads are allowed; nothing was sent"):
        client.store_credit.create(customer="cust_8aZ2", amount=1, currency="USD")
    with bench.system._http.writing():
        client.store_credit.create(customer="cust_8aZ2", amount=1, currency="USD")
        with pytest.raises(UnannouncedWriteError, match="a second write"):
            client.store_credit.create(customer="cust_8aZ2", amount=1, currency="USD")
    assert bench.wire.writes == 1
    writes = [one for one in bench.mock.exchanges if one.request.method != "GET"]
    list(bench.system.settle([bench.step()], lambda credit: False, never))
    bench.system.check()
    assert bench.credits()
    assert [one for one in bench.mock.exchanges if one.request.method != "GET"] == writes


def test_an_expiry_is_changed_only_where_it_is_as_planned(bench: Bench) -> None:
    """Undo by expiry: done; refused where a purchase came between; what was lost is read again."""
    made = bench.system.execute(bench.step()).made
    before, after = {"minor": 1250, "used": 0, "expires": None}, {"expires": int(NOW) + 120}
    undo = bench.step(2, action="update", target=made, before=before, after=after)
    bench.mock.fault("vinr.store_credit.update", nth=1, drop=True, when="before")
    lost = bench.system.execute(undo)
    absent = bench.settle(lost)
    assert (lost.state, absent.state, absent.how) == (State.UNKNOWN, State.PLANNED, "absent")
    bench.mock.fault("vinr.store_credit.update", nth=1, drop=True, when="after")
    lost = bench.system.execute(bench.claimed(absent))
    found = bench.settle(lost)
    assert (found.state, found.how, found.made) == (State.DONE, "found", made)
    assert bench.system.credit(made, "").expires == int(NOW) + 120
    bench.mock.vinr.store_credit.update(made, expires_at=int(NOW) + 999)
    held = bench.settle(lost)
    assert (held.state, held.code) == (State.HELD, "changed_since_plan")
    other = bench.system.execute(bench.step(3)).made
    bench.mock.control.vinr.buy("cust_8aZ2", 1300, "USD")
    refused = bench.system.execute(bench.step(4, action="update", target=other, before=before, after=after))
    assert (refused.state, refused.code, refused.sent) == (State.REFUSED, "changed_since_plan", None)
    assert "its used is 50, but was 0" in refused.said


def test_an_expiry_counted_from_now_is_found_again(bench: Bench) -> None:
    """`expires_in` is added to the server's time when it is sent."""
    made = bench.system.execute(bench.step()).made
    bench.clock.pass_by(1000)
    undo = bench.step(2, action="update", target=made, before={"expires": None}, payload={"expires_in": 120})
    bench.mock.fault("vinr.store_credit.update", nth=1, drop=True, when="after")
    lost = bench.system.execute(undo)
    assert bench.system.credit(made, "").expires == int(NOW) + 1120
    assert bench.settle(lost).state is State.DONE


def test_marked_expiries_tell_equal_rows_apart(bench: Bench) -> None:
    """`--mark-expiry` adds less than an hour, the same for every generation, and makes the late match unique."""
    payload = {"expires": int(NOW) + 90_000, "mark_expiry": True}
    done = [bench.system.execute(bench.step(n, payload=payload)) for n in (1, 2)]
    expiries = [bench.system.credit(one.made, "").expires - int(NOW) - 90_000 for one in done]
    assert all(0 <= added < 3600 for added in expiries)
    assert expiries[0] != expiries[1]
    bench.clock.pass_by(24.5 * HOUR)
    assert [one.made for one in bench.settle(*done)] == [one.made for one in done]


def test_credits_are_listed_once_while_others_are_created(bench: Bench) -> None:
    """New ones arrive at the front of a list that is read from there: they are read in the end, and none twice."""
    for amount in range(1, 251):
        bench.mock.vinr.store_credit.create(customer="cust_8aZ2", amount=amount, currency="USD")
    bench.clock.pass_by(600)
    seen = []
    for credit in bench.system.credits():
        if len(seen) in (20, 150, 249, 250):
            bench.mock.vinr.store_credit.create(customer="cust_8aZ2", amount=1000 + len(seen), currency="USD")
        seen.append(credit)
    assert len(seen) == len({one.id for one in seen}) == 254
    assert seen[0].email is not None
    assert [one.minor for one in bench.credits(since=NOW + 600)] == [1250, 1249, 1150, 1020]


@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
def test_a_wrong_clock_is_seen(bench_of: Maker, ahead: float) -> None:
    """Planted: this machine's clock is an hour wrong, either way."""
    found = bench_of("vinr", ahead=ahead).system.check()
    assert found.skew == pytest.approx(-ahead, abs=2)
    (problem,) = found.problems
    assert problem.code == "clock_skew"
    assert ("behind" if ahead < 0 else "ahead of") in problem.text
    assert bench_of("vinr", ahead=50).system.check().problems == ()


def test_a_key_that_is_refused(bench: Bench) -> None:
    """Planted: a key that ends during a job stops it with exit code 7; nothing shows it."""
    bench.mock.control.vinr.change_key(bench.key.reveal(), "revoke")
    stopped = bench.system.execute(bench.step())
    assert (stopped.state, stopped.stop) == (State.PLANNED, Stop.CREDENTIALS)
    with pytest.raises(JobsError) as refused:
        bench.system.check()
    assert (refused.value.code, refused.value.exit_code) == ("credentials_refused", ExitCode.CREDENTIALS)
    publishable = Key("pk_test_publishable-1")
    with pytest.raises(JobsError) as unusable:
        bench.connect(publishable)
    assert unusable.value.code == "credential_kind"
    assert publishable.reveal() not in str(unusable.value)
    fine = bench.mock.control.vinr.issue_key().key
    assert bench.connect(Key(fine)).execute(bench.step()).state is State.DONE


def test_what_fills_up_is_sent_only_where_the_customer_has_what_was_planned(bench: Bench) -> None:
    """In mode set a credit is the difference to what there was: somebody else may have given it meanwhile."""
    planned: dict[str, Any] = {"before": {"outstanding": 0}}
    bench.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = bench.system.execute(bench.step(**planned))
    # Its own credit is none of somebody else's.
    bench.clock.pass_by(1)
    assert bench.system.execute(bench.claimed(bench.settle(lost))).how == "replayed"
    late = bench.system.execute(bench.step(2, **planned))
    assert (late.state, late.code, late.sent) == (State.REFUSED, "changed_since_plan", None)
    assert len(bench.credits()) == 1
    assert bench.system.execute(bench.step(2, before={"outstanding": 1250})).state is State.DONE
