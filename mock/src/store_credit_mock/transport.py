"""The httpx skin: a transport, sync and async, that answers from an engine in this process. No socket, no thread."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from functools import lru_cache
from itertools import chain
from typing import Any

import httpx

from store_credit_mock.engine import Engine
from store_credit_mock.message import NOTHING, Request, Response

__all__ = ["EngineTransport"]

_AT_ONCE = timedelta(0)


class EngineTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Give it to `httpx.Client` or `httpx.AsyncClient`, and through that to the SDK's clients.

    Connections that a planned fault drops become httpx's own errors, and a planned delay that is longer than the
    client's read timeout becomes `httpx.ReadTimeout`, after the request has been carried out.

    Args:
        engine: What answers.
        sleep: How to wait for a planned delay; None lets delays take no time, which is what tests want.
        async_sleep: The same for `httpx.AsyncClient`.
    """

    def __init__(
        self,
        engine: Engine,
        sleep: Callable[[float], None] | None = None,
        async_sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self.engine = engine
        self._sleep = sleep
        self._async_sleep = async_sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = _request(request, request.read())
        if not self.engine.faults.any:
            return _whole(self.engine.handle(asked), request.method)
        steps = self.engine.steps(asked)
        waited = 0.0
        try:
            while True:
                seconds = next(steps)
                waited += seconds
                if self._sleep is not None:
                    self._sleep(seconds)
        except StopIteration as stop:
            return _answer(stop.value, request, waited)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = _request(request, await request.aread())
        if not self.engine.faults.any:
            return _whole(self.engine.handle(asked), request.method)
        steps = self.engine.steps(asked)
        waited = 0.0
        try:
            while True:
                seconds = next(steps)
                waited += seconds
                if self._async_sleep is not None:
                    await self._async_sleep(seconds)
        except StopIteration as stop:
            return _answer(stop.value, request, waited)


def _request(request: httpx.Request, body: bytes) -> Request:
    path, _, query = request.url.raw_path.partition(b"?")
    sent = request.headers._list  # pyright: ignore[reportPrivateUsage]
    return Request(
        request.method,
        path.decode("ascii"),
        query.decode("ascii"),
        [(name, value) for name, _, value in sent],
        body,
        {name: value for _, name, value in reversed(sent)},
    )


def _whole(response: Response, method: str) -> httpx.Response:
    # What `Headers` makes of names that are bytes and in lower case already.
    headers = [(name, name, value) for name, value in response.headers]
    length = response.length(method)
    if length is not None:
        headers.append((b"content-length", b"content-length", b"%d" % length))
    body = b"" if method == "HEAD" else response.body
    made = httpx.Response(response.status, stream=httpx.ByteStream(body), extensions=_extensions(response.status))
    made.headers._list = headers  # pyright: ignore[reportPrivateUsage]
    if b"".join(chain.from_iterable(headers)).isascii():
        # Which it would find out by decoding each.
        made.headers.encoding = "ascii"
    # What reading it would leave behind; reading bytes that are in hand costs as much as all of the engine.
    made._content = body  # pyright: ignore[reportPrivateUsage]
    made.is_stream_consumed = made.is_closed = True
    made.elapsed = _AT_ONCE
    return made


@lru_cache(maxsize=128)
def _extensions(status: int) -> dict[str, bytes]:
    """What a connection tells of a status line; httpx takes longer to see that nobody told it."""
    return {"http_version": b"HTTP/1.1", "reason_phrase": httpx.codes.get_reason_phrase(status).encode("ascii")}


def _answer(response: Response, request: httpx.Request, waited: float) -> httpx.Response:
    timeout: Any = request.extensions.get("timeout", {})
    limit = timeout.get("read")
    if limit is not None and waited > limit:
        raise httpx.ReadTimeout(f"no answer within {limit:g} s (a planned delay of {waited:g} s)", request=request)
    if response.cut is None:
        made = _whole(response, request.method)
        made.elapsed = timedelta(seconds=waited)
        return made
    if response.cut == NOTHING:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = [*response.headers, (b"content-length", b"%d" % len(response.body))]
    stream = _Cut(response.body[: response.cut], len(response.body), request)
    return httpx.Response(response.status, headers=headers, stream=stream, extensions=_extensions(response.status))


class _Cut(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body whose connection closes before its end."""

    def __init__(self, part: bytes, announced: int, request: httpx.Request) -> None:
        self._part = part
        self._announced = announced
        self._request = request

    def _error(self) -> httpx.RemoteProtocolError:
        text = (
            "peer closed connection without sending complete message body"
            f" (received {len(self._part)} bytes, expected {self._announced})"
        )
        return httpx.RemoteProtocolError(text, request=self._request)

    def __iter__(self) -> Iterator[bytes]:
        yield self._part
        raise self._error()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._part
        raise self._error()
