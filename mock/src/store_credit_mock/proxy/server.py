"""The proxy as a server, from the first connection to the last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from typing import Final

from aiohttp import web

from store_credit_mock.proxy.headers import response_head
from store_credit_mock.proxy.proxy import Proxy
from store_credit_mock.proxy.trailers import TrailerReader

__all__ = ["LINE", "run", "serve"]

LINE: Final = 16_384
"""Bytes the request line or one header of a client may have."""
HEADERS: Final = 128
HEAD_SECONDS: Final = 30.0
"""How long a client may take for the head of a request, from the connection or its first byte on."""
GRACE: Final = 2.0
"""Seconds that exchanges under way have to end."""


def _later(loop: asyncio.AbstractEventLoop, seconds: float, then: Callable[[], None]) -> asyncio.TimerHandle:
    """Do something after a while; tests put a clock of their own in its place."""
    return loop.call_later(seconds, then)


class _Connection(web.RequestHandler):
    """aiohttp's connection: with our own words for what is not HTTP, and no patience for half a head.

    Attributes:
        proxy: Whose connection.
        trailers: The trailers of the requests.
        number: How many requests have been handled.
    """

    proxy: Proxy
    trailers: TrailerReader
    number: int = 0
    _waiting: asyncio.TimerHandle | None = None
    _begun: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the head of the first request."""
        self.trailers = TrailerReader(requests=True)
        super().connection_made(transport)
        self._waiting = _later(self._loop, HEAD_SECONDS, self._stalled)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Wait no more."""
        self._heard()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what the client sent."""
        before = self._request_count
        self.trailers.feed(data)
        super().data_received(data)
        if self._request_count > before:
            self._heard()
        elif self._current_request is None and not self._messages:
            # Bytes that end no head while nothing is under way are the beginning of one.
            self._begun = True
            if self._waiting is None:
                self._waiting = _later(self._loop, HEAD_SECONDS, self._stalled)

    def _heard(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._begun = False

    def _stalled(self) -> None:
        self._waiting = None
        transport = self.transport
        if self._begun and transport is not None:
            text = f"the headers of the request were not complete after {HEAD_SECONDS:g} seconds"
            self.proxy.reporter.unreadable(text)
            body = b'{"error": "%b"}' % text.encode()
            lines = (
                b"Content-Length: %d" % len(body),
                b"X-Mock-Proxy: this response is the proxy's own",
                b"Connection: close",
            )
            transport.write(
                response_head(b"1.1", 408, "Request Timeout", [(b"Content-Type", b"application/json")], *lines) + body
            )
        self.force_close()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - aiohttp's words may repeat a secret of the request
    ) -> web.StreamResponse:
        """Answer what could not be read, or what the proxy itself failed over."""
        if status >= 500:
            text = f"the proxy failed: {type(exc).__name__}"
            self.proxy.reporter.say(f"x {text}")
        else:
            text = f"the request is not an HTTP/1.1 request that can be passed on ({type(exc).__name__})"
            if "PRI/Upgrade" in str(exc):  # The preface with which HTTP/2 begins.
                status, text = 505, "the proxy supports HTTP/1.1, not HTTP/2: configure the client to use HTTP/1.1"
            self.proxy.reporter.unreadable(text)
        transport = request.transport
        if request.writer.output_size or transport is None:
            raise ConnectionError(text)
        answer = web.json_response(
            {"error": text}, status=status, headers={"X-Mock-Proxy": "this response is the proxy's own"}
        )
        answer.force_close()
        return answer


class _Server(web.Server):
    def __init__(self, proxy: Proxy) -> None:
        quiet = logging.getLogger("store_credit_mock.proxy")
        quiet.addHandler(logging.NullHandler())
        quiet.propagate = False
        quiet.setLevel(logging.CRITICAL + 1)
        super().__init__(proxy.handle, handler_cancellation=True)
        self._proxy = proxy
        self._quiet = quiet

    def __call__(self) -> web.RequestHandler:
        made = _Connection(
            self, loop=asyncio.get_running_loop(), logger=self._quiet, access_log=self._quiet, keepalive_timeout=75.0,
            lingering_time=1.0, auto_decompress=False, max_line_size=LINE, max_field_size=LINE, max_headers=HEADERS,
        )  # fmt: skip
        made.proxy = self._proxy
        return made


async def serve(
    proxy: Proxy, host: str, port: int, ready: Callable[[str, int], None], ended: asyncio.Event | None = None
) -> bool:
    """Serve until an event is set; without one until Ctrl-C or SIGTERM.

    Returns:
        Whether it could listen at all.
    """
    loop = asyncio.get_running_loop()
    await proxy.upstream.open()
    server = _Server(proxy)
    try:
        try:
            listening = await loop.create_server(server, host, port, backlog=512)
        except OSError:
            return False
        if ended is None:
            ended = asyncio.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                with contextlib.suppress(NotImplementedError):
                    loop.add_signal_handler(number, ended.set)
        bound = listening.sockets[0].getsockname()
        ready(bound[0], bound[1])
        await ended.wait()
        proxy.ending = True
        listening.close()
        server.pre_shutdown()
        await server.shutdown(GRACE)
    finally:
        await proxy.upstream.close()
    return True


def run(proxy: Proxy, host: str, port: int, ready: Callable[[str, int], None]) -> bool:
    """Serve until Ctrl-C or SIGTERM.

    Returns:
        Whether it could listen at all.
    """
    try:
        from uvloop import new_event_loop
    except ImportError:  # Windows
        new_event_loop = None
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(serve(proxy, host, port, ready))
