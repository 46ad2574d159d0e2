"""What a real Spree 5.3.6 was seen to do beside the recorded script, and what older versions share with it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from spreebench import CREDIT, CREDITS, SpreeBench, attributes
from store_credit_mock import Fault, Request
from store_credit_mock.systems.control_route import ControlError

Make = Callable[..., SpreeBench]
ACCOUNT = "/api/v2/storefront/account"
TYPES = "/api/v2/platform/store_credit_types"


@pytest.mark.parametrize(
    ("profile", "text"),
    [
        (
            "4.5",
            "Store credit amount remaining is not sufficientUnable to capture more than authorized amount",
        ),
        (
            "5.3",
            "Store credit amount remaining is not sufficient and Unable to capture more than authorized amount",
        ),
    ],
)
def test_a_declined_payment_leaves_what_was_captured_before_it(spree_of: Make, profile: str, text: str) -> None:
    """The shopper's credit is gone without an order."""
    spree = spree_of(profile=profile)
    first, second = spree.give(amount="20"), spree.give(amount="20")
    number, token = spree.cart("24.99")
    spree.apply(token)
    spree.ask("PATCH", f"{CREDITS}/{second}", {"store_credit": {"amount": "1"}})

    with pytest.raises(ControlError, match=r"^" + re.escape(text) + "$") as refused:
        spree.spree.complete(number)

    assert refused.value.status == 422
    cart = spree.spree.cart(number)
    assert [(payment.amount, payment.state) for payment in cart.payments] == [("20.0", "completed"), ("4.99", "failed")]
    assert (cart.state, cart.payment_total) == ("cart", "20.0")
    assert spree.credit(first)["amount_used"] == "20.0"
    assert [action for action, _ in spree.events(first)][-2:] == ["authorize", "capture"]
    assert spree.credit(second)["amount_used"] == "0.0"
    with pytest.raises(ControlError, match=r"^No payment found$"):
        spree.spree.complete(number)
    removed = spree.take_off(token)
    assert (removed.status, orjson.loads(removed.body)) == (422, {"error": "", "errors": {}})
    assert spree.control.invariants().holds


@pytest.mark.parametrize(("profile", "applied"), [("4.5", "10.0"), ("5.3", "100.0")])
def test_entering_payment_applies_the_maximum_from_51_on(spree_of: Make, profile: str, applied: str) -> None:
    spree = spree_of(profile=profile)
    spree.give(amount="100")
    number, token = spree.cart("250")
    spree.apply(token, {"amount": 10})
    spree.spree.set_address(number)
    spree.spree.next(number)
    spree.spree.next(number)

    assert [amount for _, amount in spree.applied(number)] == [applied]
    spree.apply(token, {"amount": 10})
    assert [amount for _, amount in spree.applied(number)] == ["10.0"]


def test_entering_payment_applies_nothing_where_nothing_was_applied(spree_of: Make) -> None:
    spree = spree_of(profile="5.3")
    spree.give(amount="100")
    number, _ = spree.cart("250")
    for step in (spree.spree.set_address, spree.spree.next, spree.spree.next):
        step(number)

    assert spree.applied(number) == []


@pytest.mark.parametrize("profile", ["4.5", "5.3"])
def test_shipping_is_charged_from_delivery_on_until_the_cart_changes(spree_of: Make, profile: str) -> None:
    spree = spree_of(profile=profile)
    spree.give(amount="400")
    number, token = spree.cart("250")
    spree.spree.set_address(number)
    assert spree.spree.cart(number).total == "250.0"
    spree.spree.next(number)
    assert (spree.spree.cart(number).state, spree.spree.cart(number).total) == ("delivery", "255.0")
    spree.apply(token)
    assert [amount for _, amount in spree.applied(number)] == ["255.0"]
    spree.spree.next(number)
    line = spree.spree.cart(number).line_items[0].id
    spree.spree.add_item(number, price="10")

    cart = spree.spree.cart(number)
    assert (cart.state, cart.total, spree.applied(number)) == ("address", "260.0", [])
    spree.spree.next(number)
    spree.spree.set_quantity(number, line, 2)
    assert (spree.spree.cart(number).state, spree.spree.cart(number).total) == ("address", "510.0")


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ({"profile": "5.3"}, ["c", "b"]),
        ({"profile": "5.3", "spree_database": "sqlite"}, ["a", "c"]),
        ({"profile": "4.10"}, ["a", "c"]),
        ({"profile": "4.10", "spree_database": "postgresql"}, ["c", "b"]),
    ],
)
def test_the_database_decides_what_is_spent_first(spree_of: Make, options: dict[str, Any], order: list[str]) -> None:
    spree = spree_of(**options)
    ids = {name: spree.give(amount="20", type_id=type_id) for name, type_id in (("a", None), ("b", "2"), ("c", "1"))}
    number, token = spree.cart("30")
    spree.apply(token)

    assert spree.applied(number) == [(int(ids[order[0]]), "20.0"), (int(ids[order[1]]), "10.0")]


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_what_a_column_has_no_room_for_fails_over_postgresql(spree_of: Make, database: str) -> None:
    spree = spree_of(profile="5.3", spree_database=database, strict=False)
    refused = 500 if database == "postgresql" else 201
    late = {"store_credit_type": {"name": "Late", "priority": 3_000_000_000}}
    assert spree.send("POST", CREDITS, {"store_credit": {**CREDIT, "amount": 1000000}}).status == refused
    spree.give(amount=999999.99, user_id="3")
    assert spree.send("POST", CREDITS, {"store_credit": {**CREDIT, "amount": 1, "user_id": "3"}}).status == refused
    assert spree.send("POST", TYPES, late).status == refused


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("page=0", 400, "expected :page >= 1; got 0"),
        ("page=-1", 400, "expected :page >= 1; got -1"),
        ("page=abc", 400, "expected :page >= 1; got 0"),
        ("page=", 200, None),
        ("page=2600124322094224384", 500, "Internal Server Error"),
        ("sort=name", 500, "Internal Server Error"),
        ("sort=-id", 200, None),
        ("include[]=user", 500, "Internal Server Error"),
        ("sort[]=id", 500, "Internal Server Error"),
        ("per_page[]=2", 500, "Internal Server Error"),
        ("filter[a]=1&filter[]=2", 400, None),
        ("locale=%FF", 400, None),
    ],
)
def test_odd_queries_are_refused_as_rails_7_does(spree_of: Make, query: str, status: int, error: str | None) -> None:
    response = spree_of(profile="5.3", strict=False).send("GET", f"{CREDITS}?{query}")

    assert response.status == status
    if error is not None:
        assert orjson.loads(response.body)["error"] == error
    elif status == 400:
        assert (response.body, response.header("content-type")) == (b"", "text/html; charset=UTF-8")


def test_the_page_before_one_past_the_end_is_the_last(spree_of: Make) -> None:
    for profile, page in (("4.10", "page=1"), ("5.3", "page=2")):
        spree = spree_of(profile=profile)
        for _ in range(3):
            spree.give()
        links = spree.ask("GET", CREDITS, None, {"page": 9, "per_page": 2})["links"]
        assert page in links["prev"].split("?")[1].split("&")


@pytest.mark.parametrize(
    ("query", "amount", "kept", "shown"),
    [
        ({}, "25.00", "25.0", "$25.00"),
        ({"locale": "de"}, "25.00", "2500.0", "$2.500,00"),
        ({"locale": "de"}, "25,50", "25.5", "$25,50"),
        ({"locale": "de"}, 25.5, "25.5", "$25,50"),
        ({"locale": "fr"}, "1,234.50", "1234.5", "$1,234.50"),
        ({"locale": "de"}, "1.234,50", "1234.5", "$1.234,50"),
    ],
)
def test_amounts_in_texts_follow_the_locale(
    spree_of: Make, query: dict[str, str], amount: Any, kept: str, shown: str
) -> None:
    """A hundred times too much for whoever sends "25.00" to a German shop."""
    spree = spree_of(profile="5.3", spree_locales="en,de", strict=False)
    made = spree.ask("POST", CREDITS, {"store_credit": {**CREDIT, "amount": amount}}, query)["data"]["attributes"]

    assert (made["amount"], made["display_amount"]) == (kept, shown)


def test_a_shop_of_another_language_needs_no_parameter(spree_of: Make) -> None:
    assert spree_of(profile="5.3", spree_locales="de", strict=False).give(amount="25.00") == "1"
    spree = spree_of(profile="5.3", spree_locales="de", strict=False)
    assert spree.credit(spree.give(amount="25.00"))["amount"] == "2500.0"
    # Before 5.3 texts are read as they are.
    spree = spree_of(profile="4.10", spree_locales="de", strict=False)
    assert spree.credit(spree.give(amount="25.00"))["amount"] == "25.0"


def test_users_and_orders_have_the_members_of_5(spree_of: Make) -> None:
    spree = spree_of(profile="5.3")
    spree.give(amount="10")
    number, _ = spree.cart("30")
    user = spree.ask("GET", CREDITS, None, {"include": "user"})["included"][0]["attributes"]
    assert (user["public_metadata"], user["private_metadata"]) == (None, None)
    used = spree.ask("PATCH", f"/api/v2/platform/orders/{number}/use_store_credit", {}, {"include": "payments"})
    order, payment = used["data"]["attributes"], used["included"][0]["attributes"]
    assert (order["internal_note"]["name"], order["internal_note"]["body"]) == ("internal_note", None)
    assert order["display_total_minus_store_credits"] == "$20.00"
    assert (payment["display_source_name"], payment["display_credit_allowed"]) == ("Store Credit", "$10.00")


def test_the_response_cache_keeps_a_balance_for_an_hour(spree_of: Make) -> None:
    for cached in (True, False):
        spree = spree_of(profile="5.3", spree_response_cache=cached)
        spree.give(amount="10")

        def balance(spree: SpreeBench = spree) -> str:
            listed = spree.ask("GET", CREDITS, None, {"include": "user"})
            return listed["included"][0]["attributes"]["store_credits"][0]["amount"]

        assert balance() == "10.00"
        spree.give(amount="5")
        assert balance() == ("10.00" if cached else "15.00")
        spree.control.advance(3601)
        assert balance() == "15.00"


def test_the_response_cache_gives_a_shopper_the_back_offices_user(spree_of: Make) -> None:
    """Two serializers share what is kept of a user (seen on 5.3.6)."""
    spree = spree_of(profile="5.3", spree_response_cache=True)
    spree.give(amount="60.50")
    spree.ask("GET", CREDITS, None, {"include": "user"})
    _, token = spree.cart("30")

    answer = orjson.loads(spree.apply(token, include="user").body)

    (user,) = answer["included"]
    assert user["attributes"]["store_credits"] == [{"currency": "USD", "amount": "60.50"}]
    assert "private_metadata" in user["attributes"]


def test_a_list_page_is_kept_until_the_list_changes(spree_of: Make) -> None:
    """An `eligible` event changes no record of the list."""
    spree = spree_of(profile="5.3", spree_response_cache=True)
    spree.give(amount="60")
    _, token = spree.cart("30")
    query = {"include": "store_credit_events"}
    assert len(spree.ask("GET", CREDITS, None, query)["included"]) == 1
    spree.apply(token)
    assert len(spree.ask("GET", CREDITS, None, query)["included"]) == 1
    spree.give(amount="1")
    assert len(spree.ask("GET", CREDITS, None, query)["included"]) == 3


def test_a_restored_snapshot_forgets_what_was_kept(spree_of: Make) -> None:
    spree = spree_of(profile="5.3", spree_response_cache=True)
    before = spree.control.snapshot()
    spree.give(amount="10")
    spree.ask("GET", CREDITS, None, {"include": "user"})
    spree.control.restore(before)
    spree.give(amount="20")

    listed = spree.ask("GET", CREDITS, None, {"include": "user"})
    assert listed["included"][0]["attributes"]["store_credits"][0]["amount"] == "20.00"


@pytest.mark.parametrize(
    "options",
    [{"spree_database": "mysql"}, {"spree_response_cache": "perhaps"}, {"spree_locales": "xx"}, {"spree_locales": ""}],
)
def test_an_option_that_is_not_valid_is_named(spree_of: Make, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        spree_of(**options)


def test_a_wrong_amount_in_a_text_is_zero(spree_of: Make) -> None:
    response = spree_of(profile="5.3", strict=False).send("POST", CREDITS, {"store_credit": {**CREDIT, "amount": "-"}})

    assert (response.status, orjson.loads(response.body)["error"]) == (422, "Amount must be greater than 0")


def test_an_account_has_no_metadata_but_tags(spree_of: Make) -> None:
    spree = spree_of(profile="5.3")
    token = spree.spree.issue_token(email="alice@example.com").token
    found = attributes(spree.send("GET", ACCOUNT, token=token))
    assert (found["public_metadata"], found["tags"]) == (None, [])


def both_stay(spree: SpreeBench, number: str, identity: str) -> None:
    """The end of a double click on `apply credit`, seen on 5.3.6 in every round."""
    assert [amount for _, amount in spree.applied(number)] == ["60.0", "70.0"]
    found = spree.control.invariants()
    assert found.holds
    assert {"applied_once_to_a_cart", "applied_within_remaining"} == {finding.rule for finding in found.allowed}
    with pytest.raises(ControlError, match="not sufficient"):
        spree.spree.complete(number)
    assert spree.credit(identity)["amount_used"] == "60.0"
    assert spree.spree.cart(number).state == "cart"


def test_a_planned_fault_applies_twice_as_if_at_once(spree: SpreeBench) -> None:
    identity = spree.give(amount="100")
    number, token = spree.cart("250")
    spree.control.add_fault(Fault(operation="spree.checkout.add_store_credit", nth=2, as_if_concurrent=True))
    spree.apply(token, {"amount": 60})
    spree.apply(token, {"amount": 70})

    both_stay(spree, number, identity)


def test_one_application_after_the_other_replaces_it(spree: SpreeBench) -> None:
    spree.give(amount="100")
    number, token = spree.cart("250")
    spree.apply(token, {"amount": 60})
    spree.control.add_fault(Fault(operation="spree.checkout.add_store_credit", as_if_concurrent=True))
    spree.ask("GET", CREDITS)
    spree.apply(token, {"amount": 70})

    assert [amount for _, amount in spree.applied(number)] == ["70.0"]


def test_two_applications_that_really_overlap_both_stay(spree: SpreeBench) -> None:
    """A delay ahead of the handler holds both requests at a time."""
    identity = spree.give(amount="100")
    number, token = spree.cart("250")
    spree.control.add_fault(Fault(operation="spree.checkout.add_store_credit", delay=0.5))
    asked = [
        Request.build(
            "POST",
            "/api/v2/storefront/checkout/add_store_credit",
            {"Host": "localhost", "X-Spree-Order-Token": token, "Content-Type": "application/json"},
            b'{"amount": %d}' % amount,
        )
        for amount in (60, 70)
    ]
    steps = [spree.engine.handle_steps(request) for request in asked]
    assert [next(one) for one in steps] == [0.5, 0.5]
    for one in steps:
        with pytest.raises(StopIteration):
            next(one)

    both_stay(spree, number, identity)


def test_threads_that_wait_for_their_turn_overlap(spree: SpreeBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fault, no sleep: the second request arrives while the first one holds the engine."""
    identity = spree.give(amount="100")
    number, token = spree.cart("250")
    second = threading.Thread(target=spree.apply, args=(token, {"amount": 70}))
    waiting = threading.Event()
    lock = spree.engine.lock

    class Watched:
        def __enter__(self) -> None:
            if threading.current_thread() is second:
                waiting.set()
            lock.acquire()

        def __exit__(self, *_: object) -> None:
            lock.release()

    monkeypatch.setattr(spree.engine, "lock", Watched())
    with lock:
        second.start()
        assert waiting.wait(10)
        spree.apply(token, {"amount": 60})
    second.join(10)

    both_stay(spree, number, identity)
