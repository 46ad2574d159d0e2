"""Traps of carts and orders of v3, as running servers showed them; each says the version it is in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store_credit_mock import Fault
from store_credit_mock.systems.spree_v3 import payments
from v3_shopping import Shopping, shape_of
from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]
ShopMaker = Callable[..., Shopping]

EMPTY = {"code": "processing_error", "message": ""}
RECORDED = ["5.6", "6.0-alpha"]
NOT_ENOUGH = "Store credit amount remaining is not sufficient and Unable to capture more than authorized amount"
COMPLETE = "spree_v3.store.carts.complete"


@pytest.fixture
def shop_of(v3_of: Maker) -> ShopMaker:
    """Make shops of a version."""
    return lambda profile="5.6": Shopping(v3_of(profile))


@pytest.fixture(params=RECORDED)
def shop(request: pytest.FixtureRequest, shop_of: ShopMaker) -> Shopping:
    """A shop of 5.6 and of 6.0-alpha in turn."""
    return shop_of(request.param)


def failed(text: str) -> dict[str, str]:
    """The refusal of a completion by 6.0-alpha, which puts Ruby into its message."""
    return {
        "code": "cart_cannot_complete",
        "message": f'{{:code=>"payment_failed", :message=>"{text}"}}',
    }


def test_5_deleting_an_authorized_credit_leaves_its_order_with_a_payment_nobody_can_capture(shop: Shopping) -> None:
    """Both versions: 204; the payment stays and shows the credit, capturing it is 422, cancelling the order 200."""
    shop.capture(at_completion=False)
    credit = shop.v3.give("40.00")
    order = shop.ordered(variant=2)
    assert shop.v3.send("DELETE", shop.v3.credits(1, credit["id"])).status == 204
    (payment,) = shop.payments(order)
    assert (payment["status"], payment["source"]["amount_remaining"]) == ("pending", "25.0")
    refused = error(shop.office("PATCH", f"/{order['id']}/payments/{payment['id']}/capture"), 422)
    text = f"Could not find store credit for auth code: {payment['response_code']} for action: capture"
    assert refused == {"code": "processing_error", "message": text}
    assert shop.payments(order)[0]["status"] == "failed"
    assert shop.admin("PATCH", f"/{order['id']}/cancel")["status"] == "canceled"


def test_9_a_row_that_somebody_else_holds_is_409_and_is_not_kept_under_the_key(shop: Shopping) -> None:
    """Both versions: applying and taking off answer cart_already_updated; the same key works once the row is free."""
    shop.v3.give("90.00")
    cart, draft = shop.cart(variant=2), shop.draft(addressed=False)
    held = {"code": "cart_already_updated", "message": "The cart has already been updated."}
    for record, send in (
        (cart, lambda method: shop.send(method, f"carts/{cart['id']}/store_credits", {}, idempotency=f"{method}-1")),
        (draft, lambda method: shop.office(method, f"/{draft['id']}/store_credits", {}, idempotency=f"{method}-2")),
    ):
        shop.v3.control.spree_v3.hold_row(record["id"])
        for method in ("POST", "DELETE"):
            response = send(method)
            assert error(response, 409) == held
            assert response.header("x-ratelimit-limit") is None, "an exception answers without them"
        shop.v3.control.spree_v3.release_row(record["id"])
        assert [send(method).status // 100 for method in ("POST", "DELETE")] == [2, 2]


def test_14_completing_with_credit_for_a_part_captures_it_although_it_is_refused_5_6(shop_of: ShopMaker) -> None:
    """5.6: 422, the credit is used; what is missing can be applied and the cart completed then."""
    shop = shop_of("5.6")
    credit = shop.v3.give("30.00")
    cart = shop.applied(amount="20.00")
    refusal = {"code": "cart_cannot_complete", "message": "No payment found"}
    assert error(shop.complete(cart), 422) == refusal
    assert shop.credit(credit) == ("20.0", "10.0")
    after = shop.show(cart)
    assert (after["store_credit_total"], after["amount_due"], after["covered_by_store_credit"]) == ("20.0", 0, False)
    assert shape_of(shop.apply(cart))["store_credit_total"] == "24.99"
    assert shape_of(shop.complete(cart))["payment_status"] == "paid"
    assert shop.credit(credit) == ("24.99", "5.01")
    other = shop.v3.give("30.00", customer=2)
    cart = shop.applied("bob", amount="20.00")
    assert error(shop.complete(cart, "bob"), 422) == refusal
    shape_of(shop.apply(cart, "bob"))
    assert error(shop.remove(cart, "bob"), 422) == EMPTY, "what was captured stays, the rest is taken off"
    assert error(shop.complete(cart, "bob"), 422) == refusal
    assert shop.credit(other, 2) == ("20.0", "10.0")


def test_14_completing_with_credit_for_a_part_captures_it_and_holds_the_cart_6_0_alpha(shop_of: ShopMaker) -> None:
    """6.0-alpha: 422, the credit is used, the cart shows none; changes are 409 for five minutes, it never completes."""
    shop = shop_of("6.0-alpha")
    credit = shop.v3.give("30.00")
    cart = shop.applied(amount="20.00")
    refusal = failed("Payment could not be processed, please check the details you entered")
    assert error(shop.complete(cart), 422) == refusal
    assert shop.credit(credit) == ("20.0", "10.0")
    after = shop.show(cart)
    assert (after["store_credit_total"], after["amount_due"], after["payments"]) == ("0.0", "24.99", [])
    held = {
        "code": "completion_in_progress",
        "message": "The cart is being completed. Please retry in a moment.",
    }
    first = shop.send("POST", f"carts/{cart['id']}/store_credits", {}, idempotency="held")
    assert error(first, 409) == error(shop.remove(cart), 409) == held
    assert error(shop.complete(cart), 422) == refusal
    shop.v3.control.advance(5 * 60)
    kept = shop.send("POST", f"carts/{cart['id']}/store_credits", {}, idempotency="held")
    assert (kept.status, kept.header("idempotent-replayed")) == (409, "true"), "decided: this 409 is kept"
    assert shop.apply(cart).status == 200
    assert error(shop.complete(cart), 422) == refusal


def test_15_the_same_amount_off_and_on_again_never_completes_5_6(shop_of: ShopMaker) -> None:
    """5.6: the capture comes back under the first payment's code, which is taken: 422, nothing is kept, each time."""
    shop = shop_of("5.6")
    credit = shop.v3.give()
    cart = shop.applied()
    shape_of(shop.remove(cart))
    shape_of(shop.apply(cart))
    for _ in range(2):
        refused = error(shop.complete(cart, idempotency="again"), 422)
        assert refused["code"] == "cart_cannot_transition"
        assert refused["message"].endswith("(Reason(s): Response code has already been taken)")
    assert shop.credit(credit) == ("0.0", "50.0")
    assert [one["status"] for one in shop.show(cart)["payments"]] == ["invalid", "checkout"]


def test_15_the_same_amount_off_and_on_again_captures_and_says_it_failed_6_0_alpha(shop_of: ShopMaker) -> None:
    """6.0-alpha: 422 once, though the credit is captured and the order made; again is 200 with nothing paid in it."""
    shop = shop_of("6.0-alpha")
    credit = shop.v3.give()
    cart = shop.applied()
    shape_of(shop.remove(cart))
    shape_of(shop.apply(cart))
    refused = error(shop.complete(cart, idempotency="again"), 422)
    assert refused == {
        "code": "validation_error",
        "message": "Response code has already been taken",
        "details": {"response_code": ["has already been taken"]},
    }
    assert shop.credit(credit) == ("24.99", "25.01")
    order = shape_of(shop.complete(cart, idempotency="again"))
    assert [one["status"] for one in order["payments"]] == ["invalid", "processing"]
    assert (order["payment_status"], order["store_credit_total"]) == ("none", "24.99")


def test_16_a_cart_completed_twice_at_once_is_captured_once(shop: Shopping) -> None:
    """5.6: 200 and 200. 6.0-alpha: 200 and 422 completion_in_progress, in Ruby. One capture in both."""
    credit = shop.v3.give("30.00")
    cart = shop.applied()
    shape_of(shop.complete(cart))
    shop.v3.control.add_fault(Fault(COMPLETE, as_if_concurrent=True))
    second = shop.complete(cart)
    if shop.is_v6:
        text = '{:code=>"completion_in_progress"}'
        assert error(second, 422) == {"code": "cart_cannot_complete", "message": text}
    else:
        assert second.status == 200
    assert shop.credit(credit) == ("24.99", "5.01")


def test_16_one_credit_on_two_carts_at_once_is_never_spent_twice(shop: Shopping) -> None:
    """Both versions: one cart completes, the other is 422, on 5.6 by the first one's code, and can be paid later."""
    credit = shop.v3.give("25.00")
    first, second = shop.applied(), shop.applied()
    shape_of(shop.complete(first))
    shop.v3.control.add_fault(Fault(COMPLETE, as_if_concurrent=True))
    refused = error(shop.complete(second), 422)
    lost = {"code": "cart_cannot_complete", "message": "Unable to capture more than authorized amount"}
    assert refused == (failed(NOT_ENOUGH) if shop.is_v6 else lost)
    assert shop.credit(credit) == ("24.99", "0.01")
    assert [one["status"] for one in shop.show(second)["payments"]] == ["failed"]
    shop.v3.give("100.00")
    assert shape_of(shop.apply(second))["payments"][-1]["amount"] == "24.98"
    assert shape_of(shop.complete(second))["payment_status"] == "paid"


def test_16_applying_twice_at_once_makes_one_payment(shop: Shopping) -> None:
    """Both versions, on carts and on orders."""
    shop.v3.give("30.00")
    cart, draft = shop.cart(variant=2), shop.draft(variant=2, addressed=False)
    for apply, operation in (
        (lambda: shop.apply(cart, amount="6.00"), "spree_v3.store.carts.store_credits.apply"),
        (
            lambda: shop.office("POST", f"/{draft['id']}/store_credits", {"amount": "6.00"}),
            "spree_v3.admin.orders.store_credits.apply",
        ),
    ):
        shape_of(apply())
        shop.v3.control.add_fault(Fault(operation, as_if_concurrent=True))
        assert shape_of(apply())["store_credit_total"] == "6.0"
    assert len(shop.show(cart)["payments"]) == len(shop.payments(draft)) == 1


def test_17_cancelling_gives_captured_credit_back_and_leaves_authorized_credit_locked(shop: Shopping) -> None:
    """Both versions: captured credit comes back; what was only authorized stays locked for good."""
    captured = shop.v3.give("30.00")
    shown = shop.admin("PATCH", f"/{shop.ordered()['id']}/cancel")
    assert (shown["status"], shown["amount_due"], shown["store_credit_total"]) == ("canceled", "-0.0", "0.0")
    assert shown["payment_status"] == ("none" if shop.is_v6 else "failed")
    assert shop.credit(captured) == ("0.0", "30.0")
    shop.capture(at_completion=False)
    authorized = shop.v3.give("30.00", customer=2)
    order = shop.ordered("bob", 2)
    assert shop.admin("PATCH", f"/{order['id']}/cancel")["status"] == "canceled"
    assert [one["status"] for one in shop.payments(order)] == ["void"]
    assert shop.credit(authorized, 2) == ("0.0", "15.0")


def test_17_cancelling_after_a_partial_refund_gives_nothing_more_back(shop: Shopping) -> None:
    """5.6 answers 200 and 6.0-alpha 422 with an empty message; the order is cancelled, the rest of the money kept."""
    credit = shop.v3.give("30.00")
    order = shop.ordered()
    refund = {"payment_id": order["payments"][0]["id"], "amount": "0.10"}
    shop.admin("POST", f"/{order['id']}/refunds", refund)
    assert shop.credit(credit) == ("24.89", "5.11")
    response = shop.office("PATCH", f"/{order['id']}/cancel")
    if shop.is_v6:
        assert error(response, 422) == EMPTY
    else:
        shown = shape_of(response)
        assert (shown["payment_total"], shown["payment_status"]) == ("24.89", "balance_due")
    assert shop.admin("GET", f"/{order['id']}")["status"] == "canceled"
    assert [one["status"] for one in shop.payments(order)] == ["completed"]
    assert shop.credit(credit) == ("24.89", "5.11")
    error(shop.office("POST", f"/{order['id']}/refunds", {**refund, "amount": "24.90"}), 422)


def test_18_the_payment_method_of_another_store_that_comes_first_is_taken(shop: Shopping) -> None:
    """Seen on 6.0-alpha: every redemption in the first store is 422 "Payment method is invalid"."""
    shop.v3.give()
    cart = shop.cart()
    shop.v3.engine.transaction(lambda call: payments.place_method(call, 2, 0))
    assert error(shop.apply(cart), 422)["message"] == "Payment method is invalid"
    shop.v3.engine.transaction(lambda call: payments.place_method(call, 2, 9))
    assert shop.apply(cart).status == 200


def test_23_a_negative_redemption_makes_more_due_5_6(shop_of: ShopMaker) -> None:
    """5.6 takes it, unless something is applied already; 6.0-alpha refuses it with an empty message."""
    for profile in RECORDED:
        shop = shop_of(profile)
        shop.v3.give()
        cart, draft = shop.cart(), shop.draft(addressed=False)
        on_cart = shop.apply(cart, amount=-5)
        on_order = shop.office("POST", f"/{draft['id']}/store_credits", {"amount": "-5"})
        if shop.is_v6:
            assert error(on_cart, 422) == error(on_order, 422) == EMPTY
            continue
        body = shape_of(on_cart)
        assert (body["store_credit_total"], body["display_store_credit_total"], body["amount_due"]) == (
            "-5.0", "$5.00", "29.99",
        )  # fmt: skip
        assert shape_of(on_order)["amount_due"] == "15.0"
        assert error(shop.apply(cart, amount=-5), 422) == EMPTY
        assert shape_of(shop.apply(cart))["store_credit_total"] == "24.99"


def test_a_changed_amount_cannot_be_captured_at_completion(shop: Shopping) -> None:
    """Read from the code of both: the `eligible` event keeps the first amount, so no code is found for the new one."""
    credit = shop.v3.give("30.00")
    cart = shop.applied(amount="20.00")
    shape_of(shop.apply(cart))
    refused = error(shop.complete(cart), 422)
    plain = {"code": "cart_cannot_complete", "message": "Could not find store credit"}
    assert refused == (failed(plain["message"]) if shop.is_v6 else plain)
    assert shop.credit(credit) == ("0.0", "30.0")
    shape_of(shop.apply(cart))
    assert shop.complete(cart).status == 200


def test_credit_shrunk_below_what_is_applied_fails_at_completion(shop: Shopping) -> None:
    """Both versions: the payment fails, the cart stays; applied again once there is enough it completes."""
    shop.capture(at_completion=False)
    credit = shop.v3.give("40.00")
    cart = shop.applied(variant=2)
    shop.v3.json("PATCH", shop.v3.credits(1, credit["id"]), {"amount": "2.00"})
    refused = error(shop.complete(cart), 422)
    assert refused == (failed(NOT_ENOUGH) if shop.is_v6 else {"code": "cart_cannot_complete", "message": NOT_ENOUGH})
    shop.v3.json("PATCH", shop.v3.credits(1, credit["id"]), {"amount": "40.00"})
    assert [one["status"] for one in shop.show(cart)["payments"]] == ["failed"]
    shape_of(shop.apply(cart))
    assert [one["status"] for one in shape_of(shop.complete(cart))["payments"]] == ["failed", "pending"]


def test_a_cart_of_6_0_alpha_that_lacks_something_is_refused_before_any_money_moves(shop_of: ShopMaker) -> None:
    """6.0-alpha lists what is missing, in Ruby; 5.6 captures first and then finds that it cannot ship."""
    for profile in RECORDED:
        shop = shop_of(profile)
        credit = shop.v3.give("30.00", "EUR")
        cart = shape_of(shop.apply(shop.cart(addressed=False, currency="EUR")))
        refused = error(shop.complete(cart), 422)
        assert refused["code"] == "cart_cannot_complete"
        assert refused["message"].startswith(
            '{:code=>"validation_failed", :errors=>[{:code=>"email_required", :step=>"address", :field=>"email"'
            if shop.is_v6
            else "We cannot ship Classic T-Shirt to your current location at the moment."
        )
        assert shop.credit(credit)[0] == ("0.0" if shop.is_v6 else "17.99")


def test_the_ledger_tells_what_was_done_to_a_credit(shop_of: ShopMaker) -> None:
    """6.0-alpha+ledger: a new payment is `eligible`; people read `Credit` for void and refund; an edit is not seen."""
    shop = shop_of("6.0-alpha+ledger")
    credit = shop.v3.give("50.00")
    shop.v3.json("PATCH", shop.v3.credits(1, credit["id"]), {"amount": "60.00"})
    order = shop.ordered()
    shop.admin("POST", f"/{order['id']}/refunds", {"payment_id": order["payments"][0]["id"], "amount": "0.10"})
    shop.capture(at_completion=False)
    other = shop.ordered(variant=2)
    shop.admin("PATCH", f"/{other['id']}/payments/{other['payments'][0]['id']}/void")
    assert shop.events(credit) == [
        ("allocation", "60.0"), ("eligible", "24.99"), ("authorize", "24.99"), ("capture", "24.99"), ("credit", "0.1"),
        ("eligible", "15.0"), ("authorize", "15.0"), ("void", "15.0"),
    ]  # fmt: skip
    newest = shop.v3.json("GET", f"/api/v3/admin/store_credits/{credit['id']}/events")["data"]
    assert [one["display_action"] for one in newest] == [
        "Credit", "Authorized", "Eligible", "Credit", "Used", "Authorized", "Eligible", "Added",
    ]  # fmt: skip
    assert [one["originator_type"] for one in newest if one["originator_type"]] == ["refund"]


def test_a_part_can_be_captured_and_the_rest_is_locked_twice(shop: Shopping) -> None:
    """Read from the code of both: the rest becomes a payment, authorized anew while it is still locked."""
    shop.capture(at_completion=False)
    credit = shop.v3.give("60.00")
    order = shop.ordered(variant=2)
    path = f"/{order['id']}/payments/{order['payments'][0]['id']}/capture"
    assert shop.admin("PATCH", path, {"amount": "5.00"})["amount"] == "5.0"
    assert [(one["amount"], one["status"]) for one in shop.payments(order)] == [
        ("5.0", "completed"),
        ("10.0", "pending"),
    ]
    assert shop.credit(credit) == ("5.0", "35.0")


def test_nobody_completes_without_paying(shop: Shopping) -> None:
    """A cart without payment is refused, and a draft under another code; `payment_pending` places it on 6.0-alpha."""
    cart = shop.cart()
    assert error(shop.complete(cart), 422)["code"] == "cart_cannot_complete"
    draft = shop.draft()
    refused = error(shop.office("PATCH", f"/{draft['id']}/complete", {}), 422)
    assert (refused["code"], refused["message"]) == ("order_cannot_complete", "No payment found")
    placed = shop.office("PATCH", f"/{draft['id']}/complete", {"payment_pending": True})
    assert placed.status == (200 if shop.is_v6 else 422), "5.6 asks once more on the way"
    assert shop.v3.send("GET", f"/api/v3/store/carts/{cart['id']}", key=SHOP).status == 403
