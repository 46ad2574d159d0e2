"""What Prism 5.16 cannot check of this document, and the check against the document by JSON Schema can.

`limits.py` has the whole list. Each entry is shown by requests or responses that Prism lets pass and the other check
refuses, or the other way round, so that an entry which no longer holds, after an update of Prism or a change of the
document, fails: here, or over all operations in test_agreement.py. Prism is a second opinion beside our own check; this
is why it cannot be the only one.
"""

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest

from store_credit_mock.contract import Document, DocumentError, ExchangeValidator
from store_credit_mock.contract.document import BUNDLED, join

from .disagreements import PRISM_ACCEPTS, PRISM_REFUSES
from .invalid_answers import ANSWERS, WrongAnswer
from .limits import LIMITS, STRICTER
from .process import Prism, running
from .traffic import (
    JSON,
    Refusal,
    answered,
    answers,
    by_document,
    by_prism,
    request,
    send,
)
from .upstream import Answer, Upstream

shown: set[str] = set()
"""Entries shown by a test of their own."""

F = TypeVar("F", bound=Callable[..., Any])


def shows(name: str) -> Callable[[F], F]:
    """Mark a test as the one that shows an entry."""
    shown.add(name)
    return lambda test: test


def passed(response: httpx.Response, status: range | int = range(200, 300)) -> bool:
    """Whether Prism let it pass."""
    wanted = range(status, status + 1) if isinstance(status, int) else status
    return not by_prism(response) and response.status_code in wanted


@pytest.mark.parametrize("wrong", [one for one in ANSWERS if one.limit], ids=lambda one: f"{one.limit} ({one})")
def test_prism_accepts_a_wrong_answer(
    proxy: Prism,
    upstream: Upstream,
    http: httpx.Client,
    validator: ExchangeValidator,
    document: Document,
    wrong: WrongAnswer,
) -> None:
    """And the document, or its closed copy, refuses it."""
    answer = wrong.answer(document)
    upstream.answers(answer)
    right = request(document, wrong.operation)
    response = send(http, proxy, right)

    assert passed(response, answer.status)
    found = by_document(validator, answered(right, answer), closed=wrong.closed)
    assert found.places == {wrong.place.lower()}
    assert not (wrong.closed and by_document(validator, answered(right, answer)))


@shows("malformed JSON")
def test_malformed_json_is_never_answered(
    prism_command: list[str], http: httpx.Client, validator: ExchangeValidator, document: Document, tmp_path: Path
) -> None:
    """Whoever sends it waits until he gives up."""
    right = request(document, "vinr.store_credit.update")
    wrong = replace(right, request_body='{"expires_at": ')
    # A process of its own, since this leaves something unfinished in it.
    with running(prism_command, "mock", BUNDLED, tmp_path) as prism:
        address = urlsplit(prism.url)
        assert address.hostname is not None
        lines = [f"POST {wrong.path} HTTP/1.1", f"Host: {address.netloc}", f"Content-Length: {len(wrong.request_body)}"]
        lines += [f"{name}: {value}" for name, value in wrong.request_headers.items()]
        with socket.create_connection((address.hostname, address.port or 0), 30) as connection:
            connection.sendall("\r\n".join([*lines, "", wrong.request_body]).encode())
            # Later requests are answered, so the response to this one would have come.
            for _ in range(3):
                assert passed(send(http, prism, right))
            connection.shutdown(socket.SHUT_WR)

            assert connection.recv(1) == b""
    assert by_document(validator, wrong).places == {"request.body"}


@shows("names outside Latin-1")
def test_a_name_outside_latin_1_ends_prism(
    prism_command: list[str], http: httpx.Client, validator: ExchangeValidator, document: Document, tmp_path: Path
) -> None:
    """A wrong request like any other to the document."""
    right = request(document, "vinr.store_credit.update")
    wrong = replace(right, request_body='{"金額": 1}')
    with running(prism_command, "mock", BUNDLED, tmp_path) as prism:
        assert passed(send(http, prism, right))
        with pytest.raises(httpx.TransportError):
            send(http, prism, wrong)

        assert prism.wait() != 0
    assert by_document(validator, wrong).places == {"request.body"}


@shows("uncompilable schemas")
def test_a_schema_prism_cannot_compile_accepts_everything(
    prism_command: list[str], http: httpx.Client, document: Document, tmp_path: Path
) -> None:
    """The other check says that it cannot compile it."""
    broken = json.loads(json.dumps(document.data))
    broken["components"]["schemas"]["VinrStoreCreditUpdate"]["properties"]["expires_at"]["pattern"] = "("
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(broken), "utf-8")
    update = replace(request(document, "vinr.store_credit.update"), request_body='{"expires_at": "never"}')
    create = replace(request(document, "vinr.store_credit.create"), request_body='{"amount": "ten"}')
    with running(prism_command, "mock", file, tmp_path) as prism:
        assert passed(send(http, prism, update))
        assert by_prism(send(http, prism, create)).places == {"request.body", "request.body.amount"}

    with pytest.raises(DocumentError, match="expires_at: this schema cannot be compiled"):
        ExchangeValidator(replace(document, data=broken))


@shows("unimplemented")
def test_a_501_becomes_a_success(
    proxy: Prism, upstream: Upstream, http: httpx.Client, validator: ExchangeValidator, document: Document
) -> None:
    """The document has no 501."""
    right = request(document, "vinr.store_credit.create")
    answer = Answer(501, {"Content-Type": JSON, "Content-Length": "2"}, b"{}")
    upstream.answers(answer)

    assert passed(send(http, proxy, right))
    assert by_document(validator, answered(right, answer)).places == {"response.status"}


@shows("redirects")
def test_a_redirect_is_followed(
    proxy: Prism, upstream: Upstream, http: httpx.Client, validator: ExchangeValidator, document: Document
) -> None:
    """The document has no 302, and the SDK follows none."""
    right = request(document, "vinr.store_credit.retrieve")
    redirect = Answer(302, {"Location": "/elsewhere", "Content-Length": "0"}, b"")
    there = next(answers(document, document.operations["vinr.store_credit.retrieve"])).answer()
    upstream.answers(redirect, there)

    assert passed(send(http, proxy, right))
    assert [arrived.target for arrived in upstream.arrived] == [right.path, "/elsewhere"]
    assert by_document(validator, answered(right, redirect)).places == {"response.status"}


@shows("webhooks")
def test_events_are_unknown_to_prism(
    mock: Prism, http: httpx.Client, validator: ExchangeValidator, document: Document
) -> None:
    """It has the same to say of a right event and of a wrong one."""
    for operation in document.webhooks.values():
        content = join(operation.pointer, "requestBody", "content", JSON)
        (example,) = document.at(join(content, "examples"))
        right = document.resolve(join(content, "examples", example))[1]["value"]
        wrong = {**right, "created": "today"}
        said = [
            by_prism(http.request(operation.method, f"{mock.url}/{operation.template}", json=event)).said[0]
            for event in (right, wrong)
        ]

        assert said == ["NO_PATH_MATCHED_ERROR"] * 2
        assert not validator.closed.check_value(join(content, "schema"), right)
        assert validator.closed.check_value(join(content, "schema"), wrong)


@shows("aliases")
def test_aliases_are_refused(mock: Prism, http: httpx.Client, validator: ExchangeValidator, document: Document) -> None:
    """For each operation that has one."""
    aliases = [(operation.id, alias) for operation in document.operations.values() for alias in operation.aliases]

    assert {alias for _, alias in aliases} == {"PATCH", "PUT"}
    for operation, alias in aliases:
        exchange = replace(request(document, operation), method=alias)
        assert "NO_METHOD_MATCHED_ERROR" in by_prism(send(http, mock, exchange)).said
        assert not by_document(validator, exchange)


@shows("typed 304")
def test_a_304_with_a_type_is_refused(
    proxy: Prism, upstream: Upstream, http: httpx.Client, validator: ExchangeValidator, document: Document
) -> None:
    """A 304 may repeat the type of what has not changed."""
    right = request(document, "spree.store_credits.retrieve")
    plain = next(one for one in answers(document, document.operations[right.name]) if one.status == 304).answer()
    typed = plain._replace(headers={**plain.headers, "Content-Type": "application/vnd.api+json"})

    def opinions(answer: Answer) -> tuple[Refusal, Refusal]:
        upstream.answers(answer)
        return by_prism(send(http, proxy, right)), by_document(validator, answered(right, answer))

    assert not any(opinions(plain))
    by_the_proxy, by_the_document = opinions(typed)
    assert "FetchError" in by_the_proxy.said
    assert not by_the_document


def test_every_entry_is_shown_and_nothing_else() -> None:
    """The tables above and those of the corpus are exact: no entry without a proof, no proof without an entry."""
    cases = {wrong.limit for wrong in ANSWERS if wrong.limit is not None}
    corpus = {*PRISM_ACCEPTS.values(), *PRISM_REFUSES.values()}

    assert cases | shown | corpus == set(LIMITS) | set(STRICTER)
    assert not (cases | corpus) & shown
    assert not set(LIMITS) & set(STRICTER)
