"""Spree v2 as jobs see it: changes and deletes, sent only where all is as planned, and the lock on the server."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

from http_library import httpx
from jobs_support.accounts_on_mock import GRACE, Bench, never
from jobs_support.altered_responses import changed, with_status
from store_credit import NotFoundError
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State


@pytest.fixture
def bench(bench_of: Callable[..., Bench]) -> Bench:
    """One account."""
    return bench_of("spree-v2")


def make(bench: Bench, n: int, minor: int = 1250) -> str:
    """A credit of the job's."""
    return bench.system.execute(bench.step(n, minor=minor)).made


def test_an_amount_is_changed_only_where_it_is_as_planned(bench: Bench) -> None:
    """Reduce: done, found again when lost, refused or held where somebody else changed it."""
    target = make(bench, 1)
    before = {"minor": 1250, "used": 0, "authorized": 0}
    reduce = bench.step(2, action="update", target=target, minor=1000, before=before, after={"minor": 1000})
    bench.mock.fault("spree.store_credits.update", nth=1, drop=True, when="before")
    absent = bench.settle(bench.system.execute(reduce))
    assert (absent.state, absent.how) == (State.PLANNED, "absent")
    bench.mock.fault("spree.store_credits.update", nth=1, drop=True, when="after")
    outcome = bench.system.execute(bench.claimed(absent))
    found = bench.settle(outcome)
    assert (found.state, found.made) == (State.DONE, target)
    # It came late, and is sent again by a runner that did not see it: nothing is sent.
    late = bench.system.execute(bench.claimed(absent))
    assert (late.state, late.how, late.sent) == (State.DONE, "found", None)
    # On the first attempt the same amount is somebody else's doing.
    refused = bench.system.execute(reduce)
    assert (refused.state, refused.code, refused.sent) == (State.REFUSED, "changed_since_plan", None)
    bench.mock.spree.store_credits.update(target, amount="11.00")
    held = bench.settle(outcome)
    assert (held.state, held.code) == (State.HELD, "changed_since_plan")
    bench.wire.after = changed(amount="12.49")
    again = bench.step(3, action="update", target=target, minor=500, before={"minor": 1100}, after={"minor": 500})
    assert bench.system.execute(again).state is State.UNKNOWN


@pytest.mark.parametrize("status", [202, 301, 408, 503])
def test_a_change_without_a_trustworthy_response_is_read_again(bench: Bench, status: int) -> None:
    """The SDK would take some of these for errors that may be repeated; the journal has to look first."""
    target = make(bench, 1)
    reduce = bench.step(2, action="update", target=target, minor=5, before={"minor": 1250}, after={"minor": 5})
    bench.wire.after = with_status(status)
    outcome = bench.system.execute(reduce)
    assert (outcome.state, outcome.sent.status) == (State.UNKNOWN, status)
    bench.wire.after = lambda request, response: response
    assert bench.settle(outcome).state is State.DONE


def test_a_credit_with_money_set_aside_is_never_deleted(bench: Bench) -> None:
    """Planted: an undo while the customer spends. The server would delete it and the order could not be paid."""
    target = make(bench, 1)
    before = {"minor": 1250, "used": 0, "authorized": 0}
    delete = bench.step(2, action="delete", target=target, before=before)
    bench.mock.spree.store_credits.update(target, amount_authorized="5.00")
    refused = bench.system.execute(delete)
    assert (refused.state, refused.code, refused.sent) == (State.REFUSED, "authorized_open", None)
    bench.mock.spree.store_credits.update(target, amount_authorized=0, amount_used="5.00")
    refused = bench.system.execute(delete)
    assert (refused.state, refused.code, refused.sent) == (State.REFUSED, "changed_since_plan", None)
    assert [one.id for one in bench.credits()] == [target]


def test_a_delete_whose_response_is_lost(bench: Bench) -> None:
    """Gone is done; still there as it was is planned again; changed meanwhile is for a person."""
    before = {"minor": 1250, "used": 0, "authorized": 0}
    for n, when in ((1, "after"), (3, "before")):
        target = make(bench, n)
        delete = bench.step(n + 1, action="delete", target=target, before=before)
        bench.mock.fault("spree.store_credits.delete", nth=1, drop=True, when=when)
        outcome = bench.system.execute(delete)
        verdict = bench.settle(outcome)
        assert (outcome.state, verdict.how) == (State.UNKNOWN, "found" if when == "after" else "absent")
    bench.mock.spree.store_credits.update(target, amount_used="1.00")
    assert bench.settle(outcome).state is State.HELD
    bench.mock.spree.store_credits.update(target, amount_used=0)
    done = bench.system.execute(bench.claimed(verdict))
    assert (done.state, done.sent.status) == (State.DONE, 204)
    assert bench.system.execute(delete).state is State.REFUSED
    assert bench.credits() == []


def test_the_lock_on_the_server(bench: Bench) -> None:
    """The lowest category has it, others are told which one; it is removed at the end, also of a job that failed."""
    other = bench.connect()

    def locks() -> list[str]:
        made = bench.mock.spree.store_credit_categories.list()
        return [one.id for one in made if one.name.startswith("store-credit")]

    with bench.system.server_lock("nov", never):
        assert bench.clock.waited == [GRACE]
        assert len(locks()) == 1
        with pytest.raises(JobsError, match=f"the category {locks()[0]} ") as locked, other.server_lock("nov", never):
            pass
        assert locked.value.exit_code is ExitCode.LOCKED
        with other.server_lock("dec", never):
            pass
        assert len(locks()) == 1
    assert locks() == []
    with pytest.raises(ValueError, match="of the job"), bench.system.server_lock("nov", never):
        raise ValueError("of the job")
    assert locks() == []
    with pytest.raises(JobsError, match="stopped"), bench.system.server_lock("nov", lambda: True):
        pass
    assert locks() == []
    bench.mock.fault("spree.store_credit_categories.delete", nth=1, status=503)
    with pytest.raises(JobsError, match="delete the category"), bench.system.server_lock("nov", never):
        pass


def test_a_slower_request_for_the_lock_wins(bench: Bench) -> None:
    """A lower id that comes to light after the first look: the second look finds it."""
    slow = bench.mock.spree.store_credit_categories.create(name="another").id
    wait = bench.clock.wait

    def waiting(seconds: float, stopped: Callable[[], bool] = never) -> bool:
        bench.mock.spree.store_credit_categories.update(slow, name="store-credit lock nov")
        return wait(seconds, stopped)

    bench.clock.wait = waiting
    with pytest.raises(JobsError) as locked, bench.system.server_lock("nov", never):
        pass
    assert locked.value.code == "server_locked"


def test_what_fills_up_is_sent_only_where_the_customer_has_what_was_planned(bench: Bench) -> None:
    """In mode set a credit is the difference to what there was: somebody else may have given it meanwhile."""
    there = sum(one.remaining for one in bench.credits(customer=bench.customer) if one.currency == "USD")
    assert bench.system.execute(bench.step(before={"outstanding": there})).state is State.DONE
    late = bench.system.execute(bench.step(2, before={"outstanding": there}))
    assert (late.state, late.code, late.sent) == (State.REFUSED, "changed_since_plan", None)
    assert bench.system.execute(bench.step(2, before={"outstanding": there + 1250})).state is State.DONE


def test_a_404_of_a_proxy_deletes_nothing(bench: Bench) -> None:
    """While the shop is deployed anew, its proxy has a page for everything."""
    made = bench.system.execute(bench.step()).made
    before = {"minor": 1250, "used": 0, "authorized": 0}
    step = bench.step(action="delete", target=made, before=before, attempt=2)
    bench.wire.after = lambda request, response: httpx.Response(404, html="<h1>Not found</h1>")
    outcome = bench.system.execute(step)
    assert (outcome.state, outcome.sent) == (State.PLANNED, None)
    with pytest.raises(NotFoundError):
        bench.settle(attrs.evolve(outcome, state=State.UNKNOWN))
    bench.wire.after = lambda request, response: response
    assert bench.settle(attrs.evolve(outcome, state=State.UNKNOWN)).state is State.PLANNED
    assert [one.id for one in bench.credits()] == [made]
