"""The record of what went through an engine: the last exchanges, with what broke the OpenAPI document."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

import orjson

from store_credit_mock.contract import SecretNames
from store_credit_mock.core.request_matching import ABSENT
from store_credit_mock.http import Request, Response
from store_credit_mock.redaction import MASK, Redactor

if TYPE_CHECKING:
    from store_credit_mock.contract import Violation


__all__ = ["LONG_BODY", "MAX_BODY", "MAX_EXCHANGES", "MAX_LONG_BYTES", "Exchange", "ExchangeLog"]

MAX_EXCHANGES: Final = 1000
"""How many exchanges are kept."""
MAX_BODY: Final = 65_536
"""Bytes of a request's body that are kept, and of any body that are shown."""
MAX_LONG_BYTES: Final = 8 * 1024 * 1024
"""How many bytes the long bodies among them may take together."""
LONG_BODY: Final = 4096
"""Bytes of the bodies of an exchange above which it counts as long, and what is left of each when it is cut."""

_COMMON_NAMES: Final = SecretNames()


class Exchange:
    """One request and its response.

    Attributes:
        number: The request's number in its sandbox, from 1.
        at: The sandbox's time, in Unix milliseconds.
        operation: operationId; empty if the OpenAPI document has none for it.
        request: What came in; of a body at most the first 65,536 bytes.
        response: What went out; of a long body, after a while, the first 4,096 bytes.
        violations: What broke the OpenAPI document, on either side.
        fault: Id of the scheduled fault that struck, or None.

    What `str()` and `as_dict()` show is redacted.
    """

    __slots__ = ("_lengths", "_names", "at", "fault", "number", "operation", "request", "response", "violations")

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
        names: SecretNames = _COMMON_NAMES,
    ) -> None:
        self.number = number
        self.at = at
        self.operation = operation
        self.request = request
        self.response = response
        self.violations = violations
        self.fault = fault
        self._lengths = lengths or (len(request.body), len(response.body))
        self._names = names

    def __str__(self) -> str:
        request, response = self.request, self.response
        redactor = self._redactor()
        query = f"?{redactor.query(request.query)}" if request.query else ""
        dropped = ", connection dropped" if response.incomplete else ""
        fault = f", fault {self.fault}" if self.fault else ""
        path = redactor.text(request.path)
        lines = [f"#{self.number} {request.method} {path}{query} -> {response.status}{dropped}{fault}"]
        if request.body:
            lines.append(f"    > {_text(request, self._lengths[0], redactor, 400)}")
        if response.body:
            lines.append(f"    < {_text(response, self._lengths[1], redactor, 400)}")
        lines.extend(f"    ! {violation}" for violation in redactor.violations(self.violations))
        return "\n".join(lines)

    def as_summary(self) -> dict[str, Any]:
        """Return one line of a list: without headers and bodies; violations are only counted."""
        request, response = self.request, self.response
        # Lists of these are asked for every second, and reading a long body takes milliseconds.
        redactor = self._redactor(bodies=False)
        return {
            "number": self.number,
            "at": self.at,
            "operation": self.operation or None,
            "method": request.method,
            "path": redactor.text(request.path),
            "query": redactor.query(request.query),
            "status": response.status,
            "dropped": response.incomplete,
            "violations": len(self.violations),
            "fault": self.fault,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return what the control plane shows: secrets redacted, bodies cut at 65,536 bytes."""
        request, response = self.request, self.response
        redactor = self._redactor()
        return {
            "number": self.number,
            "at": self.at,
            "operation": self.operation or None,
            "request": {
                "method": request.method,
                "path": redactor.text(request.path),
                "query": redactor.query(request.query),
                "headers": list(map(list, redactor.headers(request.headers))),
                "body": _text(request, self._lengths[0], redactor),
            },
            "response": {
                "status": response.status,
                "headers": list(map(list, redactor.headers(response.headers))),
                "body": _text(response, self._lengths[1], redactor),
                "dropped": response.incomplete,
            },
            "violations": [violation.as_dict() for violation in redactor.violations(self.violations)],
            "fault": self.fault,
        }

    def redacted(self, text: str) -> str:
        """A text of this exchange without its secrets."""
        return self._redactor().text(text)

    def shown_value(self, pointer: str, value: Any) -> str:
        """What is at a pointer into the request's body, as JSON of at most 100 letters, without secrets."""
        if self._lengths[0] > len(self.request.body):
            return "not known, because the body was truncated"
        if value is ABSENT:
            return "not there"
        if any(map(self._names.is_secret, pointer.split("/"))):
            return MASK
        return (self._redactor().body(orjson.dumps(value), "application/json") or "")[:100]

    def cut_bodies(self, length: int) -> None:
        """Let go of what is longer than that many bytes of either body."""
        request, response = self.request, self.response
        if len(request.body) > length:
            self.request = Request(
                request.method, request.path, request.query, request.headers, request.body[:length],
                request.first_headers,
            )  # fmt: skip
        if len(response.body) > length:
            self.response = Response(
                response.status, response.headers, response.body[:length], response.truncate_at, response.dropped
            )

    def _redactor(self, *, bodies: bool = True) -> Redactor:
        redactor = Redactor(self._names)
        redactor.learn(self.request.headers, self.request.query, self.request.body if bodies else b"")
        redactor.learn(self.response.headers, "", self.response.body if bodies else b"")
        return redactor


class ExchangeLog:
    """The last exchanges of one engine, oldest first.

    They are kept whole as long as their long bodies take no more than `MAX_LONG_BYTES` together; then the oldest of
    those are cut.

    Args:
        names: Which names are those of secrets.
        kept: How many are kept.
        sandbox: Whose exchanges they are.

    Attributes:
        cleared: How often they were cleared.
        violations: How many of all exchanges broke the OpenAPI document.
        sandbox: Whose exchanges they are.
        listeners: Called with every exchange, whole, before anything of it is cut.
        everywhere: Called with those of every sandbox of one server, and the name of the sandbox.
    """

    __slots__ = (
        "_added", "_kept", "_long", "_long_bytes", "_names", "cleared", "everywhere", "listeners", "sandbox",
        "violations",
    )  # fmt: skip

    def __init__(self, names: SecretNames = _COMMON_NAMES, kept: int = MAX_EXCHANGES, sandbox: str = "default") -> None:
        self._names = names
        self.sandbox = sandbox
        self.everywhere: list[Callable[[Exchange, str], None]] = []
        self._kept: deque[Exchange] = deque(maxlen=kept)
        # Those whose bodies are long, by how many were added before.
        self._long: dict[int, Exchange] = {}
        self._long_bytes = 0
        self._added = 0
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
        exchange = Exchange(number, at, operation, request, response, violations, fault, names=self._names)
        for listener in self.listeners:
            listener(exchange)
        for hears_all in self.everywhere:
            hears_all(exchange, self.sandbox)
        if len(request.body) + len(response.body) > LONG_BODY:
            self._add_long(exchange)
        if violations:
            self.violations += 1
        self._added += 1
        self._kept.append(exchange)

    def _add_long(self, exchange: Exchange) -> None:
        if len(exchange.request.body) > MAX_BODY:
            request = exchange.request
            body = request.body[:MAX_BODY]
            exchange.request = Request(
                request.method, request.path, request.query, request.headers, body, request.first_headers
            )
        self._long[self._added] = exchange
        self._long_bytes += _bytes(exchange)
        evicted = self._added - (self._kept.maxlen or 0)
        while self._long and (self._long_bytes > MAX_LONG_BYTES or next(iter(self._long)) <= evicted):
            oldest = self._long.pop(next(iter(self._long)))
            self._long_bytes -= _bytes(oldest)
            oldest.cut_bodies(LONG_BODY)

    @property
    def evicted(self) -> int:
        """How many exchanges have given way to newer ones since the log was cleared."""
        return self._added - len(self._kept)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, place: int) -> Exchange:
        return self._kept[place]

    def clear(self) -> None:
        """Remove them all."""
        self._kept.clear()
        self._long.clear()
        self._long_bytes = self._added = self.violations = 0
        self.cleared += 1

    def __repr__(self) -> str:
        return f"<ExchangeLog of {len(self._kept)} exchanges, {self.violations} violations>"


def _bytes(exchange: Exchange) -> int:
    return len(exchange.request.body) + len(exchange.response.body)


def _text(message: Request | Response, length: int, redactor: Redactor, limit: int = MAX_BODY) -> str:
    kind = (message.header("content-type") or "").partition(";")[0].strip().lower()
    text = redactor.body(message.body, kind)
    if text is None:
        text = redactor.text(message.body.decode("utf-8", "replace"))
    whole = length == len(message.body) and length <= limit and len(text) <= limit
    return text if whole else f"{text[:limit]}... ({length} bytes)"
