"""What a run finds: one deviation, whose fault it is, and its cause, under which deviations are counted together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from store_credit_mock.contract import Document, Violation

__all__ = ["BEHAVIOUR", "NO_RESPONSE", "SHAPE", "Cause", "Finding", "Places", "causes"]

BEHAVIOUR: Final = "behaviour"
"""The check of the scenarios."""
SHAPE: Final = "shape"
"""The check of each response against the document."""
NO_RESPONSE: Final = "no_response"
"""The check that there is a response at all."""
_GENERATED: Final = re.compile(r"[^\s/]*\d[^\s/]*")

Blame = Literal["server", "document", "verifier"]


@dataclass(frozen=True)
class Finding:
    """One deviation.

    Attributes:
        check: `behaviour`, `shape`, `no_response`, or the name of a check of schemathesis.
        operation: operationId of the request; empty if the OpenAPI document has none.
        status: Status of the response; 0 if there was none.
        rule: What was broken and where, without anything that was generated; the same for the same cause.
        text: A sentence about this one.
        blame: Whose fault it is: the server's, the document's, or the verifier's own.
        script: Lines for a shell that show it; empty if there are none.
        known: Why it is a note and breaks nothing; empty if it is not.
        accepted: The reason for which it was accepted; None if it was not.
    """

    check: str
    operation: str
    status: int
    rule: str
    text: str
    blame: Blame = "server"
    script: str = ""
    known: str = ""
    accepted: str | None = None

    @property
    def place(self) -> str:
        """Where it is, as a file of accepted findings names it."""
        return f"{self.status} {self.rule}".strip() if self.status else self.rule

    @property
    def cause(self) -> tuple[str, str, str, str | None]:
        """What findings have in common that are counted together."""
        return self.check, self.rule, self.known, self.accepted

    @property
    def counts(self) -> bool:
        """Whether it makes a run fail."""
        return not self.known and self.accepted is None


@dataclass
class Cause:
    """All findings of one check and one rule.

    Attributes:
        first: The one that is shown.
        places: How many there were, by operation and status.
    """

    first: Finding
    places: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])

    @property
    def count(self) -> int:
        """How many findings there were."""
        return self.places.total()

    def where(self) -> Iterator[str]:
        """Name the operations and statuses, with how often."""
        for (operation, status), number in sorted(self.places.items()):
            name = " ".join(filter(None, (operation, str(status or ""))))
            yield f"{name} ({number})" if number > 1 else name


def causes(findings: Iterable[Finding]) -> list[Cause]:
    """Group findings by their cause, in the order in which these were seen first."""
    found: dict[tuple[str, str, str, str | None], Cause] = {}
    for finding in findings:
        cause = found.setdefault(finding.cause, Cause(finding))
        cause.places[finding.operation, finding.status] += 1
    return list(found.values())


class Places:
    """Names places without what was generated, and finds whose fault a violation is.

    Args:
        document: The document.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._names = frozenset(_names(document.data))

    def rule(self, violation: Violation) -> str:
        """Name the place and the rule: `/body/data/*/attributes/amount type`."""
        first, *rest = violation.pointer.strip("/").split("/")
        # Indexes, and names of members that no schema has, are chance.
        kept = [part if first == "header" or part.lower() in self._names else "*" for part in rest]
        named = "/" + "/".join((first, *kept))
        member = violation.expected if violation.keyword == "required" else ""
        return " ".join(filter(None, (named, violation.keyword, member)))

    def blame(self, violation: Violation) -> Blame:
        """Say whose fault it is: where the document rests on decisions of ours alone, rather its own."""
        return "document" if self.decisions(violation) else "server"

    def decisions(self, violation: Violation) -> list[str]:
        """Return what the violated rule rests on, if that is nothing but decisions."""
        pointer = None if violation.line is None else self._document.pointer_at(violation.line)
        while pointer:
            node: Any = self._document.at(f"/{pointer}")
            if isinstance(node, dict) and "x-source" in node:
                sources = cast("list[Any]", node["x-source"])
                decided = [source for source in map(str, sources) if source.startswith("decided:")]
                return decided if len(decided) == len(sources) else []
            pointer = pointer.rpartition("/")[0]
        return []

    @staticmethod
    def plain(text: str) -> str:
        """Take out of a text of our own what holds digits, such as ids."""
        return _GENERATED.sub("*", text)


def _names(value: Any) -> Iterator[str]:
    """The names of members and parameters in a document, in lower case."""
    if isinstance(value, dict):
        node = cast("dict[str, Any]", value)
        if isinstance(node.get("name"), str):
            yield node["name"].lower()
        for key, inner in node.items():
            if key in {"properties", "headers"} and isinstance(inner, dict):
                yield from (name.lower() for name in cast("dict[str, Any]", inner))
            if key not in {"example", "examples", "default", "enum"}:
                yield from _names(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _names(inner)
