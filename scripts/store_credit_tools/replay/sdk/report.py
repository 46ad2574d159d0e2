"""What a replay found, as data and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from store_credit_tools.replay.sdk.calls import Reason
from store_credit_tools.replay.sdk.differences import Difference

__all__ = ["Finding", "Known", "Replayed", "Report", "lines", "to_dict"]

VERSION = 1
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Known:
    """A difference that is expected, with its reason."""

    exchange: str
    """Name of the exchange: its file's without `.json`."""
    where: str
    """JSON pointer that the difference stands at or below."""
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference of one exchange.

    Attributes:
        difference: What differs.
        drivers: Which of `document`, `sync` and `async` found it.
        known: Why it is expected, or None.
    """

    difference: Difference
    drivers: tuple[str, ...]
    known: str | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of one exchange.

    Attributes:
        name: Its file's name without `.json`.
        operation: The operationId, or None if the document has no operation for it.
        call: The method, such as `spree.store_credits.create`, or `request`; None where nothing was called.
        reason: Why it went through `client.request`, or None.
        detail: What in the request that is.
        findings: The differences.
    """

    name: str
    operation: str | None
    call: str | None = None
    reason: Reason | None = None
    detail: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it has a difference nobody expects."""
        return any(finding.known is None for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole folder.

    Attributes:
        folder: As it was named.
        exchanges: Every exchange, by name.
        stale: Expected differences that did not happen, though their exchange is in the folder.
    """

    folder: str
    exchanges: tuple[Replayed, ...]
    stale: tuple[Known, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether every exchange was given back as it was recorded."""
        return not self.stale and not any(exchange.differs for exchange in self.exchanges)


def to_dict(report: Report) -> dict[str, Any]:
    """The report as one JSON document; `counts` comes first, `exchanges` holds everything."""
    known = [one for one in report.exchanges if one.operation is not None]
    raw = [one for one in known if one.reason is not None]
    by_reason = Counter(one.reason.value for one in raw if one.reason is not None)
    by_operation = Counter(str(one.operation) for one in known)
    return {
        "version": VERSION,
        "folder": report.folder,
        "ok": report.ok,
        "counts": {
            "exchanges": len(report.exchanges),
            "not_in_the_document": len(report.exchanges) - len(known),
            "in_the_document": len(known),
            "typed": len(known) - len(raw),
            "raw": len(raw),
            "raw_by_reason": dict(sorted(by_reason.items())),
            "by_operation": dict(sorted(by_operation.items())),
            "calls": {"sync": len(known), "async": len(known)},
            "differing": sum(one.differs for one in known),
            "expected_differences": sum(finding.known is not None for one in known for finding in one.findings),
        },
        "stale": [{"exchange": one.exchange, "where": one.where, "reason": one.reason} for one in report.stale],
        "exchanges": [_exchange_dict(one) for one in report.exchanges],
    }


def _exchange_dict(one: Replayed) -> dict[str, Any]:
    return {
        "name": one.name,
        "operation": one.operation,
        "call": one.call,
        "reason": None if one.reason is None else one.reason.value,
        "detail": one.detail,
        "differences": [
            {
                "side": finding.difference.side,
                "where": finding.difference.where,
                "what": finding.difference.what,
                "found_by": list(finding.drivers),
                "known": finding.known,
            }
            for finding in one.findings
        ],
    }


def lines(document: Mapping[str, Any], *, verbose: bool = False) -> Iterator[str]:
    """Write the document of `to_dict` for a reader.

    Args:
        document: What `to_dict` gave.
        verbose: Name every exchange, not only the exceptions.
    """
    counts = document["counts"]
    exchanges: list[Mapping[str, Any]] = document["exchanges"]
    if verbose:
        for one in exchanges:
            state = "differs" if _unexpected(one) else "ok"
            yield f"{state:8}{one['name']}: {one['call'] or 'not in the document'}"
        yield ""
    yield f"{counts['exchanges']} exchanges in {document['folder']}"
    yield f"{counts['not_in_the_document']:6} not in the document, passed over"
    yield f"{counts['in_the_document']:6} in the document, their responses checked against it"
    calls = counts["calls"]
    yield f"{calls['sync']:6}     calls made with the sync SDK and {calls['async']} with the async one, of each:"
    yield f"{counts['typed']:6}     by a method of the SDK"
    yield f"{counts['raw']:6}     by client.request, since no method sends such a request{':' if counts['raw'] else ''}"
    for reason, count in counts["raw_by_reason"].items():
        yield f"{count:14}  {reason}"
        for one in exchanges:
            if one["reason"] == reason:
                yield f"{'':18}{one['name']}: {one['detail']}"
    for one in exchanges:
        for known in [each for each in one["differences"] if each["known"] is not None]:
            yield f"expected {one['name']}: {_told(known)}; {known['known']}"
    for one in document["stale"]:
        yield f"STALE    {one['exchange']}: {one['where']} does not differ any more; take it off the list in known.py"
    for one in exchanges:
        unexpected = _unexpected(one)
        for each in unexpected[:_SHOWN]:
            yield f"DIFFERS  {one['name']}: {_told(each)}"
        if len(unexpected) > _SHOWN:
            yield f"DIFFERS  {one['name']}: and {len(unexpected) - _SHOWN} more; --json lists them all"
    if document["ok"]:
        yield "Every exchange was given back as it was recorded."
    else:
        yield f"{counts['differing']} exchanges differ, {len(document['stale'])} expected differences did not happen."


def _unexpected(exchange: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in exchange["differences"] if each["known"] is None]


def _told(difference: Mapping[str, Any]) -> str:
    found_by: list[str] = difference["found_by"]
    only = f", {found_by[0]} only" if found_by in (["sync"], ["async"]) else ""
    return f"{difference['where']}: {difference['what']} ({difference['side']}{only})"
