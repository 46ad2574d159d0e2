"""Spree's credit spent on orders, where a control plane has carts."""

from __future__ import annotations

import uuid
from typing import Any

from store_credit_mock.verify.created_records import CreatedRecord
from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, check, check_equal, request_json
from store_credit_mock.verify.scenarios.spree_crud import PLATFORM, new

__all__ = ["SCENARIOS"]

_scenario = ScenarioRegistry("spree", "Spree")


def _user(target: Any) -> str:
    """A user of the scenario's own, so that no other credit pays."""
    identity = str(target.control.spree.add_user(f"verified-{uuid.uuid4().hex}@example.com").id)
    target.made.add(CreatedRecord("spree.users", identity, note="the control plane removes none"))
    return identity


def _cart(target: Any, user: str, price: str) -> Any:
    control = target.control.spree
    cart = control.create_cart(user_id=int(user), currency="USD")
    target.made.add(CreatedRecord("spree.carts", cart.number, note="the control plane removes none"))
    return control.add_item(cart.number, price=price)


def _apply(target: Any, cart: Any, amount: str | None = None) -> Any:
    body = {} if amount is None else {"amount": amount}
    headers = {"Authorization": "", "X-Spree-Order-Token": cart.token}
    return request_json(
        target.client, "POST", "/api/v2/storefront/checkout/add_store_credit", 200, json=body, headers=headers
    )


def _paying(target: Any, cart: Any) -> int:
    """Hundredths of store credit that are to pay a cart."""
    payments = target.control.spree.cart(cart.number).payments
    open_ones = [payment for payment in payments if payment.store_credit_id and payment.state == "checkout"]
    return sum(round(float(payment.amount) * 100) for payment in open_ones)


def _amounts(target: Any, user: str) -> dict[str, tuple[int, int]]:
    """Hundredths used and authorized of each credit of a user, which retrieve must say as the list does."""
    page = request_json(target.client, "GET", f"{PLATFORM}/store_credits", 200, params={"filter[user_id_eq]": user})
    found: dict[str, tuple[int, int]] = {}
    for record in page["data"]:
        check_equal(
            "retrieve",
            request_json(target.client, "GET", f"{PLATFORM}/store_credits/{record['id']}", 200)["data"],
            record,
        )
        used, held = (round(float(record["attributes"][name]) * 100) for name in ("amount_used", "amount_authorized"))
        found[record["id"]] = (used, held)
    return found


def _cancelling(target: Any, number: str) -> Any:
    """A completed order is cancelled at the end, so that its credit can be deleted."""
    return target.undoing(f"order {number}", lambda: target.control.spree.cancel(number))


@_scenario("spree.store_credits: spending shows everywhere", "control")
def _spent(target: Any) -> None:
    user = _user(target)
    credit = new(target, "store_credits", user_id=user)["id"]
    check_equal("what was used ahead of the order, in hundredths", _amounts(target, user), {credit: (0, 0)})
    cart = _cart(target, user, "5.00")
    _apply(target, cart)
    target.control.spree.complete(cart.number)
    with _cancelling(target, cart.number):
        spent = _amounts(target, user)[credit]
        check_equal("what was used and is held, in hundredths", sum(spent), 500)
        if spent[0]:
            request_json(target.client, "DELETE", f"{PLATFORM}/store_credits/{credit}", 422)


@_scenario("spree.store_credits: the books add up", "control")
def _books(target: Any) -> None:
    user = _user(target)
    first = new(target, "store_credits", user_id=user)["id"]
    second = new(target, "store_credits", user_id=user)["id"]
    cart = _cart(target, user, "20.00")
    _apply(target, cart)
    check_equal("what pays the cart, in hundredths", _paying(target, cart), 2000)
    target.control.spree.complete(cart.number)
    with _cancelling(target, cart.number):
        spent = _amounts(target, user)
        check_equal("what was used and is held, in hundredths", sum(sum(pair) for pair in spent.values()), 2000)
        check(max(map(sum, spent.values())) <= 1250, "more was taken from a credit than it had")
    after = _amounts(target, user)
    check_equal("the credits after the order was cancelled", sorted(after)[:2], sorted([first, second]))
    state = target.control.invariants()
    check_equal("what the mock's own books have broken", state.broken, [])


@_scenario("spree.checkout: what was applied is taken off again", "control")
def _taken_off(target: Any) -> None:
    user = _user(target)
    credit = new(target, "store_credits", user_id=user)["id"]
    cart = _cart(target, user, "9.00")
    before = _amounts(target, user)
    _apply(target, cart, "4.00")
    check_equal("what pays the cart, in hundredths", _paying(target, cart), 400)
    headers = {"Authorization": "", "X-Spree-Order-Token": cart.token}
    path = "/api/v2/storefront/checkout/remove_store_credit"
    request_json(target.client, "POST", path, 200, headers=headers)
    check_equal("what pays the cart once it was taken off, in hundredths", _paying(target, cart), 0)
    check_equal(f"the amounts of credit {credit}", _amounts(target, user), before)


SCENARIOS = tuple(_scenario.scenarios)
