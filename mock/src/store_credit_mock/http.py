"""What goes into the engine and what comes out of it: plain requests and responses, without any transport."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["Header", "Request", "Response"]

Header = tuple[bytes, bytes]
"""Name and value as on the wire (latin-1). Names have any case on the way in and are in lower case on the way out."""


class Request:
    """One request.

    Args:
        method: In capitals.
        path: As sent, percent-encoded, without the query.
        query: As sent, percent-encoded, without the question mark.
        headers: In the order sent; a name may come more than once.
        body: The bytes of the body, decoded from any transfer encoding.
        first_headers: The first value of each header, by its name in lower case; None makes it from `headers`.

    Attributes:
        arrived: The number of the last request that had been handled when this one arrived, if others were handled
            before it had its turn; None if none was.
        engine: The engine of the sandbox that it names, once that is known; so it is looked for once.
        operation: The operationId, once its operation was found.
    """

    __slots__ = ("arrived", "body", "engine", "first_headers", "headers", "method", "operation", "path", "query")

    def __init__(
        self,
        method: str,
        path: str,
        query: str = "",
        headers: Iterable[Header] = (),
        body: bytes = b"",
        first_headers: dict[bytes, bytes] | None = None,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.arrived: int | None = None
        self.engine: Any = None
        self.operation: str | None = None
        self.headers: list[Header] = headers if isinstance(headers, list) else list(headers)
        self.body = body
        if first_headers is None:
            # From the last to the first, so that the first stays.
            first_headers = {name.lower(): value for name, value in reversed(self.headers)}
        self.first_headers = first_headers

    @classmethod
    def build(
        cls, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | str = b""
    ) -> Request:
        """Make a request from text, for tests and tools: `Request.build("GET", "/v1/store-credit?limit=1")`."""
        path, _, query = target.partition("?")
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]
        return cls(method.upper(), path, query, pairs, body.encode() if isinstance(body, str) else body)

    def header(self, name: str) -> str | None:
        """The first value of a header; `name` is in lower case."""
        value = self.first_headers.get(name.encode())
        return None if value is None else value.decode("latin-1")

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}{'?' + self.query if self.query else ''}, {len(self.body)} bytes>"


class Response:
    """One response.

    Attributes:
        status: HTTP status.
        headers: Names in lower case; `date` and `content-length` are left to the transport.
        body: The bytes of the body.
        truncate_at: How many bytes of the body, whose whole length is announced, the transport sends before it closes
            the connection; None sends all of them.
        dropped: Whether the transport closes the connection without sending even a status line.
        reset: Whether it then resets the connection instead of closing it.
        date: What `Date` says, where that is not the time of the sandbox of requests that name none.
    """

    __slots__ = ("body", "date", "dropped", "headers", "reset", "status", "truncate_at")

    def __init__(
        self,
        status: int,
        headers: list[Header],
        body: bytes,
        truncate_at: int | None = None,
        dropped: bool = False,
        reset: bool = False,
    ) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.truncate_at = truncate_at
        self.dropped = dropped
        self.reset = reset
        self.date: bytes | None = None

    @property
    def incomplete(self) -> bool:
        """Whether the client gets less than the whole response."""
        return self.dropped or self.truncate_at is not None

    def header(self, name: str) -> str | None:
        """The first value of a header; `name` is in lower case."""
        wanted = name.encode("latin-1")
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), None)

    def length(self, method: str) -> int | None:
        """What `content-length` says; None where it is left out.

        That is where there is no body by rule, and on a response to HEAD that does not know the length GET would have.
        """
        body = self.body
        if self.status in {204, 304} or (method == "HEAD" and not body):
            return None
        return len(body)

    def head(self, method: str, date: bytes) -> list[Header]:
        """All headers that go over the wire: with those that only the transport knows."""
        length = self.length(method)
        headers = [*self.headers, (b"date", self.date or date)]
        if length is not None:
            headers.append((b"content-length", b"%d" % length))
        return headers

    def __repr__(self) -> str:
        cut = "" if self.truncate_at is None else f", truncated at {self.truncate_at}"
        return f"<Response {self.status}, {len(self.body)} bytes{', dropped' if self.dropped else cut}>"
