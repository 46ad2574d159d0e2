"""What the control plane's own routes take and send. The classes are its schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from store_credit_mock.core.engine import SNAPSHOT
from store_credit_mock.core.faults import Fault
from store_credit_mock.systems.json_types import Count, Named, Page, Schema

__all__ = [
    "Advance",
    "BriefExchange",
    "BriefExchangeList",
    "Clock",
    "CoverageOfOperation",
    "CoverageReport",
    "CoverageTotal",
    "CoveredDocument",
    "CoveredPoints",
    "Document",
    "Exchange",
    "ExchangeList",
    "ExchangedRequest",
    "ExchangedResponse",
    "FaultList",
    "Fixtures",
    "Freeze",
    "Health",
    "InspectorLink",
    "InvariantViolation",
    "Invariants",
    "Operation",
    "PlannedFault",
    "Snapshot",
    "Violation",
]

Status = Annotated[int, Schema(minimum=100, maximum=599)]
HeaderPair = Annotated[list[str], Schema(minItems=2, maxItems=2, description="Name and value.")]
_ANY_OBJECT = {"type": "object", "additionalProperties": True}
Document = Annotated[
    dict[str, Any],
    Named(
        "Document",
        {
            "type": "object",
            "description": "An OpenAPI document.",
            "required": ["openapi", "info", "paths", "components"],
            "properties": {
                "openapi": {"type": "string"},
                "info": _ANY_OBJECT,
                "tags": {"type": "array", "items": _ANY_OBJECT},
                "paths": _ANY_OBJECT,
                "components": _ANY_OBJECT,
            },
        },
    ),
]
Fixtures = Annotated[dict[str, Any], Named("Fixtures", {"type": "object"})]
"""By system; an engine puts in place of this schema one of what its systems take."""
Snapshot = Annotated[dict[str, Any], Named("Snapshot", SNAPSHOT)]


@dataclass(frozen=True)
class Health:
    """The mock is ready.

    Attributes:
        status: Nothing else is ever said.
        document: Version of the OpenAPI document it plays.
        digest: SHA-256 of that document.
        mode: Whether requests that break the document are refused (`strict`) or only noted (`observe`).
        profile: Version of Spree that is played.
        seeded: Whether ids are made from a seed, and so are the same in every run.
        systems: The systems it plays.
        storage: Where the sandbox is kept.
        exchanges: How many exchanges are kept.
        violations: How many exchanges broke the document.
    """

    status: Literal["ready"]
    document: str
    digest: str
    mode: Literal["strict", "observe"]
    profile: str
    seeded: bool
    systems: list[str]
    storage: Literal["sqlite", "postgresql"]
    exchanges: Count
    violations: Count


@dataclass(frozen=True)
class Clock:
    """The sandbox's time.

    Attributes:
        now: Unix milliseconds.
        at: The same as ISO 8601 in UTC.
        mode: How it runs: as the machine's, not at all, or from one request to the next.
    """

    now: int
    at: Annotated[str, Schema(format="date-time")]
    mode: Literal["real", "frozen", "stepping"]


@dataclass(frozen=True)
class Freeze:
    """When the clock is to stand.

    Attributes:
        at: ISO 8601 with a zone, or Unix seconds; now if left out.
    """

    at: str | float | None = None


@dataclass(frozen=True)
class Advance:
    """How far the clock is to move.

    Attributes:
        seconds: Seconds.
    """

    seconds: Annotated[float, Schema(minimum=0, maximum=10000000000.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFault(Fault):
    """A fault that is planned.

    Attributes:
        seen: How many requests of its operation there were since.
        struck: How many of them it struck.
    """

    seen: Count = 0
    struck: Count = 0


@dataclass(frozen=True)
class FaultList(Page[PlannedFault]):
    """The faults that are planned.

    Attributes:
        data: In the order they were planned.
        unfinished: How many requests still run although their responses are lost, see `commit_after` of a fault.
    """

    data: list[PlannedFault]
    unfinished: Count


@dataclass(frozen=True)
class Violation:
    """One way in which an exchange breaks the document.

    Attributes:
        side: Whose fault: `request`, `response`, or `webhook` for a delivery of the mock's own.
        operation: operationId; empty if the document has no such operation.
        pointer: JSON pointer into the exchange: `/query/limit`, `/header/idempotency-key`, `/body/amount`, `/status`.
        keyword: The rule: a JSON Schema keyword, or `content-type`, `method`, `path`, `status`, `json`.
        expected: What the rule asks for, as text.
        got: What was there, as text, cut at 200 characters.
        message: A sentence.
        line: Line in openapi.yaml of the rule, counted from 1; null if no line says it.
    """

    side: Literal["request", "response", "webhook"]
    operation: str
    pointer: str
    keyword: str
    expected: str
    got: str
    message: str
    line: int | None


@dataclass(frozen=True)
class ExchangedRequest:
    """What came in; credentials are redacted.

    Attributes:
        method: In capitals.
        path: As it was sent.
        query: Without the question mark; empty if there was none.
        headers: In the order they were sent.
        body: As text, cut at 65,536 bytes.
    """

    method: str
    path: str
    query: str
    headers: list[HeaderPair]
    body: str


@dataclass(frozen=True)
class ExchangedResponse:
    """What went out; credentials are redacted.

    Attributes:
        status: HTTP status.
        headers: In the order they were sent.
        body: As text, cut at 65,536 bytes; of a long one, after a while, the first 4,096.
        dropped: Whether a planned fault closed the connection before its end.
    """

    status: Status
    headers: list[HeaderPair]
    body: str
    dropped: bool


@dataclass(frozen=True)
class Exchange:
    """One request and its response.

    Attributes:
        number: The request's number in its sandbox, from 1.
        at: The sandbox's time, in Unix milliseconds.
        operation: operationId; null if the document has none for it.
        request: What came in.
        response: What went out.
        violations: What broke the document, on either side.
        fault: Id of the planned fault that struck.
    """

    number: Count
    at: int
    operation: str | None
    request: ExchangedRequest
    response: ExchangedResponse
    violations: list[Violation]
    fault: str | None


@dataclass(frozen=True)
class BriefExchange:
    """One request and its response in a line.

    Attributes:
        number: The request's number in its sandbox, from 1.
        at: The sandbox's time, in Unix milliseconds.
        operation: operationId; null if the document has none for it.
        method: In capitals.
        path: As it was sent.
        query: Without the question mark; credentials are redacted.
        status: HTTP status.
        dropped: Whether a planned fault closed the connection before the response's end.
        violations: How many there are, on either side.
        fault: Id of the planned fault that struck.
    """

    number: Count
    at: int
    operation: str | None
    method: str
    path: str
    query: str
    status: Status
    dropped: bool
    violations: Count
    fault: str | None


@dataclass(frozen=True)
class ExchangeList(Page[Exchange]):
    """The exchanges that were asked for.

    Attributes:
        data: Oldest first.
        total: How many there are that were asked for.
        last: Number of the newest exchange of all; 0 if there is none.
        cleared: How often the exchanges were cleared.
        evicted: How many have given way to newer ones since then; only while it is 0 is a count of those shown one of
            all there were.
    """

    data: list[Exchange]
    total: Count
    last: Count
    cleared: Count
    evicted: Count


@dataclass(frozen=True)
class BriefExchangeList(Page[BriefExchange]):
    """The exchanges that were asked for, in a line each.

    Attributes:
        data: Oldest first.
        total: How many there are that were asked for.
        last: Number of the newest exchange of all; 0 if there is none.
        cleared: How often the exchanges were cleared.
        evicted: How many have given way to newer ones since then.
    """

    data: list[BriefExchange]
    total: Count
    last: Count
    cleared: Count
    evicted: Count


@dataclass(frozen=True)
class Operation:
    """An operation of the document.

    Attributes:
        id: operationId.
        system: The system it belongs to.
        method: In capitals.
        path: With `{name}` for parameters.
        line: Its line in openapi.yaml, counted from 1.
    """

    id: str
    system: str
    method: str
    path: str
    line: int | None


@dataclass(frozen=True)
class InvariantViolation:
    """One bound that does not hold.

    Attributes:
        system: Whose, or `ledger` for all.
        rule: Its name.
        subject: What breaks it: an account, a purchase.
        text: The numbers.
        allowed: The real server lets this happen too, and where that is known from; empty means it is a defect.
    """

    system: str
    rule: str
    subject: str
    text: str
    allowed: str


@dataclass(frozen=True)
class Invariants:
    """What must always hold.

    Attributes:
        holds: Whether all of it does, but for what is allowed.
        broken: What is a defect.
        allowed: What the real server breaks, too.
    """

    holds: bool
    broken: list[InvariantViolation]
    allowed: list[InvariantViolation]


@dataclass(frozen=True)
class InspectorLink:
    """A link that opens the inspector once.

    Attributes:
        path: To be opened in a browser, at the address of the mock.
    """

    path: Annotated[str, Schema(format="password")] = field(repr=False)


@dataclass(frozen=True)
class CoverageTotal:
    """How many points of the document were seen.

    Attributes:
        seen: How many were seen.
        all: How many there are.
        percent: Of 100, rounded down to two decimals.
    """

    seen: Count
    all: Count
    percent: Annotated[float, Schema(minimum=0, maximum=100)]


@dataclass(frozen=True)
class CoveredPoints:
    """The points of one kind of one operation.

    Attributes:
        seen: Those that were seen.
        missing: Those that were not.
    """

    seen: list[str]
    missing: list[str]


@dataclass(frozen=True)
class CoverageOfOperation:
    """What was seen of one operation.

    Attributes:
        total: Of all kinds.
        operations: The operation itself.
        statuses: Statuses of its responses.
        parameters: Of path, query and header.
        media_types: Of bodies, on either side.
        fields: Members of bodies, on either side.
        values: Values of enums, and alternatives.
    """

    total: CoverageTotal
    operations: CoveredPoints
    statuses: CoveredPoints
    parameters: CoveredPoints
    media_types: CoveredPoints
    fields: CoveredPoints
    values: CoveredPoints


@dataclass(frozen=True)
class CoveredDocument:
    """The document that was counted against.

    Attributes:
        version: Its version.
        digest: Its SHA-256.
    """

    version: str
    digest: str


@dataclass(frozen=True)
class CoverageReport:
    """Which parts of the document were exercised.

    Attributes:
        format: Version of this form.
        document: What was counted against.
        total: Of all kinds and operations.
        kinds: By kind of point.
        operations: By operationId.
    """

    format: int
    document: CoveredDocument
    total: CoverageTotal
    kinds: dict[str, CoverageTotal]
    operations: dict[str, CoverageOfOperation]
