"""Attempts on the wire, awaited, and the driver of the flow for the async clients, on asyncio and on trio.

What `store_credit._core.transport` says holds here as well.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Callable
from inspect import isawaitable
from typing import Any, Final, cast

from store_credit._core import httplib
from store_credit._core.actions import AskToken, Held, Wait, WireRequest
from store_credit._core.body import BodyReader, content_codings
from store_credit._core.credentials import Credential, Secret
from store_credit._core.deadline import Stage, at_deadline, no_token
from store_credit._core.errors import ConfigurationError, kind_of
from store_credit._core.faults import DeadlineError, Fault, fault_of
from store_credit._core.flow import flow
from store_credit._core.forking import renew_after_fork
from store_credit._core.http_clients import adopt, chosen, environment_errors, has_proxy, limits, no_cookies
from store_credit._core.limiter import AsyncLimiter, running_loop
from store_credit._core.observers import finish
from store_credit._core.operation import Call
from store_credit._core.requests import interrupted, library_request
from store_credit._core.response import Response
from store_credit._core.settings import Settings
from store_credit._core.turns import Turn

__all__ = ["AsyncTransport"]

_LAST_WORDS: Final = 1.0
"""Seconds that async hooks have to hear of a call that was cancelled."""


class _OnLoop:
    """What belongs to one event loop: connections, which work on no other, and how many may be in use at one time."""

    __slots__ = ("direct", "limiter", "proxied", "wrapping")

    def __init__(self, max_connections: int) -> None:
        self.limiter = AsyncLimiter(max_connections)
        self.proxied: Any = None
        self.direct: dict[str, Any] = {}
        self.wrapping: dict[str, Any] = {}

    def opened(self) -> list[Any]:
        """Everything that has to be closed."""
        return [one for one in (*self.wrapping.values(), *self.direct.values(), self.proxied) if one is not None]


class AsyncTransport:
    """Sends attempts and sleeps, for an async client and its copies. See `SyncTransport`."""

    def __init__(
        self, settings: Settings, client: Any, backend: str | None, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        library = httplib.library_of(client, "AsyncClient")
        if client is not None and library is None:
            raise ConfigurationError(
                f"http_client is {kind_of(client)}; pass an httpx.AsyncClient or httpx2.AsyncClient"
            )
        if client is not None and backend not in (None, library and library.name):
            raise ConfigurationError(f"http_client is from {library and library.name}, but backend is {backend!r}")
        self._library = library or chosen(backend)
        self.settings = settings if client is None else adopt(settings, client)
        self.sleep = sleep
        self._closed = False
        self._injected = client
        self._forked = False
        self._max_connections = settings.max_connections
        self._renew()
        if client is None:
            self._connections(settings.base.scheme)
        renew_after_fork(self)

    def _renew(self) -> None:
        self._loops: dict[Any, _OnLoop] = {}

    def after_fork(self) -> None:
        """Leave the parent its connections and locks. An injected client cannot be made anew, so it is not used."""
        self._forked = self._injected is not None
        self._renew()

    async def close(self) -> None:
        """Close the connections this transport opened; an injected client is left to its owner."""
        self._closed = True
        # Those of other loops cannot be closed from here.
        for opened in self._on_loop().opened():
            await opened.aclose()

    def _on_loop(self) -> _OnLoop:
        """What belongs to the event loop that runs; several may run at one time, in threads."""
        loop = running_loop()
        found = self._loops.get(loop)
        if found is None:
            for gone in [one for one in list(self._loops) if one is not None and one.is_closed()]:
                self._loops.pop(gone, None)
            # What the constructor made, before there was a loop.
            found = self._loops.pop(None, None) or _OnLoop(self._max_connections)
            self._loops[loop] = found
        return found

    def _connections(self, scheme: str) -> Any:
        """The transport for a scheme, or the client that goes through the environment's proxies."""
        here = self._on_loop()
        if here.proxied is None and scheme not in here.direct:
            module = self._library.module
            pool = limits(self._library, self._max_connections)
            with environment_errors(self._library):
                if has_proxy():
                    here.proxied = module.AsyncClient(limits=pool, cookies=no_cookies())
                else:
                    here.direct[scheme] = module.AsyncHTTPTransport(verify=scheme == "https", limits=pool)
        return here.proxied or here.direct[scheme]

    def _client(self, scheme: str) -> Any:
        """What is asked to send: the injected client, or what was made here; looked up at each call."""
        if self._closed:
            raise ConfigurationError(
                "the client has been closed; create a new client, or close this one only after its last call"
            )
        if self._injected is not None:
            if self._forked:
                raise ConfigurationError(
                    "http_client was created before the fork, so its connections belong to the parent process; in the "
                    "child, create a new one with default_async_http_client(...), and pass it to a new SDK client"
                )
            if self._injected.is_closed:
                raise ConfigurationError(
                    "the http_client has been closed; create another, or close this one only after its last call"
                )
            return self._injected
        connections = self._connections(scheme)
        here = self._on_loop()
        if here.proxied is not None or self._library.sends_itself(self._library.module.AsyncClient):
            return connections
        client = here.wrapping.get(scheme)
        if client is None:
            client = self._library.module.AsyncClient(transport=connections, trust_env=False, cookies=no_cookies())
            here.wrapping[scheme] = client
        return client

    async def _handle(self, request: Any) -> Any:
        target = self._client(request.url.scheme)
        # Looked up at each call: instrumentation and mocks may replace the methods at any time.
        if isinstance(target, self._library.module.AsyncHTTPTransport):
            return await target.handle_async_request(request)
        return await target.send(request, stream=True, auth=None, follow_redirects=False)

    async def send(self, wire: WireRequest, settings: Settings) -> Response | Fault | Held:
        """Put one attempt on the wire and read its response whole, before the call's deadline."""
        left = None if wire.expires is None else wire.expires - settings.clock.monotonic()
        try:
            place = await self._on_loop().limiter.acquire(wire.timeout.pool, left)
        except TimeoutError as error:
            return Fault("connect", error, final=True)
        try:
            # Asked only now: those who wait for a connection learn what the server has said meanwhile.
            now = settings.clock.monotonic()
            if wire.expires is not None and now >= wire.expires:
                late = DeadlineError("the call's deadline passed before anything was sent")
                return Fault("connect", late, final=True)
            held = wire.ticket.enter(now)
            if held:
                return Held(held)
            for waiting in wire.begin(wire):
                await finish(waiting)
            if wire.expires is None:
                return await self._attempt(wire, settings)
            return await self._attempt_before(wire, settings, wire.expires)
        finally:
            place.release()

    async def _attempt_before(self, wire: WireRequest, settings: Settings, expires: float) -> Response | Fault:
        """Make an attempt, and cut it off at the deadline."""
        from anyio import CancelScope, move_on_after

        stage = Stage()
        with move_on_after(expires - settings.clock.monotonic()):
            ended = await self._attempt(wire, settings, stage)
            return at_deadline(ended, settings.clock.monotonic(), expires) if isinstance(ended, Fault) else ended
        if stage.stream is not None:
            # The library forgets to close it when a handshake is cancelled.
            with CancelScope(shield=True):
                await stage.stream.aclose()
        return stage.end()

    async def _attempt(self, wire: WireRequest, settings: Settings, stage: Stage | None = None) -> Response | Fault:
        clock = settings.clock
        start = clock.monotonic()
        try:
            request = library_request(self._library, settings, wire, start, stage and stage.tell_async)
            response = await self._handle(request)
            try:
                codings = content_codings(response.headers.raw)
                reader = BodyReader(codings, settings.max_response_bytes, self._library.module)
                async for piece in cast("AsyncIterable[bytes]", response.stream):
                    reader.add(piece)
                content = reader.content()
            finally:
                await response.aclose()
        except Exception as error:  # noqa: BLE001 - see fault_of
            return fault_of(error)
        if response.extensions.get("http_version") != b"HTTP/2":
            wire.connection = response.extensions.get("network_stream")
        return Response(response.status_code, response.headers.raw, content, clock.monotonic() - start)

    async def token(self, credential: Credential, ask: AskToken) -> Secret | Fault:
        """Have the credential fetched, once when several tasks need it; the function may be sync or async.

        A sync one cannot be cut off at the deadline: it blocks the event loop.
        """
        if ask.left is None:
            return await self._fetch(credential, ask)
        from anyio import move_on_after

        with move_on_after(max(0.0, ask.left)):
            return await self._fetch(credential, ask)
        return no_token()

    async def _fetch(self, credential: Credential, ask: AskToken) -> Secret:
        async with _asking_lock(credential):
            if credential.current is not None and credential.current != ask.refused:
                return credential.current
            secret: Any = credential.ask()
            return credential.accept(await secret if isawaitable(secret) else secret)

    async def call(self, call: Call, settings: Settings) -> Any:
        """Drive a call to its result."""
        steps = flow(call, settings)
        try:
            action = next(steps)
            while True:
                if isinstance(action, WireRequest):
                    action = steps.send(await self.send(action, settings))
                elif isinstance(action, Wait):
                    await self.sleep(action.seconds)
                    action = next(steps)
                elif isinstance(action, AskToken):
                    action = steps.send(await self.token(settings.credential, action))
                elif isinstance(action, Turn):
                    action = steps.send(await action.wait_async())
                else:
                    await finish(action)
                    action = next(steps)
        except StopIteration as stop:
            return stop.value
        except BaseException as error:
            steps.close()
            await self._tell_interrupted(call, settings, error)
            raise

    async def _tell_interrupted(self, call: Call, settings: Settings, error: BaseException) -> None:
        waiting = list(interrupted(call, settings, error))
        if waiting:
            from anyio import CancelScope, move_on_after

            with CancelScope(shield=True), move_on_after(_LAST_WORDS):
                for one in waiting:
                    await finish(one)


def _asking_lock(credential: Credential) -> Any:
    loop = running_loop()
    if credential.async_lock is None or credential.async_lock[0] is not loop:
        from anyio import Lock

        credential.async_lock = (loop, Lock())
    return credential.async_lock[1]


async def async_sleep(seconds: float) -> None:
    """Sleep on whichever of asyncio and trio is running."""
    # httpx brings anyio along, and only a resend needs it.
    from anyio import sleep

    await sleep(seconds)
