"""The JavaScript client that Spree publishes spends store credit on a served mock, without a word changed.

It is a second opinion on what the mock's Spree says: it was written against the real server by somebody else.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

import store_credit
from served_mock import Served, served
from store_credit_mock import Fault
from store_credit_tools.node import JAVASCRIPT, NodeUnavailableError, program

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

ADMIN = "admin-token-of-the-tests"
# A machine with other work to do starts Node slowly.
PATIENCE_SECONDS = 120

Call = tuple[str, str, dict[str, Any]]
Calls = Callable[..., list[dict[str, Any]]]


class Shopper(NamedTuple):
    """A customer with a cart; amounts are decimals."""

    user_id: int
    bearer: str
    number: str
    order_token: str


@pytest.fixture(scope="module")
def javascript() -> list[str]:
    """How the client is run."""
    try:
        return program(JAVASCRIPT, "calls.cjs")
    except NodeUnavailableError as reason:
        pytest.skip(f"Spree's JavaScript client cannot run: {reason}")


@pytest.fixture(scope="module")
def mock(javascript: list[str]) -> Iterator[Served]:
    with served("--spree-token", ADMIN, "--seed", "1") as running:
        yield running


@pytest.fixture
def calls(mock: Served, javascript: list[str]) -> Calls:
    """Make calls of the client, one after the other, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}

    def make(*wanted: Call) -> list[dict[str, Any]]:
        done = subprocess.run(
            javascript,
            input=json.dumps({"host": mock.url + "/", "calls": wanted}),
            capture_output=True,
            text=True,
            env=environment,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return make


@pytest.fixture
def shopper(mock: Served) -> Shopper:
    """Somebody with credits of 30.00 and 25.00, and a cart of 49.98 to pay."""
    mock.control.reset()
    spree = mock.control.spree
    user = spree.add_user("anne@example.com", first_name="Anne")
    token = spree.issue_token(user_id=user.id, application="shop", scopes="read write").token
    with (
        httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as http,
        store_credit.SpreeClient(mock.url, ADMIN, http_client=http) as admin,
    ):
        for amount in ("30.00", "25.00"):
            admin.store_credits.create(
                user_id=str(user.id), category_id="1", created_by_id="1", currency="USD", amount=amount
            )
    cart = spree.create_cart(user_id=user.id, currency="USD")
    spree.add_item(cart.number, price="24.99", quantity=2)
    return Shopper(user.id, token, cart.number, cart.token)


def paid(mock: Served, shopper: Shopper) -> list[str]:
    """The amounts of store credit on the cart."""
    payments = mock.control.spree.cart(shopper.number).payments
    return [one.amount for one in payments if one.state == "checkout"]


def payments(result: dict[str, Any]) -> list[tuple[str, str]]:
    """Amount and state of each payment in a response that includes them."""
    attributes = [one["attributes"] for one in result["value"]["included"] if one["type"] == "payment"]
    return sorted((one["amount"], one["state"]) for one in attributes)


def test_a_cart_is_paid_with_credit(mock: Served, calls: Calls, shopper: Shopper) -> None:
    """Part of the credit is put on the cart, then all it takes, then none; the account tells the balance."""
    token = {"order_token": shopper.order_token}
    with_payments = {**token, "include": "payments"}
    balance, part, whole, removed, again = calls(
        ("account", "accountInfo", {"bearer_token": shopper.bearer}),
        ("checkout", "addStoreCredits", {**with_payments, "amount": 40}),
        ("checkout", "addStoreCredits", with_payments),
        ("checkout", "removeStoreCredits", token),
        ("checkout", "removeStoreCredits", {"bearer_token": shopper.bearer}),
    )

    account = balance["value"]["data"]
    assert (account["id"], account["type"]) == (str(shopper.user_id), "user")
    assert account["attributes"]["email"] == "anne@example.com"
    assert account["attributes"]["store_credits"] == "55.0"
    cart = part["value"]["data"]
    assert (cart["type"], cart["attributes"]["number"], cart["attributes"]["token"]) == (
        "cart", shopper.number, shopper.order_token
    )  # fmt: skip
    assert (cart["attributes"]["state"], cart["attributes"]["total"]) == ("cart", "49.98")
    assert payments(part) == [("10.0", "checkout"), ("30.0", "checkout")]
    assert payments(whole) == [("19.98", "checkout"), ("30.0", "checkout")]
    for result in (removed, again):
        assert result["value"]["data"]["attributes"]["number"] == shopper.number
        assert result["value"]["data"]["relationships"]["payments"]["data"] == []
    assert paid(mock, shopper) == []


def test_a_bought_cart_has_spent_the_credit(mock: Served, calls: Calls, shopper: Shopper) -> None:
    """The shopper's own token applies the credit; the order is completed; the account has what is left."""
    bearer = {"bearer_token": shopper.bearer}
    (applied,) = calls(("checkout", "addStoreCredits", bearer))
    before = paid(mock, shopper)
    order = mock.control.spree.complete(shopper.number)
    (account,) = calls(("account", "accountInfo", bearer))

    assert len(applied["value"]["data"]["relationships"]["payments"]["data"]) == 2
    assert sorted(before) == ["19.98", "30.0"]
    assert (order.state, order.payment_state) == ("complete", "paid")
    assert account["value"]["data"]["attributes"]["store_credits"] == "5.02"
    assert mock.control.invariants().holds


def test_refusals_reach_the_result(mock: Served, calls: Calls, shopper: Shopper) -> None:
    """The client tells a refusal with a text from one with errors, and its text is the server's."""
    spree = mock.control.spree
    poor = spree.add_user("bert@example.com").id
    cart = spree.create_cart(user_id=poor, currency="USD")
    spree.add_item(cart.number, price="10")
    expired = spree.issue_token(user_id=poor, application="shop", scopes="read").token
    spree.expire_tokens(token=expired)
    nothing, nobody, lost, ended, undocumented = calls(
        ("checkout", "addStoreCredits", {"order_token": cart.token}),
        ("checkout", "addStoreCredits", {"order_token": "no such token"}),
        ("account", "accountInfo", {"bearer_token": "no such token"}),
        ("account", "accountInfo", {"bearer_token": expired}),
        ("checkout", "addStoreCredits", {"order_token": shopper.order_token, "amount": 5, "quantity": 2}),
    )

    assert (nothing["kind"], nothing["status"], nothing["errors"]) == ("ExpandedSpreeError", 422, {})
    assert nothing["summary"] == "User does not have any Store Credits available"
    assert (nobody["kind"], nobody["status"]) == ("BasicSpreeError", 404)
    assert nobody["summary"] == "The resource you were looking for could not be found."
    assert (lost["kind"], lost["status"]) == ("BasicSpreeError", 403)
    assert (ended["kind"], ended["status"], ended["summary"]) == ("BasicSpreeError", 401, "The access token expired")
    # Strict: what the document does not have is refused, and the client's user reads why.
    assert (undocumented["kind"], undocumented["status"]) == ("BasicSpreeError", 400)
    assert "quantity" in undocumented["summary"]
    assert paid(mock, shopper) == []


def test_trouble_reaches_the_result(mock: Served, calls: Calls, shopper: Shopper) -> None:
    """A response that is lost after the credit was put on the cart, and a server that fails."""
    control = mock.control
    token = {"order_token": shopper.order_token}
    control.add_fault(Fault("spree.checkout.add_store_credit", nth=1, drop=True, when="after"))
    control.add_fault(Fault("spree.checkout.remove_store_credit", nth=1, status=503))
    dropped, failed, removed = calls(
        ("checkout", "addStoreCredits", {**token, "amount": 40}),
        ("checkout", "removeStoreCredits", token),
        ("checkout", "removeStoreCredits", token),
    )
    (seen,) = control.exchanges(operation="spree.checkout.add_store_credit")

    assert dropped["kind"] == "NoResponseError"
    assert (seen.response.status, seen.response.dropped) == (200, True)
    assert len(json.loads(seen.response.body)["data"]["relationships"]["payments"]["data"]) == 2
    assert failed["status"] == 503
    assert removed["value"]["data"]["relationships"]["payments"]["data"] == []
    assert paid(mock, shopper) == []
