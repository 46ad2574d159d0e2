"""Spending Spree v3's store credit, where a control plane opens carts; and what keys and shoppers may see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson

from store_credit import WebhookVerificationError, spree_webhooks
from store_credit_mock.verify.created_records import CreatedRecord
from store_credit_mock.verify.scenarios.assertions import (
    BrokenError,
    ScenarioRegistry,
    check,
    check_equal,
    request_json,
)
from store_credit_mock.verify.scenarios.spree_v3_crud import ADMIN, body_of, error_of, listed, new, path_of

__all__ = ["SCENARIOS"]

STORE: Final = "/api/v3/store"
ORDERS: Final = "spree_v3.admin.orders"
CARTS: Final = "spree_v3.store.carts"
_MOST: Final = 40
"""Deliveries looked through for the one that is waited for."""
_scenario = ScenarioRegistry("spree_v3", "Spree v3")


class Shopper:
    """A new customer who is signed in.

    Args:
        target: Where.
    """

    def __init__(self, target: Any) -> None:
        control = target.control.spree_v3
        self.target = target
        added = control.add_customer(f"verify-{uuid.uuid4().hex[:12]}@example.com")
        self.id: str = added.id
        target.made.add(CreatedRecord("spree_v3.admin.customers", added.id, note="the control plane removes none"))
        target.made.allowed.setdefault("customer_id", set()).add(added.id)
        key = control.issue_key("verify", kind="publishable")
        target.made.undo.append(("a publishable key", lambda: control.revoke_key(key.id)))
        token = control.issue_customer_token(added.id).token
        self.headers = {"X-Spree-Api-Key": key.key, "Authorization": f"Bearer {token}"}

    def credit(self, amount: str) -> str:
        """Issue credit to the shopper."""
        return new(self.target, customer=self.id, amount=amount)["id"]

    def cart(self) -> str:
        """A cart of 24.99, delivery included."""
        made = self.target.control.spree_v3.fill_cart(self.id)
        self.target.made.allowed.setdefault(CARTS, set()).add(made.id)
        self.target.made.add(CreatedRecord(CARTS, made.id, note="the control plane removes none"))
        return made.id

    def ask(self, method: str, path: str, status: int = 200, **how: Any) -> Any:
        """Send a request of the shopper's."""
        return request_json(self.target.client, method, f"{STORE}{path}", status, headers=self.headers, **how)

    def apply(self, cart: str, **body: Any) -> Decimal:
        """Put credit on a cart; returns how much is on it."""
        return Decimal(self.ask("POST", f"/carts/{cart}/store_credits", json=body)["store_credit_total"])

    def buy(self, cart: str) -> str:
        """Complete a cart; the order is cancelled when all is cleared up, so that its credit can be deleted."""
        order = self.ask("POST", f"/carts/{cart}/complete", json={})["id"]
        made, client = self.target.made, self.target.client
        made.allowed.setdefault(ORDERS, set()).add(order)
        made.undo.append((f"order {order}", lambda: client.patch(f"{ADMIN}/orders/{order}/cancel", json={})))
        return order

    def amounts(self, credit: str) -> tuple[Decimal, Decimal]:
        """What of a credit is used, and what remains, on which get and list agree."""
        path = path_of(self.target, credit, self.id)
        shown = request_json(self.target.client, "GET", path, 200)
        page = request_json(self.target.client, "GET", path_of(self.target, customer=self.id), 200)
        check_equal("the entry of the list", next((one for one in page["data"] if one["id"] == credit), None), shown)
        return Decimal(shown["amount_used"]), Decimal(shown["amount_remaining"])

    def balance(self) -> Decimal:
        """What the shopper's profile says there is."""
        return Decimal(self.ask("GET", "/customers/me")["available_store_credit_total"])


def _same(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise BrokenError(f"{what} is {got}, expected {expected}", what)


@_scenario("spree-v3: spending shows everywhere", "control")
def _spent(target: Any) -> None:
    shopper = Shopper(target)
    credit = shopper.credit("50.00")
    _same("the balance ahead of the order", shopper.balance(), Decimal(50))
    cart = shopper.cart()
    _same("what is on the cart", shopper.apply(cart), Decimal("24.99"))
    _same("what is used before the cart is completed", shopper.amounts(credit), (Decimal(0), Decimal(50)))
    order = shopper.buy(cart)
    used, remaining = shopper.amounts(credit)
    _same("what remains", remaining, Decimal("25.01"))
    _same("the balance after the order", shopper.balance(), Decimal("25.01"))
    if used:
        for method, how in (("PATCH", {"json": {"amount": "60.00"}}), ("DELETE", {})):
            refused = error_of(target, method, path_of(target, credit, shopper.id), 422, **how)
            check_equal(f"the code of {method} on a used credit", refused["code"], "store_credit_in_use")
    request_json(target.client, "PATCH", f"{ADMIN}/orders/{order}/cancel", 200, json={})
    _same("what remains after the order was cancelled", shopper.amounts(credit)[1], Decimal(50))


@_scenario("spree-v3: what was applied is taken off again", "control")
def _taken_off(target: Any) -> None:
    shopper = Shopper(target)
    credit, cart = shopper.credit("50.00"), shopper.cart()
    _same("what is on the cart", shopper.apply(cart, amount="4.00"), Decimal(4))
    _same("what replaces it", shopper.apply(cart, amount="6.50"), Decimal("6.5"))
    off = shopper.ask("DELETE", f"/carts/{cart}/store_credits")
    _same("what is on the cart once it was taken off", Decimal(off["store_credit_total"]), Decimal(0))
    _same("the credit", shopper.amounts(credit), (Decimal(0), Decimal(50)))


@_scenario("spree-v3: no credit is spent twice", "control")
def _books(target: Any) -> None:
    shopper = Shopper(target)
    given = [shopper.credit("12.50"), shopper.credit("12.50")]
    for credit in given:
        _same("a credit ahead of the orders", shopper.amounts(credit), (Decimal(0), Decimal("12.5")))
    first, second = shopper.cart(), shopper.cart()
    for cart in (first, second):
        _same("what is on a cart that counts on both credits", shopper.apply(cart), Decimal("24.99"))
    shopper.buy(first)
    refused = error_of(target, "POST", f"{STORE}/carts/{second}/complete", 422, json={}, headers=shopper.headers)
    check(bool(refused["code"]), "the second cart is refused without a code")
    taken = [shopper.amounts(credit) for credit in given]
    _same("what remains of both", sum(remaining for _, remaining in taken), Decimal("0.01"))
    check(all(remaining >= 0 for _, remaining in taken), "more was taken from a credit than it had")
    check_equal("what the mock's own books have broken", target.control.invariants().broken, [])


@_scenario("spree-v3: a shopper sees what is theirs", "control")
def _own(target: Any) -> None:
    shopper, other = Shopper(target), Shopper(target)
    mine, foreign = shopper.credit("7.00"), other.credit("8.00")
    page = shopper.ask("GET", "/customers/me/store_credits")
    check_equal("the shopper's credits", [one["id"] for one in page["data"]], [mine])
    check_equal("one of them", shopper.ask("GET", f"/customers/me/store_credits/{mine}"), page["data"][0])
    check("memo" not in page["data"][0], "a shopper is shown the memo")
    shopper.ask("GET", f"/customers/me/store_credits/{foreign}", 404)
    own = f"{STORE}/customers/me/store_credits"
    for gone, code in (("Authorization", "authentication_required"), ("X-Spree-Api-Key", "invalid_token")):
        refused = error_of(target, "GET", own, 401, headers={**shopper.headers, gone: ""})
        check_equal(f"the code without {gone}", refused["code"], code)
    cart = other.cart()
    elsewhere = error_of(target, "POST", f"{STORE}/carts/{cart}/store_credits", 403, json={}, headers=shopper.headers)
    check_equal("the code of another customer's cart", elsewhere["code"], "access_denied")


@_scenario("spree-v3: a key does what its scopes say", "control")
def _scopes(target: Any) -> None:
    control, credit = target.control.spree_v3, new(target)
    path = path_of(target, credit["id"])

    def opened(scope: str) -> dict[str, str]:
        key = control.issue_key("verify", scopes=[scope])
        target.made.undo.append((f"a key with {scope}", lambda: control.revoke_key(key.id)))
        return {"X-Spree-Api-Key": key.key}

    read, write, orders = map(opened, ("read_store_credits", "write_store_credits", "write_orders"))
    for headers in (read, write):
        request_json(target.client, "GET", path, 200, headers=headers)
    for method, where, how in (
        ("POST", path_of(target), {"json": body_of()}),
        ("PATCH", path, {"json": {"memo": "x"}}),
        ("DELETE", path, {}),
    ):
        error = error_of(target, method, where, 403, headers=read, **how)
        check_equal("the code of a missing scope", error["code"], "access_denied")
        check_equal("the scope it names", error["details"]["required_scope"], "write_store_credits")
    error = error_of(target, "GET", path, 403, headers=orders)
    check_equal("the scope that orders lack", error["details"]["required_scope"], "read_store_credits")
    check_equal("the credit", listed(target, credit["id"]), credit)
    request_json(target.client, "PATCH", path, 200, json={"memo": "by the key"}, headers=write)


def _delivered(target: Any, name: str, credit: str) -> tuple[bytes, Mapping[str, str], Any]:
    for _ in range(_MOST):
        delivery = target.received()
        if delivery is None:
            break
        body, headers = delivery
        event = orjson.loads(body)
        if event.get("name") == name and event["data"]["id"] == credit:
            return body, headers, event
    raise BrokenError(f"no {name} event for {credit} was delivered to {target.receiver}")


@_scenario("spree-v3: events are delivered and signed", "control", "receiver")
def _signed(target: Any) -> None:
    control = target.control.spree_v3
    endpoint = control.add_webhook_endpoint(target.receiver, subscriptions=["store_credit.*"], name="verify")
    with target.undoing(f"webhook endpoint {endpoint.id}", lambda: control.remove_webhook_endpoint(endpoint.id)):
        credit = new(target)["id"]
        events = [_delivered(target, "store_credit.created", credit)]
        request_json(target.client, "PATCH", path_of(target, credit), 200, json={"memo": "changed"})
        events.append(_delivered(target, "store_credit.updated", credit))
        request_json(target.client, "DELETE", path_of(target, credit), 204)
        events.append(_delivered(target, "store_credit.deleted", credit))
    for body, headers, event in events:
        check(not {"memo", "customer_id"} & set(event["data"]), f"{event['name']} tells whose credit it is")
        try:
            spree_webhooks.verify(
                body, headers["x-spree-webhook-signature"], headers["x-spree-webhook-timestamp"], endpoint.secret
            )
        except (KeyError, WebhookVerificationError) as error:
            raise BrokenError(f"the signature of {event['name']} is not valid: {error}") from error
    check_equal("how many ids the three events have", len({event["id"] for _, _, event in events}), 3)


SCENARIOS = tuple(_scenario.scenarios)
