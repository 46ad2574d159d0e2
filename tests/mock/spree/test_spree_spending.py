"""Spending through the control plane: completion, capture, void, refund, cancel, and the leaks they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spreebench import CREDIT, CREDITS, SpreeBench
from store_credit_mock.systems.control_route import ControlError


def amounts(spree: SpreeBench, identity: str) -> tuple[str, str]:
    credit = spree.credit(identity)
    return credit["amount_used"], credit["amount_authorized"]


def leaks(spree: SpreeBench) -> list[str]:
    found = spree.control.invariants()
    assert found.holds, found.broken
    return [finding.rule for finding in found.allowed]


@pytest.fixture
def bought(spree: SpreeBench) -> tuple[str, str]:
    """A credit of 80, and an order of 24.99 it has paid."""
    identity = spree.give(amount="80")
    number, token = spree.cart("24.99")
    spree.apply(token)
    spree.spree.complete(number)
    return identity, number


@pytest.fixture
def authorised(spree: SpreeBench) -> tuple[str, str]:
    """A credit of 80, of which an order has locked 24.99."""
    spree.spree.set_payment_method(3, auto_capture=False)
    identity = spree.give(amount="80")
    number, token = spree.cart("24.99")
    spree.apply(token)
    spree.spree.complete(number)
    return identity, number


def test_a_purchase_authorises_and_captures(spree: SpreeBench, bought: tuple[str, str]) -> None:
    identity, _ = bought

    assert amounts(spree, identity) == ("24.99", "0.0")
    assert [action for action, _ in spree.events(identity)] == ["allocation", "eligible", "authorize", "capture"]
    assert leaks(spree) == []


def test_a_refund_gives_back_and_no_more_than_was_taken(spree: SpreeBench, bought: tuple[str, str]) -> None:
    identity, number = bought
    spree.spree.refund(number, "20")
    with pytest.raises(ControlError, match="Unable to credit code"):
        spree.spree.refund(number, "5")

    assert amounts(spree, identity) == ("4.99", "0.0")


def test_cancelling_after_a_partial_refund_changes_nothing(spree: SpreeBench, bought: tuple[str, str]) -> None:
    """spree.md 13.15."""
    identity, number = bought
    spree.spree.refund(number, "5")
    with pytest.raises(ControlError) as refused:
        spree.spree.cancel(number)

    assert refused.value.status == 422
    assert amounts(spree, identity) == ("19.99", "0.0")
    assert spree.spree.cart(number).state == "complete"


@pytest.fixture
def bought_twice(spree: SpreeBench) -> tuple[str, str]:
    """A credit of 80 that has paid two orders of 24.99, and the first of them."""
    identity = spree.give(amount="80")
    orders: list[str] = []
    for _ in range(2):
        number, token = spree.cart("24.99")
        spree.apply(token)
        spree.spree.complete(number)
        orders.append(number)
    return identity, orders[0]


def test_a_refund_takes_nothing_of_what_another_order_paid(spree: SpreeBench, bought_twice: tuple[str, str]) -> None:
    """What the credit has paid elsewhere is not there to be given back, at once or bit by bit (section 6: 422)."""
    identity, number = bought_twice
    with pytest.raises(ControlError, match="Unable to credit code") as refused:
        spree.spree.refund(number, "25.00")
    assert refused.value.status == 422
    assert amounts(spree, identity) == ("49.98", "0.0")
    spree.spree.refund(number, "20")
    with pytest.raises(ControlError, match="Unable to credit code"):
        spree.spree.refund(number, "5")

    assert amounts(spree, identity) == ("29.98", "0.0")
    assert leaks(spree) == []


def test_cancelling_takes_nothing_of_what_another_order_paid(spree: SpreeBench, bought_twice: tuple[str, str]) -> None:
    """13.15 again, where the credit has enough in use for the whole payment."""
    identity, number = bought_twice
    spree.spree.refund(number, "5")
    with pytest.raises(ControlError) as refused:
        spree.spree.cancel(number)

    assert refused.value.status == 422
    assert amounts(spree, identity) == ("44.98", "0.0")
    assert spree.spree.cart(number).state == "complete"


def test_no_more_is_given_back_than_the_credit_has_in_use(spree: SpreeBench, bought: tuple[str, str]) -> None:
    """Where an admin has lowered what counts as used, a refund would take it below nothing."""
    identity, number = bought
    spree.ask("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"amount_used": "5.00"}})
    with pytest.raises(ControlError, match="Unable to credit code"):
        spree.spree.refund(number, "20")

    assert amounts(spree, identity) == ("5.0", "0.0")


def test_refunds_of_another_payment_do_not_exceed_it(spree: SpreeBench) -> None:
    """A payment by other means has no credit that would notice: the refunds of it count together."""
    other = next(one.id for one in spree.spree.payment_methods() if "StoreCredit" not in one.type)
    spree.spree.set_payment_method(other, auto_capture=True)
    number, _ = spree.cart("24.99")
    spree.spree.pay(number, other)
    spree.spree.complete(number)
    (payment,) = [one.id for one in spree.spree.cart(number).payments]
    with pytest.raises(ControlError, match="Unable to credit code"):
        spree.spree.refund(number, "25.00", payment_id=payment)
    spree.spree.refund(number, "20", payment_id=payment)
    with pytest.raises(ControlError, match="Unable to credit code"):
        spree.spree.refund(number, "5", payment_id=payment)
    spree.spree.refund(number, "4.99", payment_id=payment)
    with pytest.raises(ControlError, match="Unable to credit code"):
        spree.spree.refund(number, "0.01", payment_id=payment)


@pytest.mark.parametrize("captures", [True, False], ids=["purchase", "authorize"])
def test_credit_pays_in_its_own_currency_only(spree: SpreeBench, captures: bool) -> None:
    """Applied in USD and changed to GBP: 422 in the server's words, and nothing has moved (section 6)."""
    spree.spree.set_payment_method(3, auto_capture=captures)
    identity = spree.give(amount="80")
    number, token = spree.cart("24.99")
    spree.apply(token)
    spree.ask("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"currency": "GBP"}})
    with pytest.raises(ControlError, match="Store credit currency does not match order currency") as refused:
        spree.spree.complete(number)

    assert refused.value.status == 422
    assert (amounts(spree, identity), spree.credit(identity)["currency"]) == (("0.0", "0.0"), "GBP")
    assert [action for action, _ in spree.events(identity)] == ["allocation", "eligible"]
    assert spree.spree.cart(number).state != "complete"


def test_cancelling_gives_everything_back(spree: SpreeBench, bought: tuple[str, str]) -> None:
    identity, number = bought
    cancelled = spree.spree.cancel(number)

    assert (cancelled.state, cancelled.payment_state) == ("canceled", "void")
    assert amounts(spree, identity) == ("0.0", "0.0")
    assert spree.send("DELETE", f"{CREDITS}/{identity}").status == 204


def test_a_void_unlocks(spree: SpreeBench, authorised: tuple[str, str]) -> None:
    identity, number = authorised
    assert amounts(spree, identity) == ("0.0", "24.99")
    spree.spree.void(number)

    assert amounts(spree, identity) == ("0.0", "0.0")
    assert leaks(spree) == []


@pytest.mark.parametrize(
    ("repair", "locked", "after_void", "listed"),
    [
        (False, "29.98", "14.99", ["partial_capture_authorizes_again"]),
        (True, "14.99", "0.0", []),
    ],
)
def test_a_partial_capture_leaks_unless_repaired(
    spree: SpreeBench, authorised: tuple[str, str], repair: bool, locked: str, after_void: str, listed: list[str]
) -> None:
    """spree.md 13.14: 29.98 is authorised where 14.99 was meant, and 14.99 stays after a void."""
    identity, number = authorised
    spree.spree.change_settings(repair_leaks=repair)
    spree.spree.capture(number, "10.00")
    assert amounts(spree, identity) == ("10.0", locked)
    spree.spree.void(number)

    assert amounts(spree, identity) == ("10.0", after_void)
    assert leaks(spree) == listed


@pytest.mark.parametrize(
    ("repair", "locked", "listed"), [(False, "24.99", ["cancelled_order_keeps_authorization"]), (True, "0.0", [])]
)
def test_cancelling_what_was_only_authorised_leaks_unless_repaired(
    spree: SpreeBench, authorised: tuple[str, str], repair: bool, locked: str, listed: list[str]
) -> None:
    """spree.md 13.14."""
    identity, number = authorised
    spree.spree.change_settings(repair_leaks=repair)
    spree.spree.cancel(number)

    assert amounts(spree, identity) == ("0.0", locked)
    assert leaks(spree) == listed


def test_credit_that_shrank_does_not_complete(spree: SpreeBench) -> None:
    """spree.md 13.15."""
    identity = spree.give(amount="80")
    number, token = spree.cart("24.99")
    spree.apply(token)
    spree.ask("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"amount": "5"}})
    with pytest.raises(ControlError, match="not sufficient"):
        spree.spree.complete(number)

    assert amounts(spree, identity) == ("0.0", "0.0")
    assert [payment.state for payment in spree.spree.cart(number).payments] == ["failed"]
    assert leaks(spree) == []
    with pytest.raises(ControlError, match="No payment found"):
        spree.spree.complete(number)


def test_no_more_is_captured_than_is_authorised(spree_of: Callable[..., SpreeBench]) -> None:
    """A negative authorisation lets more remain than there is; the capture then asks for more than is authorised."""
    spree = spree_of(strict=False)
    identity = spree.give(amount="10.00", amount_authorized="-5.00")
    number, token = spree.cart("14.00")
    spree.apply(token)

    with pytest.raises(ControlError, match="Unable to capture more than authorized amount"):
        spree.spree.complete(number)
    assert spree.credit(identity)["amount_used"] == "0.0"


def test_two_carts_cannot_spend_one_credit_twice(spree: SpreeBench) -> None:
    identity = spree.give(amount="30")
    first, first_token = spree.cart("24.99")
    second, second_token = spree.cart("24.99")
    spree.apply(first_token)
    spree.apply(second_token)
    spree.spree.complete(first)
    with pytest.raises(ControlError, match="not sufficient"):
        spree.spree.complete(second)

    assert amounts(spree, identity) == ("24.99", "0.0")


def test_the_same_amount_applied_twice_is_captured_under_the_first_code(spree: SpreeBench) -> None:
    """spree.md section 6: a purchase looks for an unused eligible event of its amount."""
    identity = spree.give(amount="30")
    number, token = spree.cart("24.99")
    spree.apply(token)
    first = spree.spree.cart(number).payments[0].response_code
    spree.apply(token)
    spree.spree.complete(number)

    assert spree.spree.cart(number).payments[1].response_code == first
    assert amounts(spree, identity) == ("24.99", "0.0")


def test_what_credit_does_not_cover_stays_due(spree: SpreeBench) -> None:
    spree.give(amount="4.20")
    number, token = spree.cart("24.99")
    spree.apply(token)
    done = spree.spree.complete(number)

    assert (done.payment_total, done.payment_state) == ("4.2", "balance_due")


def test_no_active_method_is_500_and_keeps_what_was_applied(spree: SpreeBench) -> None:
    """spree.md 13.6."""
    identity = int(spree.give(amount="30"))
    number, token = spree.cart("24.99")
    spree.apply(token)
    spree.spree.set_payment_method(3, active=False)

    assert spree.apply(token, {"amount": "5"}).status == 500
    assert spree.applied(number) == [(identity, "24.99")]


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [("read", 200, 401), ("write", 401, 401), ("read write", 200, 422), ("admin", 200, 422), ("", 401, 401)],
)
def test_scopes_open_what_they_say(spree: SpreeBench, scopes: str, read: int, write: int) -> None:
    """spree.md section 2."""
    token = spree.spree.issue_token(application="app", scopes=scopes).token
    empty = {"store_credit": {**CREDIT, "amount": 0}}

    assert spree.send("GET", CREDITS, token=token).status == read
    assert spree.send("POST", CREDITS, empty, token=token).status == write


def test_tokens_expire_and_are_revoked(spree: SpreeBench) -> None:
    short = spree.spree.issue_token(application="app", scopes="admin", expires_in=60).token
    other = spree.spree.issue_token(application="app", scopes="admin").token
    spree.control.advance(60)
    spree.spree.revoke_tokens(token=other)

    assert b"The access token expired" in spree.send("GET", CREDITS, token=short).body
    assert b"The access token was revoked" in spree.send("GET", CREDITS, token=other).body


def test_fixtures_are_loaded(spree_of: Callable[..., SpreeBench]) -> None:
    fixtures: dict[str, Any] = {
        "spree": {
            "users": [{"email": "zoe@example.com", "first_name": "Zoe"}],
            "store_credits": [{"user_id": 7, "amount": "12.50"}],
            "tokens": [{"token": "t1", "user_id": 7, "application": None, "scopes": ""}],
        }
    }
    spree = spree_of(fixtures=fixtures)
    shown = spree.ask("GET", "/api/v2/storefront/account", token="t1")

    assert shown["data"]["attributes"]["store_credits"] == "12.5"
    with pytest.raises(ValueError, match=r'^/spree/store_credits/0: "user_id"'):
        spree_of(fixtures={"spree": {"store_credits": [{"amount": "1"}]}})


def test_hard_deletion_leaves_the_books_right(spree: SpreeBench) -> None:
    spree.give(currency="GBP", amount="10", amount_used="4")
    kept = spree.give()
    assert spree.spree.destroy_store_credits(currency="GBP").store_credits == 1

    assert [item["id"] for item in spree.ask("GET", CREDITS)["data"]] == [kept]
    assert leaks(spree) == []


def test_a_snapshot_brings_everything_back(spree: SpreeBench, bought: tuple[str, str]) -> None:
    identity, number = bought
    kept = spree.engine.snapshot()
    spree.spree.cancel(number)
    spree.engine.restore(kept)

    assert amounts(spree, identity) == ("24.99", "0.0")
    assert leaks(spree) == []
