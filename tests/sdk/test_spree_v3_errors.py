"""Errors of Spree's API v3: by their code, with messages by field, the scope that is missing, and Rails' own."""

from typing import Any

import pytest

from http_library import httpx
from spree_v3_shop import CREATE, CUSTOMER, SpreeV3Shop, V3Desk, refusal
from store_credit import (
    APIStatusError,
    AuthenticationError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    ValidationError,
)
from together import together
from virtual import World

RAILS = {"status": 404, "error": "Not Found"}


def client_of(status: int, body: Any, headers: dict[str, str] | None = None, **settings: Any) -> Any:
    """A client that is answered always the same."""
    content: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
    transport = httpx.MockTransport(lambda request: httpx.Response(status, headers=headers, **content))
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    return at.client(http_client=httpx.Client(transport=transport), max_retries=0, **settings)


@together(
    ("status", "body", "kind", "said"),
    [
        (422, refusal("validation_error", "Amount is bad"), ValidationError, "422 validation_error: Amount is bad"),
        (422, refusal("processing_error", ""), ValidationError, r"422 processing_error: \(no further details\)"),
        (422, refusal("processing_error", "  "), ValidationError, r"processing_error: \(no further details\)"),
        (
            422,
            refusal("validation_error", "", amount=["is bad", "is odd"]),
            ValidationError,
            "amount is bad; amount is odd",
        ),
        (400, refusal("invalid_request", "comparison of BigDecimal with nil failed"), ValidationError, "BigDecimal"),
        (401, refusal("invalid_token", "Valid secret API key required"), AuthenticationError, "401 invalid_token"),
        (
            403,
            refusal("access_denied", "You do not have access to this store."),
            PermissionDeniedError,
            "access_denied",
        ),
        (404, refusal("record_not_found", "Customer not found"), NotFoundError, "404 record_not_found: Customer not"),
        (409, refusal("cart_already_updated", "x"), ConflictError, "409 cart_already_updated"),
        (404, RAILS, NotFoundError, "404: Not Found"),
        (500, {"status": 500, "error": "Internal Server Error"}, ServerError, "500: Internal Server Error"),
        (500, {"status": 500, "error": ""}, ServerError, "500"),
        (502, b"<html>bad gateway</html>", ServerError, "bad gateway"),
        (413, {"error": {"code": "request_too_large"}}, APIStatusError, "413 request_too_large"),
        (422, {"error": None}, ValidationError, "422"),
        (422, {"error": {"code": 7, "message": ["x"], "details": []}}, ValidationError, "422"),
        (422, [], ValidationError, "422"),
        (422, b"", ValidationError, r"\(no body\)"),
    ],
)
def test_an_error_says_something_whatever_its_body(
    status: int, body: Any, kind: type[APIStatusError], said: str
) -> None:
    """Status, code and operation at least."""
    with pytest.raises(kind, match=said) as raised:
        client_of(status, body).customers.store_credits.list(CUSTOMER)
    assert str(raised.value).startswith("spree_v3.admin.customers.store_credits.list")
    assert raised.value.status_code == status


def test_details_are_given_by_field() -> None:
    """Messages as lists, and everything as it came."""
    body = refusal("validation_error", "x", amount=["is bad"], amount_used="is odd", required_scope="write_orders")
    with pytest.raises(ValidationError) as raised:
        client_of(422, body).customers.store_credits.create(CUSTOMER, **CREATE)
    error = raised.value
    assert error.code == "validation_error"
    assert error.errors == {"amount": ["is bad"], "amount_used": ["is odd"]}
    assert error.details == body["error"]["details"]
    assert error.body == body


@together(
    ("details", "scope"),
    [({"required_scope": "write_orders"}, "write_orders"), ({"required_permission": "p"}, "p"), ({}, None)],
)
def test_the_missing_scope_is_named(details: Any, scope: str | None) -> None:
    """Also in the text, if the message does not."""
    client = client_of(403, refusal("access_denied", "No.", **details))
    with pytest.raises(PermissionDeniedError) as raised:
        client.orders.store_credits.apply("or_UkLWZg9DAJ", amount=1)
    assert raised.value.required_scope == scope
    assert scope is None or scope in str(raised.value)


@together("status", [200, 201])
def test_retry_after_on_a_success_is_no_error_and_no_wait(status: int) -> None:
    """Spree 5.x counts down and sends it from call 300 on, and never refuses."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    shop = at.shop

    def answer(request: httpx.Request) -> httpx.Response:
        response = shop(request)
        response.headers.update({"Retry-After": "60", "X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0"})
        return response

    client = at.client(http_client=httpx.Client(transport=httpx.MockTransport(answer)))
    for number in range(5):
        if status == 201:
            at.create(client, memo=f"r-{number}")
        else:
            client.customers.store_credits.list(CUSTOMER)
    assert at.waits == []
    assert len(shop.requests) == 5


def test_a_429_is_waited_for_as_long_as_it_says() -> None:
    """6.0-alpha refuses call 601 of a minute."""
    at = V3Desk("sync", SpreeV3Shop(World()), World())
    shop, left = at.shop, [1]

    def answer(request: httpx.Request) -> httpx.Response:
        if left[0]:
            left[0] -= 1
            headers = {"Retry-After": "60", "X-RateLimit-Limit": "600", "X-RateLimit-Remaining": "0"}
            return httpx.Response(429, json=refusal("rate_limit_exceeded"), headers=headers)
        return shop(request)

    client = at.client(http_client=httpx.Client(transport=httpx.MockTransport(answer)), max_rate_limit_wait=70)
    at.create(client)
    assert 60 <= sum(at.waits) < 70
    assert len(shop.records) == 1
    left[0] = 9
    with pytest.raises(RateLimitError) as raised:
        at.create(client, max_retries=0)
    assert raised.value.retry_after == 60
