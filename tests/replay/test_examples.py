"""Every example of the document as an exchange: of VINR there are no recordings, nor of what newer servers add."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from echoing import echoed, echoed_v3
from store_credit_mock.contract import Document, OperationDefinition
from store_credit_mock.contract.document import fragment, join
from store_credit_mock.recording import ExchangeFile
from store_credit_tools.replay.report import Replayed
from store_credit_tools.replay.sdk.calls import Reason
from store_credit_tools.replay.sdk.expectations import Promises
from store_credit_tools.replay.sdk.replay import replay_one

KEYS = {"spreeV3SecretKey": "sk_secret", "spreeV3PublishableKey": "pk_secret"}
"""Keys whose beginning says what they are."""


def examples(document: Document, location: str) -> Iterator[tuple[str, Any]]:
    """The named examples of a media type."""
    for name in document.at(location).get("examples", {}):
        yield name, document.resolve(join(location, "examples", name))[1]["value"]


def request(document: Document, operation: OperationDefinition) -> dict[str, Any]:
    """A request of an operation without a body, in its preferred way: required parameters and credentials."""
    path, headers = operation.template, {"Accept": "*/*"}
    for _, parameter in operation.parameters:
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", str(example(parameter)))
        assert parameter["in"] == "path" or not parameter.get("required"), "a required one needs a value here"
    for scheme in next(iter(operation.definition["security"]), ()):
        definition = document.resolve(fragment("components", "securitySchemes", scheme))[1]
        if definition["type"] == "apiKey":
            headers[definition["name"]] = KEYS.get(scheme, "<secret>")
        else:
            headers["Authorization"] = "Bearer <secret>"
    return {"method": operation.method, "path": path, "query": {}, "headers": headers, "body": None}


def example(parameter: Mapping[str, Any]) -> Any:
    """The example of a parameter, the first of several."""
    several = [named["value"] for named in parameter.get("examples", {}).values()]
    return several[0] if several else parameter["example"]


def query(parameter: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A query parameter's example in its wire form."""
    name, value = parameter["name"], example(parameter)
    if parameter.get("style") == "deepObject":
        for key, item in value.items():
            many = isinstance(item, list)
            yield f"{name}[{key}]" + "[]" * many, [str(one) for one in item] if many else str(item)
    elif isinstance(value, list):
        yield name, [str(one) for one in value] if parameter.get("explode", True) else ",".join(value)
    else:
        yield name, str(value)


def with_every_parameter(document: Document, operation: OperationDefinition, one: dict[str, Any]) -> dict[str, Any]:
    """A request with every optional parameter in its preferred place added."""
    added = [parameter for _, parameter in operation.parameters if "x-alternative" not in parameter]
    return {
        **one,
        "query": dict(pair for parameter in added if parameter["in"] == "query" for pair in query(parameter)),
        "headers": {
            **one["headers"],
            **{parameter["name"]: example(parameter) for parameter in added if parameter["in"] == "header"},
        },
    }


def requests(document: Document, operation: OperationDefinition) -> Iterator[tuple[str, dict[str, Any]]]:
    """A request for each example of a body; one alone for an operation without."""
    bare = request(document, operation)
    if "requestBody" not in operation.definition:
        yield "plain", bare
        return
    location, body = document.resolve(join(operation.pointer, "requestBody"))
    for media_type in body["content"]:
        for name, value in examples(document, join(location, "content", media_type)):
            sent = value if media_type.endswith("json") else value if isinstance(value, str) else urlencode(value)
            headers = {**bare["headers"], "Content-Type": media_type}
            yield f"{media_type} {name}", {**bare, "headers": headers, "body": sent}


def answers(document: Document, operation: OperationDefinition) -> Iterator[tuple[str, dict[str, Any]]]:
    """A response for each example of each status; one without a body where the status has none."""
    for status in operation.definition["responses"]:
        location, response = document.resolve(join(operation.pointer, "responses", status))
        headers: dict[str, str] = {}
        for name in response.get("headers", {}):
            value = example(document.resolve(join(location, "headers", name))[1])
            headers[name] = str(value).lower() if isinstance(value, bool) else str(value)
        content: Mapping[str, Any] = response.get("content", {})
        if not content:
            yield f"{status}", {"status": int(status), "headers": headers, "body": None}
        for media_type in content:
            for name, value in examples(document, join(location, "content", media_type)):
                typed = {**headers, "Content-Type": media_type}
                yield f"{status} {name}", {"status": int(status), "headers": typed, "body": value}


def answered_by(operation: OperationDefinition, asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """An exchange. Examples of records know nothing of those of requests: the record is made the one asked for."""
    if answer["status"] < 300:
        sent = json.dumps(asked["body"]).encode() if isinstance(asked["body"], dict) else None
        target = f"{asked['path']}?{urlencode(asked['query'], doseq=True)}"
        body = echoed_v3(target, sent, echoed(asked["method"], target, sent, answer["body"]))
        answer = {**answer, "body": body}
        for _, parameter in operation.parameters:
            # A record of v2 stands below `data`, and is made the one asked for above.
            known = isinstance(body, dict) and "data" not in body
            if known and parameter["in"] == "path" and parameter.get("x-echoes") in ("/id", "/customer_id"):
                answer["body"] = body = {**body, parameter["x-echoes"][1:]: str(example(parameter))}
    return {"request": asked, "response": answer}


def exchanges(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each request with the first success, and the first request with each response."""
    for operation in document.operations.values():
        asked, answered = list(requests(document, operation)), list(answers(document, operation))
        success = next(answer for name, answer in answered if name.startswith("2"))
        for name, one in [*asked, ("every parameter", with_every_parameter(document, operation, asked[0][1]))]:
            yield f"{operation.id}: {name}", answered_by(operation, one, success)
        for name, one in answered:
            yield f"{operation.id}: {name}", answered_by(operation, asked[0][1], one)


DOCUMENT = Document.read()
# An idempotency key of the caller's own is refused where nobody is signed in: another shopper would get the session.
REFUSED = "spree_v3.store.auth.login: every parameter"
EXCHANGES = {name: one for name, one in exchanges(DOCUMENT) if name != REFUSED}


@pytest.fixture
def replayed(promises: Promises, runner: asyncio.Runner, exchange: Any) -> Any:
    """Replays an exchange given as plain data."""

    def replay(data: dict[str, Any]) -> Replayed:
        one: ExchangeFile = exchange(data)
        return replay_one(promises, one, runner)

    return replay


@pytest.mark.parametrize("name", EXCHANGES)
def test_an_example_of_the_document_is_given_back(name: str, replayed: Any) -> None:
    """The SDK asks as the example does, and gives back what the example answers."""
    one: Replayed = replayed(EXCHANGES[name])

    assert one.operation == name.partition(":")[0]
    assert one.findings == ()
    assert one.reason in (None, Reason.MEDIA_TYPE, Reason.ELSEWHERE, Reason.NO_METHOD)
    assert (one.reason is Reason.NO_METHOD) == name.startswith("spree.oauth.")


def test_both_systems_and_every_operation_are_among_the_examples() -> None:
    """The list is not empty by mistake: each operation has its successes and its failures."""
    kinds = Counter((name.partition(":")[0], name.partition(": ")[2][0].isdigit()) for name in EXCHANGES)

    assert {operation for operation, _ in kinds} == set(DOCUMENT.operations)
    assert all(kinds[operation, True] > 2 for operation in DOCUMENT.operations)
