"""Spree's API v3 as a system for jobs, on a mock of each version: what is sent, found, replayed and refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import attrs
import pytest

from http_library import httpx
from jobs_support.v3_account import PROFILES, Secret, V3Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State, Step, Stop
from store_credit_jobs.systems.spree_v3_lists import walk
from store_credit_jobs.systems.spree_v3_memo import LONGEST, ROOM, marked, marks, of_step, without_marks
from store_credit_jobs.wire_key import wire_key, with_generation
from store_credit_mock import Contract

CREATE = "spree_v3.admin.customers.store_credits.create"
LIST = "spree_v3.admin.customers.store_credits.list"


@pytest.fixture(params=PROFILES)
def shop(request: pytest.FixtureRequest, store_credit_mock_contract: Contract) -> Iterator[V3Account]:
    """An account of each version."""
    made = V3Account(request.param, store_credit_mock_contract)
    yield made
    made.mock.close()


@pytest.fixture
def of(store_credit_mock_contract: Contract) -> Iterator[Callable[..., V3Account]]:
    """Accounts of a version that the test names."""
    made: list[V3Account] = []

    def make(profile: str, **more: Any) -> V3Account:
        made.append(V3Account(profile, store_credit_mock_contract, **more))
        return made[-1]

    yield make
    for one in made:
        one.mock.close()


def altered(shop: V3Account, change: Callable[[Any], Any]) -> Any:
    """Connect by an HTTP client on whose way something happens to responses of writes."""

    def handle(request: Any) -> Any:
        response = shop.mock.transport.handle_request(request)
        if request.method == "GET":
            return response
        return change(response)

    return shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(handle)))


# The mark


def test_a_memo_keeps_what_people_wrote_and_the_mark() -> None:
    """At the end, in brackets; found wherever it stands; with the longest campaign and memo it has 255 characters."""
    wire = wire_key("spree-v3|shop|shop", "c" * 100, "key", generation=9999)
    memo = marked("m" * ROOM, None, wire)
    assert (len(memo), marks(memo), without_marks(memo)) == (LONGEST, [wire], "m" * ROOM)
    assert marked(None, None, wire) == f"[{wire}]"
    assert marked("Refund", "R1", wire_key("a", "c", "k")) == f"Refund (order R1) [{wire_key('a', 'c', 'k')}]"
    # Whoever edits around it, and in whatever generation.
    assert of_step(f"seen [{with_generation(wire, 3)}] by Bob", wire)
    assert not of_step(memo, wire_key("a", "c", "k"))
    with pytest.raises(ValueError, match="at most 255 are allowed"):
        marked("m" * (ROOM + 1), None, wire)


# Creates


def test_a_create_is_done_once_under_its_key(shop: V3Account) -> None:
    """What is stored is what the step says, marked; sent again under the same key it is replayed, and there is one."""
    sent = shop.send(shop.step())
    (credit,) = shop.credits()
    wire = shop.step().wire
    assert (sent.state, sent.made, sent.how) == (State.DONE, credit.id, "sent")
    assert (credit.minor, credit.currency, credit.memo, credit.mark) == (1250, "USD", "goodwill", wire)
    assert sent.sent is not None
    assert sent.limit is not None
    assert (sent.sent.status, sent.limit[0]) == (201, 300 if shop.profile == "5.6" else 600)
    (exchange,) = [one for one in shop.mock.exchanges if one.operation == CREATE]
    assert exchange.request.header("idempotency-key") == wire
    assert json.loads(exchange.request.body)["amount"] == "12.50"

    again = shop.send(shop.step())
    assert (again.state, again.how, again.made) == (State.DONE, "replayed", credit.id)
    assert len(shop.credits()) == 1


def test_currencies_and_the_category(of: Callable[..., V3Account]) -> None:
    """Yen have no decimals, dinars three on 6.0; 5.x stores two of whatever, and takes the row's category."""
    new = of("6.0")
    for key, minor, currency in (("yen", 1000, "JPY"), ("dinar", 1525, "KWD")):
        assert new.send(new.step(key, minor=minor, currency=currency)).state is State.DONE
    assert [(one.minor, one.currency) for one in new.credits()] == [(1000, "JPY"), (1525, "KWD")]
    old = of("5.6")
    refused = old.send(old.step("dinar", minor=1525, currency="KWD"))
    assert (refused.state, refused.sent, old.writes()) == (State.REFUSED, None, [])
    assert old.send(old.step("dinar", minor=1520, currency="KWD")).state is State.DONE
    category = old.bench.json("GET", "/api/v3/admin/store_credit_categories")["data"][-1]["id"]
    assert old.send(old.step("second", payload={"category": category})).state is State.DONE
    assert (old.credits()[-1].category, old.credits()[0].category != category) == (category, True)


@pytest.mark.parametrize(
    "fault", [{"drop": True}, {"status": 503}, {"status": 500}, {"truncate": 20}, {"malformed": True}]
)
def test_a_lost_response_is_looked_up(shop: V3Account, fault: dict[str, Any]) -> None:
    """Planted 3: found by its mark, after the grace, by reads alone; nothing is sent twice."""
    shop.mock.fault(CREATE, nth=1, when="after", **fault)
    lost = shop.send(shop.step())
    assert (lost.state, lost.made) == (State.UNKNOWN, None)
    found = shop.settled(lost)
    (credit,) = shop.credits()
    assert (found.state, found.how, found.made) == (State.DONE, "found", credit.id)
    assert shop.clock.waited == pytest.approx(120, abs=1)
    assert len(shop.writes()) == 1


def test_a_step_that_never_left_goes_again_under_its_key(shop: V3Account) -> None:
    """Planted 2: the runner died between its claim and the first byte, or the request was lost on its way."""
    claimed = shop.claim(shop.step())
    (absent,) = shop.settle(claimed)
    assert (absent.state, absent.next_generation, absent.how) == (State.PLANNED, False, None)
    shop.mock.fault(CREATE, nth=1, drop=True)
    lost = shop.send(shop.written(absent))
    again = shop.settled(lost)
    assert (lost.state, again.state, again.next_generation) == (State.UNKNOWN, State.PLANNED, False)
    # The SDK's own client would send nothing under this key for two minutes; the journal has looked.
    assert shop.send(shop.written(again)).state is State.DONE
    assert [one.mark for one in shop.credits()] == [claimed.wire]


def test_no_connection_is_no_request(shop: V3Account) -> None:
    """Proven not to have left: it stays planned, under the same key, and nothing has to be looked up."""

    def unreachable(request: Any) -> Any:
        raise httpx.ConnectError("refused", request=request)

    system = shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(unreachable)))
    outcome = system.execute(shop.claim(shop.step()))
    assert (outcome.state, outcome.next_generation, outcome.stop) == (State.PLANNED, False, None)


def test_a_slow_commit_is_waited_for(shop: V3Account) -> None:
    """Planted 4: it commits 45 seconds after its response was lost; the grace is longer, so that it is found."""
    shop.mock.fault(CREATE, nth=1, commit_after=45)
    lost = shop.send(shop.step())
    found = shop.settled(lost)
    assert (found.state, found.how) == (State.DONE, "found")
    assert len(shop.credits()) == 1


def test_without_a_grace_a_slow_commit_doubles_and_is_noticed(of: Callable[..., V3Account]) -> None:
    """Planted 4: keys of this server do not lock, so that only the grace protects; the next look finds both."""
    shop = of("6.0", grace=0.0)
    shop.mock.fault(CREATE, nth=1, commit_after=45)
    absent = shop.settled(shop.send(shop.step()))
    assert absent.state is State.PLANNED
    done = shop.send(shop.written(absent))
    shop.clock.wait(60)
    assert len(shop.credits()) == 2
    looked = shop.settle(attrs.evolve(shop.written(done), state=State.UNKNOWN))
    assert [(one.state, one.code, len(one.also_made)) for one in looked] == [(State.DONE, "double_found", 1)]


def test_what_lost_its_mark_is_held(shop: V3Account) -> None:
    """Planted 8: staff edited the memo. Neither made again nor taken for done, and never planned again by itself."""
    shop.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = shop.send(shop.step())
    (credit,) = shop.credits()
    shop.bench.json("PATCH", shop.bench.credits(1, credit.id), {"memo": "Bob: checked"})
    held = shop.settled(lost)
    assert (held.state, held.code, credit.id in (held.said or "")) == (State.HELD, "mark_missing", True)
    shop.bench.send("DELETE", shop.bench.credits(1, credit.id))
    assert shop.settled(held).state is State.HELD
    assert len(shop.writes()) == 3


def test_what_others_made_is_no_look_alike(shop: V3Account) -> None:
    """Planted 9: of two equal rows one is lost on its way; credits of another time, amount or mark explain nothing."""
    shop.bench.give("12.50")
    shop.clock.wait(2 * 86_400)
    shop.bench.give("12.00")
    done = shop.send(shop.step("twin"))
    shop.explained.add(done.made or "")
    shop.mock.fault(CREATE, nth=1, drop=True)
    absent = shop.settled(shop.send(shop.step()))
    assert absent.state is State.PLANNED
    # One that somebody makes meanwhile, for the same amount, is for a person to decide.
    shop.bench.give("12.50")
    assert shop.settle(attrs.evolve(shop.claim(shop.step()), state=State.UNKNOWN))[0].state is State.HELD


def test_one_listing_for_each_customer(shop: V3Account) -> None:
    """Fifty lost steps of two customers take two lists; other customers' credits are not mixed up."""
    shop.bench.give("1.00", customer=2)
    steps: list[Step] = []
    for number in range(50):
        customer = shop.bench.customer(1 + number % 2)
        step = shop.step(f"k{number}", customer=customer, n=number + 1)
        shop.mock.fault(CREATE, nth=1, drop=True, when="before" if number % 5 == 0 else "after")
        steps.append(shop.written(shop.send(step)))
        shop.mock.control.clear_faults()
    before = len(shop.mock.exchanges)
    outcomes = shop.settle(*steps)
    assert len(shop.mock.exchanges) - before == 2
    assert {one.step.key for one in outcomes if one.state is State.PLANNED} == {f"k{n}" for n in range(0, 50, 5)}
    assert len({one.made for one in outcomes if one.state is State.DONE}) == 40


def test_a_server_that_ignores_filters_and_order(shop: V3Account) -> None:
    """Planted 11: everything is listed whatever was asked for; marks are compared here, and all pages are read."""
    for number in range(130):
        shop.bench.give("12.50", memo=f"n{number}")
        shop.clock.wait(1)
    shop.clock.wait(3 * 86_400)
    shop.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = shop.written(shop.send(shop.step()))

    def handle(request: Any) -> Any:
        pairs = [
            (name, value) for name, value in request.url.params.multi_items() if not name.startswith(("q[", "sort"))
        ]
        url = request.url.copy_with(params=[*pairs, ("sort", "-created_at")] if request.method == "GET" else pairs)
        return shop.mock.transport.handle_request(httpx.Request(request.method, url, headers=request.headers))

    system = shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(handle)))
    (found,) = system.settle([lost], lambda _: False, lambda: False)
    assert (found.state, found.how) == (State.DONE, "found")
    assert len(list(system.credits(customer=shop.customer))) == 131


# What is kept under a key


def test_a_refused_row_goes_again_as_its_next_generation(shop: V3Account) -> None:
    """Planted 12: no such customer, who is then created; and a 422, which the server would give again under its key."""
    absent = shop.bench.customer(99)
    refused = shop.send(shop.step(customer=absent))
    assert (refused.state, refused.code) == (State.REFUSED, "record_not_found")
    invalid = shop.send(shop.step("zero", minor=0))
    assert (invalid.state, invalid.code) == (State.REFUSED, "validation_error")
    # `retry_refused` raises the generation of each.
    raised = attrs.evolve(shop.step("zero"), generation=2, wire=with_generation(shop.step("zero").wire, 2))
    assert shop.send(raised).state is State.DONE
    (credit,) = shop.credits()
    assert credit.mark == raised.wire


def test_a_key_that_was_used_for_something_else_is_held(shop: V3Account) -> None:
    """The server did something under it, or refused to; only a person knows which of the two bodies was meant."""
    shop.send(shop.step())
    other = shop.send(shop.step(minor=2000))
    assert (other.state, other.code) == (State.HELD, "idempotency_key_reused")
    assert len(shop.credits()) == 1


@pytest.mark.parametrize("mended", ["scope", "key"])
def test_refused_credentials_stop_the_job(shop: V3Account, mended: str) -> None:
    """Planted 18: 401 and 403 are kept under the key, also when mended; so the step goes on under the next one."""
    scopes = ["read_customers", "read_store_credits"] if mended == "scope" else None
    key = shop.mock.control.spree_v3.issue_key("jobs", scopes=scopes)
    shop.system = shop.connect(key.key)
    if mended == "key":
        shop.mock.control.spree_v3.revoke_key(key.id)
    refused = shop.send(shop.step())
    assert (refused.state, refused.stop, refused.next_generation) == (State.PLANNED, Stop.CREDENTIALS, True)
    shop.system = shop.connect()
    done = shop.send(shop.written(refused))
    assert (done.state, done.how) == (State.DONE, "sent")
    assert len(shop.credits()) == 1


def test_a_kept_401_that_is_given_again_stops_nothing(of: Callable[..., V3Account]) -> None:
    """The response that said so was lost: it comes again, out of the time before the key was mended."""
    shop = of("5.6")
    wire = shop.step().wire
    memo = f"goodwill [{wire}]"
    body = b'{"amount":"12.50","currency":"USD","memo":"%s"}' % memo.encode()
    read_only = shop.mock.control.spree_v3.issue_key("jobs", scopes=["read_all"])
    shop.bench.send("POST", shop.bench.credits(1), body, key=read_only.key, idempotency=wire)
    shop.system = shop.connect(read_only.key)
    outcome = shop.send(shop.step())
    assert (outcome.state, outcome.stop, outcome.next_generation) == (State.PLANNED, None, True)


@pytest.mark.parametrize("found", [True, False])
def test_with_another_credential_a_step_is_settled_by_its_mark_alone(shop: V3Account, found: bool) -> None:
    """Planted 18: another key has keys of its own, so that an absent one goes under the next generation's."""
    shop.mock.fault(CREATE, nth=1, drop=True, when="after" if found else "before")
    lost = shop.written(shop.send(shop.step()))
    shop.system = shop.connect(shop.mock.control.spree_v3.issue_key("new").key)
    (outcome,) = shop.settle(lost)
    if found:
        assert (outcome.state, outcome.how) == (State.DONE, "found")
    else:
        assert (outcome.state, outcome.next_generation, outcome.how) == (State.PLANNED, True, "absent")
        assert shop.send(shop.written(outcome)).state is State.DONE
    assert len(shop.credits()) == 1


def test_after_the_keys_window_a_step_is_looked_up_and_goes_under_the_next(shop: V3Account) -> None:
    """Planted 7: a day later the key is forgotten; what was made is found, what was not goes once, under another."""
    outcomes: dict[str, Any] = {}
    for when in ("after", "before"):
        shop.mock.fault(CREATE, nth=1, drop=True, when=when)
        lost = shop.written(shop.send(shop.step(when)))
        shop.mock.control.clear_faults()
        shop.clock.wait(25 * 3600)
        (outcomes[when],) = shop.settle(lost)
    assert outcomes["after"].how == "found"
    assert (outcomes["before"].state, outcomes["before"].next_generation) == (State.PLANNED, True)
    assert shop.send(shop.written(outcomes["before"])).state is State.DONE
    assert len(shop.credits()) == 2


# Limits, echoes, clocks


def test_a_limit_is_reported_and_a_429_goes_under_the_next_key(shop: V3Account) -> None:
    """Planted 16: 5.x counts down and refuses nobody; 6.x refuses before it acts, and keeps that under the key."""
    for _ in range(620):
        shop.bench.send("GET", shop.bench.credits(1))
    outcome = shop.send(shop.step())
    if shop.profile == "5.6":
        assert (outcome.state, outcome.limit, outcome.wait) == (State.DONE, (300, 0), None)
        return
    assert (outcome.state, outcome.wait, outcome.stop) == (State.PLANNED, 60, None)
    assert (outcome.limit, outcome.next_generation) == ((600, 0), True)
    shop.clock.wait(61)
    assert shop.send(shop.written(outcome)).state is State.DONE


def _another_amount(response: Any) -> Any:
    body = {**response.json(), "amount": "13.50"}
    return httpx.Response(201, json=body)


def _another_customer(response: Any) -> Any:
    body = response.json()
    return httpx.Response(201, json={**body, "customer_id": body["customer_id"].replace("_", "_x")})


def _another_row(response: Any) -> Any:
    body = response.json()
    mark = wire_key("spree-v3|x|shop", "nov", "two")
    return httpx.Response(201, json={**body, "memo": f"goodwill [{mark}]"})


@pytest.mark.parametrize(
    "change",
    [
        _another_amount,
        _another_customer,
        _another_row,
        lambda response: httpx.Response(202, json=response.json()),
        lambda _: httpx.Response(303, headers={"location": "/elsewhere"}),
        lambda _: httpx.Response(301, headers={"location": "/elsewhere"}),
        lambda _: httpx.Response(201, html="<h1>Sign in</h1>"),
        lambda _: httpx.Response(204),
    ],
    ids=["amount", "customer", "row", "202", "303", "301", "page", "204"],
)
def test_a_success_about_something_else_is_not_believed(
    of: Callable[..., V3Account], change: Callable[[Any], Any]
) -> None:
    """Planted 17: another amount or customer, 202, a redirect, a page: unknown, and then found as it really is."""
    shop = of("6.0")
    shop.system = altered(shop, change)
    outcome = shop.send(shop.step())
    assert outcome.state is State.UNKNOWN
    shop.system = shop.connect()
    found = shop.settled(outcome)
    assert (found.state, found.how) == (State.DONE, "found")
    assert len(shop.credits()) == 1


@pytest.mark.parametrize("ahead", [-3600.0, 3600.0, 5 * 86_400.0])
def test_a_wrong_clock_hides_nothing(of: Callable[..., V3Account], ahead: float) -> None:
    """Planted 21: what was made is found by a fresh process that has not heard the server's time yet."""
    shop = of("5.6")
    shop.clock.ahead = ahead
    shop.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = shop.written(shop.send(shop.step()))
    shop.system = shop.connect()
    (found,) = shop.settle(lost)
    assert (found.state, found.how) == (State.DONE, "found")
    check = shop.connect().check()
    assert check.skew == pytest.approx(-ahead, abs=2)
    assert [problem.code for problem in check.problems] == ["clock_skew"]


def test_a_row_that_the_server_fails_at_ends(of: Callable[..., V3Account]) -> None:
    """A customer cannot hold 1,000,000: 500 each time, and after five requests it is refused for people to mend."""
    shop = of("5.6", server=False)
    shop.send(shop.step("most", minor=99_999_999))
    step = shop.step()
    states: list[State] = []
    for _ in range(5):
        lost = shop.send(step)
        assert (lost.state, lost.code) == (State.UNKNOWN, "http_500")
        settled = shop.settled(lost)
        states.append(settled.state)
        step = shop.written(settled)
    assert states == [State.PLANNED] * 4 + [State.REFUSED]


# Changes


@pytest.mark.parametrize("action", ["delete", "update"])
def test_what_is_untouched_is_changed(shop: V3Account, action: str) -> None:
    """A lost response is looked up at the target itself; sent again by a fresh runner it is seen to be done."""
    shop.bench.give("20.00")
    (credit,) = shop.credits()
    step = shop.change(credit, action, None if action == "delete" else 1500)
    shop.mock.fault(f"spree_v3.admin.customers.store_credits.{action}", nth=1, drop=True, when="before")
    absent = shop.settled(shop.send(step))
    assert (absent.state, absent.next_generation) == (State.PLANNED, False)
    shop.mock.control.clear_faults()
    shop.mock.fault(f"spree_v3.admin.customers.store_credits.{action}", nth=1, drop=True, when="after")
    lost = shop.send(shop.written(absent))
    assert lost.state is State.UNKNOWN
    found = shop.settled(lost)
    assert (found.state, found.made, found.how) == (State.DONE, credit.id, "found")
    assert shop.send(attrs.evolve(shop.written(lost), state=State.PLANNED)).how == "found"
    assert [one.minor for one in shop.credits()] == ([] if action == "delete" else [1500])


@pytest.mark.parametrize("action", ["delete", "update"])
@pytest.mark.parametrize(
    ("spent", "planned", "code"),
    [
        ((500, 0), "before", "changed_since_plan"),
        ((500, 0), "after", "mode_unsupported"),
        ((0, 500), "before", "changed_since_plan"),
        ((0, 500), "after", "authorized_open"),
    ],
)
def test_what_is_spent_or_set_aside_is_left_alone(
    of: Callable[..., V3Account], action: str, spent: tuple[int, int], planned: str, code: str
) -> None:
    """Planted 19: the server would delete what is set aside, and its order could never be paid."""
    shop = of("6.0-alpha")
    shop.bench.give("20.00")
    (credit,) = shop.credits()
    shop.spend(credit, *spent)
    seen = credit if planned == "before" else shop.credits()[0]
    refused = shop.send(shop.change(seen, action, None if action == "delete" else 1500))
    expected = "authorized_open" if spent[1] and action == "delete" else code
    assert (refused.state, refused.code, refused.sent) == (State.REFUSED, expected, None)
    assert [one.minor for one in shop.credits()] == [2000]
    assert shop.writes()[1:] == []


def test_a_purchase_between_look_and_change_fails_safe(of: Callable[..., V3Account]) -> None:
    """Planted 19: the server itself refuses to change or delete what was used in the last moment."""
    shop = of("5.6")
    shop.bench.give("20.00")
    (credit,) = shop.credits()

    def handle(request: Any) -> Any:
        if request.method != "GET":
            shop.spend(credit, 500)
        return shop.mock.transport.handle_request(request)

    system = shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(handle)))
    outcome = system.execute(shop.claim(shop.change(credit)))
    assert (outcome.state, outcome.code) == (State.REFUSED, "store_credit_in_use")


def test_what_somebody_else_changed_meanwhile_is_held(shop: V3Account) -> None:
    """Its update was lost, and now it is neither as it was nor as it was to become."""
    shop.bench.give("20.00")
    (credit,) = shop.credits()
    shop.mock.fault("spree_v3.admin.customers.store_credits.update", nth=1, drop=True)
    lost = shop.send(shop.change(credit, "update", 1500))
    shop.mock.control.clear_faults()
    shop.bench.json("PATCH", shop.bench.credits(1, credit.id), {"amount": "17.00"})
    held = shop.settled(lost)
    assert (held.state, held.code) == (State.HELD, "changed_since_plan")


# Reading


def test_credits_are_gone_through_whole(shop: V3Account) -> None:
    """By customer where there is no list over all; of one moment more than a page; while others come and go."""
    for number in range(230):
        shop.bench.give("1.00", customer=1 + number % 2, memo=f"n{number}")
        if number % 115 == 114:
            shop.clock.wait(10)
    shop.system.check()
    everyone = [one for one, _ in shop.system.customer_ids()]
    assert everyone[0] == shop.customer
    assert len(everyone) == len(set(everyone)) > 2
    with_list = shop.profile in ("6.0-alpha+ledger", "6.0")
    assert shop.system.abilities.scan is with_list
    before = len(shop.mock.exchanges)
    seen: list[str] = []
    for credit in shop.system.credits():
        seen.append(credit.memo or "")
        if len(seen) == 60:
            shop.bench.give("1.00", memo="late")
            first = shop.credits()[0]
            shop.bench.send("DELETE", shop.bench.credits(1, first.id))
    assert sorted(one for one in seen if one != "late") == sorted(f"n{number}" for number in range(230))
    assert len(seen) == len(set(seen))
    paths = {one.request.path for one in list(shop.mock.exchanges)[before:] if one.request.method == "GET"}
    assert ("/api/v3/admin/store_credits" in paths) is with_list
    since = shop.clock.now() - 15
    assert {one.memo for one in shop.system.credits(since=since)} <= {
        *(f"n{number}" for number in range(115, 230)),
        "late",
    }
    assert len(list(shop.system.credits(customer=shop.bench.customer(2)))) == 115
    some = list(shop.system.credits(customers=[shop.customer]))
    assert with_list or {one.customer for one in some} == {shop.customer}


class Listed(NamedTuple):
    """A record of a list."""

    id: str
    created_at: datetime


@attrs.frozen
class Meta:
    """What a page says of its list."""

    count: int
    next: int | None


@pytest.mark.parametrize("sorts", [True, False])
def test_a_list_out_of_which_records_are_deleted(sorts: bool) -> None:
    """By time nothing is skipped; by number it is noticed and read again, and given up if it never stands still."""
    start = datetime(2026, 11, 22, tzinfo=UTC)
    records = [Listed(f"c{n:03}", start + timedelta(seconds=n)) for n in range(350)]
    deletes = iter([3, 5])

    def fetch(bound: str | None, number: int) -> tuple[list[Listed], Meta]:
        found = [one for one in records if bound is None or f"{one.created_at:%Y-%m-%dT%H:%M:%S.%f}Z" >= bound]
        if not sorts:
            # The server orders by something else, and ignores the filter.
            found = sorted(records, key=lambda one: one.id[::-1])
        page = found[100 * (number - 1) : 100 * number]
        meta = Meta(len(found), number + 1 if len(found) > 100 * number else None)
        for _ in range(next(deletes, 0)):
            records.remove(found.pop(0))
        return page, meta

    before = {one.id for one in records}
    seen = [one.id for one in walk(fetch, None, "the list")]
    assert len(seen) == len(set(seen))
    assert {one.id for one in records} <= set(seen) <= before
    deletes = iter([1] * 100)
    if sorts:
        assert len(list(walk(fetch, None, "the list"))) > 300
    else:
        with pytest.raises(JobsError, match="the list changed during each of 5 readings"):
            list(walk(fetch, None, "the list"))


def test_a_time_is_shown_with_fewer_digits_than_it_has() -> None:
    """What was created within the second that is asked for is given: a server compares more digits than it shows."""
    shown = Listed("c1", datetime(2026, 11, 22, 10, 0, 10, tzinfo=UTC))

    def fetch(bound: str | None, number: int) -> tuple[list[Listed], Meta]:
        del number
        there = bound is None or bound <= "2026-11-22T10:00:10.700000Z"
        return ([shown] if there else []), Meta(int(there), None)

    assert list(walk(fetch, shown.created_at.timestamp() + 0.5, "the list")) == [shown]


def test_customers_who_are_missing(shop: V3Account) -> None:
    """A few are asked for one by one; an id of the other family's form is none of theirs, although 5.x takes it."""
    other = (
        shop.customer.replace("cust_", "cus_")
        if shop.customer.startswith("cust_")
        else shop.customer.replace("cus_", "cust_")
    )
    absent = shop.bench.customer(99)
    held = sum(one.remaining for one in shop.system.credits(customer=shop.customer) if one.currency == "USD")
    for asked in ([shop.customer, absent, other, shop.customer], [shop.customer, *[absent] * 3, other, other + "x"]):
        assert absent in shop.system.missing_customers(asked)
        # What the shop lists with a customer is what can be spent in its own currency, and costs no request.
        sent = len(shop.mock.exchanges)
        assert shop.system.available(shop.customer) == Decimal(held) / 100
        assert shop.system.available(absent) == 0
        assert len(shop.mock.exchanges) == sent
    assert shop.system.missing_customers([shop.customer, absent, other, shop.customer]) == [absent, other]
    # Of many, all customers are listed in the place of asking for each.
    many = [shop.bench.customer(number) for number in range(1, 200)]
    before = len(shop.mock.exchanges)
    everyone = {one for one, _ in shop.system.customer_ids()}
    assert shop.system.missing_customers([*many, other]) == [one for one in [*many, other] if one not in everyone]
    assert len(shop.mock.exchanges) - before < 6
    assert shop.system.credit("credit_UkLWZg9DAJ", shop.customer) is None
    assert list(shop.system.credits(customer=absent)) == []


def test_a_404_of_a_proxy_proves_nothing(shop: V3Account) -> None:
    """Only the server's own word that a record is absent counts, or a deleted credit would be thought of as undone."""
    system = shop.connect(
        http_client=httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(404, html="not here")))
    )
    lost = attrs.evolve(shop.claim(shop.step()), state=State.UNKNOWN)
    with pytest.raises(Exception, match="404"):
        list(system.settle([lost], lambda _: False, lambda: False))
    with pytest.raises(Exception, match="404"):
        system.credit("credit_UkLWZg9DAJ", shop.customer)


# The account


def test_the_first_look(shop: V3Account) -> None:
    """Limit, clock and what the version is, by reads alone; a wrong version in the configuration is told."""
    check = shop.system.check()
    assert (check.limit, check.live, check.problems) == (300 if shop.profile == "5.6" else 600, True, ())
    assert abs(check.skew or 0.0) < 2
    assert shop.writes() == []
    wrong = "6.0" if shop.profile == "5.6" else "5.6"
    shop.account = attrs.evolve(shop.account, server=wrong)
    codes = [problem.code for problem in shop.connect().check().problems]
    assert "other_server" in codes or shop.profile == "5.6"


@pytest.mark.parametrize("credential", ["eyJhbGciOiJIUzI1NiJ9.e30.x", "pk_shop", "spree-token"])
def test_only_a_secret_key_will_do(of: Callable[..., V3Account], credential: str) -> None:
    """A staff token ends after five minutes; the error does not show it."""
    shop = of("5.6")
    with pytest.raises(JobsError, match="secret key") as refused:
        shop.connect(credential)
    assert (refused.value.code, credential in str(refused.value)) == ("credential_kind", False)


def test_refused_at_the_first_look(shop: V3Account) -> None:
    """A revoked key and one without a scope: exit code 7, with what the server says."""
    for key in ("sk_unknown", shop.mock.control.spree_v3.issue_key("few", scopes=["read_orders"]).key):
        with pytest.raises(JobsError) as refused:
            shop.connect(key).check()
        assert (refused.value.code, refused.value.exit_code) == ("credentials_refused", ExitCode.CREDENTIALS)


def test_abilities_follow_the_version(of: Callable[..., V3Account]) -> None:
    """Before anybody has asked nothing is promised; a released 6.0 has its own decimals."""
    unknown = of("6.0", server=False)
    assert (unknown.system.abilities.scan, unknown.system.abilities.decimals) == (False, 2)
    unknown.system.check()
    assert unknown.system.abilities.scan
    assert of("6.0").system.abilities.decimals is None
    assert not of("5.6").system.abilities.scan
    window = of("5.6", key_window=0.0).system
    assert window.abilities.key_window == 0
    assert isinstance(Secret("sk_1").fingerprint, str)


def test_what_fills_up_is_sent_only_where_the_customer_has_what_was_planned(shop: V3Account) -> None:
    """In mode set a credit is the difference to what there was: somebody else may have given it meanwhile."""
    there = sum(one.remaining for one in shop.credits() if one.currency == "USD")
    assert shop.send(shop.step(before={"outstanding": there})).state is State.DONE
    late = shop.send(shop.step("two", before={"outstanding": there}))
    assert (late.state, late.code, late.sent) == (State.REFUSED, "changed_since_plan", None)
    assert shop.send(shop.step("two", before={"outstanding": there + 1250})).state is State.DONE
