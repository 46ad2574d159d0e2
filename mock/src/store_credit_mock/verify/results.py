"""What came of a run, for people and for programs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

from store_credit_mock.verify.findings import SHAPE, Cause, Finding, causes

__all__ = ["CheckResult", "Exit", "Run"]

Verdict = Literal["held", "broken", "accepted", "skipped"]
Shape = Literal["ok", "violated", "accepted", ""]


class Exit(IntEnum):
    """Exit codes."""

    HELD = 0
    FINDINGS = 1
    NOT_RUN = 2
    SKIPPED = 3
    INTERRUPTED = 130


@dataclass(frozen=True)
class CheckResult:
    """One thing that was tried.

    Attributes:
        kind: `scenario` or `generated`.
        name: The scenario's, or the operationId.
        behaviour: Whether the system did what it should; apart from the shape of its responses.
        requests: How many were sent for it.
        text: Why it was skipped, or not tried to its end.
        findings: What was found.
        spent: Whether it was skipped, or not tried to its end, since as many requests were sent as may be.
    """

    kind: Literal["scenario", "generated"]
    name: str
    behaviour: Verdict
    requests: int = 0
    text: str = ""
    findings: tuple[Finding, ...] = ()
    spent: bool = False

    @classmethod
    def of(
        cls, kind: Literal["scenario", "generated"], name: str, requests: int, findings: list[Finding], text: str = ""
    ) -> CheckResult:
        """Give the result of what was tried to its end, by its findings."""
        others = [finding for finding in findings if finding.check != SHAPE and not finding.known]
        verdict: Verdict = "held"
        if others:
            verdict = "broken" if any(finding.counts for finding in others) else "accepted"
        return cls(kind, name, verdict, requests, text, tuple(findings))

    @property
    def shape(self) -> Shape:
        """Whether the responses were as the document has them; empty if there were none."""
        shapes = [finding for finding in self.findings if finding.check == SHAPE]
        if shapes:
            return "violated" if any(finding.counts for finding in shapes) else "accepted"
        return "ok" if self.requests else ""

    @property
    def failed(self) -> bool:
        """Whether it makes the run fail."""
        return any(finding.counts for finding in self.findings)


@dataclass
class Run:
    """A whole run.

    Attributes:
        address: The server's.
        system: The system's name.
        document: Version of the document.
        limit: How many requests could be sent.
        sent: How many were.
        held_back: How many were not, because they could have changed what was not made here.
        unsendable: How many were not, because the HTTP client here does not take them.
        items: What was tried, in order.
        notes: What is worth knowing, and breaks nothing.
        stale: Accepted findings that were not met again.
        made: How many records were made.
        removed: How many of them are gone again.
        left: What is still there, and why.
        refused: Why it could not run, or not to its end; empty if it could.
        interrupted: Whether the user ended it.
    """

    address: str
    system: str
    document: str
    limit: int
    sent: int = 0
    held_back: int = 0
    unsendable: int = 0
    items: list[CheckResult] = field(default_factory=list[CheckResult])
    notes: list[str] = field(default_factory=list[str])
    stale: list[str] = field(default_factory=list[str])
    made: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list[str])
    refused: str = ""
    interrupted: bool = False

    @property
    def findings(self) -> list[Finding]:
        """All findings, in order."""
        return [finding for item in self.items for finding in item.findings]

    @property
    def causes(self) -> list[Cause]:
        """The findings by cause: those that count, those that are accepted, notes."""
        return sorted(causes(self.findings), key=lambda cause: (bool(cause.first.known), not cause.first.counts))

    @property
    def broken(self) -> list[CheckResult]:
        """What makes the run fail."""
        return [item for item in self.items if item.failed]

    @property
    def untried(self) -> list[CheckResult]:
        """What was skipped since no more requests may be sent."""
        return [item for item in self.items if item.spent and item.behaviour == "skipped"]

    @property
    def code(self) -> Exit:
        """The exit code."""
        if self.interrupted:
            return Exit.INTERRUPTED
        if self.broken:
            return Exit.FINDINGS
        if self.refused:
            return Exit.NOT_RUN
        return Exit.SKIPPED if self.untried else Exit.HELD

    def as_dict(self) -> dict[str, Any]:
        """As `--json` writes it."""
        found = self.causes
        number = {cause.first.cause: place for place, cause in enumerate(found, 1)}
        return {
            "version": 2,
            "address": self.address,
            "system": self.system,
            "document": self.document,
            "exit": int(self.code),
            "requests": {
                "limit": self.limit,
                "sent": self.sent,
                "held_back": self.held_back,
                "unsendable": self.unsendable,
            },
            "causes": [_cause_dict(place, cause) for place, cause in enumerate(found, 1)],
            "items": [
                {
                    "kind": item.kind,
                    "name": item.name,
                    "behaviour": item.behaviour,
                    "shape": item.shape,
                    "requests": item.requests,
                    "text": item.text,
                    "causes": sorted({number[finding.cause] for finding in item.findings}),
                }
                for item in self.items
            ],
            "notes": self.notes,
            "stale": self.stale,
            "made": self.made,
            "removed": self.removed,
            "left": self.left,
            "refused": self.refused,
            "interrupted": self.interrupted,
        }


def _cause_dict(number: int, cause: Cause) -> dict[str, Any]:
    first = cause.first
    return {
        "number": number,
        "check": first.check,
        "rule": first.rule,
        "blame": first.blame,
        "counts": first.counts,
        "accepted": first.accepted,
        "known": first.known,
        "count": cause.count,
        "places": [
            {"operation": operation, "status": status or None, "count": count}
            for (operation, status), count in sorted(cause.places.items())
        ],
        "text": first.text,
        "script": first.script.splitlines(),
    }
