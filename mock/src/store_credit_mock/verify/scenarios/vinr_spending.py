"""VINR's credit spent, refunded and expired, where a control plane can do that."""

from __future__ import annotations

import time
from typing import Any

from store_credit_mock.verify.created_records import CreatedRecord
from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, check, check_equal, request_json
from store_credit_mock.verify.scenarios.vinr_crud import PATH, credits_of, issue, shown

__all__ = ["SCENARIOS"]

_HOUR = 3600
_scenario = ScenarioRegistry("vinr", "VINR")


def _customer(target: Any) -> str:
    """A customer of the scenario's own, so that no other credit pays."""
    identity = target.control.vinr.add_customer().id
    target.made.add(CreatedRecord("vinr.customers", identity, note="the control plane removes none"))
    return identity


def _left(target: Any, customer: str) -> dict[str, int]:
    """What is left on each credit of a customer, which retrieve must say as the list does."""
    listed = credits_of(target, customer)
    for identity, credit in listed.items():
        check_equal("retrieve", request_json(target.client, "GET", f"{PATH}/{identity}", 200), credit)
    return {identity: credit["balance_remaining"] for identity, credit in listed.items()}


@_scenario("vinr: spending lowers the balance everywhere", "control")
def _spent(target: Any) -> None:
    customer = _customer(target)
    credit = issue(target, customer=customer)
    shown(target, credit)
    target.control.vinr.buy(customer, 300, "USD")
    shown(target, {**credit, "balance_remaining": 700})


@_scenario("vinr: the books add up", "control")
def _books(target: Any) -> None:
    customer, control = _customer(target), target.control.vinr
    now = issue(target, 1, customer=customer)["created"]
    never = issue(target, 1000, customer=customer)["id"]
    late = issue(target, 500, customer=customer, expires_at=now + 20 * _HOUR)["id"]
    soon = issue(target, 200, customer=customer, expires_at=now + 10 * _HOUR)["id"]
    other = issue(target, 700, "EUR", customer=customer)["id"]
    control.buy(customer, 300, "USD")
    left = _left(target, customer)
    check_equal("what the credit that expires first has left", left[soon], 0)
    check_equal("what the next one has left", left[late], 400)
    purchase = control.buy(customer, 500, "USD")
    left = _left(target, customer)
    check_equal("what is left in all, after 300 and 500 of 1701 were spent", sum(left.values()) - left[other], 901)
    check_equal("what is left in another currency", left[other], 700)
    control.refund(purchase.id, 100)
    left = _left(target, customer)
    check_equal("what is left in all, after 100 came back", sum(left.values()) - left[other], 1001)
    control.buy(customer, 5000, "USD")
    left = _left(target, customer)
    check_equal("what is left after more was bought than there was", sum(left.values()), 700)
    check(left[never] == 0, "a credit has something left although the purchase was larger")
    _sound(target)


@_scenario("vinr: what has expired is not spent", "control")
def _expired(target: Any) -> None:
    customer, control = _customer(target), target.control
    now = issue(target, 100, "EUR", customer=customer)["created"]
    credit = issue(target, 1000, customer=customer, expires_at=now + _HOUR)
    clock, began = control.clock(), time.monotonic()

    def back() -> None:
        passed = time.monotonic() - began if clock.mode == "real" else 0.0
        control.freeze(clock.now / 1000 + passed)
        if clock.mode != "frozen":
            control.resume()

    control.vinr.buy(customer, 100, "USD")
    check_equal("what is left ahead of the expiry", _left(target, customer)[credit["id"]], 900)
    with target.undoing("the sandbox's clock stands ahead", back):
        control.advance(2 * _HOUR)
        control.vinr.buy(customer, 100, "USD")
        check_equal("what is left after a purchase that came too late", _left(target, customer)[credit["id"]], 900)
        request_json(target.client, "POST", f"{PATH}/{credit['id']}", 200, json={"expires_at": now + 4 * _HOUR})
        control.vinr.buy(customer, 100, "USD")
        check_equal("what is left once it was extended", _left(target, customer)[credit["id"]], 800)
    _sound(target)


def _sound(target: Any) -> None:
    state = target.control.invariants()
    check_equal("what the mock's own books have broken", state.broken, [])


SCENARIOS = tuple(_scenario.scenarios)
