"""The SDK's methods, found in its clients, and calls of them made of the document's examples."""

import asyncio
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import store_credit
from store_credit import Response, ResponseReceived
from store_credit_mock.contract import Document, OperationDefinition
from store_credit_mock.contract.document import fragment, join

from .traffic import JSON, SECRET, parameter_value

__all__ = ["Call", "Method", "Outcome", "calls", "methods", "run"]

# The client of a system takes its own credential under this name.
CREDENTIAL = {"vinr": "api_key", "spree": "token"}

# Properties that no example of the document shows, each with a value its schema and description allow.
WITHOUT_EXAMPLE = {"store_id": "1", "originator_id": "1"}


@dataclass(frozen=True)
class Method:
    """A method of a client: `VinrClient` `store_credit` `create`."""

    client: str
    resource: str
    name: str

    def __str__(self) -> str:
        return f"{self.client}.{self.resource}.{self.name}"

    @property
    def system(self) -> str:
        """The system it belongs to."""
        return self.client.removeprefix("Async").removesuffix("Client").lower()

    @property
    def operation(self) -> str:
        """The operation it must stand for."""
        return f"{self.system}.{self.resource}.{self.name}"

    @property
    def waits(self) -> bool:
        """Whether it blocks rather than being awaited."""
        return not self.client.startswith("Async")

    def make(self, url: str, **settings: Any) -> Any:
        """A client that would call this method."""
        credential: dict[str, str] = {CREDENTIAL[self.system]: SECRET}
        return getattr(store_credit, self.client)(base_url=url, max_retries=0, **credential, **settings)

    def of(self, client: Any) -> Any:
        """The method itself."""
        return getattr(getattr(client, self.resource), self.name)


def methods() -> Iterator[Method]:
    """Every method of every resource of every client the package offers."""
    for client in sorted(name for name in store_credit.__all__ if name.endswith("Client")):
        kind = getattr(store_credit, client)
        for resource, _ in inspect.getmembers(kind, lambda member: isinstance(member, cached_property)):
            made = Method(client, resource, "").make("http://127.0.0.1:9")
            for name, _ in inspect.getmembers(type(getattr(made, resource)), inspect.isfunction):
                if not name.startswith("_"):
                    yield Method(client, resource, name)


@dataclass(frozen=True)
class Call:
    """Arguments for a method, and where they are from."""

    name: str
    arguments: Mapping[str, Any]


def calls(document: Document, method: Method) -> Iterator[Call]:
    """Calls with the document's own data: one for each example of the body, each credential, and all arguments.

    Raises:
        LookupError: The method has an argument that nothing in the document gives a value for, or lacks one.
    """
    operation = document.operations[method.operation]
    bodies = dict(_bodies(document, operation))
    inputs, needed = _inputs(document, operation)
    taken = _arguments(method)
    tokens = list(_call_credentials(document, operation))
    everything = dict(inputs)
    for name, value in _fields(document, operation).items():
        if name in inputs:
            # The body's field keeps the plain name.
            everything[f"query_{name}"] = inputs[name]
        everything[name] = value
    for choice in tokens:
        everything |= choice
    if set(everything) != taken:
        raise LookupError(
            f"{method} takes {sorted(taken - set(everything))} that the document gives no value for, "
            f"and lacks {sorted(set(everything) - taken)}"
        )
    for name, body in bodies.items():
        yield Call(name, needed | tokens[0] | body)
    if not bodies:
        yield Call("plain", needed | tokens[0])
    for choice in filter(None, tokens[1:]):
        yield Call(" and ".join(choice), needed | choice | next(iter(bodies.values()), {}))
    yield Call("every argument", everything)


def _arguments(method: Method) -> set[str]:
    parameters = inspect.signature(method.of(method.make("http://127.0.0.1:9"))).parameters.values()
    return {one.name for one in parameters if one.kind is not inspect.Parameter.VAR_KEYWORD}


def _bodies(document: Document, operation: OperationDefinition) -> Iterator[tuple[str, dict[str, Any]]]:
    content = operation.definition.get("requestBody", {}).get("content", {}).get(JSON, {})
    for name in content.get("examples", {}):
        location = join(operation.pointer, "requestBody", "content", JSON, "examples", name)
        body = document.resolve(location)[1]["value"]
        yield name, {field: _exact(value) for field, value in _unrooted(body).items()}


def _unrooted(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is in the body, without the one key some bodies have around everything."""
    only = next(iter(body.values())) if len(body) == 1 else None
    return only if isinstance(only, dict) else body


def _exact(value: Any) -> Any:
    """YAML reads amounts as floats, which the SDK refuses as it should."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _fields(document: Document, operation: OperationDefinition) -> dict[str, Any]:
    """A value for every field of an operation's body, from whichever example of the same API has the field."""
    if "requestBody" not in operation.definition:
        return {}
    schema = join(operation.pointer, "requestBody", "content", JSON, "schema")
    location, definition = document.resolve(schema)
    if len(definition["properties"]) == 1:
        root = join(location, "properties", next(iter(definition["properties"])))
        found, inner = document.resolve(root)
        if "properties" in inner:
            location, definition = found, inner
    shown: dict[str, Any] = dict(WITHOUT_EXAMPLE)
    system = operation.id.partition(".")[0]
    for other in document.operations.values():
        if other.id.startswith(system + "."):
            for _, body in _bodies(document, other):
                shown |= body
    for _, body in _bodies(document, operation):
        shown |= body
    # What has a better place elsewhere is offered there alone.
    offered = [name for name, schema in definition["properties"].items() if "x-alternative" not in schema]
    missing = [name for name in offered if name not in shown]
    if missing:
        raise LookupError(f"{operation.id}: no example of the document shows {missing}")
    # A member inside another one is an argument of its own where it carries the caller's reference.
    inner = [schema.get("properties", {}) for schema in definition["properties"].values()]
    marked = any("x-reference" in schema for members in inner for schema in members.values())
    return {name: shown[name] for name in offered} | ({"reference": "refund-4711"} if marked else {})


def _inputs(document: Document, operation: OperationDefinition) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters of an operation as arguments: all of them, and those it cannot do without."""
    every: dict[str, Any] = {}
    needed: dict[str, Any] = {}
    for location, parameter in operation.parameters:
        if "x-alternative" in parameter:
            continue
        name = re.sub(r"[^a-z]+", "_", parameter["name"].lower()).strip("_").removeprefix("x_")
        every[name] = parameter_value(document, location)
        if parameter.get("required"):
            needed[name] = every[name]
    return every, needed


def _call_credentials(document: Document, operation: OperationDefinition) -> Iterator[dict[str, str]]:
    """The credentials that are passed with a call, for each way to authenticate."""
    for choice in operation.definition["security"]:
        schemes = [document.at(fragment("components", "securitySchemes", name)) for name in choice]
        yield {scheme["x-argument"]: SECRET for scheme in schemes if "x-argument" in scheme}


@dataclass
class Outcome:
    """What came of a call.

    Attributes:
        result: What the method gave, None if it raised.
        error: What it raised, None if nothing.
        responses: Every answer it got on the way.
    """

    result: Any
    error: store_credit.StoreCreditError | None
    responses: list[Response]

    @property
    def violations(self) -> list[str]:
        """What Prism found in any of the requests and responses."""
        return [one.headers["sl-violations"] for one in self.responses if "sl-violations" in one.headers]


def run(method: Method, url: str, arguments: Mapping[str, Any], pages: int = 1, **options: Any) -> Outcome:
    """Call a method once, and go on to as many pages if it gives some."""
    responses: list[Response] = []
    outcome = Outcome(None, None, responses)

    def note(event: store_credit.Event) -> None:
        if isinstance(event, ResponseReceived):
            responses.append(event.response)

    async def awaited() -> None:
        async with method.make(url, event_hooks=[note]) as client:
            outcome.result = page = await method.of(client)(**arguments, **options)
            for _ in range(pages - 1):
                page = await page.next_page()

    try:
        if method.waits:
            with method.make(url, event_hooks=[note]) as client:
                outcome.result = page = method.of(client)(**arguments, **options)
                for _ in range(pages - 1):
                    page = page.next_page()
        else:
            asyncio.run(awaited())
    except store_credit.StoreCreditError as error:
        if not of_another_record(error):
            outcome.error = error
    return outcome


def of_another_record(error: store_credit.StoreCreditError) -> bool:
    """Whether a response was read and refused for its values alone: Prism and the server give an example to everybody.

    That the SDK notices is tested elsewhere; here it is about what goes over the wire, and whether it is read.
    """
    known = (store_credit.OutcomeUnknownError, store_credit.InvalidResponseError)
    return isinstance(error, known) and bool(error.mismatch)
