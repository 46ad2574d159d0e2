"""Requests and answers made of the document's own examples, and the two opinions about them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

import httpx

from store_credit_mock.contract import Document, ExchangeValidator, OperationDefinition, Violation
from store_credit_mock.contract.document import fragment, join
from store_credit_mock.recording import ExchangeFile

from .process import Prism
from .upstream import Answer

__all__ = [
    "FORM",
    "JSON",
    "DocumentedAnswer",
    "Refusal",
    "answered",
    "answers",
    "by_document",
    "by_prism",
    "credentials",
    "document",
    "parameter_query",
    "parameter_value",
    "request",
    "requests",
    "send",
    "written",
]

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
SECRET = "example"  # any text will do: neither opinion knows which credentials are good


@cache
def document() -> Document:
    """The repository's document, read once."""
    return Document.read()


def requests(document: Document, operation: OperationDefinition) -> Iterator[tuple[str, ExchangeFile]]:
    """Every request the document shows for an operation, each with a name; the plain one where it has no body."""
    location, body = document.resolve(join(operation.pointer, "requestBody")) if _has_body(operation) else ("", {})
    for media_type, content in body.get("content", {}).items():
        for name in content.get("examples", {}):
            _, example = document.resolve(join(location, "content", media_type, "examples", name))
            yield f"{media_type} {name}", _request(document, operation, media_type, example["value"])
    if not body.get("required"):
        yield "no body", _request(document, operation)


def request(document: Document, operation_id: str, media_type: str = JSON, example: str | None = None) -> ExchangeFile:
    """One request the document shows: of that name or the first of that type; the plain one where no body is taken."""
    operation = document.operations[operation_id]
    shown = dict(requests(document, operation))
    if not _has_body(operation):
        return shown["no body"]
    wanted = f"{media_type} {example}" if example else next(name for name in shown if name.startswith(media_type + " "))
    return shown[wanted]


def _has_body(operation: OperationDefinition) -> bool:
    return "requestBody" in operation.definition


def _request(
    document: Document, operation: OperationDefinition, media_type: str | None = None, value: Any = None
) -> ExchangeFile:
    path = operation.template
    for _, parameter in operation.parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
    headers = dict(credentials(document, operation))
    if media_type is not None:
        headers["Content-Type"] = media_type
    return ExchangeFile(
        name=operation.id,
        method=operation.method,
        path=path,
        query={},
        request_headers=headers,
        request_body=None if media_type is None else written(media_type, value),
        status=0,
        response_headers={},
        response_body=None,
    )


def written(media_type: str, value: Any) -> str:
    """A value as the text of a body."""
    return urlencode(value) if media_type == FORM else json.dumps(value)


def credentials(document: Document, operation: OperationDefinition, choice: int = 0) -> Iterator[tuple[str, str]]:
    """The headers of one of the ways to authenticate that an operation lists."""
    for name in (operation.definition.get("security") or [{}])[choice]:
        scheme = document.at(fragment("components", "securitySchemes", name))
        if scheme["type"] == "apiKey":
            yield scheme["name"], SECRET
        else:
            yield "Authorization", f"Bearer {SECRET}"


def parameter_value(document: Document, location: str) -> Any:
    """The first example of a parameter.

    Raises:
        LookupError: It has none.
    """
    parameter = document.at(location)
    if "example" in parameter:
        return parameter["example"]
    for name in parameter.get("examples", {}):
        return document.resolve(join(location, "examples", name))[1]["value"]
    raise LookupError(f"{parameter['name']} has no example in the document")


def parameter_query(parameter: Mapping[str, Any], value: Any) -> dict[str, str | list[str]]:
    """A query parameter as the document's `style` and `explode` have it on the wire."""
    name = parameter["name"]
    if parameter.get("style") == "deepObject":
        return {
            f"{name}[{key}][]" if isinstance(one, list) else f"{name}[{key}]": one
            if isinstance(one, list)
            else str(one)
            for key, one in value.items()
        }
    if isinstance(value, list):
        texts = [str(one) for one in value]
        return {name: texts if parameter.get("explode", True) else ",".join(texts)}
    return {name: str(value)}


@dataclass(frozen=True)
class DocumentedAnswer:
    """A response the document shows.

    Attributes:
        media_type: None for a response without a body.
        example: The name of the example, None for a response without a body.
    """

    operation: str
    status: int
    media_type: str | None
    example: str | None
    value: Any
    headers: Mapping[str, str]

    def __str__(self) -> str:
        return " ".join([self.operation, str(self.status), *filter(None, [self.media_type, self.example])])

    @property
    def success(self) -> bool:
        """Whether it has a 2xx status."""
        return 200 <= self.status < 300

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        if self.media_type is None:
            return b""
        return (self.value if self.media_type.startswith("text/") else json.dumps(self.value)).encode()

    def answer(self) -> Answer:
        """The same as something a server sends."""
        headers = dict(self.headers)
        if self.media_type is not None:
            headers |= {"Content-Type": self.media_type, "Content-Length": str(len(self.content))}
        return Answer(self.status, headers, self.content)


def answers(document: Document, operation: OperationDefinition) -> Iterator[DocumentedAnswer]:
    """Every answer the document shows for an operation."""
    for status in operation.definition["responses"]:
        location, response = document.resolve(join(operation.pointer, "responses", status))
        headers = {
            name: _text(document.resolve(join(location, "headers", name))[1]["example"])
            for name in response.get("headers", {})
        }
        for media_type, content in response.get("content", {}).items():
            for name in content["examples"]:
                _, example = document.resolve(join(location, "content", media_type, "examples", name))
                yield DocumentedAnswer(operation.id, int(status), media_type, name, example["value"], headers)
        if not response.get("content"):
            yield DocumentedAnswer(operation.id, int(status), None, None, None, headers)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def send(http: httpx.Client, prism: Prism, exchange: ExchangeFile) -> httpx.Response:
    """Send the request of an exchange to Prism as it is."""
    return http.request(
        exchange.method,
        prism.url + exchange.path,
        params=exchange.query or None,
        headers=exchange.request_headers,
        content=exchange.request_body,
    )


@dataclass(frozen=True)
class Refusal:
    """Why a request or a response was refused; falsy if it was not.

    Attributes:
        places: The places in the exchange that are wrong, such as `request.body.amount`.
    """

    places: frozenset[str]
    said: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.places)


def by_document(validator: ExchangeValidator, exchange: ExchangeFile, *, closed: bool = False) -> Refusal:
    """What validating says: of the response if the exchange has one, else of the request, its credentials aside.

    Args:
        validator: The document.
        exchange: The request, and its response if there is one.
        closed: Whether a member of the response that the document does not mention is wrong, too.
    """
    located = validator.locate(exchange.method, exchange.path)
    if located.match is None:
        return Refusal(frozenset({"request"}), ("the OpenAPI document has no such operation",))
    if not exchange.status:
        found = validator.request(located, exchange.request()).violations
        found = tuple(one for one in found if one not in located.violations)
    else:
        response = exchange.response()
        result = validator.response(located, response.status, response.headers, response.body)
        found = (*result.violations, *(result.notes if closed else ()))
    return Refusal(frozenset(map(_place, found)), tuple(map(str, found)))


def _place(violation: Violation) -> str:
    """Where it is, as Prism writes it, in small letters."""
    steps = violation.pointer.strip("/").split("/")
    if steps[0] == "header" and (violation.side == "response" or steps[1:] == ["content-type"]):
        steps[0] = "headers"
    if violation.keyword == "required" and steps == ["headers"]:
        steps.append(violation.expected)
    if violation.keyword == "additionalProperties" and steps == ["query"]:
        steps.append(violation.got)
    return ".".join([violation.side, *steps]).lower()


def by_prism(response: httpx.Response) -> Refusal:
    """What Prism says. Where it names no place in the request, `request` is given; of a response, `response`.

    The mock gives the document's own error with the violations in a header. The proxy answers by itself: a problem with
    the violations in its body, those of a request without the word `request`, and those of credentials not at all. A
    problem of another type is a response it could not read, or a request for which it found no operation.
    """
    problem: dict[str, Any] = {}
    if response.headers.get("Content-Type", "").startswith("application/problem+json"):
        problem = response.json() if response.content else {"type": "no body"}
    kind = problem.get("type", "").rpartition("#")[2]
    prefix: tuple[str, ...] = ()
    if "validation" in problem:
        listed = problem["validation"]
        prefix = ("request",) if kind == "UNPROCESSABLE_ENTITY" else ()
    else:
        listed = json.loads(response.headers.get("sl-violations", "[]"))
    errors = [one for one in listed if one["severity"] == "Error"]
    if errors:
        places = frozenset(".".join((*prefix, *one.get("location", ()))) for one in errors)
        return Refusal(places, tuple(one["message"] for one in errors))
    if problem:
        place = "response" if kind == "FetchError" else "request"
        return Refusal(frozenset({place}), (kind, problem.get("title", "")))
    return Refusal(frozenset(), ())


def answered(exchange: ExchangeFile, answer: Answer) -> ExchangeFile:
    """Make an exchange, as a recording has it, of a request and the response a server gave."""
    headers = dict(answer.headers)
    body: Any = None
    if answer.content:
        kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
        body = json.loads(answer.content) if "json" in kind else answer.content.decode()
    return replace(exchange, status=answer.status, response_headers=headers, response_body=body)
