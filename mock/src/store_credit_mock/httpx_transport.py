"""The transport for httpx and httpx2, sync and async, that answers from an engine in this process.

No socket, no thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.http import Request, Response
from store_credit_mock.http_libraries import library_of

__all__ = ["EngineTransport"]

if TYPE_CHECKING:
    import httpx
    import httpx2

    # What a type checker has to know, so that clients of either library take it. While the program runs it derives from
    # neither, since that would import both; the clients only call its methods.
    class _Transport(  # pyright: ignore[reportIncompatibleMethodOverride]
        httpx.BaseTransport, httpx.AsyncBaseTransport, httpx2.BaseTransport, httpx2.AsyncBaseTransport
    ): ...
else:
    _Transport = object


class EngineTransport(_Transport):
    """Give it to a `Client` or `AsyncClient` of httpx or httpx2, and through that to the SDK's clients.

    Responses and errors are of the library that the request came from. Connections that a scheduled fault drops become
    its own errors, and a planned delay that is longer than the client's read timeout becomes its `ReadTimeout`, after
    the request has been carried out.

    Args:
        engine: What answers.
        sleep: How to wait for a planned delay; None lets delays take no time, which is what tests want. Waiting for
            exchanges (`wait_for`) takes its time in any case.
        async_sleep: The same for an `AsyncClient`.
    """

    def __init__(
        self,
        engine: BaseEngine,
        sleep: Callable[[float], None] | None = None,
        async_sleep: Callable[[float], Awaitable[None]] | None = None,
    ) -> None:
        self.engine = engine
        self._sleep = sleep
        self._async_sleep = async_sleep

    def handle_request(self, request: Any) -> Any:
        asked = _request(request, request.read())
        if not self.engine.may_wait(asked):
            return _to_httpx(self.engine.handle(asked), request, self.engine.http_date())
        steps = self.engine.handle_steps(asked)
        waited = 0.0
        try:
            while True:
                seconds = next(steps)
                waited += seconds
                if self._sleep is not None or self.engine.awaits(asked.path):
                    (self._sleep or time.sleep)(seconds)
        except StopIteration as stop:
            return _response(stop.value, request, self.engine.http_date(), waited)

    async def handle_async_request(self, request: Any) -> Any:
        asked = _request(request, await request.aread())
        if not self.engine.may_wait(asked):
            return _to_httpx(self.engine.handle(asked), request, self.engine.http_date())
        steps = self.engine.handle_steps(asked)
        waited = 0.0
        try:
            while True:
                seconds = next(steps)
                waited += seconds
                if self._async_sleep is not None or self.engine.awaits(asked.path):
                    await (self._async_sleep or asyncio.sleep)(seconds)
        except StopIteration as stop:
            return _response(stop.value, request, self.engine.http_date(), waited)

    def close(self) -> None:
        """Close nothing: the engine belongs to whoever made it."""

    async def aclose(self) -> None:
        """Close nothing: the engine belongs to whoever made it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _request(request: Any, body: bytes) -> Request:
    path, _, query = request.url.raw_path.partition(b"?")
    return Request(request.method, path.decode("ascii"), query.decode("ascii"), request.headers.raw, body)


def _to_httpx(response: Response, request: Any, date: bytes, waited: float = 0.0) -> Any:
    headers = response.head(request.method, date)
    body = b"" if request.method == "HEAD" else response.body
    made = library_of(request).Response(response.status, headers=headers, content=body)
    # Its body is at hand, so that no client will measure the time.
    made.elapsed = timedelta(seconds=waited)
    return made


def _response(response: Response, request: Any, date: bytes, waited: float) -> Any:
    library = library_of(request)
    timeout: Any = request.extensions.get("timeout", {})
    limit = timeout.get("read")
    if limit is not None and waited > limit:
        raise library.ReadTimeout(f"no response within {limit:g} s (scheduled delay: {waited:g} s)", request=request)
    if not response.incomplete:
        return _to_httpx(response, request, date, waited)
    if response.reset:
        raise library.ReadError("[Errno 104] Connection reset by peer", request=request)
    if response.dropped:
        raise library.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = response.head("GET", date)
    stream = _truncated_stream(library)(response.body[: response.truncate_at], len(response.body), request)
    return library.Response(response.status, headers=headers, stream=stream)


@cache
def _truncated_stream(library: Any) -> Any:
    """Make the class of a body whose connection closes before its end; clients insist on a stream of their library."""

    class TruncatedStream(library.SyncByteStream, library.AsyncByteStream):
        def __init__(self, part: bytes, announced: int, request: Any) -> None:
            self._part = part
            self._announced = announced
            self._request = request

        def _error(self) -> Exception:
            text = (
                "peer closed connection without sending complete message body"
                f" (received {len(self._part)} bytes, expected {self._announced})"
            )
            return library.RemoteProtocolError(text, request=self._request)

        def __iter__(self) -> Iterator[bytes]:
            yield self._part
            raise self._error()

        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield self._part
            raise self._error()

    return TruncatedStream
