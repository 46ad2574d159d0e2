"""Spree v2 as jobs see it: the marks of creates, and the scan that settles all whose responses were lost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jobs_support.accounts_on_mock import GRACE, NOW, Bench, Key, never, no_credit_explained
from jobs_support.altered_responses import about_another_user, changed, with_status
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State, Stop
from store_credit_jobs.wire_key import wire_key

CREATE = "spree.store_credits.create"
HOUR = 3600.0
Maker = Callable[..., Bench]


@pytest.fixture
def bench(bench_of: Maker) -> Bench:
    """One account."""
    return bench_of("spree-v2")


def lost(bench: Bench, n: int = 1, **fault: Any) -> Any:
    """The outcome of a create that gets no response."""
    bench.mock.fault(CREATE, nth=1, **(fault or {"drop": True, "when": "after"}))
    outcome = bench.system.execute(bench.step(n))
    assert outcome.state is State.UNKNOWN
    return outcome


def test_a_create_carries_its_mark_and_leaves_the_memo_to_people(bench: Bench) -> None:
    """Amount with the currency's decimals, the account's creator and category, the order of a refund in the mark."""
    payload = {"memo": "Goodwill Nov", "order": "R42"}
    done = bench.system.execute(bench.step(minor=1500, currency="JPY", payload=payload))
    assert (done.state, done.how, done.code, done.sent.status) == (State.DONE, "sent", None, 201)
    record = bench.mock.spree.store_credits.retrieve(done.made)
    assert (record.amount, record.memo) == (Decimal(1500), "Goodwill Nov")
    wire = bench.step().wire
    assert record.private_metadata == {"store_credit_jobs": {"k": wire, "j": "jb_1", "o": "R42"}}
    (credit,) = bench.credits(mine=True)
    assert (credit.customer, credit.minor, credit.mark, credit.category) == ("2", 1500, wire, "1")
    (whole,) = bench.credits()
    assert whole.email
    assert [event["attributes"]["action"] for event in whole.events] == ["allocation"]


def test_a_mark_that_the_server_does_not_keep_is_told(bench: Bench) -> None:
    """The credit is there, and nothing will find it."""

    def without(request: Any, response: Any) -> Any:
        body = response.json()
        body["data"]["attributes"]["private_metadata"] = {}
        return type(response)(response.status_code, json=body)

    bench.wire.after = without
    done = bench.system.execute(bench.step())
    assert (done.state, done.code) == (State.DONE, "mark_missing")


@pytest.mark.parametrize("grace", [GRACE, 0.0])
def test_a_create_that_commits_late_is_waited_for(bench_of: Maker, grace: float) -> None:
    """Planted: committed 45 seconds after its response was lost. Without the grace it would be made again."""
    bench = bench_of("spree-v2", account={"grace": grace})
    slow = lost(bench, commit_after=45)
    verdict = bench.settle(slow)
    assert bench.clock.waited == ([GRACE] if grace else [])
    if grace:
        assert (verdict.state, verdict.how) == (State.DONE, "found")
        assert [one.id for one in bench.credits()] == [verdict.made]
    else:
        # What the grace is for: this is how a credit is doubled.
        assert bench.system.execute(bench.claimed(verdict)).state is State.DONE
        bench.clock.pass_by(45)
        assert [one.mark for one in bench.credits()] == [slow.step.wire] * 2
        doubled = bench.settle(slow)
        assert (doubled.state, doubled.code) == (State.DONE, "double_found")
        assert {doubled.made, *doubled.also_made} == {one.id for one in bench.credits()}


def test_one_scan_settles_all(bench: Bench) -> None:
    """Made ones are found, absent ones planned again, with three requests whatever their number."""
    lots = [lost(bench, n, drop=True, when="after" if n % 2 else "before") for n in range(1, 21)]
    before = len(bench.mock.exchanges)
    verdicts = bench.settle(*lots)
    assert len(bench.mock.exchanges) - before <= 3
    assert {one.state for one in verdicts[::2]} == {State.DONE}
    assert {(one.state, one.how) for one in verdicts[1::2]} == {(State.PLANNED, "absent")}
    assert {one.made for one in verdicts[::2]} == {one.id for one in bench.credits()}
    for one in verdicts[1::2]:
        assert bench.system.execute(bench.claimed(one)).state is State.DONE
    assert len({one.mark for one in bench.credits()}) == len(bench.credits()) == 20


def test_nothing_is_looked_at_before_the_requests_have_ended(bench: Bench) -> None:
    """Waiting is given up when the job is stopped, and what was not looked up is not told of."""
    outcome = lost(bench)
    bench.clock.pass_by(20)
    asked = len(bench.mock.exchanges)
    steps = [bench.after(outcome)]
    assert list(bench.system.settle(steps, no_credit_explained, lambda: True)) == []
    assert len(bench.mock.exchanges) == asked
    assert bench.settle(outcome).state is State.DONE
    assert bench.clock.waited == [GRACE - 20]
    # A clock that was set back meanwhile does not make the wait longer than the grace.
    future = bench.step(1, first_sent=NOW + 9999, last_sent=NOW + 9999)
    list(bench.system.settle([future], no_credit_explained, never))
    assert bench.clock.waited[-1] == GRACE


def test_a_credit_that_lost_its_mark_holds_the_row(bench: Bench) -> None:
    """Planted: staff wrote other metadata. Only a person can tell, and the row stays held when it is gone."""
    outcome = lost(bench)
    (credit,) = bench.credits()
    bench.mock.spree.store_credits.update(credit.id, private_metadata={"note": "checked"})
    held = bench.settle(outcome)
    assert (held.state, held.code) == (State.HELD, "mark_missing")
    assert credit.id in held.said
    # It is what another row is known to have made.
    assert bench.settle(outcome, explained={credit.id}.__contains__).state is State.PLANNED
    bench.mock.spree.store_credits.delete(credit.id)
    assert bench.settle(held).state is State.HELD
    # The mark is back.
    again = lost(bench, 2)
    other = bench.credits()[-1]
    bench.mock.spree.store_credits.update(other.id, private_metadata={})
    held = bench.settle(again)
    mark = {"store_credit_jobs": {"k": again.step.wire}}
    bench.mock.spree.store_credits.update(other.id, private_metadata=mark)
    assert bench.settle(held).made == other.id


def test_what_others_made_does_not_hold_a_row(bench: Bench) -> None:
    """Of another user, amount, currency, time or creator, or marked for another row: none of them may be it."""
    create: Any = bench.mock.spree.store_credits.create
    fields = {"user_id": "2", "category_id": "1", "created_by_id": "1", "amount": "12.50", "currency": "USD"}
    create(**fields)
    bench.clock.pass_by(2 * HOUR)
    for other in ({"user_id": "3"}, {"amount": "12.51"}, {"currency": "EUR"}, {"created_by_id": "2"}):
        create(**{**fields, **other})
    assert bench.system.execute(bench.step(2)).state is State.DONE
    assert bench.settle(lost(bench, drop=True, when="before")).how == "absent"
    outcome = lost(bench, 3, drop=True, when="before")
    bench.clock.pass_by(HOUR)
    create(**fields)
    assert bench.settle(outcome).how == "absent"
    assert bench.settle(lost(bench, 3, drop=True, when="before")).state is State.HELD


def test_a_credit_that_was_changed_is_not_called_done(bench: Bench) -> None:
    """It carries the mark and another amount: a person has to look."""
    outcome = lost(bench)
    bench.mock.spree.store_credits.update(bench.credits()[0].id, amount="99.00")
    held = bench.settle(outcome)
    assert (held.state, held.code) == (State.HELD, "echo_differs")
    assert "9900 USD" in held.said


@pytest.mark.parametrize("number", [40, 620])
def test_old_pages_do_not_hide_a_mark(bench_of: Maker, number: int) -> None:
    """Planted: Spree 4.5 keeps a page, with its old total, for an hour under its own ids."""
    bench = bench_of("spree-v2", spree_response_cache="on")
    for n in range(2, number):
        bench.mock.spree.store_credits.create(
            user_id="2", category_id="1", created_by_id="1", amount=n, currency="USD", memo="old"
        )
        if n in (30, 500, 501):
            assert len(bench.credits(mine=True)) == n - 1
    outcome = lost(bench)
    assert bench.settle(outcome).state is State.DONE
    assert len(bench.credits(mine=True)) == number - 1


def test_a_server_that_ignores_filters_is_seen_through(bench: Bench) -> None:
    """Planted: everything is listed whatever is asked for, so that all is compared here."""

    def without(request: Any) -> Any:
        kept = [pair for pair in request.url.params.multi_items() if "created" not in pair[0] and "user" not in pair[0]]
        return type(request)(request.method, request.url.copy_with(params=kept), headers=request.headers)

    create = bench.mock.spree.store_credits.create
    create(user_id="3", category_id="1", created_by_id="2", amount="10.50", currency="JPY")
    create(user_id="2", category_id="1", created_by_id="2", amount="12.50", currency="USD")
    bench.clock.pass_by(HOUR)
    outcome = lost(bench)
    bench.wire.before = without
    verdict = bench.settle(outcome)
    assert verdict.state is State.DONE
    assert [one.id for one in bench.credits(mine=True)] == [verdict.made]
    assert [one.id for one in bench.credits(since=NOW + HOUR)] == [verdict.made]
    assert [one.id for one in bench.credits(customer="2")] == ["2", "3"]
    # Of another creator, and alike in all else.
    create(user_id="2", category_id="1", created_by_id="2", amount="12.50", currency="USD")
    assert bench.settle(lost(bench, 2, drop=True, when="before")).how == "absent"
    assert len(bench.credits()) == 4


def test_amounts_of_odd_currencies(bench: Bench) -> None:
    """Three decimals, none, and text that is no currency: whole minor units of each."""
    create = bench.mock.spree.store_credits.create
    for amount, currency in (("1.23", "BHD"), ("1500", "JPY"), ("7.05", "XYZ"), ("7.05", "usd")):
        create(user_id="2", category_id="1", created_by_id="1", amount=amount, currency=currency)
    assert [(one.minor, one.currency) for one in bench.credits()] == [
        (1230, "BHD"), (1500, "JPY"), (705, "XYZ"), (705, "usd"),
    ]  # fmt: skip
    done = bench.system.execute(bench.step(minor=2340, currency="BHD"))
    assert bench.system.credit(done.made, "").minor == 2340


@pytest.mark.parametrize(
    "change",
    [
        about_another_user,
        changed(amount="12.49"),
        changed(currency="EUR"),
        changed(private_metadata={"store_credit_jobs": {"k": wire_key("spree-v2|x|shop", "nov", "row-2")}}),
        with_status(202),
        with_status(303),
    ],
    ids=["user", "amount", "currency", "row", "202", "303"],
)
def test_a_success_that_is_about_something_else_is_never_done(bench: Bench, change: Callable[[Any, Any], Any]) -> None:
    """Planted: echoes of another credit, 202, a redirect: unknown, then found by the mark."""
    bench.wire.after = change
    outcome = bench.system.execute(bench.step())
    assert outcome.state is State.UNKNOWN
    bench.wire.after = lambda request, response: response
    verdict = bench.settle(outcome)
    assert [one.id for one in bench.credits()] == [verdict.made]


def test_refusals_and_what_a_server_keeps_failing_at(bench: Bench) -> None:
    """A 422 is definite; a 500 is not, but a fifth one of the same row is given up."""
    refused = bench.system.execute(bench.step(customer="4711"))
    assert (refused.state, refused.code, refused.sent.status) == (State.REFUSED, "http_422", 422)
    assert "User" in refused.said
    bench.mock.fault(CREATE, status=500)
    outcome = bench.system.execute(bench.step())
    for attempt in range(2, 6):
        planned = bench.settle(outcome)
        assert planned.state is State.PLANNED
        outcome = bench.system.execute(bench.claimed(planned))
        assert outcome.step.attempt == attempt
    given_up = bench.settle(outcome)
    assert (given_up.state, given_up.code) == (State.REFUSED, "http_500")


def test_a_token_that_ends_during_a_job(bench: Bench) -> None:
    """Planted: 401 stops the job with what was claimed planned again; with the new token it goes on."""
    bench.mock.control.spree.revoke_tokens(token=bench.key.reveal())
    stopped = bench.system.execute(bench.step())
    assert (stopped.state, stopped.stop) == (State.PLANNED, Stop.CREDENTIALS)
    with pytest.raises(JobsError) as refused:
        bench.system.check()
    assert refused.value.exit_code is ExitCode.CREDENTIALS
    token = bench.mock.control.spree.issue_token().token
    assert bench.connect(Key(token)).execute(bench.claimed(stopped)).state is State.DONE


def test_what_an_account_has_to_have(bench: Bench) -> None:
    """Without a creator and a category of its own nothing can be issued; both are told before anything is sent."""
    codes = [one.code for one in bench.connect(created_by=None, category=None).check().problems]
    assert codes == ["created_by_missing", "category_missing"]
    assert [one.code for one in bench.connect(category="99").check().problems] == ["category_unknown"]
    fine = bench.system.check()
    assert (fine.problems, fine.skew) == ((), 0)
    assert fine.live is True
    assert bench.connect(live=False).check().live is False
    with pytest.raises(JobsError, match="has no created_by"):
        bench.connect(created_by=None).execute(bench.step())


@pytest.mark.parametrize("ahead", [-HOUR, HOUR])
def test_a_wrong_clock_is_seen_and_does_not_hide_credits(bench_of: Maker, ahead: float) -> None:
    """Planted: this machine's clock is an hour wrong either way. It is told, and marks are found all the same."""
    bench = bench_of("spree-v2", ahead=ahead)
    assert [one.code for one in bench.system.check().problems] == ["clock_skew"]
    outcome = lost(bench)
    assert bench.settle(outcome).state is State.DONE


def test_a_clock_that_was_set_right_since_hides_nothing(bench_of: Maker) -> None:
    """Sent while the clock was an hour ahead: by the clock of now that hour is still to come."""
    bench = bench_of("spree-v2", ahead=3600.0)
    outcome = lost(bench)
    bench.clock.ahead = 0.0
    bench.clock.pass_by(GRACE)
    resumed = bench.connect()
    assert resumed.check().problems == ()
    verdict = bench.settle(outcome, system=resumed)
    assert (verdict.state, verdict.how) == (State.DONE, "found")


def test_a_shop_that_puts_another_user_in_is_not_sent_the_row_again(bench: Bench) -> None:
    """What it made is hidden from a scan of the account's own user, in each round anew."""

    def another_creator(request: Any, response: Any) -> Any:
        body = response.json()
        listed = body["data"] if isinstance(body["data"], list) else [body["data"]]
        for record in listed:
            record["relationships"]["created_by"] = {"data": {"id": "99", "type": "user"}}
        if request.method == "GET":
            body["data"] = [] if isinstance(body["data"], list) else body["data"]
        return type(response)(response.status_code, json=body)

    bench.wire.after = another_creator
    outcome = bench.system.execute(bench.step())
    assert outcome.state is State.UNKNOWN
    held = bench.settle(outcome)
    assert (held.state, held.code) == (State.HELD, "echo_differs")


def test_a_clock_that_is_set_forward_makes_no_wait_shorter(bench: Bench) -> None:
    """A machine that wakes up has the time of before at first; what it sent then may still be running."""
    outcome = lost(bench, commit_after=45)
    bench.clock.ahead = 8 * HOUR
    assert bench.settle(outcome).state is State.DONE
    assert len(bench.credits()) == 1


@pytest.mark.parametrize("customer", ["02", "2abc", " 2"])
def test_an_id_that_rails_would_read_as_another_is_not_sent(bench: Bench, customer: str) -> None:
    """Whatever way it came into the plan, by a map of a move for instance."""
    outcome = bench.system.execute(bench.step(customer=customer))
    assert (outcome.state, outcome.code, outcome.sent) == (State.REFUSED, "customer_unknown", None)
    assert bench.credits() == []
