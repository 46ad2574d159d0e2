"""The server skin: the engine behind a small ASGI app on uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from typing import TYPE_CHECKING, Any, Final, cast

from store_credit_mock.core.engine import Engine
from store_credit_mock.http import NOTHING, Request, Response
from store_credit_mock.server.gateway import Door

if TYPE_CHECKING:
    from store_credit_mock.server.origin_guard import Guard
    from store_credit_mock.systems.vinr.webhook_deliveries import Attempt

try:
    import uvicorn

    from store_credit_mock.server.protocol import Wire
except ImportError as error:
    raise ImportError("serving needs the extra `server`: pip install 'store-credit-mock[server]'") from error

__all__ = ["MAXIMUM_BODY", "App", "Server", "serve"]

MAXIMUM_BODY: Final = 8 * 1024 * 1024
"""Bytes of a request's body; a longer one is answered 413, but for routes of the control plane that take long ones."""

POLL_SECONDS: Final = 1.0
"""How often the outbox is looked at without a reason; any write or control call is one."""

PUMPS: Final = 4
"""Deliveries under way at once, each to another endpoint: one that hangs does not hold up the others."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class App:
    """The ASGI app of one engine.

    Args:
        engine: What answers.
        guard: Who is let in; by default loopback only.
    """

    def __init__(self, engine: Engine, guard: Guard | None = None) -> None:
        self.engine = engine
        self.door = Door(engine, guard)
        self.changed: asyncio.Event | None = None

    def answered(self, method: str) -> None:
        """Take note of a request that may have put something into the outbox: without endpoints nothing can."""
        if method != "GET" and self.changed is not None and self.engine.sandbox.extras.get("vinr.endpoints"):
            self.changed.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            await self._answer(scope, receive, send)
        except asyncio.CancelledError:
            # The server ends while the request waits for its body or for a planned delay: there is no answer to it.
            cycle = cast("Any", send).__self__
            cycle.disconnected = True
            cycle.transport.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method: str = scope["method"]
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        request = Request(method, raw.decode("latin-1"), scope["query_string"].decode("latin-1"), scope["headers"])
        message = await receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            parts = [body]
            size = len(body)
            most = MAXIMUM_BODY
            while message.get("more_body"):
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    allowed = self.door.longest_body(request, MAXIMUM_BODY)
                    if isinstance(allowed, Response):
                        await _send(send, allowed, "POST", self.engine.http_date())
                        return
                    if size > allowed:
                        text = b'{"error":"a body has at most %d bytes here"}' % allowed
                        refusal = Response(413, [(b"content-type", b"application/json")], text)
                        await _send(send, refusal, "POST", self.engine.http_date())
                        return
                    most = allowed
            body = b"".join(parts)
        request.body = body
        engine = self.engine
        if engine.faults.any:
            steps = self.door.steps(request)
            try:
                while True:
                    await asyncio.sleep(next(steps))
            except StopIteration as stop:
                response: Response = stop.value
        else:
            response = self.door.handle(request)
        self.answered(method)
        if response.cut is None:
            await _send(send, response, method, engine.http_date())
        else:
            await _cut(send, receive, response, engine.http_date())


async def _send(send: Send, response: Response, method: str, date: bytes) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": response.head(method, date)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})


async def _cut(send: Send, receive: Receive, response: Response, date: bytes) -> None:
    """Send part of an answer and close the connection, which ASGI has no word for: uvicorn's transport is closed."""
    transport = cast("Any", send).__self__.transport
    if response.cut != NOTHING:
        await send({"type": "http.response.start", "status": response.status, "headers": response.head("GET", date)})
        await send({"type": "http.response.body", "body": response.body[: response.cut], "more_body": True})
    transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


class Server(uvicorn.Server):
    """uvicorn with the outbox's pump beside it, and a say when it is ready.

    Args:
        app: The app.
        host: Where to listen.
        port: 0 takes any free one.
        ready: Called with the address once requests are taken.
    """

    def __init__(self, app: App, host: str, port: int, ready: Callable[[str, int], None]) -> None:
        config = uvicorn.Config(
            app,  # pyright: ignore[reportArgumentType]
            host=host,
            port=port,
            http=Wire,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="none",
            timeout_keep_alive=65,
            timeout_graceful_shutdown=2,
        )
        super().__init__(config)
        self._app = app
        self._ready = ready
        self._pumps: list[asyncio.Task[None]] = []

    async def startup(self, sockets: Any = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if not self.started:
            return
        self._app.changed = asyncio.Event()
        self._pumps = [asyncio.create_task(_pump(self._app.engine, self._app.changed)) for _ in range(PUMPS)]
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self._ready(host, port)

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop the pumps, then the server."""
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """End on Ctrl-C or SIGTERM without passing the signal on, so that the process ends by itself."""
        previous = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


async def _pump(engine: Engine, changed: asyncio.Event) -> None:
    """Deliver what is due, for as long as the server runs."""
    client: Any = None
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), POLL_SECONDS)
            changed.clear()
            if not engine.sandbox.extra("vinr.endpoints"):
                continue
            if client is None:
                from store_credit_mock.http_libraries import httpx

                client = httpx.AsyncClient(trust_env=False, timeout=None)  # each delivery has its own
            try:
                await _deliver(engine, client)
            except Exception:  # noqa: BLE001 - a storage that fails now may do so only now; deliveries stay in the outbox
                await asyncio.sleep(POLL_SECONDS)
    finally:
        if client is not None:
            await client.aclose()


async def _deliver(engine: Engine, client: Any) -> list[Attempt]:
    from store_credit_mock.systems.vinr.webhook_deliveries import TIMEOUT_SECONDS, attempts

    steps = attempts(engine)
    try:
        delivery = next(steps)
        while True:
            try:
                # The status is all that counts; a body is not waited for, however long it is.
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    sent = client.stream("POST", delivery.url, content=delivery.body, headers=delivery.headers)
                    async with sent as answer:
                        outcome: int | str = answer.status_code
            except TimeoutError:
                outcome = f"no answer within {TIMEOUT_SECONDS:g} s"
            except Exception as error:  # noqa: BLE001 - whatever went wrong, the receiver has not taken the event
                outcome = f"{type(error).__name__}: {error}"
            delivery = steps.send(outcome)
    except StopIteration as stop:
        return stop.value


def serve(engine: Engine, host: str, port: int, ready: Callable[[str, int], None], guard: Guard | None = None) -> bool:
    """Serve an engine until Ctrl-C or SIGTERM.

    Args:
        engine: What answers.
        host: Where to listen.
        port: 0 takes any free one.
        ready: Called with the address once requests are taken.
        guard: Who is let in; by default loopback only.

    Returns:
        Whether it could listen at all.
    """
    server = Server(App(engine, guard), host, port, ready)
    with contextlib.suppress(SystemExit):  # uvicorn's way of saying that it cannot listen
        server.run()
    return server.started
