"""The proxy before a server with Spree's API v3: its traffic passes unremarked, and each planted violation is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from served_mock import served
from store_credit_mock.systems.spree_v3.ids import encode

from .harness import Proxied, exchange, proxied, upstream

KEY = "sk_of_the_shop"
CREDITS = f"/api/v3/admin/customers/cus_{encode(1)}/store_credits"
STORE = "/api/v3/store/customers/me/store_credits"


def asked(method: str, path: str, body: object = None, *headers: str) -> bytes:
    """A request as bytes."""
    text = json.dumps(body).encode() if body is not None else b""
    kept = [f"{method} {path} HTTP/1.1", "Host: localhost", f"X-Spree-Api-Key: {KEY}", *headers]
    if body is not None:
        kept += ["Content-Type: application/json", f"Content-Length: {len(text)}"]
    return "\r\n".join([*kept, "", ""]).encode() + text


def told(proxy: Proxied, request: bytes) -> list[tuple[str, str, str]]:
    """What the proxy says of an exchange."""
    exchange(proxy, request)
    found = proxy.next()
    return [(one["side"], one["pointer"], one["keyword"]) for one in found["violations"]]


def test_what_a_shop_answers_keeps_the_document_and_a_wrong_request_is_named() -> None:
    """Through the proxy to a mock that plays 5.6 in observe mode."""
    right = {"amount": "12.50", "currency": "USD"}
    with (
        served("--observe", "--spree-v3-profile", "5.6", "--spree-v3-secret-key", KEY) as shop,
        proxied(shop.url) as proxy,
    ):
        assert told(proxy, asked("POST", CREDITS, right, "Idempotency-Key: proxy-1")) == []
        assert told(proxy, asked("GET", CREDITS)) == []
        assert told(proxy, asked("GET", CREDITS + "/credit_absent00")) == []
        assert told(proxy, asked("GET", STORE)) == []
        wrong = told(proxy, asked("POST", CREDITS, {**right, "colour": "red"}))
        assert {one[0] for one in wrong} == {"request"}
        assert told(proxy, asked("GET", CREDITS + "?colour=red"))[0][:2] == ("request", "/query")


@pytest.fixture(scope="module")
def credit() -> dict[str, Any]:
    """A credit as a shop shows it."""
    with (
        served("--observe", "--spree-v3-profile", "5.6", "--spree-v3-secret-key", KEY) as shop,
        proxied(shop.url) as proxy,
    ):
        made = exchange(proxy, asked("POST", CREDITS, {"amount": "12.50", "currency": "USD"}))[1]
        return json.loads(made)


PLANTED: list[tuple[dict[str, Any], int, tuple[str, str]]] = [
    ({"amount": 12.5}, 200, ("/body/amount", "type")),
    ({"amount": "twelve"}, 200, ("/body/amount", "pattern")),
    ({"amount": None}, 200, ("/body/amount", "type")),
    ({"id": 7}, 200, ("/body/id", "type")),
    ({}, 202, ("/status", "status")),
]


@pytest.mark.parametrize(("members", "status", "expected"), PLANTED)
def test_a_planted_violation_is_named(
    members: dict[str, Any], status: int, expected: tuple[str, str], credit: dict[str, Any]
) -> None:
    """A member of another type or form, and another status."""
    body = json.dumps({**credit, **members}).encode()
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json; charset=utf-8", f"Content-Length: {len(body)}"]
    with upstream("\r\n".join([*lines, "", ""]).encode() + body) as server, proxied(server.url) as proxy:
        found = told(proxy, asked("GET", f"{CREDITS}/{credit['id']}"))

    body_or_status = [one for one in found if not one[1].startswith("/header")]
    assert [one[0] for one in body_or_status] == ["response"], found
    assert body_or_status[0][1:] == expected
