"""openapi-core, which shares no code with the contract, comes to the same verdict on every exchange.

Where the two differ, the reason is among `REASONS`; one that explains nothing any more fails the test.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import pytest
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from werkzeug.datastructures import ImmutableMultiDict

from store_credit_mock.contract import Document, ExchangeValidator, OperationMatch, Violation
from store_credit_mock.contract.document import join
from store_credit_mock.recording import ExchangeFile

from .planted import FORM, planted

FORM_TWICE = "of a form's field that comes twice it sees the last"
CREDENTIALS = {
    "X-Api-Key": "sk_test_1",
    "Authorization": "Bearer token",
    "X-Spree-Order-Token": "token",
    "X-Spree-Api-Key": "sk_1",
    "X-Spree-Token": "token",
}


@dataclass(frozen=True)
class Verdict:
    """What both say of one side of an exchange: texts of openapi-core, violations of ours."""

    theirs: tuple[str, ...]
    ours: tuple[Violation, ...]

    def only_theirs(self, pattern: str) -> bool:
        """Whether openapi-core alone finds something, and nothing but this."""
        return not self.ours and all(re.search(pattern, text) for text in self.theirs)

    def only_ours(self, pattern: str) -> bool:
        """Whether the contract alone finds something, and nothing but this."""
        return not self.theirs and all(re.search(pattern, str(one)) for one in self.ours)


REASONS: Mapping[str, Callable[[Verdict], bool]] = {
    "credentials are the handlers' affair, not the contract's": lambda it: it.only_theirs("SecurityValidationError"),
    "it casts members of a deepObject by the type of the whole": lambda it: it.only_theirs("'(filter|fields)'.*Cast"),
    "a deepObject that was sent as a text is nothing to it": lambda it: it.only_ours(r"/query/filter: type"),
    "OpenAPI does not forbid parameters it does not name": lambda it: it.only_ours(r"/query: additionalProperties"),
    "x-decimal-places is a keyword of ours": lambda it: it.only_ours("x-decimal-places"),
    "it knows neither aliases nor that HEAD is as good as GET": lambda it: it.only_theirs("OperationNotFound"),
    "a text of no characters is no body to it": lambda it: it.only_theirs("MissingData"),
    "of two members of one name it sees the last": lambda it: it.only_ours(r"/body.*: unique"),
    FORM_TWICE: lambda it: it.only_ours(r"/body/amount: type: \[1,2\]"),
}


class Opinions:
    """The document in both readings."""

    def __init__(self, document: Document, validator: ExchangeValidator) -> None:
        self.document, self.validator = document, validator
        config = Config(
            extra_media_type_deserializers={"application/vnd.api+json": lambda content, **_: json.loads(content)},
            extra_format_validators={"decimal": _is_decimal},
        )
        # Plain data of its own, in which nothing is shared that an anchor of YAML makes one object.
        data = json.loads(json.dumps(document.data))
        # A parameter of two types it cannot read at all, so that the value of this one is not compared.
        add = data["paths"]["/api/v2/storefront/checkout/add_store_credit"]["post"]
        next(one for one in add["parameters"] if one.get("name") == "amount")["schema"] = {}
        self.core = OpenAPI.from_dict(data, config=config)

    def differences(self, exchanges: Iterable[ExchangeFile]) -> Iterator[tuple[str, str | None, Verdict]]:
        """Name, reason and verdict of each side on which the two do not agree; no reason if none is known."""
        for exchange in exchanges:
            for side, verdict in self.verdicts(exchange).items():
                if bool(verdict.theirs) is not bool(verdict.ours):
                    yield f"{exchange.name} ({side})", _reason(verdict), verdict

    def verdicts(self, exchange: ExchangeFile) -> dict[str, Verdict]:
        """What both say of the request, and of the response if there is one."""
        located = self.validator.locate(exchange.method, exchange.path)
        assert located.operation
        request = exchange.request()
        asked = self._request(exchange, located, request.body)
        ours = self.validator.request(located, request).violations
        wrong = tuple(one for one in ours if one not in located.violations)
        found = {"request": Verdict(_texts(self.core.iter_request_errors(asked)), wrong)}
        if exchange.status:
            response = exchange.response()
            headers = {name.decode(): value.decode("latin-1") for name, value in response.headers}
            kind = headers.get("content-type", "")
            answered = MockResponse(response.body or b"", response.status, headers, kind)
            result = self.validator.response(located, response.status, response.headers, response.body)
            texts = _texts(self.core.iter_response_errors(asked, answered))
            found["response"] = Verdict(texts, result.violations)
        return found

    def _request(self, exchange: ExchangeFile, located: OperationMatch, body: bytes) -> MockRequest:
        assert located.operation
        server = self.document.data["paths"][located.operation.template]["servers"][0]["url"]
        return MockRequest(
            server.replace("{defaultHost}", "localhost:4000"),
            exchange.method.lower(),
            exchange.path,
            args=ImmutableMultiDict(exchange.query_pairs),
            headers=dict(exchange.request_headers),
            data=body or None,
            content_type=exchange.request_header("Content-Type") or "",
        )


def _reason(verdict: Verdict) -> str | None:
    return next((name for name, explains in REASONS.items() if explains(verdict)), None)


def _is_decimal(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII))


def _texts(errors: Iterable[Exception]) -> tuple[str, ...]:
    return tuple(f"{error!r} {error.__cause__!r}" for error in errors)


@pytest.fixture(scope="module")
def opinions(document: Document, validator: ExchangeValidator) -> Opinions:
    """Both, once."""
    return Opinions(document, validator)


@pytest.fixture(scope="module")
def recorded(validator: ExchangeValidator, exchanges: Sequence[ExchangeFile]) -> Mapping[str, ExchangeFile]:
    """The recordings of operations in the document, by name; of what several servers answered, the main one's."""
    known = [one for one in exchanges if validator.locate(one.method, one.path).match]
    return {one.name: one for one in known if one.name.count(".") <= 2}


def shown(document: Document) -> Iterator[ExchangeFile]:
    """Every example of a request and of a response in the document, as an exchange."""
    for operation in document.operations.values():
        path = re.sub(r"\{\w+\}", "1", operation.template)
        blank = ExchangeFile(operation.id, operation.method, path, {}, CREDENTIALS, None, 0, {}, None)
        for kind, value in _bodies(document, join(operation.pointer, "requestBody")):
            sent = urlencode(value) if kind == FORM else value
            yield replace(blank, request_headers={**CREDENTIALS, "Content-Type": kind}, request_body=sent)
        for status in operation.definition["responses"]:
            place, response = document.resolve(join(operation.pointer, "responses", status))
            headers = {
                name: str(document.resolve(join(place, "headers", name))[1]["example"]).lower()
                for name in response.get("headers", {})
            }
            for kind, value in _bodies(document, place):
                typed = {**headers, "Content-Type": kind}
                yield replace(blank, status=int(status), response_headers=typed, response_body=value)


def _bodies(document: Document, pointer: str) -> Iterator[tuple[str, Any]]:
    if document.at(pointer) is None:
        return
    place, definition = document.resolve(pointer)
    for kind, content in definition.get("content", {}).items():
        for name in content.get("examples", {}):
            yield kind, document.resolve(join(place, "content", kind, "examples", name))[1]["value"]


@pytest.mark.takes_seconds
def test_both_say_the_same_of_what_was_recorded(opinions: Opinions, recorded: Mapping[str, ExchangeFile]) -> None:
    found = list(opinions.differences(recorded.values()))

    assert [(name, verdict) for name, reason, verdict in found if reason is None] == []
    assert {reason for _, reason, _ in found} == set(REASONS) - {FORM_TWICE}


@pytest.mark.takes_seconds
def test_both_accept_what_the_document_shows(opinions: Opinions, document: Document) -> None:
    counts: Counter[str] = Counter()
    for exchange in shown(document):
        side = "response" if exchange.status else "request"
        verdict = opinions.verdicts(exchange)[side]
        counts[side] += 1
        assert verdict.ours == (), exchange.name
        assert not verdict.theirs or _reason(verdict), f"{exchange.name}: {verdict.theirs}"

    assert counts["request"] > 20
    assert counts["response"] > 100


def test_both_refuse_what_is_wrong(opinions: Opinions, recorded: Mapping[str, ExchangeFile]) -> None:
    """And the contract names the place; what openapi-core lets pass is for one of the reasons."""
    cases = list(planted(recorded))

    assert len(cases) == 60
    for case in cases:
        verdict = opinions.verdicts(case.exchange)[case.side]
        assert case.where in {violation.pointer for violation in verdict.ours}, case
        assert verdict.theirs or _reason(verdict), case
