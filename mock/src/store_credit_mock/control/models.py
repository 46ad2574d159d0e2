"""What the control plane's own routes take and send. The classes are its schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from store_credit_mock.contract import Violation
from store_credit_mock.core.faults import Fault
from store_credit_mock.core.snapshot_schema import SNAPSHOT
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
    "ExchangeCount",
    "ExchangeList",
    "ExchangedRequest",
    "ExchangedResponse",
    "Expectation",
    "FaultList",
    "Fixtures",
    "Freeze",
    "Health",
    "InspectorLink",
    "InvariantViolation",
    "Invariants",
    "Operation",
    "PlannedFault",
    "SandboxState",
    "Snapshot",
    "Timeout",
    "Wanted",
]

Status = Annotated[int, Schema(minimum=100, maximum=599)]
Wanted = Annotated[int, Schema(minimum=1)]
Timeout = Annotated[float, Schema(minimum=0, maximum=300)]
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
    """The mock is ready."""

    status: Annotated[Literal["ready"], "Always `ready`."]
    document: Annotated[str, "Version of the OpenAPI document that the mock follows."]
    digest: Annotated[str, "SHA-256 of that document."]
    mode: Annotated[
        Literal["strict", "observe"],
        "Whether requests that violate the OpenAPI document are rejected or only reported.",
    ]
    options: Annotated[dict[str, str], "The systems' options that are set, as text; without secrets."]
    seeded: Annotated[bool, "Whether ids are generated from a seed, and so are the same in every run."]
    systems: Annotated[list[str], "The systems that the mock serves."]
    storage: Annotated[str, "Where the sandbox is stored: `sqlite` or `postgresql`."]
    exchanges: Annotated[Count, "How many exchanges are stored."]
    violations: Annotated[Count, "How many exchanges violated the OpenAPI document."]


@dataclass(frozen=True)
class Clock:
    """The sandbox's time."""

    now: Annotated[int, "Unix milliseconds."]
    at: Annotated[str, Schema(format="date-time"), "The same time in ISO 8601 format, in UTC."]
    mode: Annotated[
        Literal["real", "frozen", "stepping"],
        "Whether the clock runs like the machine's clock, is frozen, or advances with each request.",
    ]


@dataclass(frozen=True)
class Freeze:
    """When to stop the clock."""

    at: Annotated[str | float | None, "ISO 8601 with a time zone, or Unix seconds; by default, the current time."] = (
        None
    )


@dataclass(frozen=True)
class Advance:
    """How far to move the clock."""

    seconds: Annotated[float, Schema(minimum=0, maximum=10000000000.0), "Seconds."]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFault(Fault):
    """A scheduled fault."""

    seen: Annotated[Count, "How many requests of its operation have arrived since then."] = 0
    struck: Annotated[Count, "How many of them it affected."] = 0


@dataclass(frozen=True)
class FaultList(Page[PlannedFault]):
    """The scheduled faults."""

    data: Annotated[list[PlannedFault], "In the order in which they were scheduled."]
    unfinished: Annotated[
        Count, "How many requests are still running although their responses were lost (`commit_after`)."
    ]


@dataclass(frozen=True)
class ExchangedRequest:
    """The request; credentials are redacted."""

    method: Annotated[str, "In uppercase."]
    path: Annotated[str, "As sent."]
    query: Annotated[str, "Without the question mark; empty if there was none."]
    headers: Annotated[list[HeaderPair], "In the order in which they were sent."]
    body: Annotated[str, "As text, truncated after 65,536 bytes."]


@dataclass(frozen=True)
class ExchangedResponse:
    """The response; credentials are redacted."""

    status: Annotated[Status, "HTTP status."]
    headers: Annotated[list[HeaderPair], "In the order in which they were sent."]
    body: Annotated[str, "As text, truncated after 65,536 bytes; later, only the first 4,096 are kept."]
    dropped: Annotated[bool, "Whether a scheduled fault closed the connection before its end."]


@dataclass(frozen=True)
class Exchange:
    """One request and its response."""

    number: Annotated[Count, "The request's number in its sandbox, from 1."]
    at: Annotated[int, "The sandbox's time, in Unix milliseconds."]
    operation: Annotated[str | None, "operationId; null if the OpenAPI document has none for it."]
    request: Annotated[ExchangedRequest, "The request."]
    response: Annotated[ExchangedResponse, "The response."]
    violations: Annotated[list[Violation], "Violations of the OpenAPI document, by the request or the response."]
    fault: Annotated[str | None, "Id of the scheduled fault that affected it."]


@dataclass(frozen=True)
class BriefExchange:
    """One request and its response in one line."""

    number: Annotated[Count, "The request's number in its sandbox, from 1."]
    at: Annotated[int, "The sandbox's time, in Unix milliseconds."]
    operation: Annotated[str | None, "operationId; null if the OpenAPI document has none for it."]
    method: Annotated[str, "In uppercase."]
    path: Annotated[str, "As sent."]
    query: Annotated[str, "Without the question mark; credentials are redacted."]
    status: Annotated[Status, "HTTP status."]
    dropped: Annotated[bool, "Whether a scheduled fault closed the connection before the response's end."]
    violations: Annotated[Count, "How many there are, by the request or the response."]
    fault: Annotated[str | None, "Id of the scheduled fault that affected it."]


@dataclass(frozen=True)
class ExchangeList(Page[Exchange]):
    """The requested exchanges."""

    data: Annotated[list[Exchange], "Oldest first."]
    total: Annotated[Count, "How many match."]
    last: Annotated[Count, "Number of the newest exchange of all; 0 if there is none."]
    cleared: Annotated[Count, "How often the exchanges were cleared."]
    evicted: Annotated[Count, "How many have been replaced by newer ones since then; 0 means that none is missing."]


@dataclass(frozen=True)
class BriefExchangeList(Page[BriefExchange]):
    """The requested exchanges, in one line each."""

    data: Annotated[list[BriefExchange], "Oldest first."]
    total: Annotated[Count, "How many match."]
    last: Annotated[Count, "Number of the newest exchange of all; 0 if there is none."]
    cleared: Annotated[Count, "How often the exchanges were cleared."]
    evicted: Annotated[Count, "How many have been replaced by newer ones since then; 0 means that none is missing."]


@dataclass(frozen=True)
class ExchangeCount:
    """How many exchanges there are."""

    total: Annotated[Count, "How many match."]
    last: Annotated[Count, "Number of the newest exchange of all; 0 if there is none."]
    cleared: Annotated[Count, "How often the exchanges were cleared."]
    evicted: Annotated[Count, "How many have been replaced by newer ones since then; 0 means that none is missing."]


@dataclass(frozen=True)
class Expectation:
    """Which exchanges are expected, and how many."""

    operation: Annotated[str | None, "operationId, or a pattern such as `vinr.*`; empty for exchanges without one."] = (
        None
    )
    times: Annotated[int | None, Schema(minimum=0), "The exact number."] = None
    at_least: Annotated[int | None, Schema(minimum=0), "The minimum number."] = None
    at_most: Annotated[int | None, Schema(minimum=0), "The maximum number."] = None
    timeout: Annotated[Timeout, "Seconds to wait for them."] = 0.0
    system: Annotated[str | None, "First part of the operation: `vinr`, `spree`."] = None
    method: Annotated[str | None, "Not case-sensitive."] = None
    path: Annotated[str | None, "A path, or a pattern such as `/v1/*`."] = None
    status: Annotated[str | int | None, "201, or `4xx`."] = None
    body: Annotated[str | None, "JSON pointer to a member of the request's body, JSON or a form: `/amount`."] = None
    value: Annotated[
        str | int | float | bool | None, "The value of this member: 1000, or a pattern such as `cust_*`."
    ] = None
    violations: Annotated[
        bool | None, "True for exchanges that violate the OpenAPI document, false for all others."
    ] = None
    after: Annotated[Count, "Only exchanges with a higher number."] = 0


@dataclass(frozen=True)
class Operation:
    """An operation of the document."""

    id: Annotated[str, "operationId."]
    system: Annotated[str, "The system it belongs to."]
    method: Annotated[str, "In uppercase."]
    path: Annotated[str, "With `{name}` for parameters."]
    line: Annotated[int | None, "Its line in openapi.yaml, counted from 1."]


@dataclass(frozen=True)
class InvariantViolation:
    """A rule that does not hold."""

    system: Annotated[str, "The system, or `ledger` for all systems."]
    rule: Annotated[str, "Its name."]
    subject: Annotated[str, "What breaks the rule, such as an account or a purchase."]
    text: Annotated[str, "The numbers that break the rule."]
    allowed: Annotated[str, "The evidence that the real server also allows this; empty if this is a defect."]


@dataclass(frozen=True)
class Invariants:
    """The rules that must always hold."""

    holds: Annotated[bool, "Whether all rules hold, except for what is allowed."]
    broken: Annotated[list[InvariantViolation], "Broken rules that are defects."]
    allowed: Annotated[list[InvariantViolation], "Broken rules that the real server breaks as well."]


@dataclass(frozen=True)
class SandboxState:
    """A sandbox."""

    name: Annotated[str, "The name, which is case-sensitive."]
    primary: Annotated[bool, "Whether requests that name no sandbox use this one."]
    exchanges: Annotated[Count, "How many exchanges are stored."]
    violations: Annotated[Count, "How many exchanges violated the OpenAPI document."]


@dataclass(frozen=True)
class InspectorLink:
    """A link that opens the inspector once."""

    path: Annotated[str, Schema(format="password"), "The path to open in a browser, at the mock's address."] = field(
        repr=False
    )


@dataclass(frozen=True)
class CoverageTotal:
    """How many points of the document were seen."""

    seen: Annotated[Count, "How many were seen."]
    all: Annotated[Count, "How many there are."]
    percent: Annotated[float, Schema(minimum=0, maximum=100), "Percentage, rounded down to two decimals."]


@dataclass(frozen=True)
class CoveredPoints:
    """The points of one kind of one operation."""

    seen: Annotated[list[str], "Points that were seen."]
    missing: Annotated[list[str], "Points that were not seen."]


@dataclass(frozen=True)
class CoverageOfOperation:
    """What was seen of one operation."""

    total: Annotated[CoverageTotal, "Of all kinds."]
    operations: Annotated[CoveredPoints, "The operation itself."]
    statuses: Annotated[CoveredPoints, "Statuses of its responses."]
    parameters: Annotated[CoveredPoints, "Of path, query and header."]
    media_types: Annotated[CoveredPoints, "Of bodies, on either side."]
    fields: Annotated[CoveredPoints, "Members of bodies, on either side."]
    values: Annotated[CoveredPoints, "Values of enums, and alternatives."]


@dataclass(frozen=True)
class CoveredDocument:
    """The document that coverage was counted for."""

    version: Annotated[str, "Its version."]
    digest: Annotated[str, "Its SHA-256."]


@dataclass(frozen=True)
class CoverageReport:
    """Which parts of the document were exercised."""

    format: Annotated[int, "Version of this format."]
    document: Annotated[CoveredDocument, "The document that coverage was counted for."]
    total: Annotated[CoverageTotal, "Of all kinds and operations."]
    kinds: Annotated[dict[str, CoverageTotal], "By kind of point."]
    operations: Annotated[dict[str, CoverageOfOperation], "By operationId."]
