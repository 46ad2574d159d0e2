"""Attempts on the wire, blocking, and the driver of the flow for the sync clients.

Without an injected client and without a proxy in the environment, requests go straight to the HTTP library's transport:
the layers above it (cookies, redirects, URL merging, authentication) would cost more time than the rest of the call and
none of them is wanted here. Where `Client.send` has been wrapped, as Sentry, Datadog and New Relic do, they go through
it, so that it sees every attempt. The request's extension `store_credit` holds the operation and the templated path.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, cast

from store_credit._core import httplib
from store_credit._core.actions import AskToken, Await, Held, Wait, WireRequest
from store_credit._core.body import BodyReader, content_codings
from store_credit._core.credentials import Credential, Secret
from store_credit._core.deadline import Stage, Work, at_deadline, no_token
from store_credit._core.errors import ConfigurationError, kind_of
from store_credit._core.faults import DeadlineError, Fault, fault_of
from store_credit._core.flow import flow
from store_credit._core.forking import renew_after_fork
from store_credit._core.http_clients import adopt, chosen, environment_errors, has_proxy, limits, no_cookies
from store_credit._core.limiter import Limiter
from store_credit._core.operation import Call
from store_credit._core.requests import interrupted, library_request
from store_credit._core.response import Response
from store_credit._core.settings import Settings
from store_credit._core.turns import Turn

__all__ = ["SyncTransport"]


class SyncTransport:
    """Sends attempts and sleeps, for a sync client and its copies.

    Args:
        settings: Those of the client that is made first.
        client: An injected client, or None.
        backend: The library to use where none is injected.
        sleep: Waits for a number of seconds.

    Attributes:
        settings: The settings, with what an injected client adds to every request.
    """

    def __init__(self, settings: Settings, client: Any, backend: str | None, sleep: Callable[[float], None]) -> None:
        library = httplib.library_of(client, "Client")
        if client is not None and library is None:
            raise ConfigurationError(f"http_client is {kind_of(client)}; pass an httpx.Client or httpx2.Client")
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
        self._lock = threading.Lock()
        self._limiter = Limiter(self._max_connections)
        self._proxied: Any = None
        self._direct: dict[str, Any] = {}
        self._wrapping: dict[str, Any] = {}

    def after_fork(self) -> None:
        """Leave the parent its connections and locks. An injected client cannot be made anew, so it is not used."""
        self._forked = self._injected is not None
        self._renew()

    def close(self) -> None:
        """Close the connections this transport opened; an injected client is left to its owner."""
        self._closed = True
        for opened in (*self._wrapping.values(), *self._direct.values(), self._proxied):
            if opened is not None:
                opened.close()

    def _connections(self, scheme: str) -> Any:
        """The transport for a scheme, or the client that goes through the environment's proxies."""
        found = self._proxied or self._direct.get(scheme)
        if found is not None:
            return found
        module = self._library.module
        with self._lock, environment_errors(self._library):
            if has_proxy():
                pool = limits(self._library, self._max_connections)
                self._proxied = self._proxied or module.Client(limits=pool, cookies=no_cookies())
            elif scheme not in self._direct:
                # Loading the certificate store takes most of the time of making a transport, and over http there is no
                # TLS to check.
                self._direct[scheme] = module.HTTPTransport(
                    verify=scheme == "https", limits=limits(self._library, self._max_connections)
                )
        return self._proxied or self._direct[scheme]

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
                    "child, create a new one with default_http_client(...), and pass it to a new SDK client"
                )
            if self._injected.is_closed:
                raise ConfigurationError(
                    "the http_client has been closed; create another, or close this one only after its last call"
                )
            return self._injected
        connections = self._connections(scheme)
        if self._proxied is not None or self._library.sends_itself(self._library.module.Client):
            return connections
        with self._lock:
            client = self._wrapping.get(scheme)
            if client is None:
                client = self._library.module.Client(transport=connections, trust_env=False, cookies=no_cookies())
                self._wrapping[scheme] = client
        return client

    def _handle(self, request: Any) -> Any:
        target = self._client(request.url.scheme)
        # Looked up at each call: instrumentation and mocks may replace the methods at any time.
        if isinstance(target, self._library.module.HTTPTransport):
            return target.handle_request(request)
        return target.send(request, stream=True, auth=None, follow_redirects=False)

    def send(self, wire: WireRequest, settings: Settings) -> Response | Fault | Held:
        """Put one attempt on the wire and read its response whole, before the call's deadline."""
        clock = settings.clock
        left = None if wire.expires is None else wire.expires - clock.monotonic()
        try:
            self._limiter.acquire(wire.timeout.pool, left)
        except TimeoutError as error:
            return Fault("connect", error, final=True)
        # Asked only now: those who wait for a connection learn what the server has said meanwhile.
        now = clock.monotonic()
        if wire.expires is not None and now >= wire.expires:
            self._limiter.release()
            return Fault("connect", DeadlineError("the call's deadline passed before anything was sent"), final=True)
        held = wire.ticket.enter(now)
        if held:
            self._limiter.release()
            return Held(held)
        handed_over = False
        try:
            for waiting in wire.begin(wire):
                raise _async_hook(waiting)
            if wire.expires is None:
                return self._attempt(wire, settings)
            handed_over = True
        finally:
            if not handed_over:
                self._limiter.release()
        return self._attempt_before(wire, settings)

    def _attempt_before(self, wire: WireRequest, settings: Settings) -> Response | Fault:
        """Make an attempt and wait for it until the deadline, and no longer.

        One that is left behind ends with the server's next byte or its own timeouts, and keeps its place until then:
        its connection is in use.
        """
        assert wire.expires is not None
        stage = Stage()

        def work() -> Response | Fault:
            try:
                return self._attempt(wire, settings, stage)
            finally:
                self._limiter.release()

        try:
            attempt = Work(work)
        except RuntimeError as error:
            self._limiter.release()
            return Fault("connect", error, final=True)
        ended = attempt.wait(wire.expires - settings.clock.monotonic())
        if not ended:
            return stage.end()
        (outcome,) = ended
        return at_deadline(outcome, settings.clock.monotonic(), wire.expires) if isinstance(outcome, Fault) else outcome

    def _attempt(self, wire: WireRequest, settings: Settings, stage: Stage | None = None) -> Response | Fault:
        clock = settings.clock
        start = clock.monotonic()
        try:
            request = library_request(self._library, settings, wire, start, stage and stage.tell)
            response = self._handle(request)
            try:
                codings = content_codings(response.headers.raw)
                reader = BodyReader(codings, settings.max_response_bytes, self._library.module)
                for piece in cast("Iterable[bytes]", response.stream):
                    reader.add(piece)
                    if wire.expires is not None and clock.monotonic() > wire.expires:
                        raise DeadlineError("the call's deadline passed while the response body was being received")
                content = reader.content()
            finally:
                response.close()
        except Exception as error:  # noqa: BLE001 - see fault_of
            return fault_of(error)
        if response.extensions.get("http_version") != b"HTTP/2":
            wire.connection = response.extensions.get("network_stream")
        return Response(response.status_code, response.headers.raw, content, clock.monotonic() - start)

    def token(self, credential: Credential, ask: AskToken) -> Secret | Fault:
        """Have the credential fetched, once when several threads were refused the same one, before the deadline."""
        if ask.left is None:
            return self._fetch(credential, ask)
        try:
            fetching = Work(lambda: self._fetch(credential, ask))
        except RuntimeError as error:
            return Fault("connect", error, final=True)
        # What comes later is kept for the next call.
        fetched = fetching.wait(ask.left)
        return fetched[0] if fetched else no_token()

    def _fetch(self, credential: Credential, ask: AskToken) -> Secret:
        with credential.lock:
            if credential.current is not None and credential.current != ask.refused:
                return credential.current
            return credential.accept(credential.ask())

    def call(self, call: Call, settings: Settings) -> Any:
        """Drive a call to its result."""
        steps = flow(call, settings)
        try:
            action = next(steps)
            while True:
                if isinstance(action, WireRequest):
                    action = steps.send(self.send(action, settings))
                elif isinstance(action, Wait):
                    self.sleep(action.seconds)
                    action = next(steps)
                elif isinstance(action, AskToken):
                    action = steps.send(self.token(settings.credential, action))
                elif isinstance(action, Turn):
                    action = steps.send(action.wait())
                else:
                    raise _async_hook(action)
        except StopIteration as stop:
            return stop.value
        except BaseException as error:
            steps.close()
            for waiting in interrupted(call, settings, error):
                _async_hook(waiting)
            raise


def _async_hook(waiting: Await) -> ConfigurationError:
    """Close what an async hook returned, so that Python has no reason to say it was never awaited."""
    getattr(waiting.awaitable, "close", bool)()
    return ConfigurationError("an event hook is async; use an Async client, or a function that is not")
