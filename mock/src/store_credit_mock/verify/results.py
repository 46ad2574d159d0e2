"""What came of a run, for people and for programs to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

__all__ = ["CheckResult", "Exit", "Problem", "Run"]


class Exit(IntEnum):
    """Exit codes."""

    HELD = 0
    FINDINGS = 1
    NOT_RUN = 2
    INTERRUPTED = 130


@dataclass(frozen=True)
class Problem:
    """One thing that broke, and one line of curl that shows it; empty if there is none."""

    text: str
    curl: str = ""


@dataclass(frozen=True)
class CheckResult:
    """One thing that was tried.

    Attributes:
        kind: `scenario` or `generated`.
        name: The scenario's, or the operationId.
        result: How it went.
        requests: How many were sent for it.
        text: Why it was skipped, or not tried to its end.
        problems: What broke.
    """

    kind: Literal["scenario", "generated"]
    name: str
    result: Literal["held", "broken", "skipped"]
    requests: int = 0
    text: str = ""
    problems: tuple[Problem, ...] = ()


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
        items: What was tried, in order.
        notes: What is worth knowing, and breaks nothing.
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
    items: list[CheckResult] = field(default_factory=list[CheckResult])
    notes: list[str] = field(default_factory=list[str])
    made: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list[str])
    refused: str = ""
    interrupted: bool = False

    @property
    def broken(self) -> list[CheckResult]:
        """What broke."""
        return [item for item in self.items if item.result == "broken"]

    @property
    def code(self) -> Exit:
        """The exit code."""
        if self.interrupted:
            return Exit.INTERRUPTED
        if self.broken:
            return Exit.FINDINGS
        return Exit.NOT_RUN if self.refused else Exit.HELD

    def as_dict(self) -> dict[str, Any]:
        """As `--json` writes it."""
        return {
            "version": 1,
            "address": self.address,
            "system": self.system,
            "document": self.document,
            "exit": int(self.code),
            "requests": {"limit": self.limit, "sent": self.sent, "held_back": self.held_back},
            "items": [
                {
                    "kind": item.kind,
                    "name": item.name,
                    "result": item.result,
                    "requests": item.requests,
                    "text": item.text,
                    "problems": [{"text": problem.text, "curl": problem.curl} for problem in item.problems],
                }
                for item in self.items
            ],
            "notes": self.notes,
            "made": self.made,
            "removed": self.removed,
            "left": self.left,
            "refused": self.refused,
            "interrupted": self.interrupted,
        }
