"""Spree's API v3 as a system for jobs, on a mock of each version: what a create sends, and how it is found again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from http_library import httpx
from jobs_support.v3_account import CREATE, V3Account
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.systems.spree_v3_memo import LONGEST, ROOM, marked, marks, of_step, without_marks
from store_credit_jobs.wire_key import wire_key, with_generation

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


def test_a_create_is_done_once_under_its_key(v3_shop: V3Account) -> None:
    """What is stored is what the step says, marked; sent again under the same key it is replayed, and there is one."""
    sent = v3_shop.send(v3_shop.step())
    (credit,) = v3_shop.credits()
    wire = v3_shop.step().wire
    assert (sent.state, sent.made, sent.how) == (State.DONE, credit.id, "sent")
    assert (credit.minor, credit.currency, credit.memo, credit.mark) == (1250, "USD", "goodwill", wire)
    assert sent.sent is not None
    assert sent.limit is not None
    assert (sent.sent.status, sent.limit[0]) == (201, 300 if v3_shop.profile == "5.6" else 600)
    (exchange,) = [one for one in v3_shop.mock.exchanges if one.operation == CREATE]
    assert exchange.request.header("idempotency-key") == wire
    assert json.loads(exchange.request.body)["amount"] == "12.50"

    again = v3_shop.send(v3_shop.step())
    assert (again.state, again.how, again.made) == (State.DONE, "replayed", credit.id)
    assert len(v3_shop.credits()) == 1


def test_currencies_and_the_category(v3_shop_of: Callable[..., V3Account]) -> None:
    """Yen have no decimals, dinars three on 6.0; 5.x stores two of whatever, and takes the row's category."""
    new = v3_shop_of("6.0")
    for key, minor, currency in (("yen", 1000, "JPY"), ("dinar", 1525, "KWD")):
        assert new.send(new.step(key, minor=minor, currency=currency)).state is State.DONE
    assert [(one.minor, one.currency) for one in new.credits()] == [(1000, "JPY"), (1525, "KWD")]
    old = v3_shop_of("5.6")
    refused = old.send(old.step("dinar", minor=1525, currency="KWD"))
    assert (refused.state, refused.sent, old.writes()) == (State.REFUSED, None, [])
    assert old.send(old.step("dinar", minor=1520, currency="KWD")).state is State.DONE
    category = old.bench.json("GET", "/api/v3/admin/store_credit_categories")["data"][-1]["id"]
    assert old.send(old.step("second", payload={"category": category})).state is State.DONE
    assert (old.credits()[-1].category, old.credits()[0].category != category) == (category, True)


@pytest.mark.parametrize(
    "fault", [{"drop": True}, {"status": 503}, {"status": 500}, {"truncate": 20}, {"malformed": True}]
)
def test_a_lost_response_is_looked_up(v3_shop: V3Account, fault: dict[str, Any]) -> None:
    """Planted 3: found by its mark, after the grace, by reads alone; nothing is sent twice."""
    v3_shop.mock.fault(CREATE, nth=1, when="after", **fault)
    lost = v3_shop.send(v3_shop.step())
    assert (lost.state, lost.made) == (State.UNKNOWN, None)
    found = v3_shop.settled(lost)
    (credit,) = v3_shop.credits()
    assert (found.state, found.how, found.made) == (State.DONE, "found", credit.id)
    assert v3_shop.clock.waited == pytest.approx(120, abs=1)
    assert len(v3_shop.writes()) == 1


def test_a_step_that_never_left_goes_again_under_its_key(v3_shop: V3Account) -> None:
    """Planted 2: the runner died between its claim and the first byte, or the request was lost on its way."""
    claimed = v3_shop.claim(v3_shop.step())
    (absent,) = v3_shop.settle(claimed)
    assert (absent.state, absent.next_generation, absent.how) == (State.PLANNED, False, None)
    v3_shop.mock.fault(CREATE, nth=1, drop=True)
    lost = v3_shop.send(v3_shop.written(absent))
    again = v3_shop.settled(lost)
    assert (lost.state, again.state, again.next_generation) == (State.UNKNOWN, State.PLANNED, False)
    # The SDK's own client would send nothing under this key for two minutes; the journal has looked.
    assert v3_shop.send(v3_shop.written(again)).state is State.DONE
    assert [one.mark for one in v3_shop.credits()] == [claimed.wire]


def test_no_connection_is_no_request(v3_shop: V3Account) -> None:
    """Proven not to have left: it stays planned, under the same key, and nothing has to be looked up."""

    def unreachable(request: Any) -> Any:
        raise httpx.ConnectError("refused", request=request)

    system = v3_shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(unreachable)))
    outcome = system.execute(v3_shop.claim(v3_shop.step()))
    assert (outcome.state, outcome.next_generation, outcome.stop) == (State.PLANNED, False, None)


def test_a_slow_commit_is_waited_for(v3_shop: V3Account) -> None:
    """Planted 4: it commits 45 seconds after its response was lost; the grace is longer, so that it is found."""
    v3_shop.mock.fault(CREATE, nth=1, commit_after=45)
    lost = v3_shop.send(v3_shop.step())
    found = v3_shop.settled(lost)
    assert (found.state, found.how) == (State.DONE, "found")
    assert len(v3_shop.credits()) == 1


def test_without_a_grace_a_slow_commit_doubles_and_is_noticed(v3_shop_of: Callable[..., V3Account]) -> None:
    """Planted 4: keys of this server do not lock, so that only the grace protects; the next look finds both."""
    shop = v3_shop_of("6.0", grace=0.0)
    shop.mock.fault(CREATE, nth=1, commit_after=45)
    absent = shop.settled(shop.send(shop.step()))
    assert absent.state is State.PLANNED
    done = shop.send(shop.written(absent))
    shop.clock.wait(60)
    assert len(shop.credits()) == 2
    looked = shop.settle(attrs.evolve(shop.written(done), state=State.UNKNOWN))
    assert [(one.state, one.code, len(one.also_made)) for one in looked] == [(State.DONE, "double_found", 1)]


def test_what_lost_its_mark_is_held(v3_shop: V3Account) -> None:
    """Planted 8: staff edited the memo. Neither made again nor taken for done, and never planned again by itself."""
    v3_shop.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = v3_shop.send(v3_shop.step())
    (credit,) = v3_shop.credits()
    v3_shop.bench.json("PATCH", v3_shop.bench.credits(1, credit.id), {"memo": "Bob: checked"})
    held = v3_shop.settled(lost)
    assert (held.state, held.code, credit.id in (held.said or "")) == (State.HELD, "mark_missing", True)
    v3_shop.bench.send("DELETE", v3_shop.bench.credits(1, credit.id))
    assert v3_shop.settled(held).state is State.HELD
    assert len(v3_shop.writes()) == 3


def test_what_others_made_is_no_look_alike(v3_shop: V3Account) -> None:
    """Planted 9: of two equal rows one is lost on its way; credits of another time, amount or mark explain nothing."""
    v3_shop.bench.give("12.50")
    v3_shop.clock.wait(2 * 86_400)
    v3_shop.bench.give("12.00")
    done = v3_shop.send(v3_shop.step("twin"))
    v3_shop.explained.add(done.made or "")
    v3_shop.mock.fault(CREATE, nth=1, drop=True)
    absent = v3_shop.settled(v3_shop.send(v3_shop.step()))
    assert absent.state is State.PLANNED
    # One that somebody makes meanwhile, for the same amount, is for a person to decide.
    v3_shop.bench.give("12.50")
    assert v3_shop.settle(attrs.evolve(v3_shop.claim(v3_shop.step()), state=State.UNKNOWN))[0].state is State.HELD


def test_one_listing_for_each_customer(v3_shop: V3Account) -> None:
    """Fifty lost steps of two customers take two lists; other customers' credits are not mixed up."""
    v3_shop.bench.give("1.00", customer=2)
    steps: list[Step] = []
    for number in range(50):
        customer = v3_shop.bench.customer(1 + number % 2)
        step = v3_shop.step(f"k{number}", customer=customer, n=number + 1)
        v3_shop.mock.fault(CREATE, nth=1, drop=True, when="before" if number % 5 == 0 else "after")
        steps.append(v3_shop.written(v3_shop.send(step)))
        v3_shop.mock.control.clear_faults()
    before = len(v3_shop.mock.exchanges)
    outcomes = v3_shop.settle(*steps)
    assert len(v3_shop.mock.exchanges) - before == 2
    assert {one.step.key for one in outcomes if one.state is State.PLANNED} == {f"k{n}" for n in range(0, 50, 5)}
    assert len({one.made for one in outcomes if one.state is State.DONE}) == 40


def test_a_server_that_ignores_filters_and_order(v3_shop: V3Account) -> None:
    """Planted 11: everything is listed whatever was asked for; marks are compared here, and all pages are read."""
    for number in range(130):
        v3_shop.bench.give("12.50", memo=f"n{number}")
        v3_shop.clock.wait(1)
    v3_shop.clock.wait(3 * 86_400)
    v3_shop.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = v3_shop.written(v3_shop.send(v3_shop.step()))

    def handle(request: Any) -> Any:
        pairs = [
            (name, value) for name, value in request.url.params.multi_items() if not name.startswith(("q[", "sort"))
        ]
        url = request.url.copy_with(params=[*pairs, ("sort", "-created_at")] if request.method == "GET" else pairs)
        return v3_shop.mock.transport.handle_request(httpx.Request(request.method, url, headers=request.headers))

    system = v3_shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(handle)))
    (found,) = system.settle([lost], lambda _: False, lambda: False)
    assert (found.state, found.how) == (State.DONE, "found")
    assert len(list(system.credits(customer=v3_shop.customer))) == 131
