"""The ASGI app of one engine."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, cast

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request, Response
from store_credit_mock.server.gateway import Gateway
from store_credit_mock.server.long_body import LongBody
from store_credit_mock.server.origin_guard import OriginGuard
from store_credit_mock.server.telemetry import Telemetry
from store_credit_mock.server.webhook_worker import deliver_forever

__all__ = ["MAXIMUM_BODY", "App", "Receive", "Scope", "Send"]

MAXIMUM_BODY: Final = 8 * 1024 * 1024
"""Bytes of a request's body; a longer one is answered 413, but for routes of the control plane that take long ones."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class App:
    """The ASGI app of one engine.

    Args:
        engine: What answers.
        guard: Who is let in; by default loopback only.
        scheme: Of its own address, `http` or `https`.
        telemetry: Notes every exchange.
    """

    def __init__(
        self,
        engine: Engine,
        guard: OriginGuard | None = None,
        scheme: str = "http",
        telemetry: Telemetry | None = None,
    ) -> None:
        self.engine = engine
        self.gateway = Gateway(engine, guard, scheme, telemetry)
        self.changed: asyncio.Event | None = None
        self._workers: dict[BaseEngine, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        self._outboxes = [system.outbox for system in engine.systems.values() if system.outbox is not None]

    def answered(self, method: str) -> None:
        """Take note of a request that may have put something into the outbox: without endpoints nothing can."""
        if method != "GET" and self.changed is not None:
            if self._has_endpoints(self.engine):
                self.changed.set()
            touched = self.engine.sandboxes.touched
            while touched:
                self._wake(touched.pop())

    def _has_endpoints(self, engine: BaseEngine) -> bool:
        return any(outbox.has_endpoints(engine.sandbox) for outbox in self._outboxes)

    def _wake(self, engine: BaseEngine) -> None:
        """Have what is due in another sandbox sent; its workers begin with its first endpoint, and end with it."""
        known = self._workers.get(engine)
        if engine.sandbox.gone:
            if known is not None:
                del self._workers[engine]
                known[1].cancel()
        elif known is not None:
            known[0].set()
        elif self._has_endpoints(engine):
            changed = asyncio.Event()
            changed.set()
            self._workers[engine] = (changed, asyncio.create_task(deliver_forever(engine, changed)))

    def start_workers(self) -> None:
        """Deliver what other sandboxes of the storage have left to deliver."""
        for engine in self.engine.sandboxes.with_endpoints():
            self._wake(engine)

    async def stop_workers(self) -> None:
        """Stop what delivers for other sandboxes."""
        tasks = [task for _, task in self._workers.values()]
        self._workers.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            await self._answer(scope, receive, send)
        except asyncio.CancelledError:
            # The server ends while the request waits for its body or for a planned delay: there is no response to it.
            cycle = cast("Any", send).__self__
            cycle.disconnected = True
            cycle.transport.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method: str = scope["method"]
        if scope.get("http_version", "1.1") not in {
            "1.1",
            "1.0",
        }:  # Only with --plain-http does one come as far as this.
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
            refusal = Response(505, headers, b'{"error":"HTTP/1.1 is spoken here, and no HTTP/2"}')
            await _send(send, refusal, method, self.engine.http_date())
            return
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        request = Request(method, raw.decode("latin-1"), scope["query_string"].decode("latin-1"), scope["headers"])
        message = await receive()
        body: bytes = message.get("body", b"")
        if message.get("more_body"):
            with LongBody(MAXIMUM_BODY) as long:
                most, refusal = MAXIMUM_BODY, long.add(body)
                while message.get("more_body") and refusal is None:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return
                    refusal = long.add(message.get("body", b""))
                    if long.size > most and refusal is None:
                        allowed = self.gateway.longest_body(request, MAXIMUM_BODY)
                        refusal = allowed if isinstance(allowed, Response) else long.beyond(allowed)
                        most = long.size if isinstance(allowed, Response) else allowed
                if refusal is not None:
                    await _send(send, self.gateway.refuse(request, refusal), "POST", self.engine.http_date())
                    return
                with long.whole() as request.body:
                    await self._respond(request, method, receive, send)
            return
        request.body = body
        await self._respond(request, method, receive, send)

    async def _respond(self, request: Request, method: str, receive: Receive, send: Send) -> None:
        engine = self.engine
        if engine.may_wait(request):
            steps = self.gateway.handle_steps(request)
            try:
                while True:
                    await asyncio.sleep(next(steps))
            except StopIteration as stop:
                response: Response = stop.value
        else:
            response = self.gateway.handle(request)
        self.answered(method)
        if not response.incomplete:
            await _send(send, response, method, engine.http_date())
        else:
            await _cut(send, receive, response, engine.http_date())


async def _send(send: Send, response: Response, method: str, date: bytes) -> None:
    await send({"type": "http.response.start", "status": response.status, "headers": response.head(method, date)})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})


async def _cut(send: Send, receive: Receive, response: Response, date: bytes) -> None:
    """Send part of a response and close the connection, which ASGI has no word for: uvicorn's transport is closed."""
    transport = cast("Any", send).__self__.transport
    if not response.dropped:
        await send({"type": "http.response.start", "status": response.status, "headers": response.head("GET", date)})
        await send({"type": "http.response.body", "body": response.body[: response.truncate_at], "more_body": True})
    if response.reset:
        # Closed with nothing to linger for, TCP sends RST in the place of FIN.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
