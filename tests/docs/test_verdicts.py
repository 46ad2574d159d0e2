"""What "Try it" says was wrong: in the words of a reader of the page, by the name that stands there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from http_library import httpx
from store_credit_mock import Mock, Violation
from store_credit_tools.docs_site.sample_mocks import SampleMock
from store_credit_tools.docs_site.verdicts import verdicts

KEY = {"X-Api-Key": "sk_test_any"}
CREDIT = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}


def sentences(mock: Mock) -> list[str]:
    """Of the last exchange, each with the name it is about."""
    return [f"{one.place} {one.name} {one.text}" for one in verdicts(list(mock.engine.exchanges)[-1].violations)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (CREDIT | {"note": "x", "more": 1}, ["body note is not an attribute", "body more is not an attribute"]),
        ({"customer": "cust_8aZ2", "amount": 0}, ["body currency is missing", "body amount must be 1 or more, not 0"]),
        (CREDIT | {"amount": "1"}, ["body amount must be of type integer, not 1"]),
        (CREDIT | {"currency": "usd1"}, ["body currency must match ^[A-Za-z]{3}$, not usd1"]),
        (CREDIT, []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_body_is_judged_attribute_by_attribute(
    body: dict[str, Any], said: list[str], vinr: Callable[..., Mock]
) -> None:
    """No validator's jargon, no rule of JSON Schema by its name."""
    found = sentences(vinr("POST", "/v1/store-credit", json=body))

    assert len(found) == len(said)
    for one, beginning in zip(found, said, strict=True):
        assert one.startswith(beginning)


def test_a_query_is_judged_too(vinr: Callable[..., Mock]) -> None:
    """By the names of its parameters."""
    assert sentences(vinr("GET", "/v1/store-credit?limit=1000&page=2")) == [
        "query limit must be at most 100, not 1000",
        "query page is not a query parameter of this operation",
    ]


def test_what_has_no_words_of_its_own_keeps_the_validators() -> None:
    """Such as a body that is not JSON."""
    found = Violation("request", "vinr.store_credit.create", "/body", "json", "JSON", "{", "the body is not valid JSON")

    (one,) = verdicts([found])
    assert (one.place, one.name, one.text) == ("body", "", "the body is not valid JSON")


def test_the_site_tells_of_the_last_exchange_of_an_operation(vinr: Callable[..., Mock]) -> None:
    """And of no other operation's."""
    mock = vinr("POST", "/v1/store-credit", json=CREDIT | {"note": "x"})
    app = SampleMock(mock.engine, {})

    (one,) = json.loads(app.verdicts("vinr.store_credit.create"))
    assert (one["side"], one["name"], one["text"]) == ("request", "note", "is not an attribute of this operation")
    assert json.loads(app.verdicts("vinr.store_credit.list")) == []


@pytest.fixture
def vinr() -> Callable[..., Mock]:
    """Sends one request to a fresh mock, and gives the mock."""

    def send(method: str, path: str, **how: Any) -> Mock:
        mock = Mock(fail_on_violations=False)
        with httpx.Client(transport=mock.transport, base_url="https://sandbox.api.vinr.com") as client:
            client.request(method, path, headers=KEY, **how)
        return mock

    return send
