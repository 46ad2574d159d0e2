"""What goes into the engine and what comes out of it: plain requests and responses, without any transport."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

__all__ = ["NOTHING", "SECRET_NAMES", "Header", "Request", "Response"]

Header = tuple[bytes, bytes]
"""Name and value as on the wire (latin-1). Names have any case on the way in and are in lower case on the way out."""

NOTHING: Final = -1
"""`Response.cut` when the connection is closed before the first byte of the response."""

SECRET_NAMES: Final = frozenset(
    {"access_token", "api_key", "client_secret", "order_token", "password", "refresh_token", "secret", "token"}
)
"""Parameters and members whose values are never shown, in lower case."""


class Request:
    """One request.

    Args:
        method: In capitals.
        path: As sent, percent-encoded, without the query.
        query: As sent, percent-encoded, without the question mark.
        headers: In the order sent; a name may come more than once.
        body: The bytes of the body, decoded from any transfer encoding.
        by_name: The first value of each header by its name in lower case; made of `headers` where it is not at hand.
    """

    __slots__ = ("body", "first_headers", "headers", "method", "path", "query")

    def __init__(
        self,
        method: str,
        path: str,
        query: str = "",
        headers: Iterable[Header] = (),
        body: bytes = b"",
        by_name: dict[bytes, bytes] | None = None,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers: list[Header] = headers if isinstance(headers, list) else list(headers)
        self.body = body
        if by_name is None:
            # From the last to the first, so that the first stays.
            by_name = {name.lower(): value for name, value in reversed(self.headers)}
        self.first_headers = by_name

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
        cut: None for a whole response. Otherwise the transport sends this many bytes of the body (of a body announced
            whole) and closes the connection; `NOTHING` means it closes without sending even a status line.
    """

    __slots__ = ("body", "cut", "headers", "status")

    def __init__(self, status: int, headers: list[Header], body: bytes, cut: int | None = None) -> None:
        self.status = status
        self.headers = headers
        self.body = body
        self.cut = cut

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
        headers = [*self.headers, (b"date", date)]
        if length is not None:
            headers.append((b"content-length", b"%d" % length))
        return headers

    def __repr__(self) -> str:
        cut = "" if self.cut is None else f", cut at {self.cut}"
        return f"<Response {self.status}, {len(self.body)} bytes{cut}>"
