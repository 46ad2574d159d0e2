"""The SDK's methods as its generator plans them, and calls of them made of the document's examples."""

import asyncio
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, reduce
from pathlib import Path
from typing import Any

import store_credit
from store_credit import Response, ResponseReceived
from store_credit_mock.contract import Document, OperationDefinition
from store_credit_mock.contract.document import BUNDLED, fragment, join
from store_credit_tools.generate.methods import Method as PlannedMethod
from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.sdk import read_plan

from .traffic import JSON, SECRET, document, parameter_value

__all__ = ["Call", "Method", "Outcome", "calls", "methods", "public_methods", "run"]

# The credentials of each client, and what the operations of its methods begin with.
CREDENTIALS = {
    "Vinr": {"api_key": SECRET},
    "Spree": {"token": SECRET},
    "SpreeAdmin": {"secret_key": f"sk_{SECRET}"},
    "SpreeStore": {"publishable_key": f"pk_{SECRET}", "customer_token": SECRET},
}
BEGINNINGS = {"Vinr": "vinr", "Spree": "spree", "SpreeAdmin": "spree_v3.admin", "SpreeStore": "spree_v3.store"}

# Properties that no example of the document shows, each with a value its schema and description allow.
WITHOUT_EXAMPLE: dict[str, Any] = {"store_id": "1", "originator_id": "1", "body": {}}


@dataclass(frozen=True)
class Method:
    """A method of a client: `VinrClient` `store_credit` `create`; a resource in another has a point in its name."""

    client: str
    resource: str
    name: str

    def __str__(self) -> str:
        return f"{self.client}.{self.resource}.{self.name}"

    @property
    def kind(self) -> str:
        """The client without what all clients are called."""
        return self.client.removeprefix("Async").removesuffix("Client")

    @property
    def system(self) -> str:
        """The system it belongs to."""
        return BEGINNINGS[self.kind].partition(".")[0]

    @property
    def operation(self) -> str:
        """The operation it must stand for."""
        return f"{BEGINNINGS[self.kind]}.{self.resource}.{self.name}"

    @property
    def waits(self) -> bool:
        """Whether it blocks rather than being awaited."""
        return not self.client.startswith("Async")

    def make(self, url: str, **settings: Any) -> Any:
        """A client that would call this method."""
        return getattr(store_credit, self.client)(base_url=url, max_retries=0, **CREDENTIALS[self.kind], **settings)

    def of(self, client: Any) -> Any:
        """The method itself."""
        return reduce(getattr, [*self.resource.split("."), self.name], client)


@cache
def plan() -> Mapping[str, PlannedMethod]:
    """What the generator reads in the document, by operation."""
    systems = read_plan(Parsed.read(BUNDLED, Path("store_credit"), simplify=True)).systems
    return {one.operation_id: one for system in systems for resource in system.resources for one in resource.methods}


def methods() -> Iterator[Method]:
    """The method of every operation that has one, on each client of its system."""
    for operation, one in document().operations.items():
        if "x-no-sdk-method" in one.definition:
            continue
        for client, begun in BEGINNINGS.items():
            if operation.startswith(f"{begun}."):
                resource, _, name = operation.removeprefix(f"{begun}.").rpartition(".")
                for kind in ("", "Async"):
                    yield Method(f"{kind}{client}Client", resource, name)


def public_methods(waits: bool) -> Iterator[str]:
    """The operations that the clients of the package really offer."""
    for client in (one for one in store_credit.__all__ if one.endswith("Client") and waits != one.startswith("Async")):
        made = Method(client, "", "").make("http://127.0.0.1:9")
        for resource, found in _resources(made):
            for name, _ in inspect.getmembers(type(found), inspect.isfunction):
                if not name.startswith("_"):
                    yield Method(client, resource, name).operation


def _resources(owner: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The resources of a client, and those in them, by their chains of names."""
    for name, _ in inspect.getmembers(type(owner), lambda member: isinstance(member, cached_property)):
        found = getattr(owner, name)
        yield prefix + name, found
        yield from _resources(found, f"{prefix}{name}.")


@dataclass(frozen=True)
class Call:
    """Arguments for a method, and where they are from."""

    name: str
    arguments: Mapping[str, Any]


def calls(document: Document, method: Method) -> Iterator[Call]:
    """Calls with the document's own data: one for each example of the body, each credential, and all arguments.

    Raises:
        LookupError: The method has an argument that nothing in the document gives a value for.
    """
    operation, planned = document.operations[method.operation], plan()[method.operation]
    bodies = dict(_bodies(document, operation))
    shown: dict[str, Any] = dict(WITHOUT_EXAMPLE)
    for other in document.operations.values():
        if other.id.startswith(f"{method.system}.") and other.id in plan():
            for _, body in _bodies(document, other):
                shown |= body
    for body in bodies.values():
        shown |= body
    inputs = {definition["name"]: location for location, definition in operation.parameters}
    everything = {
        one.name: shown[one.wire] if one.location == "body" else parameter_value(document, inputs[one.wire])
        for one in planned.arguments
        # What the document does not know stands where the filters that it knows do.
        if one.name != "filter_unchecked"
    }
    needed = {one.name: everything[one.name] for one in planned.arguments if one.required and one.location != "body"}
    if planned.reference_description is not None:
        everything["reference"] = "refund-4711"
    tokens = list(_call_credentials(document, operation)) or [{}]
    for choice in tokens:
        everything |= choice
    for name, body in (bodies or {"plain": {}}).items():
        yield Call(name, needed | tokens[0] | body)
    for choice in filter(None, tokens[1:]):
        yield Call(" and ".join(choice), needed | choice | next(iter(bodies.values()), {}))
    yield Call("every argument", everything)


def _bodies(document: Document, operation: OperationDefinition) -> Iterator[tuple[str, dict[str, Any]]]:
    root = plan()[operation.id].root
    content = operation.definition.get("requestBody", {}).get("content", {}).get(JSON, {})
    for name in content.get("examples", {}):
        location = join(operation.pointer, "requestBody", "content", JSON, "examples", name)
        body = document.resolve(location)[1]["value"]
        # YAML reads amounts as floats, which the SDK refuses as it should.
        values = (body[root] if root else body).items()
        yield name, {key: Decimal(str(one)) if isinstance(one, float) else one for key, one in values}


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
