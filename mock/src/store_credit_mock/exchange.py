"""The record of what went through an engine: the last exchanges, with what broke the document."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from store_credit_mock.message import Header, Request, Response

if TYPE_CHECKING:
    from store_credit_mock.contract import Violation

__all__ = ["KEPT", "Exchange", "Record"]

KEPT: Final = 1000
"""How many exchanges are kept."""
BODY_SHOWN: Final = 65_536

_SECRET = frozenset({b"authorization", b"x-api-key", b"x-spree-order-token", b"cookie", b"set-cookie"})
_SECRET_QUERY = ("access_token=", "order_token=")


class Exchange:
    """One request and its answer.

    Attributes:
        number: The request's number in its sandbox, from 1.
        at: The sandbox's time, in Unix milliseconds.
        operation: operationId; empty if the document has none for it.
        request: What came in.
        response: What went out.
        violations: What broke the document, on either side.
        fault: Id of the planned fault that struck, or None.
    """

    __slots__ = ("at", "fault", "number", "operation", "request", "response", "violations")

    def __init__(
        self,
        number: int,
        at: int,
        operation: str,
        request: Request,
        response: Response,
        violations: tuple[Violation, ...],
        fault: str | None,
    ) -> None:
        self.number = number
        self.at = at
        self.operation = operation
        self.request = request
        self.response = response
        self.violations = violations
        self.fault = fault

    def __str__(self) -> str:
        request = self.request
        query = f"?{_masked_query(request.query)}" if request.query else ""
        cut = "" if self.response.cut is None else ", connection dropped"
        fault = f", fault {self.fault}" if self.fault else ""
        lines = [f"#{self.number} {request.method} {request.path}{query} -> {self.response.status}{cut}{fault}"]
        if request.body:
            lines.append(f"    > {_text(request.body, 400)}")
        if self.response.body:
            lines.append(f"    < {_text(self.response.body, 400)}")
        lines.extend(f"    ! {violation}" for violation in self.violations)
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """As the control plane shows it; credentials are masked, bodies are cut at 65,536 bytes."""
        return {
            "number": self.number,
            "at": self.at,
            "operation": self.operation or None,
            "request": {
                "method": self.request.method,
                "path": self.request.path,
                "query": _masked_query(self.request.query),
                "headers": _headers(self.request.headers),
                "body": _text(self.request.body, BODY_SHOWN),
            },
            "response": {
                "status": self.response.status,
                "headers": _headers(self.response.headers),
                "body": _text(self.response.body, BODY_SHOWN),
                "dropped": self.response.cut is not None,
            },
            "violations": [violation.as_dict() for violation in self.violations],
            "fault": self.fault,
        }


class Record:
    """The last exchanges of one engine, oldest first."""

    __slots__ = ("_kept", "append", "total", "violations")

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: deque[Exchange] = deque(maxlen=kept)
        self.append = self._kept.append
        self.violations = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, place: int) -> Exchange:
        return self._kept[place]

    def clear(self) -> None:
        """Forget them all."""
        self._kept.clear()
        self.violations = 0

    def __repr__(self) -> str:
        return f"<Record of {len(self._kept)} exchanges, {self.violations} violations>"


def _text(body: bytes, limit: int) -> str:
    text = body[:limit].decode("utf-8", "replace")
    return text if len(body) <= limit else f"{text}... ({len(body)} bytes)"


def _headers(headers: list[Header]) -> list[list[str]]:
    return [
        [name.decode("latin-1"), "[masked]" if name.lower() in _SECRET else value.decode("latin-1")]
        for name, value in headers
    ]


def _masked_query(query: str) -> str:
    return "&".join(
        part.partition("=")[0] + "=[masked]" if part.startswith(_SECRET_QUERY) else part for part in query.split("&")
    )
