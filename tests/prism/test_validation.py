"""Prism does check bodies of this document: that can be switched off unnoticed, in whole or schema by schema.

A schema Prism's validator cannot compile counts as valid, and it compiles none in a dialect it does not know, such as
OpenAPI 3.1's own (prism#2442, #2643, #2797). Without these tests all others here could pass and mean nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from store_credit_mock.contract import Document, OperationDefinition

from .corpus import SYSTEMS
from .invalid_requests import CREDENTIALS, REQUESTS, WrongRequest
from .process import Prism, running
from .traffic import FORM, answers, by_prism, document, requests, send
from .upstream import Answer, Upstream

OPERATIONS = list(document().operations.values())

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)


def wrong_in(place: str, system: str) -> list[WrongRequest]:
    """Requests of a system that are wrong in a place."""
    return [wrong for wrong in REQUESTS if wrong.place.startswith(place) and wrong.operation.startswith(system)]


@pytest.mark.parametrize("system", SYSTEMS)
def test_bodies_are_checked(mock: Prism, http: httpx.Client, document: Document, system: str) -> None:
    """A member of a wrong type is refused, and so is an unknown one."""
    refusals = [by_prism(send(http, mock, wrong.exchange(document))) for wrong in wrong_in("request.body.", system)]

    assert len(refusals) >= 6
    assert all(refusals)


@pytest.fixture(scope="module")
def mock_of_another_dialect(
    prism_command: list[str], document: Document, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prism]:
    """`prism mock --errors` on a copy of the document in the dialect that OpenAPI 3.1 has by default."""
    folder = tmp_path_factory.mktemp("another-dialect")
    copy = folder / "openapi.json"
    changed = {**document.data, "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base"}
    copy.write_text(json.dumps(changed), "utf-8")
    with running(prism_command, "mock", copy, folder) as prism:
        yield prism


@pytest.mark.parametrize("system", SYSTEMS)
def test_in_the_dialect_of_openapi_they_would_not_be(
    mock_of_another_dialect: Prism, http: httpx.Client, document: Document, system: str
) -> None:
    """The same requests pass then, while missing credentials are still refused: the one line in the document counts."""
    for wrong in wrong_in("request.body.", system):
        assert not by_prism(send(http, mock_of_another_dialect, wrong.exchange(document))), wrong
    for wrong in (one for one in wrong_in("request.headers", system) if one.place == CREDENTIALS):
        assert by_prism(send(http, mock_of_another_dialect, wrong.exchange(document))), wrong


@every_operation
def test_every_schema_of_a_request_is_compiled(
    mock: Prism, http: httpx.Client, document: Document, operation: OperationDefinition
) -> None:
    """A list is none of the bodies the document knows, nor is a form without one right field."""
    for name, exchange in requests(document, operation):
        if exchange.request_body is None:
            continue
        form = exchange.request_headers["Content-Type"] == FORM
        wrong = replace(exchange, request_body="expires_at=soon" if form else "[]")
        assert any(place.startswith("request.body") for place in by_prism(send(http, mock, wrong)).places), name


@every_operation
def test_every_schema_of_an_answer_is_compiled(
    proxy: Prism, upstream: Upstream, http: httpx.Client, document: Document, operation: OperationDefinition
) -> None:
    """A list is none of the answers the document knows, nor is a page of HTML."""
    _, right = next(requests(document, operation))
    for shown in answers(document, operation):
        if shown.media_type is None:
            continue
        content = b"[]" if "json" in shown.media_type else b"<p>"
        headers = {**shown.headers, "Content-Type": shown.media_type, "Content-Length": str(len(content))}
        upstream.answers(Answer(shown.status, headers, content))

        assert by_prism(send(http, proxy, right)).places == {"response.body"}, str(shown)
