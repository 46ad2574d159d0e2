"""One GET through `httpx.Client` without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx

__all__: list[str] = []

Work = Callable[[int], None]

URL = "https://sandbox.api.vinr.com/v1/store-credit/"
KEY = {"X-Api-Key": "sk_test_benchmarks"}
CREDIT = {
    "id": "sc_0123456789abcdef0123",
    "customer": "cust_8aZ2",
    "amount": 1000,
    "currency": "USD",
    "balance_remaining": 1000,
    "expires_at": None,
    "created": 1795305600,
}
BODY = json.dumps(CREDIT, separators=(",", ":")).encode()


def _through(transport: httpx.BaseTransport, identity: object) -> Work:
    client = httpx.Client(transport=transport, headers=KEY)
    address = f"{URL}{identity}"
    assert client.get(address).json()["amount"] == 1000

    def work(count: int) -> None:
        for _ in range(count):
            client.get(address)

    return work


def mock_transport() -> Work:
    """Httpx's own transport for tests, with the response VINR gives: the same headers and bytes each time."""
    headers = {
        "content-type": "application/json",
        "x-vinr-request-id": "req_0123456789abcdef",
        "vinr-version": "2026-04-01",
        "x-ratelimit-limit": "50",
        "x-ratelimit-remaining": "49",
        "x-ratelimit-reset": "1795305600",
    }
    return _through(httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=BODY)), CREDIT["id"])


def mock_transport_bare() -> Work:
    """The same without VINR's own headers."""
    headers = {"content-type": "application/json"}
    return _through(httpx.MockTransport(lambda _: httpx.Response(200, headers=headers, content=BODY)), CREDIT["id"])


def mock_transport_json() -> Work:
    """The same as most tests write it, from a value."""
    return _through(httpx.MockTransport(lambda _: httpx.Response(200, json=CREDIT)), CREDIT["id"])


def engine() -> Work:
    """The mock: stateful, both sides checked."""
    from store_credit_mock import Engine
    from store_credit_mock.httpx_transport import EngineTransport

    transport = EngineTransport(Engine())
    body = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
    with httpx.Client(transport=transport, headers=KEY) as client:
        made = client.post(URL.rstrip("/"), json=body)
    return _through(transport, made.json()["id"])
