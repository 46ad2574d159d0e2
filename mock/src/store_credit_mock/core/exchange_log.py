"""The record of what went through an engine: the last exchanges, with what broke the document."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from store_credit_mock.http import SECRET_NAMES, Header, Request, Response

if TYPE_CHECKING:
    from store_credit_mock.contract import Violation


__all__ = ["KEPT", "Exchange", "ExchangeLog"]

FORM: Final = "application/x-www-form-urlencoded"

KEPT: Final = 1000
"""How many exchanges are kept."""
BODY_KEPT: Final = 65_536
"""Bytes of a request's body that are kept."""
WEIGHT: Final = 16 * 1024 * 1024
"""How many bytes the long bodies among them may take together."""
LONG: Final = 4096
"""Bytes of the bodies of an exchange above which it counts as long, and what is left of each when it is cut."""

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
    """One request and its response.

    Attributes:
        number: The request's number in its sandbox, from 1.
        at: The sandbox's time, in Unix milliseconds.
        operation: operationId; empty if the document has none for it.
        request: What came in; of a body at most the first 65,536 bytes.
        response: What went out; of a long body, after a while, the first 4,096 bytes.
        violations: What broke the document, on either side.
        fault: Id of the planned fault that struck, or None.
    """

    __slots__ = ("_lengths", "at", "fault", "number", "operation", "request", "response", "violations")

    def __init__(
        self,
        number: int,
        at: int,
        operation: str,
        request: Request,
        response: Response,
        violations: tuple[Violation, ...],
        fault: str | None,
        lengths: tuple[int, int] | None = None,
    ) -> None:
        self.number = number
        self.at = at
        self.operation = operation
        self.request = request
        self.response = response
        self.violations = violations
        self.fault = fault
        self._lengths = lengths or (len(request.body), len(response.body))

    def __str__(self) -> str:
        request, response = self.request, self.response
        query = f"?{_masked_query(request.query)}" if request.query else ""
        cut = "" if response.cut is None else ", connection dropped"
        fault = f", fault {self.fault}" if self.fault else ""
        lines = [f"#{self.number} {request.method} {request.path}{query} -> {response.status}{cut}{fault}"]
        if request.body:
            lines.append(f"    > {_text(request, self._lengths[0], 400)}")
        if response.body:
            lines.append(f"    < {_text(response, self._lengths[1], 400)}")
        lines.extend(f"    ! {violation}" for violation in self.violations)
        return "\n".join(lines)

    def as_summary(self) -> dict[str, Any]:
        """One line of a list: what was asked and answered, without headers and bodies; violations are only counted."""
        request, response = self.request, self.response
        return {
            "number": self.number,
            "at": self.at,
            "operation": self.operation or None,
            "method": request.method,
            "path": request.path,
            "query": _masked_query(request.query),
            "status": response.status,
            "dropped": response.cut is not None,
            "violations": len(self.violations),
            "fault": self.fault,
        }

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
                "body": _text(request, self._lengths[0]),
            },
            "response": {
                "status": response.status,
                "headers": _headers(response.headers),
                "body": _text(response, self._lengths[1]),
                "dropped": response.cut is not None,
            },
            "violations": [violation.as_dict() for violation in self.violations],
            "fault": self.fault,
        }


class ExchangeLog:
    """The last exchanges of one engine, oldest first.

    They are kept whole as long as their long bodies take no more than `WEIGHT` together; then the oldest of those are
    cut. An exchange is kept as one tuple of texts and numbers, in which the garbage collector has nothing to look
    through; an `Exchange` is made for whoever looks at it.

    Attributes:
        cleared: How often they were cleared.
        evicted: How many have given way to newer ones since.
        violations: How many of all exchanges broke the document.
        listeners: Called with every exchange, whole, before anything of it is cut.
    """

    __slots__ = ("_begun", "_kept", "_long", "_number", "_weight", "cleared", "listeners", "violations")

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: deque[tuple[Any, ...]] = deque(maxlen=kept)
        self._long: dict[int, tuple[bytes, bytes]] = {}
        self._number = self._begun = 0
        self._weight = 0
        self.listeners: list[Callable[[Exchange], None]] = []
        self.violations = 0
        self.cleared = 0

    def add(
        self,
        number: int,
        at: int,
        operation: str,
        request: Request,
        response: Response,
        violations: tuple[Violation, ...],
        fault: str | None,
    ) -> None:
        """Keep one more, see `Exchange`."""
        if self.listeners:
            exchange = Exchange(number, at, operation, request, response, violations, fault)
            for listener in self.listeners:
                listener(exchange)
        body, answer = request.body, response.body
        lengths = (len(body), len(answer))
        self._number = place = self._number + 1
        if self._long:
            self._drop(place - (self._kept.maxlen or 0))
        if lengths[0] + lengths[1] > LONG:
            body = body[:BODY_KEPT]
            self._long[place] = (body, answer)
            self._weight += len(body) + len(answer)
            while self._weight > WEIGHT:
                self._drop(next(iter(self._long)))
            body, answer = body[:LONG], answer[:LONG]
        if violations:
            self.violations += 1
        self._kept.append(
            (
                place,
                number,
                at,
                operation,
                request.method,
                request.path,
                request.query,
                b"\n".join(chain.from_iterable(request.headers)),
                body,
                response.status,
                b"\n".join(chain.from_iterable(response.headers)),
                answer,
                response.cut,
                violations,
                fault,
                lengths,
            )
        )

    @property
    def evicted(self) -> int:
        """How many exchanges have given way to newer ones since the record was cleared."""
        return self._number - self._begun - len(self._kept)

    def _drop(self, place: int) -> None:
        bodies = self._long.pop(place, None)
        if bodies is not None:
            self._weight -= len(bodies[0]) + len(bodies[1])

    def _made(self, kept: tuple[Any, ...]) -> Exchange:
        place, number, at, operation, method, path, query, sent, body, status, given, answer, *rest = kept
        cut, violations, fault, lengths = rest
        body, answer = self._long.get(place, (body, answer))
        request = Request(method, path, query, _split(sent), body)
        response = Response(status, _split(given), answer, cut)
        return Exchange(number, at, operation, request, response, violations, fault, lengths)

    def __iter__(self) -> Iterator[Exchange]:
        return map(self._made, tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, place: int) -> Exchange:
        return self._made(self._kept[place])

    def clear(self) -> None:
        """Forget them all."""
        self._kept.clear()
        self._long.clear()
        self._weight = 0
        self._begun = self._number
        self.violations = 0
        self.cleared += 1

    def __repr__(self) -> str:
        return f"<Record of {len(self._kept)} exchanges, {self.violations} violations>"


def _split(joined: bytes) -> list[Header]:
    parts = joined.split(b"\n") if joined else []
    return list(zip(parts[::2], parts[1::2], strict=False))


def _text(message: Request | Response, length: int, limit: int = BODY_KEPT) -> str:
    text = message.body.decode("utf-8", "replace")
    form = message.header("content-type") or ""
    text = _masked_query(text) if form.startswith(FORM) else _SECRET_MEMBER.sub(r'\1"[masked]"', text)
    whole = length == len(message.body) and length <= limit and len(text) <= limit
    return text if whole else f"{text[:limit]}... ({length} bytes)"


def _headers(headers: list[Header]) -> list[list[str]]:
    return [
        [name.decode("latin-1"), "[masked]" if name.lower() in _SECRET else value.decode("latin-1")]
        for name, value in headers
    ]


def _masked_query(query: str) -> str:
    return "&".join(f"{part.partition('=')[0]}=[masked]" if _is_secret(part) else part for part in query.split("&"))


def _is_secret(part: str) -> bool:
    return unquote_plus(part.partition("=")[0]).lower() in SECRET_NAMES
