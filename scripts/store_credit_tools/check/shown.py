"""What values show of the document: which properties, and which values of its enumerations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import orjson

from store_credit_mock import Engine, Options, Request, Response
from store_credit_mock.contract import Contract, DocumentError
from store_credit_mock.contract.document import join
from store_credit_mock.coverage import Coverage
from store_credit_mock.recording import read_files
from store_credit_mock.systems.spree_v3 import SpreeV3
from store_credit_tools.check.house import RECORDINGS
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import SampleRequest, sample_request
from store_credit_tools.docs_site.sampling.sandbox import SampleSandbox
from store_credit_tools.replay.mock.runner import responses
from store_credit_tools.replay.mock.script import read, runs
from store_credit_tools.replay.spree_v3.runner import sent as sent_of_v3

__all__ = ["Body", "Points", "Shown", "examples", "mocked", "recorded"]

Points = set[tuple[str, str]]
"""Of a property its place and nothing, of a value of an enumeration the place and the value, as JSON."""

_VINR: Final[tuple[tuple[str, str, Any, dict[str, str]], ...]] = (
    ("POST", "", {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD", "expires_at": 1826841600}, {}),
    ("GET", "?limit=1&expand%5B%5D=data.customer", None, {}),
    ("GET", "/sc_unknown", None, {}),
    ("GET", "?limit=0", None, {}),
    ("GET", "", None, {"X-Api-Key": "pk_test_wrong"}),
    ("GET", "", None, {"X-Mock-Fault": '{"status": 500}'}),
    ("GET", "", None, {"X-Mock-Fault": '{"status": 429}'}),
    ("GET", "", None, {"X-Mock-Fault": '{"status": 422}'}),
    ("GET", "", None, {"X-Mock-Fault": '{"status": 402}'}),
)
"""Method, what follows the path, body and headers of requests that show all that VINR's responses have."""
_SPREE_V3: Final = RECORDINGS / "spree-v3"


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a response, or with no status of a request.

    Attributes:
        operation: operationId.
        status: Of the response.
        media_type: Without parameters.
        value: The JSON value.
        name: Where it was seen, for people.
    """

    operation: str
    status: int | None
    media_type: str
    value: Any
    name: str = ""


class Shown:
    """Collects what values show.

    Args:
        contract: The document compiled.

    Attributes:
        responses: Every property and every listed value that a response may have.
        requests: Those that the body of a request may have.
    """

    def __init__(self, contract: Contract) -> None:
        self._coverage = Coverage(contract)
        self.responses: Points = set()
        self.requests: Points = set()
        for inventory in self._coverage.operations.values():
            for point, place in inventory.places.items():
                side = point[1].partition(" ")[0]
                if point[0] in {"fields", "values"} and side in {"request", "response"}:
                    (self.responses if side == "response" else self.requests).add(_named(point, place))

    def of(self, bodies: Iterable[Body]) -> Points:
        """What bodies show."""
        found: Points = set()
        for body in bodies:
            inventory = self._coverage.operations[body.operation]
            element = (
                inventory.bodies.get(body.media_type)
                if body.status is None
                else inventory.response(body.status, body.media_type)
            )
            found |= (
                {_named(point, inventory.places[point]) for point in element.shown(body.value)} if element else set()
            )
        return found


def _named(point: tuple[str, str], place: str) -> tuple[str, str]:
    return place, point[1].partition(" = ")[2] if point[0] == "values" else ""


def examples(contract: Contract) -> Iterator[Body]:
    """Every body that the document shows."""
    document = contract.document
    for operation in document.operations.values():
        for status in operation.definition["responses"]:
            for media_type, value in _examples(contract, join(operation.pointer, "responses", status)):
                number = 500 if status == "default" else int(status.replace("XX", "00"))
                yield Body(operation.id, number, media_type, value)
        if "requestBody" in operation.definition:
            for media_type, value in _examples(contract, join(operation.pointer, "requestBody")):
                yield Body(operation.id, None, media_type, value)


def _examples(contract: Contract, pointer: str) -> Iterator[tuple[str, Any]]:
    place, definition = contract.document.resolve(pointer)
    for media_type, content in definition.get("content", {}).items():
        inner = join(place, "content", media_type)
        if "example" in content:
            yield media_type, content["example"]
        for name in content.get("examples", {}):
            yield media_type, contract.document.resolve(join(inner, "examples", name))[1].get("value")


def recorded(contract: Contract) -> Iterator[Body]:
    """Every body that a real server sent, or took."""
    for one in [*read_files(RECORDINGS), *read_files(_SPREE_V3)]:
        match = contract.find(one.method, one.path)
        if match is None:
            continue
        value: Any = one.response_body
        if isinstance(value, dict | list):
            media_type = (one.response_header("content-type") or "").partition(";")[0].strip().lower()
            yield Body(match.operation.id, one.status, media_type, value, one.name)
        sent: Any = one.request_body
        if isinstance(sent, dict) and one.status < 400:
            yield Body(match.operation.id, None, "application/json", sent, one.name)


def mocked(contract: Contract) -> Iterator[Body]:
    """What the mock sends: to the script of the recordings as each version, to samples, and to requests for VINR."""
    steps = {step.number: step for step in read(RECORDINGS)}
    for run in {run.profile: run for run in reversed(list(runs(RECORDINGS)))}.values():
        for number, response in responses(RECORDINGS, run).items():
            yield from _sent(contract, steps[number].method, steps[number].path, response)
    for request, response in sent_of_v3(_SPREE_V3, contract):
        yield from _sent(contract, request.method, request.path, response)
    yield from _latest(contract)
    yield from _sampled(contract)
    engine = Engine(options=Options(), partial=True)
    try:
        for method, rest, body, headers in _VINR:
            target = "/v1/store-credit" + rest
            sent = {"X-Api-Key": "sk_test_any", "Content-Type": "application/json", **headers}
            content = b"" if body is None else orjson.dumps(body)
            response = engine.handle(Request.build(method, target, sent, content))
            yield from _sent(contract, method, target.partition("?")[0], response)
    finally:
        engine.close()


def _latest(contract: Contract) -> Iterator[Body]:
    """What it sends as Spree 6.0, which has no recordings."""
    keys = {"spree_v3_secret_key": "sk_full", "spree_v3_profile": "6.0"}
    engine = Engine(contract, options=Options().also(**keys), systems=[SpreeV3()])

    def send(method: str, target: str, body: Any = None) -> tuple[str, Response]:
        headers = {"X-Spree-Api-Key": "sk_full", "Content-Type": "application/json"}
        content = b"" if body is None else orjson.dumps(body)
        return method, engine.handle(Request.build(method, f"/api/v3/admin/{target}", headers, content))

    try:
        _, customer = send("POST", "customers", {"email": "nora@shop.example"})
        path = f"customers/{orjson.loads(customer.body)['id']}/store_credits"
        for method, target, body in (
            ("POST", path, {"amount": "25.00", "currency": "USD"}),
            ("GET", "store_credits?expand=customer,created_by", None),
        ):
            _, response = send(method, target, body)
            yield from _sent(contract, method, f"/api/v3/admin/{target.partition('?')[0]}", response)
    finally:
        engine.close()


def _sampled(contract: Contract) -> Iterator[Body]:
    """What it sends to the samples of the pages, which a new operation or system has first."""
    requests: dict[str, SampleRequest] = {}
    for operation in contract.document.operations.values():
        with contextlib.suppress(DocumentError):
            requests[operation.id] = sample_request(contract.document, operation)
    sandbox = SampleSandbox(requests)
    try:
        for request in requests.values():
            with contextlib.suppress(SampleError):  # scripts/docs says which, and what to do about it.
                yield from _sent(contract, request.method, request.path, sandbox.answer(request))
    finally:
        sandbox.close()


def _sent(contract: Contract, method: str, path: str, response: Response) -> Iterator[Body]:
    match = contract.find(method, path)
    media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if match is not None and response.body and media_type.endswith("json"):
        value = orjson.loads(response.body)
        yield Body(match.operation.id, response.status, media_type, value, f"{method} {path}")
