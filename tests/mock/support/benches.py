"""What the mock's tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson

from store_credit_mock import Engine, Request, Response
from store_credit_mock.control import Control

__all__ = ["Bench", "Maker", "error"]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class Bench:
    """An engine with short words for what tests do to it."""

    def __init__(self, engine: Engine) -> None:
        engine.raise_errors = True
        self.engine = engine
        self.control = Control.inside(engine.control)
        self.key = "sk_test_bench"

    def send(
        self, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None, form: str | None = None
    ) -> Response:
        """Send one VINR request."""
        sent = {"X-Api-Key": self.key, **(headers or {})}
        content: bytes = b""
        if form is not None:
            sent.setdefault("Content-Type", FORM)
            content = form.encode()
        elif body is not None:
            sent.setdefault("Content-Type", JSON)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.engine.handle(Request.build(method, target, sent, content))

    def issue(
        self, amount: int = 1000, customer: str = "cust_8aZ2", currency: str = "USD", **more: Any
    ) -> dict[str, Any]:
        """Issue a credit and return it."""
        body = {"customer": customer, "amount": amount, "currency": currency, **more}
        response = self.send("POST", "/v1/store-credit", body)
        assert response.status == 201, response.body
        return orjson.loads(response.body)

    def credit(self, identity: str) -> dict[str, Any]:
        """A credit as it is now."""
        return orjson.loads(self.send("GET", f"/v1/store-credit/{identity}").body)

    def seconds(self) -> int:
        """The sandbox's time in Unix seconds."""
        return self.control.clock().now // 1000


def error(response: Response) -> dict[str, Any]:
    """The detail of a VINR error."""
    return orjson.loads(response.body)["error"]


Maker = Callable[..., Bench]
