"""Forward one exchange: bytes as they come in both directions, a copy of them for the validator."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from aiohttp import ClientError, web
from aiohttp.http import HttpProcessingError, HttpVersion11, RawResponseMessage
from aiohttp.streams import StreamReader

from store_credit_mock.contract.body import media_type
from store_credit_mock.core.responses import header_text
from store_credit_mock.http import Header, Request, Response
from store_credit_mock.proxy.body_buffer import chunk
from store_credit_mock.proxy.context import ProxyContext
from store_credit_mock.proxy.downstream import (
    CLOSE,
    KEEP,
    BrokenRequestError,
    Client,
    ClientGoneError,
    next_piece,
    reject_reason,
)
from store_credit_mock.proxy.headers import Head, head_bytes, response_head
from store_credit_mock.proxy.held_body import HELD, HeldBody
from store_credit_mock.proxy.observer import ExchangeObserver
from store_credit_mock.proxy.trailers import last_chunk
from store_credit_mock.proxy.upstream import UpstreamConnection, UpstreamError

__all__ = ["ProxyExchange"]

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_BODILESS: Final = frozenset({204, 304})
_BROKEN: Final = (ClientError, HttpProcessingError, TimeoutError, OSError)
_CHUNKED: Final = b"Transfer-Encoding: chunked"
_GONE: Final = "the client closed the connection before it received the whole response"
_ENDED: Final = "the proxy was stopped before the whole response was passed on"
_REASONS: Final = {
    400: "Bad Request",
    405: "Method Not Allowed",
    421: "Misdirected Request",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class ProxyExchange(ExchangeObserver):
    """One exchange on its way.

    Args:
        proxy: Whose exchange.
        request: The request.
        number: From 1.
    """

    def __init__(self, proxy: ProxyContext, request: web.BaseRequest, number: int) -> None:
        target = request.raw_path
        path, _, query = target.partition("?")
        super().__init__(proxy, number, Request(request.method, path, query, list(request.raw_headers)))
        self.request = request
        self.client = Client(request)
        self.target = target
        self.head = Head(request.raw_headers, proxy.upstream.host)
        self.modern = request.version >= HttpVersion11
        self.held = HeldBody()
        self.sender: asyncio.Task[None] | None = None
        self.connected: UpstreamConnection | None = None
        protocol: Any = request.protocol
        protocol.number += 1
        self.asked_trailers: Callable[[], bytes] = partial(protocol.trailers.of, protocol.number)

    async def run(self) -> web.StreamResponse:
        """Pass it on, and tell what came of it."""
        try:
            problem = reject_reason(self.target, self.head, self.settings.hosts)
            if problem is not None:
                return await self._own_error(*problem)
            if self.settings.validator is not None:
                self.located = self.settings.validator.locate(self.asked.method, self.asked.path)
            return await self._pass()
        except UpstreamError as error:
            return await self._own_error(error.status, str(error))
        except BrokenRequestError as error:
            return await self._own_error(400, str(error))
        except ClientGoneError:
            self.trouble = _GONE
            return CLOSE
        except asyncio.CancelledError:
            self.trouble = _ENDED if self.proxy.ending else _GONE
            raise
        finally:
            self._end()
            self.tell()

    async def _pass(self) -> web.StreamResponse:
        head, settings = self.head, self.settings
        body: bytes | None = b""
        rest = False
        expects = b"expect" in head.first
        if head.chunked or head.length:
            body, rest, expects = await self._body(expects=expects)
        if settings.enforce:
            self.check_request()
            assert self.of_request is not None
            if self.of_request.violations:
                self.refused = True
                return await self._write_own(
                    self.proxy.refusals.reject(self.asked, self.located.match, self.of_request.violations)
                )
        target = self.proxy.upstream.prefix + self.target.encode("utf-8", "surrogateescape")
        line = b"%b %b HTTP/1.1" % (self.asked.method.encode("ascii"), target)
        kept = head.kept
        if head.chunked:
            first = head_bytes(line, [pair for pair in kept if pair[0].lower() != b"content-length"], _CHUNKED)
        else:
            first = head_bytes(line, kept)
        again = body is not None and not rest and self.asked.method in _SAFE
        try:
            message, payload = await self._ask(first, body, rest=rest, expects=expects)
        except UpstreamError as error:
            if not (error.unsent or (error.stale and again)):
                raise self._cause(error) from error
            self._end()
            message, payload = await self._ask(first, body, rest=rest, expects=expects)
        return await self._back(message, payload)

    async def _body(self, *, expects: bool) -> tuple[bytes | None, bool, bool]:
        """Read what of the request's body is wanted before the upstream gets it.

        Returns:
            What was read, None if it all passes as it comes; whether there is more; whether the upstream is to be asked
            for its 100 Continue.
        """
        head, settings = self.head, self.settings
        content = self.request.content
        if settings.enforce:
            if expects:
                # Whoever checks before passing on must ask for the body itself.
                head.kept = [pair for pair in head.kept if pair[0].lower() != b"expect"]
                self.client.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            begun: list[bytes] = []
            while not content.at_eof() and self.copy.whole:
                begun.append(await self.client.read())
                self.copy.add(begun[-1])
            return b"".join(begun), not content.at_eof(), False
        if expects or head.chunked or (head.length or 0) > HELD:
            return None, True, expects
        if content.is_eof():
            body = content.read_nowait()
        else:
            parts: list[bytes] = []
            while piece := await self.client.read():
                parts.append(piece)
            body = b"".join(parts)
        self.copy.add(body)
        return body, False, False

    async def _ask(
        self, first: bytes, body: bytes | None, *, rest: bool, expects: bool
    ) -> tuple[RawResponseMessage, StreamReader]:
        connected = self.connected = await self.proxy.upstream.connect(bodiless=self.asked.method == "HEAD")
        if not rest:
            if self.head.chunked:
                body = (chunk(body) if body else b"") + self._request_end()
            connected.send(first + body if body else first)
            connected.wait()
            # The upstream works on its response meanwhile.
            self.check_request()
        else:
            connected.send(first)
            if expects:
                connected.wait()
            self.sender = asyncio.create_task(self._send(connected, body or b""))
        while True:
            message, payload = await connected.answer()
            if message.code >= 200:
                return message, payload
            if message.code == 101:
                raise UpstreamError(502, "the upstream switched protocols, but the client did not request an upgrade")
            if self.modern:
                kept = Head(message.raw_headers).kept
                self.client.write(response_head(b"1.1", message.code, message.reason, kept))

    async def _send(self, connected: UpstreamConnection, begun: bytes) -> None:
        """Pass on the rest of the request's body as it comes."""
        chunked, copy = self.head.chunked, self.copy
        try:
            if begun:
                connected.send(chunk(begun) if chunked else begun)
            while piece := await self.client.read():
                copy.add(piece)
                connected.send(chunk(piece) if chunked else piece)
                await connected.drain()
            if chunked:
                connected.send(self._request_end())
            connected.wait()
        except (ClientGoneError, BrokenRequestError):
            # What the upstream has got must not look like all there is.
            connected.close()
            raise
        except UpstreamError as error:
            if error.status == 504:
                # Nothing else ends the wait for the response.
                connected.close()
            raise

    def _request_end(self) -> bytes:
        """The end of a request in chunks, with the trailers that came."""
        return last_chunk(self.asked_trailers())

    def _response_end(self) -> bytes:
        """The end of a response in chunks, with the trailers that came."""
        return last_chunk(b"" if self.connected is None else self.connected.trailers())

    def _cause(self, error: UpstreamError) -> Exception:
        """What ended the sending, if that is why no response came."""
        sender = self.sender
        if sender is None or not sender.done() or sender.cancelled():
            return error
        cause = sender.exception()
        return cause if isinstance(cause, Exception) else error

    async def _back(self, message: RawResponseMessage, payload: StreamReader) -> web.StreamResponse:
        head = Head(message.raw_headers)
        status = message.code
        self.status, self.reason, self.given = status, message.reason, message.raw_headers
        keep = self.request.keep_alive
        sender = self.sender
        if sender is not None and not sender.done():
            # A response before the whole request: what is left of it will not be wanted.
            keep = False
        bodiless = self.asked.method == "HEAD" or status in _BODILESS
        lines: list[bytes] = []
        kept = head.kept
        frames = False
        if not bodiless:
            if head.chunked:
                kept = [pair for pair in kept if pair[0].lower() != b"content-length"]
            if head.chunked or head.length is None:
                if self.modern:
                    frames = True
                    lines.append(_CHUNKED)
                else:
                    keep = False
        if not keep:
            lines.append(b"Connection: close")
        elif not self.modern:
            lines.append(b"Connection: keep-alive")
        validator = self.settings.validator
        known = validator is not None and self.located.match is not None
        whole = True
        if not bodiless:
            streams = media_type(head.first.get(b"content-type", b"")) == "text/event-stream"
            too_long = head.length is not None and head.length > HELD
            if known and not streams and not too_long:
                try:
                    whole = await self.held.collect(payload)
                except _BROKEN as error:
                    return await self._cut(kept, lines, frames=frames, started=False, error=error, head=head)
            else:
                whole = False
        held = self.held.bytes()
        if not whole and self.of_request is not None and self.of_request.violations:
            lines.append(b"X-Mock-Violation: " + header_text(self.of_request.violations))
        if whole:
            self.answered.add(held)
            if validator is not None:
                self.check_request()
                self.check_response(validator, held)
                found = self.found()
                if found:
                    lines.append(b"X-Mock-Violation: " + header_text(found))
        version = b"1.1" if self.modern else b"1.0"
        first = response_head(version, status, message.reason, kept, *lines)
        if whole:
            if frames:
                held = self.held.chunks() + self._response_end()
            self.client.write(first + held if held else first)
            await self.client.drain()
        else:
            self.answered.add(held)
            self.client.write(first + (self.held.chunks() if frames else held))
            try:
                await self._stream(payload, frames=frames)
            except _BROKEN as error:
                return await self._cut(kept, lines, frames=frames, started=True, error=error, head=head)
            self.check_request()
            if validator is not None and known:
                self.check_response(validator, self.answered.bytes())
        connected = self.connected
        assert connected is not None
        if sender is None or sender.done():
            connected.release()
            self.connected = None
        return KEEP if keep else CLOSE

    async def _stream(self, payload: StreamReader, *, frames: bool) -> None:
        answered, settings = self.answered, self.settings
        if self.located.match is None and settings.recorder is None and not settings.listeners:
            answered.skip()
        while piece := await next_piece(payload):
            answered.add(piece)
            self.client.write(chunk(piece) if frames else piece)
            await self.client.drain()
        if frames:
            self.client.write(self._response_end())

    async def _cut(
        self,
        kept: Sequence[Header],
        lines: list[bytes],
        *,
        frames: bool,
        started: bool,
        error: BaseException,
        head: Head,
    ) -> web.StreamResponse:
        """Let the client see that the response broke off: as much as came, and then the end of the connection."""
        held = b"" if started else self.held.bytes()
        self.answered.add(held)
        announced = f"{head.length} bytes" if head.length is not None else "more"
        validator = self.settings.validator
        if isinstance(error, TimeoutError):
            self.trouble = f"{self.proxy.upstream.told(error)}; the client received part of the response"
        elif validator is not None:
            self.extra.append(validator.truncated("response", self.located, announced, self.answered.size))
        else:
            self.trouble = "the upstream cut off its response; the client received part of it"
        self.check_request()
        if not started:
            if found := self.found():
                lines.append(b"X-Mock-Violation: " + header_text(found))
            assert self.status is not None
            first = response_head(b"1.1" if self.modern else b"1.0", self.status, self.reason, kept, *lines)
            self.client.write(first + (self.held.chunks() if frames else held))
        with contextlib.suppress(ClientGoneError):
            await self.client.drain()
        transport = self.request.transport
        if not (frames or head.length is not None):
            # Without a length only a reset tells a broken body from a whole one.
            self.client.abort()
        elif transport is not None:
            transport.close()
        self.answered.skip()
        return CLOSE

    async def _own_error(self, status: int, text: str) -> web.StreamResponse:
        self.trouble = text
        return await self._write_own(self.proxy.refusals.fail(self.asked, status, text))

    async def _write_own(self, response: Response) -> web.StreamResponse:
        self._end()
        content = self.request.content
        keep = self.request.keep_alive and content.is_eof()
        self.status, self.given, self.own = response.status, response.headers, True
        lines = [b"Content-Length: %d" % len(response.body), b"X-Mock-Proxy: this response is the proxy's own"]
        if not keep:
            lines.append(b"Connection: close")
        self.answered.add(response.body)
        body = b"" if self.asked.method == "HEAD" else response.body
        with contextlib.suppress(ClientGoneError):
            self.client.write(
                response_head(b"1.1", response.status, _REASONS.get(response.status, ""), response.headers, *lines)
                + body
            )
            await self.client.drain()
        return KEEP if keep else CLOSE

    def _end(self) -> None:
        """Let go of what is still open."""
        if self.sender is not None:
            self.sender.cancel()
            self.sender.add_done_callback(_seen)
            self.sender = None
        if self.connected is not None:
            self.connected.close()
            self.connected = None


def _seen(task: asyncio.Task[None]) -> None:
    """Take note of how a task ended, so that nobody misses it."""
    if not task.cancelled():
        task.exception()
