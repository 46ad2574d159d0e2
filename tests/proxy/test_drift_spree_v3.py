"""Where a server with Spree's API v3 answers otherwise than the mock: nested paths, ids with prefixes, two sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from store_credit_mock import Contract, Engine, Options, Request, Response
from store_credit_mock.proxy.drift import Drift
from store_credit_mock.redaction import Redactor
from store_credit_mock.systems.spree_v3.ids import encode

KEY = "sk_of_the_live_shop"
ADMIN = {"X-Spree-Api-Key": KEY}
CUSTOMERS = "/api/v3/admin/customers"
PROFILES = ["5.5", "5.6", "6.0-alpha", "6.0"]

Change = Callable[[Request, Any], None]


class LiveShop:
    """A server whose credits have other ids than those of the mock that the drift plays on.

    Args:
        profile: Its version.
        contract: The compiled document.
        change: What its answers have otherwise.
    """

    def __init__(self, profile: str, contract: Contract, change: Change | None = None) -> None:
        options: dict[str, Any] = {"strict": False, "spree_v3_profile": profile}
        self.engine = Engine(contract, None, Options(**options, spree_v3_secret_key=KEY))
        self.drift = Drift(contract, Redactor(contract.document.secret_names), Options(**options))
        self.customer = ("cust_" if profile.startswith("6") else "cus_") + encode(1)
        self._change = change
        before = {"amount": "77.00", "currency": "USD", "category_id": self._category()}
        self.before = orjson.loads(self._answer("POST", self.credits(), ADMIN, before)[1].body)

    def close(self) -> None:
        """Close both."""
        self.engine.close()
        self.drift.close()

    def credits(self, name: str = "") -> str:
        """The path of the customer's credits, or of one of them."""
        return f"{CUSTOMERS}/{self.customer}/store_credits" + (f"/{name}" if name else "")

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Send a request to the server, and the exchange to the drift; returns the JSON."""
        request, response = self._answer(method, path, headers or ADMIN, body)
        value: Any = orjson.loads(response.body) if response.body else None
        if self._change is not None and value is not None:
            self._change(request, value)
            response.body = orjson.dumps(value)
        self.drift.add(request, response)
        return value

    def drive(self) -> None:
        """Issue, read, change, list, take back, and be refused."""
        category = self._category()
        self.ask("GET", CUSTOMERS)
        made = self.ask(
            "POST", self.credits(), {"amount": "12.50", "currency": "USD", "category_id": category, "memo": "a"}
        )
        self.ask("GET", self.credits(made["id"]))
        self.ask("PATCH", self.credits(made["id"]), {"memo": "changed"})
        self.ask("GET", self.credits())
        self.ask("POST", self.credits(), {"amount": -1, "currency": "USD", "category_id": category})
        self.ask("GET", self.credits("credit_absent00"))
        self.ask("DELETE", self.credits(made["id"]))
        self.ask("GET", self.credits(made["id"]))

    def _category(self) -> str:
        path = "/api/v3/admin/store_credit_categories"
        listed = orjson.loads(self._answer("GET", path, ADMIN, None)[1].body)
        return str(listed["data"][0]["id"]) if "data" in listed else f"sccat_{encode(1)}"

    def _answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[Request, Response]:
        sent = headers | ({"Content-Type": "application/json"} if body is not None else {})
        request = Request.build(method, path, sent, orjson.dumps(body) if body is not None else b"")
        return request, self.engine.handle(request)


@pytest.fixture(params=PROFILES)
def live(request: pytest.FixtureRequest, store_credit_mock_contract: Contract) -> Iterator[LiveShop]:
    """A server of each version."""
    made = LiveShop(request.param, store_credit_mock_contract)
    yield made
    made.close()


def test_a_server_that_is_the_mock_does_not_drift(live: LiveShop) -> None:
    """Other ids, times and keys make no difference, nor does what was there before."""
    live.drive()

    report = live.drift.report
    assert report.as_dict()["differences"] == []
    assert report.compared == report.alike >= 7


def test_what_was_there_before_and_the_store_side_are_left_out_with_their_reason(live: LiveShop) -> None:
    """A credit from before is not the mock's, and a customer's token opens nothing there."""
    live.ask("GET", live.credits(live.before["id"]))
    token = live.ask(
        "POST",
        "/api/v3/store/auth/login",
        {"email": "nobody@example.com", "password": "wrong"},
        {"X-Spree-Api-Key": "pk_unknown"},
    )

    report = live.drift.report
    assert "error" in token
    assert report.as_dict()["differences"] == []
    named = "it names records that existed before (spree_v3.admin.customers.store_credits {id})"
    assert any(reason.startswith(named[:34]) and "store_credits {id}" in reason for reason in report.left_out)
    assert report.left_out["the response is about the server's own credentials or limits"] == 1


def _made(request: Request, value: Any, **members: Any) -> None:
    if request.method == "POST" and "amount" in value:
        value.update(members)


PLANTED: dict[str, Change] = {
    "/body/amount": lambda request, value: _made(request, value, amount="13.00"),
    "/body/amount_remaining": lambda request, value: _made(request, value, amount_remaining=12.5),
    "/body/display_amount": lambda request, value: _made(request, value, display_amount="12.50 USD"),
    "/body/colour": lambda request, value: _made(request, value, colour="red"),
}


@pytest.mark.parametrize("where", PLANTED)
def test_a_planted_difference_is_told_with_its_place(where: str, store_credit_mock_contract: Contract) -> None:
    """By value, by JSON type, by form, and by presence."""
    shop = LiveShop("5.6", store_credit_mock_contract, PLANTED[where])
    try:
        shop.drive()
        told = {(one["operation"], one["where"]) for one in shop.drift.report.as_dict()["differences"]}
    finally:
        shop.close()

    assert told == {("spree_v3.admin.customers.store_credits.create", where)}


def test_another_version_is_a_difference(store_credit_mock_contract: Contract) -> None:
    """A shop on 5.6 compared with a mock that plays 5.5 or 6.0 differs by what those versions have otherwise."""
    shop = LiveShop("5.6", store_credit_mock_contract)
    shop.drift.close()
    secrets = Redactor(store_credit_mock_contract.document.secret_names)
    shop.drift = Drift(store_credit_mock_contract, secrets, Options(strict=False, spree_v3_profile="6.0"))
    try:
        shop.drive()
        assert shop.drift.report.as_dict()["differences"] != []
    finally:
        shop.close()
