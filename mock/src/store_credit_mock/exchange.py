"""The record of what went through an engine: the last exchanges, with what broke the document."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from store_credit_mock.message import SECRET_NAMES, Header, Request, Response

if TYPE_CHECKING:
    from store_credit_mock.contract import Violation


__all__ = ["KEPT", "Exchange", "Record"]

FORM: Final = "application/x-www-form-urlencoded"

KEPT: Final = 1000
"""How many exchanges are kept."""
BODY_KEPT: Final = 65_536
"""Bytes of a request's body that are kept."""

_SECRET: Final = frozenset(
    {
        b"authorization",
        b"cookie",
        b"proxy-authorization",
        b"set-cookie",
        b"x-api-key",
        b"x-spree-api-key",
        b"x-spree-order-token",
        b"x-spree-token",
    }
)
_SECRET_MEMBER: Final = re.compile(rf'("(?:{"|".join(sorted(SECRET_NAMES))})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)


class Exchange:
    """One request and its answer.

    Headers are kept joined: a thousand exchanges are then a few thousand objects, not a hundred thousand, which the
    garbage collector would look through again and again.

    Attributes:
        number: The request's number in its sandbox, from 1.
        at: The sandbox's time, in Unix milliseconds.
        operation: operationId; empty if the document has none for it.
        violations: What broke the document, on either side.
        fault: Id of the planned fault that struck, or None.
    """

    __slots__ = (
        "_answered",
        "_body",
        "_cut",
        "_given",
        "_length",
        "_method",
        "_path",
        "_query",
        "_sent",
        "_status",
        "at",
        "fault",
        "number",
        "operation",
        "violations",
    )

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
        self.violations = violations
        self.fault = fault
        self._method = request.method
        self._path = request.path
        self._query = request.query
        self._body = request.body[:BODY_KEPT]
        self._length = len(request.body)
        self._sent = b"\n".join(chain.from_iterable(request.headers))
        self._status = response.status
        self._answered = response.body
        self._given = b"\n".join(chain.from_iterable(response.headers))
        self._cut = response.cut

    @property
    def request(self) -> Request:
        """What came in; of a body, the first 65,536 bytes."""
        return Request(self._method, self._path, self._query, _split(self._sent), self._body)

    @property
    def response(self) -> Response:
        """What went out."""
        return Response(self._status, _split(self._given), self._answered, self._cut)

    def __str__(self) -> str:
        request, response = self.request, self.response
        query = f"?{_masked_query(request.query)}" if request.query else ""
        cut = "" if response.cut is None else ", connection dropped"
        fault = f", fault {self.fault}" if self.fault else ""
        lines = [f"#{self.number} {request.method} {request.path}{query} -> {response.status}{cut}{fault}"]
        if request.body:
            lines.append(f"    > {_text(request, self._length, 400)}")
        if response.body:
            lines.append(f"    < {_text(response, len(response.body), 400)}")
        lines.extend(f"    ! {violation}" for violation in self.violations)
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """As the control plane shows it; credentials are masked, bodies are cut at 65,536 bytes."""
        request, response = self.request, self.response
        return {
            "number": self.number,
            "at": self.at,
            "operation": self.operation or None,
            "request": {
                "method": request.method,
                "path": request.path,
                "query": _masked_query(request.query),
                "headers": _headers(request.headers),
                "body": _text(request, self._length),
            },
            "response": {
                "status": response.status,
                "headers": _headers(response.headers),
                "body": _text(response, len(response.body)),
                "dropped": response.cut is not None,
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


def _split(joined: bytes) -> list[Header]:
    parts = joined.split(b"\n") if joined else []
    return list(zip(parts[::2], parts[1::2], strict=False))


def _text(message: Request | Response, length: int, limit: int = BODY_KEPT) -> str:
    text = message.body.decode("utf-8", "replace")
    form = message.header("content-type") or ""
    text = _masked_query(text) if form.startswith(FORM) else _SECRET_MEMBER.sub(r'\1"[masked]"', text)
    return text if length <= limit and len(text) <= limit else f"{text[:limit]}... ({length} bytes)"


def _headers(headers: list[Header]) -> list[list[str]]:
    return [
        [name.decode("latin-1"), "[masked]" if name.lower() in _SECRET else value.decode("latin-1")]
        for name, value in headers
    ]


def _masked_query(query: str) -> str:
    return "&".join(f"{part.partition('=')[0]}=[masked]" if _is_secret(part) else part for part in query.split("&"))


def _is_secret(part: str) -> bool:
    return unquote_plus(part.partition("=")[0]).lower() in SECRET_NAMES
