"""Spree's API v3 as a system for jobs: credits are changed and deleted only where all is as it was planned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from http_library import httpx
from jobs_support.v3_account import V3Account
from store_credit_jobs.journal.steps import State


@pytest.mark.parametrize("action", ["delete", "update"])
def test_what_is_untouched_is_changed(v3_shop: V3Account, action: str) -> None:
    """A lost response is looked up at the target itself; sent again by a fresh runner it is seen to be done."""
    v3_shop.bench.give("20.00")
    (credit,) = v3_shop.credits()
    step = v3_shop.change(credit, action, None if action == "delete" else 1500)
    v3_shop.mock.fault(f"spree_v3.admin.customers.store_credits.{action}", nth=1, drop=True, when="before")
    absent = v3_shop.settled(v3_shop.send(step))
    assert (absent.state, absent.next_generation) == (State.PLANNED, False)
    v3_shop.mock.control.clear_faults()
    v3_shop.mock.fault(f"spree_v3.admin.customers.store_credits.{action}", nth=1, drop=True, when="after")
    lost = v3_shop.send(v3_shop.written(absent))
    assert lost.state is State.UNKNOWN
    found = v3_shop.settled(lost)
    assert (found.state, found.made, found.how) == (State.DONE, credit.id, "found")
    assert v3_shop.send(attrs.evolve(v3_shop.written(lost), state=State.PLANNED)).how == "found"
    assert [one.minor for one in v3_shop.credits()] == ([] if action == "delete" else [1500])


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
    v3_shop_of: Callable[..., V3Account], action: str, spent: tuple[int, int], planned: str, code: str
) -> None:
    """Planted 19: the server would delete what is set aside, and its order could never be paid."""
    shop = v3_shop_of("6.0-alpha")
    shop.bench.give("20.00")
    (credit,) = shop.credits()
    shop.spend(credit, *spent)
    seen = credit if planned == "before" else shop.credits()[0]
    refused = shop.send(shop.change(seen, action, None if action == "delete" else 1500))
    expected = "authorized_open" if spent[1] and action == "delete" else code
    assert (refused.state, refused.code, refused.sent) == (State.REFUSED, expected, None)
    assert [one.minor for one in shop.credits()] == [2000]
    assert shop.writes()[1:] == []


def test_a_purchase_between_look_and_change_fails_safe(v3_shop_of: Callable[..., V3Account]) -> None:
    """Planted 19: the server itself refuses to change or delete what was used in the last moment."""
    shop = v3_shop_of("5.6")
    shop.bench.give("20.00")
    (credit,) = shop.credits()

    def handle(request: Any) -> Any:
        if request.method != "GET":
            shop.spend(credit, 500)
        return shop.mock.transport.handle_request(request)

    system = shop.connect(http_client=httpx.Client(transport=httpx.MockTransport(handle)))
    outcome = system.execute(shop.claim(shop.change(credit)))
    assert (outcome.state, outcome.code) == (State.REFUSED, "store_credit_in_use")


def test_what_somebody_else_changed_meanwhile_is_held(v3_shop: V3Account) -> None:
    """Its update was lost, and now it is neither as it was nor as it was to become."""
    v3_shop.bench.give("20.00")
    (credit,) = v3_shop.credits()
    v3_shop.mock.fault("spree_v3.admin.customers.store_credits.update", nth=1, drop=True)
    lost = v3_shop.send(v3_shop.change(credit, "update", 1500))
    v3_shop.mock.control.clear_faults()
    v3_shop.bench.json("PATCH", v3_shop.bench.credits(1, credit.id), {"amount": "17.00"})
    held = v3_shop.settled(lost)
    assert (held.state, held.code) == (State.HELD, "changed_since_plan")


def test_what_fills_up_is_sent_only_where_the_customer_has_what_was_planned(v3_shop: V3Account) -> None:
    """In mode set a credit is the difference to what there was: somebody else may have given it meanwhile."""
    there = sum(one.remaining for one in v3_shop.credits() if one.currency == "USD")
    assert v3_shop.send(v3_shop.step(before={"outstanding": there})).state is State.DONE
    late = v3_shop.send(v3_shop.step("two", before={"outstanding": there}))
    assert (late.state, late.code, late.sent) == (State.REFUSED, "changed_since_plan", None)
    assert v3_shop.send(v3_shop.step("two", before={"outstanding": there + 1250})).state is State.DONE
