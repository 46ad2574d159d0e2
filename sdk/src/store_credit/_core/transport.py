"""The one module that imports httpx: attempts on the wire, sync and async, and the drivers of the flow.

Without an injected client and without a proxy in the environment, requests go straight to httpx's transport: the layers
above it (cookies, redirects, URL merging, authentication) would cost more time than the rest of the call and none of
them is wanted here. Instrumentation that wraps `httpx.HTTPTransport.handle_request`, as OpenTelemetry's does, sees
every attempt; the request's extension `store_credit` holds the operation and the templated path.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Generator, Iterable
from contextlib import contextmanager
from inspect import isawaitable
from typing import Any, cast
from urllib.request import getproxies

import httpx

from store_credit._core.errors import ConfigurationError, InvalidArgumentError, StoreCreditError
from store_credit._core.flow import AskToken, Fault, WireRequest, flow
from store_credit._core.operation import Call
from store_credit._core.response import Response
from store_credit._core.settings import Credential, Secret, Settings

__all__ = ["AsyncTransport", "HTTPAsyncClient", "HTTPClient", "SyncTransport"]

HTTPClient = httpx.Client
HTTPAsyncClient = httpx.AsyncClient

_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=5.0)
_KNOWN_URLS = 256


class _Wire:
    """Builds httpx requests and reads what httpx raises; shared by both transports."""

    __slots__ = ("_base", "_urls")

    def __init__(self, settings: Settings) -> None:
        try:
            self._base = httpx.URL(settings.origin)
        except httpx.InvalidURL as error:
            raise ConfigurationError(f"the base URL {settings.origin!r} is not usable: {error}") from error
        self._urls: dict[str, httpx.URL] = {}

    def request(self, wire: WireRequest, stream: Any) -> httpx.Request:
        url = self._urls.get(wire.target)
        if url is None:
            try:
                url = self._base.copy_with(raw_path=wire.target.encode())
            except httpx.InvalidURL as error:
                raise InvalidArgumentError(f"the path and query cannot be sent: {error}") from error
            if len(self._urls) < _KNOWN_URLS:
                self._urls[wire.target] = url
        timeout = wire.timeout
        return httpx.Request(
            wire.method,
            url,
            headers=wire.headers,
            stream=stream,
            extensions={
                "timeout": {
                    "connect": timeout.connect,
                    "read": timeout.read,
                    "write": timeout.write,
                    "pool": timeout.pool,
                },
                "store_credit": {"operation": wire.operation, "route": wire.route},
            },
        )


def _fault(error: Exception) -> Fault:
    """Say of an error whether the server can have acted on the request.

    Errors that are not httpx's count as well: an injected transport or instrumentation may raise anything, and whatever
    it is, the request may have arrived.
    """
    if isinstance(error, httpx.RequestError):
        # It would carry the request along, and with it the credential.
        error._request = None  # pyright: ignore[reportPrivateUsage]
    match error:
        case httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            raise ConfigurationError(f"the request cannot be sent with these settings: {error}") from error
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.ProxyError():
            return Fault("connect", error)
        case httpx.TimeoutException():
            return Fault("timeout", error)
        case _:
            return Fault("broken", error)


@contextmanager
def _environment_errors() -> Generator[None]:
    # The environment's proxies and certificates are read here, and may be unusable.
    try:
        yield
    except (ImportError, ValueError, OSError, httpx.InvalidURL) as error:
        raise ConfigurationError(
            f"the environment's proxy or certificate settings cannot be used ({error}); "
            f"check HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR"
        ) from error


def _refuse_closed(name: str, closed: bool) -> None:
    if closed:
        raise ConfigurationError(f"the {name} has been closed; make a new one, or close it later")


def _interrupted(call: Call, error: BaseException) -> None:
    """Tell what became of a create that was cut off from outside: cancelled, or stopped from the keyboard."""
    if call.operation.creates and call.on_wire and not isinstance(error, StoreCreditError):
        key = f"repeat it with idempotency_key={call.key!r}" if call.key else "look for the record before you repeat it"
        error.add_note(f"{call.operation.id} was under way and its outcome is unknown: {key}")


def _running_loop() -> Any:
    # asyncio is there when it runs; on trio there is no such loop.
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio and asyncio.get_running_loop()
    except RuntimeError:
        return None


def _has_proxy() -> bool:
    return bool(getproxies())


def _verify(settings: Settings) -> bool:
    # Loading the certificate store takes most of the time of making a transport, and over http there is no TLS to
    # check.
    return settings.base.scheme == "https"


class SyncTransport:
    """Sends attempts and sleeps, for the sync clients."""

    def __init__(self, settings: Settings, client: httpx.Client | None, sleep: Callable[[float], None]) -> None:
        if client is not None and not isinstance(client, httpx.Client):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(f"http_client is a {type(client).__name__}; pass an httpx.Client")
        self._wire = _Wire(settings)
        self._sleep = sleep
        self._closed = False
        self._lock = threading.Lock()
        self._client = client
        self._direct: httpx.HTTPTransport | None = None
        self._owned: httpx.Client | httpx.HTTPTransport | None = None
        if client is None:
            with _environment_errors():
                if _has_proxy():
                    self._client = self._owned = httpx.Client(limits=_LIMITS)
                else:
                    self._direct = self._owned = httpx.HTTPTransport(verify=_verify(settings), limits=_LIMITS)

    def close(self) -> None:
        """Close the connections this transport opened; an injected client is left to its owner."""
        self._closed = True
        if self._owned is not None:
            self._owned.close()

    def _handle(self, request: httpx.Request) -> httpx.Response:
        _refuse_closed("client", self._closed)
        # Looked up at each call: instrumentation and mocks may replace the method at any time.
        if self._direct is not None:
            return self._direct.handle_request(request)
        assert self._client is not None
        _refuse_closed("http_client", self._client.is_closed)
        return self._client.send(request, stream=True, auth=None, follow_redirects=False)

    def send(self, wire: WireRequest) -> Response | Fault:
        """Put one attempt on the wire and read its answer whole."""
        stream = httpx.ByteStream(wire.content or b"")
        request = self._wire.request(wire, stream)
        start = time.perf_counter()
        try:
            answer = self._handle(request)
            try:
                content = b"".join(cast("Iterable[bytes]", answer.stream))
            finally:
                answer.close()
            content = _decompressed(answer, content)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - see _fault
            return _fault(error)
        return Response(answer.status_code, answer.headers.raw, content, time.perf_counter() - start)

    def token(self, credential: Credential, ask: AskToken) -> Secret:
        """Have the credential fetched, once when several threads were refused the same one."""
        with self._lock:
            if credential.current is not None and credential.current != ask.refused:
                return credential.current
            return credential.accept(credential.ask())

    def call(self, call: Call, settings: Settings) -> Any:
        """Drive a call to its result."""
        steps, credential = flow(call, settings), settings.credential
        try:
            action = next(steps)
            while True:
                if isinstance(action, WireRequest):
                    call.on_wire = True
                    action = steps.send(self.send(action))
                elif isinstance(action, AskToken):
                    action = steps.send(self.token(credential, action))
                else:
                    self._sleep(action.seconds)
                    action = next(steps)
        except StopIteration as stop:
            return stop.value
        except BaseException as error:
            _interrupted(call, error)
            raise


class AsyncTransport:
    """Sends attempts and sleeps, for the async clients. Runs on asyncio and on trio."""

    def __init__(
        self, settings: Settings, client: httpx.AsyncClient | None, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        if client is not None and not isinstance(client, httpx.AsyncClient):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ConfigurationError(f"http_client is a {type(client).__name__}; pass an httpx.AsyncClient")
        self._wire = _Wire(settings)
        self._sleep = sleep
        self._closed = False
        self._client = client
        self._asking: Any = None
        self._loop: Any = None
        self._verify = _verify(settings)
        self._direct: httpx.AsyncHTTPTransport | None = None
        self._owned: httpx.AsyncClient | httpx.AsyncHTTPTransport | None = None
        if client is None:
            with _environment_errors():
                if _has_proxy():
                    self._client = self._owned = httpx.AsyncClient(limits=_LIMITS)
                else:
                    self._direct = self._owned = httpx.AsyncHTTPTransport(verify=self._verify, limits=_LIMITS)

    async def close(self) -> None:
        """Close the connections this transport opened; an injected client is left to its owner."""
        self._closed = True
        if self._owned is not None:
            await self._owned.aclose()

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        _refuse_closed("client", self._closed)
        if self._direct is not None and (loop := _running_loop()) is not self._loop:
            # Connections belong to the event loop they were opened on: those of one that is gone are of no use.
            if self._loop is not None:
                self._direct = self._owned = httpx.AsyncHTTPTransport(verify=self._verify, limits=_LIMITS)
            self._loop = loop
        # Looked up at each call: instrumentation and mocks may replace the method at any time.
        if self._direct is not None:
            return await self._direct.handle_async_request(request)
        assert self._client is not None
        _refuse_closed("http_client", self._client.is_closed)
        return await self._client.send(request, stream=True, auth=None, follow_redirects=False)

    async def send(self, wire: WireRequest) -> Response | Fault:
        """Put one attempt on the wire and read its answer whole."""
        stream = httpx.ByteStream(wire.content or b"")
        request = self._wire.request(wire, stream)
        start = time.perf_counter()
        try:
            answer = await self._handle(request)
            try:
                content = b"".join([part async for part in cast("AsyncIterable[bytes]", answer.stream)])
            finally:
                await answer.aclose()
            content = _decompressed(answer, content)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - see _fault
            return _fault(error)
        return Response(answer.status_code, answer.headers.raw, content, time.perf_counter() - start)

    async def token(self, credential: Credential, ask: AskToken) -> Secret:
        """Have the credential fetched, once when several tasks need it; the function may be sync or async."""
        if self._asking is None:
            from anyio import Lock

            self._asking = Lock()
        async with self._asking:
            if credential.current is not None and credential.current != ask.refused:
                return credential.current
            secret: Any = credential.ask()
            return credential.accept(await secret if isawaitable(secret) else secret)

    async def call(self, call: Call, settings: Settings) -> Any:
        """Drive a call to its result."""
        steps, credential = flow(call, settings), settings.credential
        try:
            action = next(steps)
            while True:
                if isinstance(action, WireRequest):
                    call.on_wire = True
                    action = steps.send(await self.send(action))
                elif isinstance(action, AskToken):
                    action = steps.send(await self.token(credential, action))
                else:
                    await self._sleep(action.seconds)
                    action = next(steps)
        except StopIteration as stop:
            return stop.value
        except BaseException as error:
            _interrupted(call, error)
            raise


def _decompressed(answer: httpx.Response, content: bytes) -> bytes:
    # After the whole body has arrived, so that a broken one does not cost the connection.
    encoding = answer.headers.get("content-encoding")
    if encoding is None:
        return content
    return httpx.Response(answer.status_code, headers={"content-encoding": encoding}, content=content).content


async def async_sleep(seconds: float) -> None:
    """Sleep on whichever of asyncio and trio is running."""
    # httpx brings anyio along, and only a resend needs it.
    from anyio import sleep

    await sleep(seconds)
