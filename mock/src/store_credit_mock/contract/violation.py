"""One way in which an exchange departs from the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from store_credit_mock.contract.document import unescape

__all__ = ["Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, where, and which line of the document it violates.

    Attributes:
        side: Which side is at fault: `request`, `response`, or `webhook` for a delivery by the mock.
        operation: operationId; empty if the OpenAPI document has no such operation.
        pointer: JSON pointer into the exchange: `/query/limit`, `/header/idempotency-key`, `/body/amount`, `/status`.
        keyword: The rule: a JSON Schema keyword, or `content-type`, `method`, `path`, `status`, `json`.
        expected: What the rule asks for, as text.
        got: What was found, as text, truncated to 200 characters.
        message: A description of the violation.
        line: Line in openapi.yaml of the rule, counted from 1, or a `Line` of another file; None if there is no such
            line.
    """

    side: Literal["request", "response", "webhook"]
    operation: str
    pointer: str
    keyword: str
    expected: str
    got: str
    message: str
    line: int | None = None

    def __hash__(self) -> int:
        # Texts remember theirs, and those who look one up have the very same at hand.
        return hash(self.message)

    @property
    def param(self) -> str:
        """The field or parameter concerned, as an error would name it: `amount`, `limit`, `metadata.note`."""
        place, _, rest = self.pointer.lstrip("/").partition("/")
        name = unescape(rest.replace("/", "."))
        if not name and self.keyword in {"required", "additionalProperties", "unevaluatedProperties"}:
            return self.got if self.keyword != "required" else self.expected
        return name or place

    def __str__(self) -> str:
        line = "" if self.line is None else f" ({getattr(self.line, 'file', 'openapi.yaml')}:{self.line})"
        return f"{self.side} {self.pointer}: {self.keyword}: {self.message}{line}"

    def as_dict(self) -> dict[str, Any]:
        """As the control plane shows it."""
        return {
            "side": self.side,
            "operation": self.operation,
            "pointer": self.pointer,
            "keyword": self.keyword,
            "expected": self.expected,
            "got": self.got,
            "message": self.message,
            "line": self.line,
        }
