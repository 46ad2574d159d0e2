"""Short words for what tests do to the mock's Spree API v3."""

from __future__ import annotations

import json
from typing import Any

import orjson

from store_credit_mock import Engine, Request, Response
from store_credit_mock.control import Control
from store_credit_mock.systems.spree_v3 import store_credits
from store_credit_mock.systems.spree_v3.ids import encode
from store_credit_mock.systems.spree_v3.passwords import PASSWORD

__all__ = ["ADMIN", "SHOP", "V3Bench", "error"]

ADMIN = "sk_full"
SHOP = "pk_shop"


class V3Bench:
    """An engine with a shop of one version in it."""

    def __init__(self, engine: Engine) -> None:
        engine.raise_errors = True
        self.engine = engine
        self.control = Control.inside(engine.control)
        self.prefix = "cus" if engine.sandbox.of_systems["spree_v3_profile"].startswith("5") else "cust"

    def send(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        key: str | None = ADMIN,
        token: str | None = None,
        idempotency: str | None = None,
        **headers: str,
    ) -> Response:
        """Send a request: with the key that opens everything, and a JSON body, unless told otherwise."""
        sent = {"Accept": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
        named = {"X-Spree-Api-Key": key, "Authorization": token and f"Bearer {token}", "Idempotency-Key": idempotency}
        sent.update({name: value for name, value in named.items() if value is not None})
        content: bytes = b""
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.engine.handle(Request.build(method, target, sent, content))

    def json(self, method: str, target: str, body: Any = None, **more: Any) -> Any:
        """Send a request that succeeds, and return what is in the response."""
        response = self.send(method, target, body, **more)
        assert response.status < 300, response.body
        return orjson.loads(response.body) if response.body else None

    def customer(self, number: int = 1) -> str:
        """The id of a customer."""
        return f"{self.prefix}_{encode(number)}"

    def credits(self, number: int = 1, identity: str = "") -> str:
        """The path of a customer's credits, or of one of them."""
        return f"/api/v3/admin/customers/{self.customer(number)}/store_credits" + (f"/{identity}" if identity else "")

    def give(self, amount: Any = "50.00", currency: str = "USD", *, customer: int = 1, **more: Any) -> dict[str, Any]:
        """Give a customer credit, and return it."""
        return self.json("POST", self.credits(customer), {"amount": amount, "currency": currency, **more})

    def sign_in(self, email: str = "alice@example.com", **more: Any) -> str:
        """Sign a customer in, and return the token."""
        body = {"email": email, "password": PASSWORD}
        return self.json("POST", "/api/v3/store/auth/login", body, key=SHOP, **more)["token"]

    def staff(self, email: str = "admin@example.com", **more: Any) -> str:
        """Sign a member of the staff in, and return the token."""
        return self.json("POST", "/api/v3/admin/auth/login", {"email": email, "password": PASSWORD}, key=None, **more)[
            "token"
        ]

    def spend(self, credit: dict[str, Any], used: int = 0, authorized: int = 0) -> None:
        """Move cents of a credit as a payment does."""

        def work(call: Any) -> None:
            from store_credit_mock.systems.spree_v3.ids import number

            found = store_credits.find(call, number(credit["id"]))
            assert found is not None
            store_credits.adjust(call, found, "capture", used * 100, authorized * 100, "1-SC-1")

        self.engine.transaction(work)


def error(response: Response, status: int) -> dict[str, Any]:
    """The error of a refusal with this status."""
    assert response.status == status, response.body
    return orjson.loads(response.body)["error"]
