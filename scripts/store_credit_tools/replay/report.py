"""What a replay found, as data and as text: of the SDK, and of the mock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from store_credit_tools.replay.differences import Difference
from store_credit_tools.replay.known_differences import Known

__all__ = ["Finding", "MockReport", "Replayed", "SdkReport"]

VERSION = 1
_SHOWN = 10


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
        operation: The operationId, or None if the OpenAPI document has no operation for it.
        call: The method, such as `spree.store_credits.create`, or `request`; None where nothing was called.
        reason: Why it went through `client.request`, or None.
        detail: What in the request that is.
        findings: The differences.
    """

    name: str
    operation: str | None
    call: str | None = None
    reason: str | None = None
    detail: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether it has an unexpected difference."""
        return any(finding.known is None for finding in self.findings)


@dataclass(frozen=True, slots=True)
class SdkReport:
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

    def as_dict(self) -> dict[str, Any]:
        """Give one JSON document; `counts` comes first, `exchanges` holds everything."""
        known = [one for one in self.exchanges if one.operation is not None]
        raw = [one for one in known if one.reason is not None]
        by_reason = Counter(str(one.reason) for one in raw)
        by_operation = Counter(str(one.operation) for one in known)
        return {
            "version": VERSION,
            "folder": self.folder,
            "ok": self.ok,
            "counts": {
                "exchanges": len(self.exchanges),
                "not_in_the_document": len(self.exchanges) - len(known),
                "in_the_document": len(known),
                "typed": len(known) - len(raw),
                "raw": len(raw),
                "raw_by_reason": dict(sorted(by_reason.items())),
                "by_operation": dict(sorted(by_operation.items())),
                "calls": {"sync": len(known), "async": len(known)},
                "differing": sum(one.differs for one in known),
                "expected_differences": sum(finding.known is not None for one in known for finding in one.findings),
            },
            "stale": [{"exchange": one.exchange, "where": one.where, "reason": one.reason} for one in self.stale],
            "exchanges": [_exchange_dict(one) for one in self.exchanges],
        }

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """Write it for a reader; verbose names every exchange, not only the exceptions."""
        document = self.as_dict()
        counts = document["counts"]
        exchanges: list[Mapping[str, Any]] = document["exchanges"]
        if verbose:
            for one in exchanges:
                state = "differs" if _unexpected(one) else "ok"
                yield f"{state:8}{one['name']}: {one['call'] or 'not in the document'}"
            yield ""
        yield f"{counts['exchanges']} exchanges in {document['folder']}"
        yield f"{counts['not_in_the_document']:6} not in the document, passed over"
        yield f"{counts['in_the_document']:6} in the document, with their responses validated against it"
        calls = counts["calls"]
        yield f"{calls['sync']:6}     calls made with the sync SDK and {calls['async']} with the async one, of each:"
        yield f"{counts['typed']:6}     by a method of the SDK"
        colon = ":" if counts["raw"] else ""
        yield f"{counts['raw']:6}     by client.request, because no method sends such a request{colon}"
        for reason, count in counts["raw_by_reason"].items():
            yield f"{count:14}  {reason}"
            for one in exchanges:
                if one["reason"] == reason:
                    yield f"{'':18}{one['name']}: {one['detail']}"
        for one in exchanges:
            for known in [each for each in one["differences"] if each["known"] is not None]:
                yield f"expected {one['name']}: {_told(known)}; {known['known']}"
        for one in document["stale"]:
            yield (
                f"STALE    {one['exchange']}: {one['where']} no longer differs; remove it from the list in "
                "known_differences.py"
            )
        for one in exchanges:
            unexpected = _unexpected(one)
            for each in unexpected[:_SHOWN]:
                yield f"DIFFERS  {one['name']}: {_told(each)}"
            if len(unexpected) > _SHOWN:
                yield f"DIFFERS  {one['name']}: and {len(unexpected) - _SHOWN} more; --json lists them all"
        if document["ok"]:
            yield "Every exchange was reproduced as recorded."
        else:
            stale = len(document["stale"])
            yield f"{counts['differing']} exchanges differ, and {stale} expected differences did not occur."


@dataclass(slots=True)
class MockReport:
    """What a play found.

    Attributes:
        profile: The Spree version played.
        steps: How many steps there are.
        equal: Names of the published answers in scope that came out the same.
        different: What differs, by name of the other ones; those with a known reason are in `excepted` instead.
        numbers: The number of the step of each of these.
        excepted: The reason by name of each response that is known to differ.
        statuses: How many preparing requests in scope gave the status the script expects.
        wrong_statuses: What the others gave.
        unanswered: How many steps in scope have neither a response here nor a status the script expects.
        outside: How many steps outside the document were done through the control plane.
        outside_wrong: Those of them whose status is not the one expected, or that could not be done.
        outside_published: How many published responses belong to steps outside the document, and were not compared.
        passed_over: Names of the files that were not compared for another reason, each with it.
    """

    profile: str
    steps: int = 0
    equal: list[str] = field(default_factory=list[str])
    different: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    excepted: dict[str, str] = field(default_factory=dict[str, str])
    statuses: int = 0
    wrong_statuses: list[str] = field(default_factory=list[str])
    unanswered: int = 0
    outside: int = 0
    outside_wrong: list[str] = field(default_factory=list[str])
    outside_published: int = 0
    passed_over: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def ok(self) -> bool:
        """Whether nothing differs without a reason on the list."""
        return not (self.different or self.wrong_statuses or self.outside_wrong)

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "profile": self.profile,
            "steps": self.steps,
            "published_in_scope": len(self.equal) + len(self.different) + len(self.excepted),
            "equal": len(self.equal),
            "different": {name: {"step": self.numbers[name], "found": found} for name, found in self.different.items()},
            "excepted": self.excepted,
            "preparing_statuses_right": self.statuses,
            "preparing_statuses_wrong": self.wrong_statuses,
            "without_an_answer": self.unanswered,
            "outside_the_document": self.outside,
            "outside_statuses_wrong": self.outside_wrong,
            "outside_published_not_compared": self.outside_published,
            "passed_over": dict(self.passed_over),
            "ok": self.ok,
        }

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """Write it for a reader."""
        total = len(self.equal) + len(self.different) + len(self.excepted)
        yield f"Spree {self.profile}: {self.steps} steps played, observe mode, in process"
        yield f"  in scope: {len(self.equal)} of {total} published responses are equal"
        yield f"  in scope, only prepared: {self.statuses} statuses as expected, {len(self.wrong_statuses)} not"
        yield f"  in scope, without a response here: {self.unanswered} steps"
        yield (
            f"  outside the document, through the control plane: {self.outside} steps,"
            f" {len(self.outside_wrong)} statuses not as expected,"
            f" {self.outside_published} published responses not compared"
        )
        for reason in dict.fromkeys(self.passed_over.values()):
            names = [name for name, other in self.passed_over.items() if other == reason]
            yield f"  not compared, {reason}: {', '.join(names)}"
        for name, reason in self.excepted.items():
            yield f"  exception {name}: {reason}"
        for problem in (*self.wrong_statuses, *self.outside_wrong):
            yield f"  wrong {problem}"
        for name, found in self.different.items():
            yield f"  different at step {self.numbers[name]}, {name}:"
            for difference in found if verbose else found[:5]:
                yield f"    {difference}"
            if len(found) > 5 and not verbose:
                yield f"    and {len(found) - 5} more"
        if verbose:
            for name in self.equal:
                yield f"  equal {name}"


def _exchange_dict(one: Replayed) -> dict[str, Any]:
    return {
        "name": one.name,
        "operation": one.operation,
        "call": one.call,
        "reason": None if one.reason is None else str(one.reason),
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


def _unexpected(exchange: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in exchange["differences"] if each["known"] is None]


def _told(difference: Mapping[str, Any]) -> str:
    found_by: list[str] = difference["found_by"]
    only = f", {found_by[0]} only" if found_by in (["sync"], ["async"]) else ""
    return f"{difference['where']}: {difference['what']} ({difference['side']}{only})"
