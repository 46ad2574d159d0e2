"""Store credit on carts and orders of v3: what is taken, what is refused, and what the versions do differently."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store_credit_mock.systems.spree_v3.ids import encode
from v3_shopping import Shopping, shape_of
from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]

RECORDED = ["5.6", "6.0-alpha", "6.0-alpha+ledger"]
EVERY = ["5.5", *RECORDED, "6.0"]
NOBODY_HAS = {"code": "processing_error", "message": "User does not have any Store Credits available"}
EMPTY = {"code": "processing_error", "message": ""}
FORBIDDEN = {"code": "access_denied", "message": "You are not authorized to access this page."}


@pytest.fixture(params=RECORDED)
def shop(request: pytest.FixtureRequest, v3_of: Maker) -> Shopping:
    """A shop of each recorded version in turn."""
    return Shopping(v3_of(request.param))


def amounts(cart: dict[str, Any]) -> tuple[str, str, bool]:
    """What store credit pays of a cart, what is due, and whether it is all."""
    return cart["store_credit_total"], cart["amount_due"], cart["covered_by_store_credit"]


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ({}, "24.99"), ({"amount": None}, "24.99"), ({"amount": {"a": 1}}, "24.99"), ({"amount": ["5"]}, "24.99"),
        ({"amount": True}, "24.99"), ({"amount": "5.00"}, "5.0"), ({"amount": 6.5}, "6.5"), ({"amount": "7,50"}, "7.0"),
        ({"amount": "7.555"}, "7.56"), ({"amount": "9999.00"}, "24.99"), ({"amount": " 3.5 USD"}, "3.5"),
        ({"amount": 0}, None), ({"amount": "0"}, None), ({"amount": "abc"}, None), ({"amount": ""}, None),
        ({"amount": "1e400"}, "24.99"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_ruby_reads_a_float(shop: Shopping, sent: dict[str, Any], taken: str | None) -> None:
    """A text or a number counts by its leading digits whatever the locale; without one all there is is taken."""
    shop.v3.give()
    cart = shop.cart()
    response = shop.send("POST", f"carts/{cart['id']}/store_credits", sent, X_Spree_Locale="de")
    if taken is None:
        assert error(response, 422) == EMPTY
        return
    due = f"{24.99 - float(taken):.2f}".rstrip("0")
    assert amounts(shape_of(response)) == (taken, due if due[-1] != "." else due + "0", taken == "24.99")


def test_applying_again_changes_the_payment_and_taking_off_keeps_it(shop: Shopping) -> None:
    """The payment stays the same one with its code; taken off it is `invalid`, and the next is another."""
    shop.v3.give()
    cart = shop.applied(amount="5.00")
    changed = shape_of(shop.apply(cart, amount="6.50"))
    assert [(one["id"], one["amount"], one["response_code"]) for one in changed["payments"]] == [
        (one["id"], "6.5", one["response_code"]) for one in cart["payments"]
    ]
    assert [one["status"] for one in shape_of(shop.remove(cart))["payments"]] == ["invalid"]
    assert shop.remove(cart).status == 200
    assert error(shop.apply(cart, amount=0), 422) == EMPTY
    payments = shape_of(shop.apply(cart))["payments"]
    assert [(one["amount"], one["status"]) for one in payments] == [("6.5", "invalid"), ("24.99", "checkout")]


def test_the_oldest_credit_is_drawn_first_and_cut_to_its_balance(shop: Shopping) -> None:
    """Several small credits become several payments, each captured at completion; what is due then is the number 0."""
    given = [shop.v3.give(amount) for amount in ("0.30", "10.01", "100.00")]
    cart = shop.applied()
    assert [(one["amount"], one["source_id"]) for one in cart["payments"]] == [
        (amount, one["id"]) for amount, one in zip(("0.3", "10.01", "14.68"), given, strict=True)
    ]
    order = shape_of(shop.complete(cart))
    assert ([one["status"] for one in order["payments"]], order["amount_due"]) == (["completed"] * 3, 0)
    assert [shop.credit(one) for one in given] == [("0.3", "0.0"), ("10.01", "0.0"), ("14.68", "85.32")]
    assert (order["id"][:3], order["payment_status"], order["covered_by_store_credit"]) == ("or_", "paid", True)
    assert shape_of(shop.complete(cart))["id"] == order["id"], "completing again gives the order again"
    assert shop.apply(cart).status == shop.remove(cart).status == 404
    assert shop.apply({"id": order["id"]}).status == 404


def test_only_6_0_keeps_to_the_currency_of_the_cart(shop: Shopping) -> None:
    """5.x draws on the oldest credit of any currency; with none in its own the method is invalid."""
    dollars, euros = shop.v3.give(), shop.v3.give("1500.50", "EUR")
    cart = shape_of(shop.apply(shop.cart(addressed=False, currency="EUR")))
    drawn = euros if shop.is_v6 else dollars
    assert (cart["store_credit_total"], cart["payments"][0]["source_id"]) == ("17.99", drawn["id"])
    refused = error(shop.apply(shop.cart(addressed=False, currency="KWD")), 422)
    invalid = {
        "code": "validation_error",
        "message": "Payment method is invalid",
        "details": {"payment_method": ["is invalid"]},
    }
    assert refused == (EMPTY if shop.is_v6 else invalid)


def test_whose_cart_it_is_is_asked_before_whose_credit(shop: Shopping) -> None:
    """401 without a customer's token, 404 unknown, 403 somebody else's, 422 without credit; a guest's has no owner."""
    shop.v3.give()
    cart, guest = shop.cart(), shop.ask("POST", "carts", {"items": []}, None)
    assert error(shop.apply(cart, None), 401)["code"] == "authentication_required"
    missing = error(shop.apply({"id": "cart_unknown000"}), 404)
    assert missing == {
        "code": "record_not_found" if shop.is_v6 else "cart_not_found",
        "message": "Cart not found",
    }
    assert error(shop.apply(cart, "bob"), 403) == FORBIDDEN
    assert error(shop.apply(shop.cart("frank"), "frank"), 422) == NOBODY_HAS
    path, token = f"carts/{guest['id']}/store_credits", {"X_Spree_Token": guest["token"]}
    assert error(shop.send("POST", path, {}, None, **token), 401)["code"] == "authentication_required"
    assert error(shop.send("POST", path, {}, **token), 422) == NOBODY_HAS
    assert error(shop.send("PATCH", f"carts/{guest['id']}/associate"), 403) == FORBIDDEN
    own = shop.ask("PATCH", f"carts/{guest['id']}/associate", None, **token)
    assert (own["email"], own["store_credit_total"]) == ("alice@example.com", "0")


def test_an_order_is_redeemed_by_who_may_write_orders(v3_of: Maker) -> None:
    """The scope is write_orders, not write_store_credits (trap 7); 5.6 takes a cart's id for an order's (trap 20)."""
    for profile in ("5.6", "6.0-alpha"):
        shop = Shopping(v3_of(profile))
        shop.v3.give()
        draft = shop.draft(addressed=False)
        path = f"/{draft['id']}/store_credits"
        refused = error(shop.office("POST", path, {}, key="sk_writesc"), 403)
        assert refused["details"] == {"required_scope": "write_orders"}
        key = shop.v3.control.spree_v3.issue_key("orders", scopes=["write_orders"]).key
        assert shop.office("POST", path, {"amount": "2.00"}, key=key).status == 201
        assert shop.office("DELETE", path, key=key).status == 204
        cart = shop.cart(addressed=False)
        assert shop.office("POST", f"/{cart['id']}/store_credits", {}).status == (404 if shop.is_v6 else 201)
        assert error(shop.office("POST", "/or_unknown0000/store_credits", {}), 404)["code"] == "order_not_found"
        assert error(shop.office("POST", f"/{shop.draft(None)['id']}/store_credits", {}), 422) == NOBODY_HAS


def test_a_placed_order_takes_nothing_more_and_gives_nothing_back(shop: Shopping) -> None:
    """Applying to a paid order is 201 and changes nothing, taking off is 422 with an empty message."""
    shop.v3.give()
    order = shop.ordered()
    shown = shop.admin("POST", f"/{order['id']}/store_credits", {})
    assert (shown["store_credit_total"], shown["payment_total"], shown["amount_due"]) == ("24.99", "24.99", 0)
    assert error(shop.office("DELETE", f"/{order['id']}/store_credits"), 422) == EMPTY
    assert len(shop.payments(order)) == 1


def test_authorized_only_until_it_is_captured_or_voided(shop: Shopping) -> None:
    """With manual capture an order locks the amount; capture uses it, void gives it back, a second cart may draw."""
    shop.capture(at_completion=False)
    credit = shop.v3.give("60.00", customer=6)
    first, second = shop.ordered("frank", 2), shop.ordered("frank", 2)
    assert first["payment_status"] == ("authorized" if shop.is_v6 else "balance_due")
    assert shop.credit(credit, 6) == ("0.0", "30.0")
    assert shop.ask("GET", "customers/me", None, "frank")["available_store_credit_total"] == "30.0"
    taken = shop.admin("PATCH", f"/{first['id']}/payments/{first['payments'][0]['id']}/capture")
    given = shop.admin("PATCH", f"/{second['id']}/payments/{second['payments'][0]['id']}/void")
    assert (taken["status"], taken["captured_amount"]) == ("completed", "15.0")
    assert (given["status"], given["captured_amount"]) == ("void", "0.0")
    assert shop.credit(credit, 6) == ("15.0", "45.0")
    again = shop.office("PATCH", f"/{first['id']}/payments/{first['payments'][0]['id']}/capture")
    assert again.status == 200, "what is captured is not captured twice"
    assert shop.credit(credit, 6) == ("15.0", "45.0")


def test_a_draft_of_5_6_is_authorized_twice(v3_of: Maker) -> None:
    """Completing a draft authorizes what was applied and, entering payment, as much again; 6.0-alpha does it once."""
    for profile, total, left in (("5.6", "30.0", "3.0"), ("6.0-alpha", "15.0", "18.0")):
        shop = Shopping(v3_of(profile))
        shop.capture(at_completion=False)
        credit = shop.v3.give("33.00", customer=6)
        draft = shop.draft(6)
        shop.admin("POST", f"/{draft['id']}/store_credits", {})
        placed = shop.admin("PATCH", f"/{draft['id']}/complete", {})
        assert (placed["status"], placed["store_credit_total"]) == ("placed", total)
        assert shop.credit(credit, 6) == ("0.0", left)


def test_a_gift_card_on_a_guests_cart_makes_credit_without_a_customer(v3_of: Maker) -> None:
    """So the ledger shows it (6.0-alpha+ledger); 5.x refuses, as a credit needs a customer there (read)."""
    for profile in ("5.6", "6.0-alpha+ledger"):
        shop = Shopping(v3_of(profile))
        card = shop.v3.json("POST", "/api/v3/admin/gift_cards", {"amount": "15.00", "currency": "USD"})
        items = [{"variant_id": f"variant_{encode(2)}"}]
        cart = shop.ask("POST", "carts", {"items": items}, None)
        sent = {"code": card["code"]}
        path = f"carts/{cart['id']}/gift_cards"
        response = shop.send("POST", path, sent, None, X_Spree_Token=cart["token"])
        if not shop.is_v6:
            assert error(response, 422)["details"] == {"user": ["must exist"]}
            continue
        body = shape_of(response)
        assert (body["gift_card_total"], body["store_credit_total"], body["covered_by_store_credit"]) == (
            "10.0", "10.0", False,
        )  # fmt: skip
        made = shop.v3.json("GET", "/api/v3/admin/store_credits?q[from_gift_card]=true")["data"]
        assert [(one["amount"], one["customer_id"], one["originator_type"]) for one in made] == [
            ("10.0", None, "gift_card")
        ]
        refused = error(shop.send("POST", path, sent, None, X_Spree_Token=cart["token"]), 422)
        assert refused["message"] == "You can't apply the Gift Card after you applied the store credit."


def test_a_refund_lowers_what_is_used_and_makes_no_second_credit(shop: Shopping) -> None:
    """As servers do unless `credit_to_new_allocation` is switched on, which the mock does not play (read)."""
    credit = shop.v3.give("30.00", memo="first")
    order = shop.ordered()
    shop.admin("POST", f"/{order['id']}/refunds", {"payment_id": order["payments"][0]["id"], "amount": "4.00"})
    assert shop.credit(credit) == ("20.99", "9.01")
    assert [one["memo"] for one in shop.v3.json("GET", shop.v3.credits())["data"]] == ["first"]


@pytest.mark.parametrize("profile", EVERY)
def test_a_cart_has_the_members_of_its_version(profile: str, v3_of: Maker) -> None:
    """5.5 has no channel, 6.0 pads amounts on both sides and has no display_ members in the back office (read)."""
    shop = Shopping(v3_of(profile))
    shop.v3.give()
    cart = shop.applied()
    assert ("channel_id" in cart) == (profile != "5.5")
    assert cart["delivery_total"] == ("5.00" if profile == "6.0" else "5.0")
    assert ("fee_total" in cart) == shop.is_v6
    assert cart["display_store_credit_total"] == "-$24.99"
    order = shape_of(shop.complete(cart))
    shown = shop.admin("GET", f"/{order['id']}?expand=payments")
    assert ("display_total" in shown) == ("display_amount" in shown["payments"][0]) == (profile != "6.0")
    assert shop.v3.send("GET", "/api/v3/store/currencies", key=SHOP).status == 200
