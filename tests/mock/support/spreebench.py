"""What the tests of the mock's Spree share."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import orjson

from store_credit_mock import Engine, Request, Response
from store_credit_mock.control import Control

__all__ = ["ADMIN", "CREDIT", "CREDITS", "SpreeBench", "attributes"]

CREDITS = "/api/v2/platform/store_credits"
CREDIT: dict[str, Any] = {
    "user_id": "2",
    "category_id": "1",
    "created_by_id": "1",
    "currency": "USD",
    "amount": "25.00",
}
ADMIN = "spree-admin"


class SpreeBench:
    """An engine with short words for what tests do to its Spree."""

    def __init__(self, engine: Engine) -> None:
        engine.raise_errors = True
        self.engine = engine
        self.control = Control.inside(engine.control)
        self.spree = self.control.spree

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: dict[str, Any] | None = None,
        *,
        token: str | None = ADMIN,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """Send a request as the admin application, or with another token or none."""
        sent = {"Host": "localhost", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        content = b""
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        target = path if not query else f"{path}?{urlencode(query, doseq=True)}"
        return self.engine.handle(Request.build(method, target, sent, content))

    def ask(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a request that must succeed, and return its JSON."""
        response = self.send(method, path, body, query, **more)
        assert response.status < 300, response.body
        return orjson.loads(response.body) if response.body else None

    def give(self, **change: Any) -> str:
        """Give a credit and return its id."""
        return self.ask("POST", CREDITS, {"store_credit": {**CREDIT, **change}})["data"]["id"]

    def credit(self, identity: str) -> dict[str, Any]:
        """A credit's attributes."""
        return self.ask("GET", f"{CREDITS}/{identity}")["data"]["attributes"]

    def events(self, identity: str) -> list[tuple[str, str]]:
        """Action and amount of a credit's events."""
        document = self.ask("GET", f"{CREDITS}/{identity}", None, {"include": "store_credit_events"})
        return [(item["attributes"]["action"], item["attributes"]["amount"]) for item in document["included"]]

    def cart(self, price: str, user_id: int | None = 2, currency: str = "USD") -> tuple[str, str]:
        """Open a cart with one thing in it; returns number and token."""
        made = self.spree.create_cart(user_id=user_id, currency=currency)
        self.spree.add_item(made.number, price=price)
        return made.number, made.token

    def apply(self, token: str, body: dict[str, Any] | None = None, **query: str) -> Response:
        """Apply store credit to the cart of an order token."""
        return self.send(
            "POST", "/api/v2/storefront/checkout/add_store_credit", body or {}, query, token=None,
            headers={"X-Spree-Order-Token": token},
        )  # fmt: skip

    def take_off(self, token: str) -> Response:
        """Take store credit off the cart of an order token."""
        return self.send(
            "POST", "/api/v2/storefront/checkout/remove_store_credit", None, None, token=None,
            headers={"X-Spree-Order-Token": token},
        )  # fmt: skip

    def applied(self, number: str) -> list[tuple[int | None, str]]:
        """Credit and amount of each valid payment of an order."""
        return [
            (payment.store_credit_id, payment.amount)
            for payment in self.spree.cart(number).payments
            if payment.state not in {"invalid", "void", "failed"}
        ]


def attributes(response: Response) -> dict[str, Any]:
    """The attributes of the one record of a response."""
    return orjson.loads(response.body)["data"]["attributes"]
