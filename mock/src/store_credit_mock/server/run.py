"""Serving an engine over HTTP with uvicorn, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Generator
from typing import Any

from store_credit_mock.factory import Engine
from store_credit_mock.server.app import App
from store_credit_mock.server.origin_guard import OriginGuard
from store_credit_mock.server.webhook_worker import WEBHOOK_WORKERS, deliver_forever

try:
    import uvicorn

    from store_credit_mock.server.protocol import FastPathProtocol
except ImportError as error:
    raise ImportError("serving needs the extra `server`: pip install 'store-credit-mock[server]'") from error

__all__ = ["Server", "serve"]


class Server(uvicorn.Server):
    """uvicorn with webhook workers; calls `ready` once it accepts connections.

    Args:
        app: The app.
        host: Where to listen.
        port: 0 takes any free one.
        ready: Called with the address once requests are taken.
        plain: Whether every request takes uvicorn's own way; see `protocol`.
    """

    def __init__(
        self, app: App, host: str, port: int, ready: Callable[[str, int], None], *, plain: bool = False
    ) -> None:
        config = uvicorn.Config(
            app,  # pyright: ignore[reportArgumentType]
            host=host,
            port=port,
            http="httptools" if plain else FastPathProtocol,
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
        self._workers: list[asyncio.Task[None]] = []

    async def startup(self, sockets: Any = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if not self.started:
            return
        self._app.changed = asyncio.Event()
        self._workers = [
            asyncio.create_task(deliver_forever(self._app.engine, self._app.changed)) for _ in range(WEBHOOK_WORKERS)
        ]
        self._app.start_workers()
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self._ready(host, port)

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop the webhook workers, then the server."""
        await self._app.stop_workers()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
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


def serve(
    engine: Engine,
    host: str,
    port: int,
    ready: Callable[[str, int], None],
    guard: OriginGuard | None = None,
    *,
    plain: bool = False,
) -> bool:
    """Serve an engine until Ctrl-C or SIGTERM.

    Args:
        engine: What answers.
        host: Where to listen.
        port: 0 takes any free one.
        ready: Called with the address once requests are taken.
        guard: Who is let in; by default loopback only.
        plain: Whether every request takes uvicorn's own way; see `protocol`.

    Returns:
        Whether it could listen at all.
    """
    server = Server(App(engine, guard), host, port, ready, plain=plain)
    with contextlib.suppress(SystemExit):  # uvicorn's way of saying that it cannot listen
        server.run()
    return server.started
