"""Requests that no method covers, and the raw responses of methods."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from http_library import httpx
from store_credit import (
    InvalidArgumentError,
    OutcomeUnknownError,
    RawResult,
    ValidationError,
)
from together import together


def test_a_raw_request_has_the_credential_retries_and_errors_of_the_client(serve: Callable[..., Any]) -> None:
    """For what no method covers."""
    server = serve(503, (200, {"id": "evt_1"}, {"x-vinr-request-id": "req_1"}))
    answer = server.vinr().request("get", "/v1/events/evt_1", query={"expand[]": ["a", "b"], "n": 5, "x": True})

    assert answer.json() == {"id": "evt_1"}
    assert (answer.status_code, answer.request_id, answer.attempts) == (200, "req_1", 2)
    assert answer.operation == "GET /v1/events/evt_1"
    assert server.requests[1].method == "GET"
    assert server.requests[1].url.params.multi_items() == [
        ("expand[]", "a"),
        ("expand[]", "b"),
        ("n", "5"),
        ("x", "true"),
    ]
    assert server.requests[1].headers["X-Api-Key"] == "sk_test_1"


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        ({"json": {"amount": Decimal("25.10")}}, b'{"amount":25.10}', "application/json"),
        ({"json": None}, b"null", "application/json"),
        ({"json": [1]}, b"[1]", "application/json"),
        ({"content": b"a=b", "headers": {"Content-Type": "text/plain"}}, b"a=b", "text/plain"),
        ({}, b"", None),
    ],
    ids=["decimal", "null", "list", "bytes", "none"],
)
def test_the_body_of_a_raw_request(serve: Callable[..., Any], body: Any, sent: bytes, kind: str | None) -> None:
    """JSON with exact amounts, bytes as they are, or nothing."""
    server = serve(200)
    server.spree().request("PUT", "/api/v2/platform/orders/1", **body)

    assert server.request.content == sent
    assert server.request.headers.get("Content-Type") == kind


def test_the_query_of_a_raw_request_may_stand_in_its_path(serve: Callable[..., Any]) -> None:
    """Both are sent."""
    server = serve(200)
    server.spree().request("GET", "/api/v2/platform/orders?a=1", query=[("b", "2"), ("b", "3")])

    assert server.request.url.query == b"a=1&b=2&b=3"


def test_a_raw_request_raises_what_methods_raise(serve: Callable[..., Any]) -> None:
    """And a POST without a key may have been executed."""
    with pytest.raises(ValidationError):
        serve(422).spree().request("POST", "/api/v2/platform/orders", json={})
    with pytest.raises(OutcomeUnknownError):
        serve(500).spree().request("POST", "/api/v2/platform/orders", json={})


def test_spree_knows_no_idempotency_keys(serve: Callable[..., Any]) -> None:
    """A caller who relies on one is told."""
    with pytest.raises(InvalidArgumentError, match="no idempotency keys"):
        serve(200).spree().request("POST", "/api/v2/platform/orders", idempotency_key="k")


@pytest.mark.anyio
async def test_raw_requests_async(serve: Callable[..., Any]) -> None:
    """The same, awaited."""
    server = serve(503, {"ok": True})
    async with server.async_vinr() as vinr:
        answer = await vinr.request("POST", "/v1/tiers", json={"a": Decimal("0.10")}, idempotency_key="k")

    assert answer.json() == {"ok": True}
    assert server.requests[1].content == b'{"a":0.10}'
    assert [one.headers["Idempotency-Key"] for one in server.requests] == ["k", "k"]


def test_the_raw_answer_of_any_method(serve: Callable[..., Any], store_credit: Any) -> None:
    """Beside its result, for deletes and pages too."""
    page = {"data": [store_credit["data"]], "meta": {"total_pages": 1}}
    client = serve((200, store_credit, {"X-Request-Id": "one"}), (204, b"", {"X-Request-Id": "two"}), page).spree()
    retrieved = client.with_raw_response(client.store_credits.retrieve, "7", locale="de")
    deleted = client.with_raw_response(client.store_credits.delete, "7")
    listed = client.with_raw_response(client.store_credits.list)

    assert isinstance(retrieved, RawResult)
    assert (retrieved.parsed.id, retrieved.response.request_id) == ("7", "one")
    assert (deleted.parsed, deleted.response.status_code, deleted.response.request_id) == (None, 204, "two")
    assert listed.response.json() == page


def test_the_raw_answer_of_something_else_is_refused(serve: Callable[..., Any]) -> None:
    """A function that makes no call has none."""
    with pytest.raises(InvalidArgumentError, match="with_raw_response"):
        serve(200).spree().with_raw_response(lambda: None)


@pytest.mark.anyio
async def test_the_raw_answer_of_an_async_method(serve: Callable[..., Any], store_credit: Any) -> None:
    """Of a list too: its first page."""
    page = {"data": [store_credit["data"]], "meta": {"total_pages": 1}}
    async with serve(store_credit, page).async_spree() as client:
        retrieved = await client.with_raw_response(client.store_credits.retrieve, "7")
        listed = await client.with_raw_response(client.store_credits.list)

    assert retrieved.response.json() == store_credit
    assert [one.id for one in listed.parsed.data] == ["7"]


def test_the_headers_of_an_answer_are_found_in_any_case(serve: Callable[..., Any], credit: Any) -> None:
    """Repeated ones are joined."""
    headers = [("X-RateLimit-Remaining", "9"), ("Via", "a"), ("via", "b")]
    answer = serve(lambda request: httpx.Response(200, json=credit, headers=headers)).vinr().request("GET", "/v1/x")

    assert answer.headers["x-ratelimit-remaining"] == answer.headers["X-RATELIMIT-REMAINING"] == "9"
    assert answer.headers["via"] == "a, b"
    assert "VIA" in answer.headers
    assert answer.headers.get("none") is None
    assert len(answer.headers) == len(dict(answer.headers))


@together(
    "arguments",
    [
        {"path": "https://evil.test/v1/events"},
        {"path": "//evil.test/v1/events"},
        {"path": "v1/events"},
        {"path": ""},
        {"path": "/v1/events#top"},
        {"path": "/v1/a b"},
        {"path": "/v1/é"},
        {"path": "/v1/a\nb"},
        {"path": 5},
        {"method": "GET /x"},
        {"method": ""},
        {"method": "GÉT"},
        {"method": 5},
        {"json": {}, "content": b"{}"},
        {"json": {1: 2}},
        {"json": float("nan")},
        {"content": "text"},
        {"query": 5},
        {"query": "a=b"},
        {"query": [("a",)]},
        {"query": {"a": None}},
        {"query": {"a": 1.5}},
        {"headers": ["A"]},
        {"headers": {"A": "b\n"}},
        {"nonsense": 1},
        {"idempotency_key": ""},
    ],
)
def test_a_raw_request_that_cannot_be_sent_is_refused(serve: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Absolute addresses above all: the credential stays with its server."""
    server = serve(200)
    with pytest.raises(InvalidArgumentError):
        server.vinr().request(**({"method": "POST", "path": "/v1/events"} | arguments))

    assert server.requests == []
