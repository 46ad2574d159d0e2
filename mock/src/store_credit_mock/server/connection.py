"""One connection of a client: where a request begins and ends, and what is not a request that is answered here.

An offer to upgrade (`Upgrade: h2c` of curl --http2 and of Java's HttpClient, or a WebSocket) is ignored, as RFC 9110,
section 7.8 allows, and the request is read as the HTTP/1.1 that it is: its body is part of it, and what follows on the
connection is the next request. The parser would stop at the end of such a head and lose the body. A client that begins
with HTTP/2 without asking is told so (505), and its connection is closed.

Refused as well, and the connection closed: a request of HTTP/1.1 that does not name one host (RFC 9112, 3.2), an
address or a head that is too long, and a head that is not complete after 30 seconds.

It leans on what uvicorn calls its own; see `protocol`.
"""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle
from typing import Any, Final, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from store_credit_mock.http import Header

__all__ = ["HEAD_SECONDS", "MAXIMUM_HEAD", "MAXIMUM_LINE", "Connection"]

MAXIMUM_LINE: Final = 16_384
"""Bytes of an address; a longer one is answered 414."""
MAXIMUM_HEAD: Final = 65_536
"""Bytes of a request line with its headers; longer ones are answered 431, before they are all there."""
HEAD_SECONDS: Final = 30.0
"""How long a head may take from its first byte to its last; a slower one is answered 408."""

_KNOWN: Final = (
    "accept", "accept-encoding", "accept-language", "authorization", "connection", "content-length", "content-type",
    "cookie", "host", "idempotency-key", "user-agent", "vinr-version", "x-api-key", "x-mock-sandbox",
)  # fmt: skip
_NAMES: Final = {spelling.encode(): name.encode() for name in _KNOWN for spelling in (name, name.title())}
"""Names of headers as most clients spell them: each is kept once, and not with every exchange."""
_LINE: Final = b": ".join
_TOO_LONG: Final = b"an address has at most %d bytes here, a head %d" % (MAXIMUM_LINE, MAXIMUM_HEAD)
_VERSION: Final = b"HTTP/1.1 and HTTP/1.0 are spoken here, and no HTTP/2: set the client to HTTP/1.1"
_HOST: Final = b"a request of HTTP/1.1 names its host in exactly one Host header (RFC 9112, 3.2)"
_STALLED: Final = b"the headers of the request were not complete after %d seconds" % HEAD_SECONDS
_BROKEN: Final = b"this is not a request of HTTP/1.1"
_TLS: Final = b"\x16\x03"
_TLS_HERE: Final = b"this looks like TLS, and plain http is spoken here: use http://, or start with --tls-self-signed"


class Connection(HttpToolsProtocol):
    """Reads requests; what is done with a head that is complete says `on_head`."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head = 0
        self._heading = False
        self._split = False
        self._big = False
        self._refused: tuple[int, bytes] | None = None
        self._offering: list[Header] | None = None
        self._stall: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Close it where nothing at all is sent."""
        super().connection_made(cast("Any", transport))
        self._stall = self.loop.call_later(self.timeout_keep_alive, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the connection."""
        self._unwatch()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, but no head without an end: the parser itself would keep whatever comes, for as long as it takes."""
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
            self._refuse(*(self._refused or self._unreadable(data)))
            return
        if self._heading and not self.transport.is_closing():
            self._split = True
            self._head += size if continued else 0
            if self._head > MAXIMUM_HEAD:
                self._refuse(431, _TOO_LONG)
            elif not continued:
                self._unwatch()
                self._stall = self.loop.call_later(HEAD_SECONDS, self._stalled)
        elif self._stall is not None:
            self._unwatch()

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

    # What is refused

    def _unreadable(self, data: bytes) -> tuple[int, bytes]:
        parser: Any = self.parser
        # The preface with which HTTP/2 begins is a request line of version 2.0.
        if self._heading and parser.get_http_version() not in {"0.0", "1.0", "1.1"}:
            return 505, _VERSION
        return 400, _TLS_HERE if data[:2] == _TLS else _BROKEN

    def _refuse(self, status: int, text: bytes) -> None:
        self._unwatch()
        body = b'{"error":"%b"}' % text
        head = b"content-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words say less
        """Refuse what is not a request."""
        self._refuse(400, _BROKEN)

    def _stalled(self) -> None:
        """End a head that does not come to its end, but no response to an earlier request that is under way."""
        if self.cycle is None or self.cycle.response_complete:  # pyright: ignore[reportUnnecessaryComparison]
            self._refuse(408, _STALLED)
        else:
            self._stall = self.loop.call_later(HEAD_SECONDS, self._stalled)

    def _unwatch(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _reason(self, version: str, by_name: dict[bytes, bytes]) -> tuple[int, bytes] | None:
        """Why a head is refused; None if it is not."""
        # A head of several pieces, or of a big one, may be too long; most come in one small piece.
        if self._split or self._big:
            if len(self.url) > MAXIMUM_LINE:
                return 414, _TOO_LONG
            if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > MAXIMUM_HEAD:
                return 431, _TOO_LONG
        if version == "1.1":
            if b"host" not in by_name:
                return 400, _HOST
            if len(by_name) != len(self.headers) and sum(name == b"host" for name, _ in self.headers) > 1:
                return 400, _HOST
        elif version != "1.0":
            return 505, _VERSION
        return None

    # The parser's calls, in their order

    def on_message_begin(self) -> None:
        """Start a request."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._heading = True
        self._split = False
        self._head = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, but nothing that comes after the body (RFC 9110, 6.5.1)."""
        if self._heading:
            self.headers.append((_NAMES.get(name) or name.lower(), value))

    def on_headers_complete(self) -> None:
        """Refuse the head, or take it."""
        parser: Any = self.parser
        version: str = parser.get_http_version()
        by_name = dict(reversed(self.headers))
        self._refused = self._reason(version, by_name)
        if self._refused is not None:
            raise ValueError("refused")
        self._heading = False
        if parser.should_upgrade() and parser.get_method() != b"CONNECT":
            self._offering = self.headers
            return
        if self._offering is not None:
            # What was sent is what is recorded, with the offer.
            self.headers, self._offering = self._offering, None
            by_name = dict(reversed(self.headers))
        self.on_head(version, by_name)

    def on_head(self, version: str, by_name: dict[bytes, bytes]) -> None:
        """Take a head that is complete.

        Args:
            version: `1.1` or `1.0`.
            by_name: The first value of each header.
        """
        raise NotImplementedError
