"""Spree's API v3 as a system for jobs: what the server keeps under a key, its limits, false echoes and wrong clocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from http_library import httpx
from jobs_support.v3_account import CREATE, V3Account
from store_credit_jobs.journal.steps import State, Stop
from store_credit_jobs.wire_key import wire_key, with_generation


def altered(shop: V3Account, change: Callable[[Any], Any]) -> Any:
    """Connect by an HTTP client on whose way something happens to responses of writes."""

    def handle(request: Any) -> Any:
        response = shop.mock.transport.handle_request(request)
        if request.method == "GET":
            return response
        return change(response)

    return shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(handle)))


# What is kept under a key


def test_a_refused_row_goes_again_as_its_next_generation(v3_shop: V3Account) -> None:
    """Planted 12: no such customer, who is then created; and a 422, which the server would give again under its key."""
    absent = v3_shop.bench.customer(99)
    refused = v3_shop.send(v3_shop.step(customer=absent))
    assert (refused.state, refused.code) == (State.REFUSED, "record_not_found")
    invalid = v3_shop.send(v3_shop.step("zero", minor=0))
    assert (invalid.state, invalid.code) == (State.REFUSED, "validation_error")
    # `retry_refused` raises the generation of each.
    raised = attrs.evolve(v3_shop.step("zero"), generation=2, wire=with_generation(v3_shop.step("zero").wire, 2))
    assert v3_shop.send(raised).state is State.DONE
    (credit,) = v3_shop.credits()
    assert credit.mark == raised.wire


def test_a_key_that_was_used_for_something_else_is_held(v3_shop: V3Account) -> None:
    """The server did something under it, or refused to; only a person knows which of the two bodies was meant."""
    v3_shop.send(v3_shop.step())
    other = v3_shop.send(v3_shop.step(minor=2000))
    assert (other.state, other.code) == (State.HELD, "idempotency_key_reused")
    assert len(v3_shop.credits()) == 1


@pytest.mark.parametrize("mended", ["scope", "key"])
def test_refused_credentials_stop_the_job(v3_shop: V3Account, mended: str) -> None:
    """Planted 18: 401 and 403 are kept under the key, also when mended; so the step goes on under the next one."""
    scopes = ["read_customers", "read_store_credits"] if mended == "scope" else None
    key = v3_shop.mock.control.spree_v3.issue_key("jobs", scopes=scopes)
    v3_shop.system = v3_shop.connect(key.key)
    if mended == "key":
        v3_shop.mock.control.spree_v3.revoke_key(key.id)
    refused = v3_shop.send(v3_shop.step())
    assert (refused.state, refused.stop, refused.next_generation) == (State.PLANNED, Stop.CREDENTIALS, True)
    v3_shop.system = v3_shop.connect()
    done = v3_shop.send(v3_shop.written(refused))
    assert (done.state, done.how) == (State.DONE, "sent")
    assert len(v3_shop.credits()) == 1


def test_a_kept_401_that_is_given_again_stops_nothing(v3_shop_of: Callable[..., V3Account]) -> None:
    """The response that said so was lost: it comes again, out of the time before the key was mended."""
    shop = v3_shop_of("5.6")
    wire = shop.step().wire
    memo = f"goodwill [{wire}]"
    body = b'{"amount":"12.50","currency":"USD","memo":"%s"}' % memo.encode()
    read_only = shop.mock.control.spree_v3.issue_key("jobs", scopes=["read_all"])
    shop.bench.send("POST", shop.bench.credits(1), body, key=read_only.key, idempotency=wire)
    shop.system = shop.connect(read_only.key)
    outcome = shop.send(shop.step())
    assert (outcome.state, outcome.stop, outcome.next_generation) == (State.PLANNED, None, True)


@pytest.mark.parametrize("found", [True, False])
def test_with_another_credential_a_step_is_settled_by_its_mark_alone(v3_shop: V3Account, found: bool) -> None:
    """Planted 18: another key has keys of its own, so that an absent one goes under the next generation's."""
    v3_shop.mock.fault(CREATE, nth=1, drop=True, when="after" if found else "before")
    lost = v3_shop.written(v3_shop.send(v3_shop.step()))
    v3_shop.system = v3_shop.connect(v3_shop.mock.control.spree_v3.issue_key("new").key)
    (outcome,) = v3_shop.settle(lost)
    if found:
        assert (outcome.state, outcome.how) == (State.DONE, "found")
    else:
        assert (outcome.state, outcome.next_generation, outcome.how) == (State.PLANNED, True, "absent")
        assert v3_shop.send(v3_shop.written(outcome)).state is State.DONE
    assert len(v3_shop.credits()) == 1


def test_after_the_keys_window_a_step_is_looked_up_and_goes_under_the_next(v3_shop: V3Account) -> None:
    """Planted 7: a day later the key is forgotten; what was made is found, what was not goes once, under another."""
    outcomes: dict[str, Any] = {}
    for when in ("after", "before"):
        v3_shop.mock.fault(CREATE, nth=1, drop=True, when=when)
        lost = v3_shop.written(v3_shop.send(v3_shop.step(when)))
        v3_shop.mock.control.clear_faults()
        v3_shop.clock.wait(25 * 3600)
        (outcomes[when],) = v3_shop.settle(lost)
    assert outcomes["after"].how == "found"
    assert (outcomes["before"].state, outcomes["before"].next_generation) == (State.PLANNED, True)
    assert v3_shop.send(v3_shop.written(outcomes["before"])).state is State.DONE
    assert len(v3_shop.credits()) == 2


# Limits, echoes, clocks


def test_a_limit_is_reported_and_a_429_goes_under_the_next_key(v3_shop: V3Account) -> None:
    """Planted 16: 5.x counts down and refuses nobody; 6.x refuses before it acts, and keeps that under the key."""
    for _ in range(620):
        v3_shop.bench.send("GET", v3_shop.bench.credits(1))
    outcome = v3_shop.send(v3_shop.step())
    if v3_shop.profile == "5.6":
        assert (outcome.state, outcome.limit, outcome.wait) == (State.DONE, (300, 0), None)
        return
    assert (outcome.state, outcome.wait, outcome.stop) == (State.PLANNED, 60, None)
    assert (outcome.limit, outcome.next_generation) == ((600, 0), True)
    v3_shop.clock.wait(61)
    assert v3_shop.send(v3_shop.written(outcome)).state is State.DONE


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
    v3_shop_of: Callable[..., V3Account], change: Callable[[Any], Any]
) -> None:
    """Planted 17: another amount or customer, 202, a redirect, a page: unknown, and then found as it really is."""
    shop = v3_shop_of("6.0")
    shop.system = altered(shop, change)
    outcome = shop.send(shop.step())
    assert outcome.state is State.UNKNOWN
    shop.system = shop.connect()
    found = shop.settled(outcome)
    assert (found.state, found.how) == (State.DONE, "found")
    assert len(shop.credits()) == 1


@pytest.mark.parametrize("ahead", [-3600.0, 3600.0, 5 * 86_400.0])
def test_a_wrong_clock_hides_nothing(v3_shop_of: Callable[..., V3Account], ahead: float) -> None:
    """Planted 21: what was made is found by a fresh process that has not heard the server's time yet."""
    shop = v3_shop_of("5.6")
    shop.clock.ahead = ahead
    shop.mock.fault(CREATE, nth=1, drop=True, when="after")
    lost = shop.written(shop.send(shop.step()))
    shop.system = shop.connect()
    (found,) = shop.settle(lost)
    assert (found.state, found.how) == (State.DONE, "found")
    check = shop.connect().check()
    assert check.skew == pytest.approx(-ahead, abs=2)
    assert [problem.code for problem in check.problems] == ["clock_skew"]


def test_a_row_that_the_server_fails_at_ends(v3_shop_of: Callable[..., V3Account]) -> None:
    """A customer cannot hold 1,000,000: 500 each time, and after five requests it is refused for people to mend."""
    shop = v3_shop_of("5.6", server=False)
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
