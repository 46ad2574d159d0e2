"""HTTP on the wire: uvicorn's protocol, with a short way for what is asked most.

A request that is all there when the connection is free is answered at once, in one write, without a task, events and
the dictionaries between a server and an ASGI app; that is most of what such a small response costs. Everything else
takes uvicorn's own way to the same app: planned faults, long bodies, `Expect: 100-continue`, HTTP/1.0, a
client that does not read, an address that is not a plain path.

It leans on what uvicorn calls its own: `HttpToolsProtocol` with `parser`, `cycle`, `flow`, `pipeline` and the hooks of
the parser, and `STATUS_LINE`. Where another version of uvicorn has changed these, `serve --plain-http` does without
this module: twice the time for each request, and a request that offers to upgrade loses its body.

An offer to upgrade (`Upgrade: h2c` of curl --http2 and of Java's HttpClient) is ignored, as RFC 9110, 7.8 allows, and
the request is read as the HTTP/1.1 that it is. The parser would stop at the end of such a head and lose the body.
"""

from __future__ import annotations

from asyncio import TimerHandle
from functools import lru_cache
from typing import Any, Final

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from store_credit_mock.http import Header, Request, Response
from store_credit_mock.server.app import App

__all__ = ["FastPathProtocol"]

LONGEST: Final = 65_536
"""Bytes of a body that are kept here; a longer one takes the other way, which holds a fast sender back."""

MAXIMUM_LINE: Final = 16_384
"""Bytes of an address; a longer one is answered 414."""
MAXIMUM_HEAD: Final = 65_536
"""Bytes of a request line with its headers; longer ones are answered 431, before they are all there."""

_SHORT: Final = 256
"""Bytes of an address that is worth remembering."""
_LINE: Final = b": ".join
_FAILED: Final = STATUS_LINE[500] + b"content-length: 0\r\nconnection: close\r\n\r\n"


class FastPathProtocol(HttpToolsProtocol):
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
        self._head = 0
        self._heading = False
        self._split = False
        self._big = False
        self._refused = 400
        self._offering: list[Header] | None = None

    def data_received(self, data: bytes) -> None:
        """Read on, but no head without an end: the parser itself would keep whatever comes."""
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        size = len(data)
        self._big = size > MAXIMUM_LINE
        # How much of the piece that it began in belongs to a head is not known; one piece is not a flood.
        continued = self._heading
        try:
            self._feed(data)
        except HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
            return
        if self._heading and not self.transport.is_closing():
            self._split = True
            self._head += size if continued else 0
            if self._head > MAXIMUM_HEAD:
                self._refused = 431
                self.send_400_response("")

    def _feed(self, data: bytes) -> None:
        """Parse what came; a head that offers an upgrade is parsed once more without the offer."""
        rest = memoryview(data)
        while True:
            parser: Any = self.parser
            try:
                parser.feed_data(rest)
            except HttpParserUpgrade as offer:
                rest = rest[offer.args[0] :]
                if self._offering is not None:
                    lines = [
                        b"%b %b HTTP/%b" % (parser.get_method(), self.url, parser.get_http_version().encode("ascii")),
                        *(_LINE(pair) for pair in self._offering if pair[0] != b"upgrade"),
                    ]
                    # A parser that has stopped at an offer may not start again where Connection says `close` too.
                    self.parser = parser = HttpRequestParser(self)
                    if hasattr(parser, "set_dangerous_leniencies"):  # httptools 0.6.3; as uvicorn has it
                        parser.set_dangerous_leniencies(lenient_data_after_close=True)
                    parser.feed_data(b"\r\n".join(lines) + b"\r\n\r\n")
            else:
                return

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not a request, or too long for one."""
        if self._refused == 400:
            super().send_400_response(msg)
            return
        text = b'{"error":"an address has at most %d bytes here, a head %d"}' % (MAXIMUM_LINE, MAXIMUM_HEAD)
        head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(text)
        self.transport.write(STATUS_LINE[self._refused] + head + text)
        self.transport.close()

    def _too_long(self) -> bool:
        if len(self.url) > MAXIMUM_LINE:
            self._refused = 414
        elif len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > MAXIMUM_HEAD:
            self._refused = 431
        return self._refused != 400

    # The parser's calls, in their order

    def on_message_begin(self) -> None:
        """Start a request."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._held = None
        self._reading = self._heading = True
        self._split = False
        self._head = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, but nothing that comes after the body (RFC 9110, 6.5.1)."""
        if self._heading:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Choose the way."""
        # A head of several pieces, or of a big one, may be too long; most come in one small piece.
        if (self._split or self._big) and self._too_long():
            raise ValueError("too long")
        self._heading = False
        parser: Any = self.parser
        if parser.should_upgrade() and parser.get_method() != b"CONNECT":
            self._offering = self.headers
            return
        if self._offering is not None:
            # What was sent is what is recorded, with the offer.
            self.headers, self._offering = self._offering, None
        url = self.url
        self._first_headers = by_name = dict(reversed(self.headers))
        if (
            b"expect" in by_name
            or parser.should_upgrade()
            or parser.get_http_version() != "1.1"
            or url[:1] != b"/"
            or url[:2] == b"//"
            or b"#" in url
        ):
            self._take_the_other_way()
        else:
            self._held = b""

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
            waits = self._engine.may_wait(self.url.decode("latin-1"), self._first_headers)
            if free and not waits and not self.flow.write_paused:
                self._held = None
                self._answer(body)
                return
            self._take_the_other_way()
        super().on_message_complete()

    def _take_the_other_way(self) -> None:
        """Tell uvicorn what has been read of this request so far."""
        url, headers, body = self.url, self.headers, self._held
        self._held = None
        self._reading = False
        super().on_message_begin()
        self.url = url
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()
        if body:
            super().on_body(body)

    # The short way

    def _answer(self, body: bytes) -> None:
        parser: Any = self.parser
        method = parser.get_method().decode("ascii")
        path, query = _split_again(self.url) if len(self.url) <= _SHORT else _split(self.url)
        request = Request(method, path, query, self.headers, body, self._first_headers)
        keep_alive = parser.should_keep_alive()
        try:
            response = self._mock.gateway.handle(request)
            answer = written(response, method, self._engine.http_date(), keep_alive=keep_alive)
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


def _split(url: bytes) -> tuple[str, str]:
    path, _, query = url.partition(b"?")
    return path.decode("latin-1"), query.decode("latin-1")


_split_again = lru_cache(maxsize=1024)(_split)
"""The same texts for the same address, which are found again more quickly further on."""


def written(response: Response, method: str, date: bytes, *, keep_alive: bool) -> bytes:
    """A whole response as it goes over the wire.

    Raises:
        ValueError: A header holds the end of a line, and would become two.
    """
    headers = response.headers
    lines = STATUS_LINE[response.status] + b"\r\n".join(map(_LINE, headers))
    ends = len(headers) or 1
    if lines.count(b"\n") != ends or lines.count(b"\r") != ends:
        raise ValueError("a header of the response holds the end of a line")
    date = response.date or date
    lines += b"\r\ndate: %b\r\n" % date if headers else b"date: %b\r\n" % date
    length = response.length(method)
    if length is not None:
        lines += b"content-length: %d\r\n" % length
    if not keep_alive:
        lines += b"connection: close\r\n"
    return lines + b"\r\n" if method == "HEAD" else b"%b\r\n%b" % (lines, response.body)
