"""What exchanges have shown of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from difflib import get_close_matches
from fnmatch import fnmatchcase
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

import orjson

from store_credit_mock.contract import Contract, Operation, read_body, read_query
from store_credit_mock.coverage.annotated_schemas import AnnotatedSchemas, Element
from store_credit_mock.coverage.inventory import Inventory
from store_credit_mock.coverage.points import KINDS, Kind, Point

if TYPE_CHECKING:
    from store_credit_mock.core.exchange_log import Exchange
    from store_credit_mock.http import Request, Response

__all__ = ["FORMAT", "Coverage", "CoverageError", "Part", "Total"]

FORMAT: Final = 1
"""The version of the JSON form."""
_KNOWN: Final = 1024
"""How many bodies are remembered: who polls a list sees the same again and again."""


class CoverageError(ValueError):
    """Coverage that cannot be read, merged or asked for so; the text says why and what to do."""


class Part(TypedDict):
    """The points of one kind of one operation, by name."""

    seen: list[str]
    missing: list[str]


class Total(TypedDict):
    """How many points were seen, of how many; `percent` is rounded down to two decimals."""

    seen: int
    all: int
    percent: float


class Coverage:
    """Counts which points of a document were exercised. Holds names from the document only, never what was sent.

    ```python
    coverage = Coverage(contract)
    coverage.add(exchange)
    ```

    Args:
        contract: The compiled document.

    Attributes:
        operations: Points of each operation by its operationId, in the order of the document.
    """

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._lock = Lock()
        schemas = AnnotatedSchemas(contract.document)
        self.operations: Mapping[str, Inventory] = {
            operation.id: Inventory(schemas, operation) for operation in contract.operations.values()
        }
        self._bodies: set[int] = set()
        """Hashes of bodies with what they are of; a body itself may hold a secret."""

    @property
    def digest(self) -> str:
        """SHA-256 of the document's text."""
        return self._contract.document.digest

    # Counting

    def add(self, exchange: Exchange) -> None:
        """Count what an exchange validly shows; an operation the document lacks shows nothing."""
        inventory = self.operations.get(exchange.operation)
        if inventory is None:
            return
        operation = self._contract.operations[exchange.operation]
        wrong = {violation.side for violation in exchange.violations}
        shown: set[Point] = set()
        if "request" not in wrong:
            shown |= self._of_parameters(inventory, operation, exchange.request)
            shown |= self._of_body(inventory, operation, exchange.request)
        if "response" not in wrong and not exchange.response.incomplete:
            of_response = self._of_response(inventory, operation, exchange)
            shown |= of_response
            if of_response and "request" not in wrong and exchange.response.status < 400:
                shown.add(inventory.success)
        if not shown <= inventory.seen:
            with self._lock:
                inventory.seen |= shown

    def _of_parameters(self, inventory: Inventory, operation: Operation, request: Request) -> set[Point]:
        shown: set[Point] = set()
        if inventory.parameter_points <= inventory.seen:
            return shown
        match = self._contract.find(request.method, request.path)
        path: Mapping[str, str] = {} if match is None else match.path
        sent = operation.parameters.headers.joined(request.headers, request.first_headers)
        values = operation.parameters.values(path, read_query(request.query), sent)
        for (place, name), element in inventory.parameters.items():
            if name in values[place]:
                shown |= element.own
                if not element.inner <= inventory.seen:
                    shown |= element.shown(values[place][name])
        return shown

    def _of_body(self, inventory: Inventory, operation: Operation, request: Request) -> set[Point]:
        body = read_body(request)
        listed = operation.request_bodies.name(body.media_type)
        element = None if listed is None else inventory.bodies.get(listed)
        if listed is None or element is None or body.kind not in {"json", "form"}:
            return set()
        value = body.value
        if body.kind == "form":
            form = operation.request_bodies[listed].form
            value = {} if form is None else form.values(value)
        return self._of_value(inventory, element, value, request.body) | element.own

    def _of_response(self, inventory: Inventory, operation: Operation, exchange: Exchange) -> set[Point]:
        response, planned = exchange.response, exchange.fault is not None
        sent = response.header("content-type") if response.body else None
        media_type = (sent or "").partition(";")[0].strip().lower()
        element = inventory.response(response.status, media_type)
        if element is None:
            return set()
        value = _json(response) if response.body else None
        if value is _NO_JSON and (element.inner or planned):
            return set()
        # A scheduled fault may have spoiled a response after it was found right.
        head = exchange.request.method == "HEAD"
        if planned and self._contract.check_response(
            operation, response.status, response.headers, media_type or None, value, head=head
        ):
            return set()
        return self._of_value(inventory, element, value, response.body) | element.own

    def _of_value(self, inventory: Inventory, element: Element, value: Any, content: bytes) -> set[Point]:
        """Find the points that the value of a body shows; none if it cannot show anything new."""
        known = hash((id(element), content))
        if element.inner <= inventory.seen or known in self._bodies:
            return set()
        if len(self._bodies) >= _KNOWN:
            self._bodies.clear()
        self._bodies.add(known)
        return element.shown(value)

    # Merging

    def merge(self, other: Coverage) -> None:
        """Add what another coverage of the same document has seen.

        Raises:
            CoverageError: It is of another document.
        """
        self._refuse_another(other.digest, other._contract.document.version, "the other coverage")
        with self._lock:
            for name, inventory in other.operations.items():
                self.operations[name].seen |= inventory.seen

    def clear(self) -> None:
        """Forget everything that was seen."""
        with self._lock:
            for inventory in self.operations.values():
                inventory.seen.clear()
            self._bodies.clear()

    # Results

    def only(self, patterns: Sequence[str]) -> Coverage:
        """Show the same coverage through some operations: totals and reports are of these; counting goes on in both.

        Args:
            patterns: operationIds or patterns such as `vinr.*`; none means all.

        Raises:
            CoverageError: A pattern fits no operation.
        """
        if not patterns:
            return self
        for pattern in patterns:
            if not any(fnmatchcase(name, pattern) for name in self.operations):
                near = get_close_matches(pattern, self.operations, 3, 0.5) or list(self.operations)[:1]
                raise CoverageError(
                    f"{pattern} matches no operation of the OpenAPI document; the nearest names are {', '.join(near)}"
                )
        part = copy(self)
        part.operations = {
            name: inventory
            for name, inventory in self.operations.items()
            if any(fnmatchcase(name, pattern) for pattern in patterns)
        }
        return part

    def parts(self, operation: str) -> dict[Kind, Part]:
        """Name what was seen and what is missing of one operation, by kind of point."""
        inventory = self.operations[operation]
        return {
            kind: {"seen": inventory.names(kind, seen=True), "missing": inventory.names(kind, seen=False)}
            for kind in KINDS
        }

    def total(self, kind: Kind | None = None, operation: str | None = None) -> Total:
        """Count points: of one kind or of all, of one operation or of all. Each point counts the same."""
        chosen = self.operations.values() if operation is None else (self.operations[operation],)
        points = [(point in each.seen) for each in chosen for point in each.places if kind in {None, point[0]}]
        seen, known = sum(points), len(points)
        percent = seen * 10_000 // known / 100 if known else 100.0
        return {"seen": seen, "all": known, "percent": percent}

    @property
    def percent(self) -> float:
        """How much of the document was seen, of 100, rounded down to two decimals."""
        return self.total()["percent"]

    def to_json(self) -> dict[str, Any]:
        """Return everything as a JSON value: the report, and what `from_json` takes."""
        document = self._contract.document
        return {
            "format": FORMAT,
            "document": {"version": document.version, "digest": document.digest},
            "total": self.total(),
            "kinds": {kind: self.total(kind) for kind in KINDS},
            "operations": {name: {"total": self.total(operation=name), **self.parts(name)} for name in self.operations},
        }

    @classmethod
    def from_json(cls, contract: Contract, value: Any, source: str = "the coverage") -> Coverage:
        """Read what `to_json` gave.

        Args:
            contract: The document it was counted against.
            value: The JSON value. Only what was seen is taken from it; the rest follows from the document.
            source: What to call it in an error.

        Raises:
            CoverageError: It is not a coverage file of this form, or of another document.
        """
        made = cls(contract)
        try:
            if value["format"] != FORMAT:
                raise CoverageError(
                    f"{source} has format {value['format']!r}, but this version of store-credit-mock supports "
                    f"only {FORMAT}"
                )
            made._refuse_another(str(value["document"]["digest"]), str(value["document"]["version"]), source)
            for name, kinds in value["operations"].items():
                made._take(source, name, kinds)
        except (KeyError, TypeError, AttributeError) as error:
            raise CoverageError(f"{source} is not a coverage file written by store-credit-mock") from error
        return made

    def _take(self, source: str, name: str, kinds: Mapping[str, Any]) -> None:
        inventory = self.operations.get(name)
        if inventory is None:
            raise CoverageError(f"{source}: the OpenAPI document has no operation {name}; was the file edited?")
        for kind in KINDS:
            for point in cast("list[str]", kinds[kind]["seen"]):
                if (kind, point) not in inventory.places:
                    raise CoverageError(f"{source}: {name} has no {kind} {point[:200]!r}; was the file edited?")
                inventory.seen.add((kind, point))

    def _refuse_another(self, digest: str, version: str, source: str) -> None:
        own = self._contract.document
        if digest != own.digest:
            raise CoverageError(
                f"{source} belongs to a different document ({version}, digest {digest[:12]}), not to this one "
                f"({own.version}, digest {own.digest[:12]}); measure again, or select that document with --document"
            )

    def __repr__(self) -> str:
        return f"<Coverage {self.percent} % of document {self._contract.document.version}>"


_NO_JSON: Final = object()


def _json(response: Response) -> Any:
    try:
        return orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return _NO_JSON
