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
from store_credit_mock.contract.parameters import typed
from store_credit_mock.coverage.inventory import Answer, Universe
from store_credit_mock.coverage.points import KINDS, Kind
from store_credit_mock.coverage.schema_tree import look
from store_credit_mock.coverage.unions import Judge

if TYPE_CHECKING:
    from store_credit_mock.core.exchange_log import Exchange
    from store_credit_mock.http import Request, Response

__all__ = ["FORMAT", "Coverage", "CoverageError", "Part", "Total"]

FORMAT: Final = 1
"""The version of the JSON form."""
_KNOWN: Final = 1024
"""How many queries, longer bodies, and pairs of status and content type are remembered."""
_LONG: Final = 1024
"""Bytes of a body from which on it is worth remembering: polling a list shows the same again and again."""


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
        judge = Judge(contract.document)
        self.operations: Mapping[str, Universe] = {
            operation.id: Universe(contract.document, operation, judge) for operation in contract.operations.values()
        }
        self._queries: set[int] = set()
        """Hashes of operations with their queries; a query itself may hold a secret."""
        self._bodies: set[int] = set()
        """Hashes of longer bodies with the responses they came in."""
        self._answers: dict[tuple[str, int, bytes], Answer | None] = {}

    @property
    def digest(self) -> str:
        """SHA-256 of the document's text."""
        return self._contract.document.digest

    # Counting

    def add(self, exchange: Exchange) -> None:
        """Count what an exchange validly shows; an operation the document lacks shows nothing."""
        universe = self.operations.get(exchange.operation)
        if universe is None:
            return
        request_holds = response_holds = True
        for violation in exchange.violations:
            if violation.side == "request":
                request_holds = False
            elif violation.side == "response":
                response_holds = False
        bits = 0
        points = universe.points
        if request_holds and universe.request_reach & ~points.seen:
            bits = self._of_request(universe, self._contract.operations[exchange.operation], exchange.request)
        response = exchange.response
        if response_holds and not response.incomplete:
            shown = self._of_response(universe, exchange)
            if shown and request_holds and response.status < 400:
                shown |= universe.operation_bit
            bits |= shown
        if bits & ~points.seen:
            with self._lock:
                points.mark(bits)

    def _of_request(self, universe: Universe, operation: Operation, request: Request) -> int:
        points = universe.points
        missing = ~points.seen
        bits = 0
        if universe.parameter_reach & missing:
            bits = self._of_parameters(universe, operation, request)
        if not universe.bodies:
            return bits
        sent = request.first_headers.get(b"content-type", b"")
        found = universe.bodies.get(sent.partition(b";")[0].strip().lower().decode("latin-1"))
        if found is None:
            return bits
        bit, node = found
        if not (bit | node.reach) & missing:
            return bits
        body = read_body(request)
        if body.kind not in {"json", "form"}:
            return bits
        value = body.value
        if body.kind == "form":
            types = operation.form_types
            value = {name: typed(text, types.get(name, frozenset())) for name, text in value}
        return bits | bit | look(node, value, points)

    def _of_parameters(self, universe: Universe, operation: Operation, request: Request) -> int:
        points = universe.points
        places = universe.parameters
        bits = 0
        query = request.query
        if query:
            key = hash((operation.id, query))
            if key not in self._queries:
                values = operation.parameters.plan.values(read_query(query))
                bits |= _shown(places["query"], values, universe)
                if len(self._queries) >= _KNOWN:
                    self._queries.clear()
                self._queries.add(key)
        missing = ~points.seen
        for name, (bit, node) in places["header"].items():
            if (bit | node.reach) & missing:
                value = request.header(name)
                if value is not None:
                    bits |= bit | look(node, value, points)
        for bit, node in places["path"].values():
            if (bit | node.reach) & missing:
                match = self._contract.find(request.method, request.path)
                if match is not None:
                    bits |= _shown(places["path"], match.path, universe)
                break
        return bits

    def _of_response(self, universe: Universe, exchange: Exchange) -> int:
        response = exchange.response
        sent = b""
        for name, value in response.headers:
            if len(name) == 12 and name.lower() == b"content-type":
                sent = value
                break
        if not response.body:
            sent = b""
        key = (exchange.operation, response.status, sent)
        try:
            answer = self._answers[key]
        except KeyError:
            media_type = sent.partition(b";")[0].strip().lower().decode("latin-1")
            answer = universe.answer(response.status, media_type)
            if len(self._answers) >= _KNOWN:
                self._answers.clear()
            self._answers[key] = answer
        if answer is None or (exchange.fault is not None and not self._keeps_to_the_document(exchange)):
            return 0
        node, points = answer.body, universe.points
        if node is None or not node.live(points):
            return answer.bits
        if len(response.body) < _LONG:
            value = _json(response)
            return 0 if value is _NO_JSON else answer.bits | look(node, value, points)
        known = hash((key, response.body))
        if known in self._bodies:
            return answer.bits
        value = _json(response)
        if value is _NO_JSON:
            return 0
        if len(self._bodies) >= _KNOWN:
            self._bodies.clear()
        self._bodies.add(known)
        return answer.bits | look(node, value, points)

    def _keeps_to_the_document(self, exchange: Exchange) -> bool:
        """Check a response that a planned fault may have spoiled after it was found right."""
        response = exchange.response
        sent = response.header("content-type")
        operation = self._contract.operations[exchange.operation]
        media_type = None if sent is None or not response.body else sent.partition(";")[0]
        value = _json(response) if response.body else None
        if value is _NO_JSON:
            return False
        head = exchange.request.method == "HEAD"
        return not self._contract.check_response(
            operation, response.status, response.headers, media_type, value, head=head
        )

    # Merging

    def merge(self, other: Coverage) -> None:
        """Add what another coverage of the same document has seen.

        Raises:
            CoverageError: It is of another document.
        """
        self._refuse_another(other.digest, other._contract.document.version, "the other coverage")
        with self._lock:
            for name, universe in other.operations.items():
                self.operations[name].points.mark(universe.points.seen)

    def clear(self) -> None:
        """Forget everything that was seen."""
        with self._lock:
            for universe in self.operations.values():
                universe.points.forget()
            self._queries.clear()
            self._bodies.clear()

    # Results

    def only(self, patterns: Sequence[str]) -> Coverage:
        """The same coverage seen through some operations: totals and reports are of these; counting goes on in both.

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
                raise CoverageError(f"{pattern}: fits no operation of the document; near ones are {', '.join(near)}")
        part = copy(self)
        part.operations = {
            name: universe
            for name, universe in self.operations.items()
            if any(fnmatchcase(name, pattern) for pattern in patterns)
        }
        return part

    def parts(self, operation: str) -> dict[Kind, Part]:
        """What was seen and what is missing of one operation, by kind of point."""
        points = self.operations[operation].points
        return {
            kind: {"seen": points.names(kind, points.seen), "missing": points.names(kind, ~points.seen)}
            for kind in KINDS
        }

    def total(self, kind: Kind | None = None, operation: str | None = None) -> Total:
        """Count points: of one kind or of all, of one operation or of all. Each point counts the same."""
        chosen = self.operations.values() if operation is None else (self.operations[operation],)
        seen = known = 0
        for universe in chosen:
            for each in KINDS if kind is None else (kind,):
                one, all_ = universe.points.count(each)
                seen, known = seen + one, known + all_
        percent = seen * 10_000 // known / 100 if known else 100.0
        return {"seen": seen, "all": known, "percent": percent}

    @property
    def percent(self) -> float:
        """How much of the document was seen, of 100, rounded down to two decimals."""
        return self.total()["percent"]

    def to_json(self) -> dict[str, Any]:
        """Everything as a JSON value: the report, and what `from_json` takes."""
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
                    f"{source}: has form {value['format']!r}, this version of store-credit-mock reads {FORMAT}"
                )
            made._refuse_another(str(value["document"]["digest"]), str(value["document"]["version"]), source)
            for name, kinds in value["operations"].items():
                made._take(source, name, kinds)
        except (KeyError, TypeError, AttributeError) as error:
            raise CoverageError(f"{source}: is not a coverage file that store-credit-mock wrote") from error
        return made

    def _take(self, source: str, name: str, kinds: Mapping[str, Any]) -> None:
        universe = self.operations.get(name)
        if universe is None:
            raise CoverageError(f"{source}: the document has no operation {name}; was the file edited?")
        bits = 0
        for kind in KINDS:
            for point in cast("list[str]", kinds[kind]["seen"]):
                bit = universe.points.known(kind, point)
                if not bit:
                    raise CoverageError(f"{source}: {name} has no {kind} {point[:200]!r}; was the file edited?")
                bits |= bit
        universe.points.mark(bits)

    def _refuse_another(self, digest: str, version: str, source: str) -> None:
        own = self._contract.document
        if digest != own.digest:
            raise CoverageError(
                f"{source}: was counted against another document ({version}, digest {digest[:12]}) than this one"
                f" ({own.version}, digest {own.digest[:12]}); count again, or name that document with --document"
            )

    def __repr__(self) -> str:
        return f"<Coverage {self.percent} % of document {self._contract.document.version}>"


_NO_JSON: Final = object()


def _json(response: Response) -> Any:
    try:
        return orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return _NO_JSON


def _shown(parameters: Mapping[str, Any], values: Mapping[str, Any], universe: Universe) -> int:
    bits = 0
    for name, value in values.items():
        found = parameters.get(name)
        if found is not None:
            bits |= found[0] | look(found[1], value, universe.points)
    return bits
