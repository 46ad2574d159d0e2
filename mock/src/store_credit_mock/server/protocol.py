"""HTTP on the wire: uvicorn's protocol, with a short way for what is asked most.

A request that is all there when the connection is free is answered at once, in one write, without a task, events and
the dictionaries between a server and an ASGI app; that is most of what such a small response costs. Everything else
takes uvicorn's own way to the same app: scheduled faults, long bodies, `Expect: 100-continue`, HTTP/1.0, a
client that does not read, an address that is not a plain path.

It leans on what uvicorn calls its own: `HttpToolsProtocol` with `parser`, `cycle`, `flow`, `pipeline` and the hooks of
the parser, and `STATUS_LINE`. Where another version of uvicorn has changed these, `serve --plain-http` does without
this module and `connection`: uvicorn reads with h11, at more than twice the time for each request.
"""

from __future__ import annotations

from asyncio import TimerHandle
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from store_credit_mock.http import Request, Response
from store_credit_mock.server.app import App
from store_credit_mock.server.connection import Connection

__all__ = ["FastPathProtocol"]

LONGEST: Final = 65_536
"""Bytes of a body that are kept here; a longer one takes the other way, which holds a fast sender back."""

_METHODS: Final = {name.encode(): name for name in ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")}
_LINE: Final = b": ".join
_FAILED: Final = STATUS_LINE[500] + b"content-length: 0\r\nconnection: close\r\n\r\n"


class FastPathProtocol(Connection):
    """One connection. Which app it serves is in uvicorn's configuration, as with any protocol of uvicorn's."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # uvicorn may have put something around the app; what answers here is the app itself.
        self._mock: App = self.config.app  # type: ignore[assignment] # pyright: ignore[reportAttributeAccessIssue]
        self._engine = self._mock.engine
        self._held: bytes | None = None
        self._first_headers: dict[bytes, bytes] = {}
        self._reading = False
        self._idle_since = 0.0
        self._watch: TimerHandle | None = None

    # The parser's calls, in their order

    def on_message_begin(self) -> None:
        """Start a request."""
        super().on_message_begin()
        self._held = None
        self._reading = True

    def on_head(self, version: str, by_name: dict[bytes, bytes]) -> None:
        """Choose the way."""
        parser: Any = self.parser
        url = self.url
        self._first_headers = by_name
        plain = url.startswith(b"/") and not url.startswith(b"//") and b"#" not in url
        if plain and version == "1.1" and b"expect" not in by_name and not parser.should_upgrade():
            self._held = b""
        else:
            self._take_the_other_way()

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        held = self._held
        if held is None:
            super().on_body(body)
            return
        self._held = held = held + body if held else body
        if len(held) > LONGEST:
            self._take_the_other_way()

    def on_message_complete(self) -> None:
        """Answer."""
        if self._offering is not None:
            return
        body = self._held
        if body is not None:
            cycle = self.cycle
            free = cycle is None or cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison]
            parser: Any = self.parser
            sent = parser.get_method()
            method = _METHODS.get(sent) or sent.decode("ascii")
            path, _, query = self.url.decode("latin-1").partition("?")
            request = Request(method, path, query, self.headers, body, self._first_headers)
            if free and not self.flow.write_paused and not self._engine.may_wait(request):
                self._held = None
                self._answer(request, keep_alive=parser.should_keep_alive())
                return
            self._take_the_other_way()
        super().on_message_complete()

    def _take_the_other_way(self) -> None:
        """Tell uvicorn what has been read of this request so far."""
        url, headers, body = self.url, self.headers, self._held
        self._held = None
        self._reading = False
        HttpToolsProtocol.on_message_begin(self)
        self.url = url
        for name, value in headers:
            HttpToolsProtocol.on_header(self, name, value)
        HttpToolsProtocol.on_headers_complete(self)
        if body:
            super().on_body(body)

    # The short way

    def _answer(self, request: Request, *, keep_alive: bool) -> None:
        method = request.method
        try:
            response = self._mock.gateway.handle(request)
            date = response.date or self._engine.http_date()
            answer = written(response, method, date, keep_alive=keep_alive)
        except Exception:
            # Nothing of the request itself can be at fault here, so that uvicorn's 400 would mislead.
            self.logger.exception("the mock failed")
            answer, keep_alive = _FAILED, False
        self.transport.write(answer)
        if method != "GET":
            self._mock.answered(method)
        self._reading = False
        self.server_state.total_requests += 1
        if not keep_alive:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self._watch is None:
            self._watch = self.loop.call_later(self.timeout_keep_alive, self._look)

    def _look(self) -> None:
        """Close a connection that has been idle for long enough: one look for many requests."""
        self._watch = None
        if self._reading or self.timeout_keep_alive_task is not None or self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:  # pyright: ignore[reportUnnecessaryComparison]
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._watch = self.loop.call_later(left, self._look)
        else:
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)


def written(response: Response, method: str, date: bytes, *, keep_alive: bool) -> bytes:
    """A whole response as it goes over the wire.

    Raises:
        ValueError: A header holds the end of a line, and would become two.
    """
    headers = response.headers
    lines = STATUS_LINE[response.status] + b"\r\n".join(map(_LINE, headers))
    ends = len(headers) or 1
    if lines.count(b"\n") != ends or lines.count(b"\r") != ends:
        raise ValueError("a response header contains a line break")
    lines += b"\r\ndate: %b\r\n" % date if headers else b"date: %b\r\n" % date
    length = response.length(method)
    if length is not None:
        lines += b"content-length: %d\r\n" % length
    if not keep_alive:
        lines += b"connection: close\r\n"
    return lines + b"\r\n" if method == "HEAD" else b"%b\r\n%b" % (lines, response.body)
