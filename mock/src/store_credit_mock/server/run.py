"""Serving an engine over HTTP with uvicorn, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import ssl
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

from store_credit_mock.factory import Engine
from store_credit_mock.server.app import App
from store_credit_mock.server.open_files import allow_enough
from store_credit_mock.server.origin_guard import OriginGuard
from store_credit_mock.server.parent import Parent
from store_credit_mock.server.telemetry import Telemetry
from store_credit_mock.server.webhook_worker import deliver_forever

try:
    import uvicorn

    from store_credit_mock.server.protocol import FastPathProtocol
except ImportError as error:
    raise ImportError("serving needs the `server` extra: pip install 'store-credit-mock[server]'") from error

__all__ = ["Server", "serve"]

PARENT_SECONDS: Final = 0.5
"""How often it is asked whether the parent is still there."""


class Server(uvicorn.Server):
    """uvicorn with webhook workers; calls `ready` once it accepts connections.

    Args:
        app: The app.
        host: Where to listen.
        port: 0 takes any free one.
        ready: Called with the address once requests are taken; with "" and 0 where it listens on a unix socket.
        plain: Whether every request takes uvicorn's own way; see `protocol`.
        uds: Path of a unix socket, in the place of host and port.
        tls: What makes it speak TLS.
        parent: The process with which it ends.
    """

    def __init__(
        self,
        app: App,
        host: str,
        port: int,
        ready: Callable[[str, int], None],
        *,
        plain: bool = False,
        uds: Path | None = None,
        tls: ssl.SSLContext | None = None,
        parent: Parent | None = None,
    ) -> None:
        config = uvicorn.Config(
            app,  # pyright: ignore[reportArgumentType]
            host=host,
            port=port,
            uds=None if uds is None else str(uds),
            # h11 reads on behind an offer to upgrade; uvicorn's other reader loses the body there.
            http="h11" if plain else FastPathProtocol,
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
        self._tls = tls
        self._parent = parent
        self._workers: list[asyncio.Task[None]] = []

    async def startup(self, sockets: Any = None) -> None:
        """Listen, and say so."""
        self.config.ssl = self._tls
        await super().startup(sockets)
        if not self.started:
            return
        self._app.changed = asyncio.Event()
        self._workers = [asyncio.create_task(deliver_forever(self._app.engine, self._app.changed))]
        self._app.start_workers()
        if self._parent is not None:
            self._workers.append(asyncio.create_task(self._end_with(self._parent)))
        if self.config.uds is None:
            self._ready(*self.servers[0].sockets[0].getsockname()[:2])
        else:
            self._ready("", 0)

    async def _end_with(self, parent: Parent) -> None:
        while not parent.gone:  # noqa: ASYNC110 - nothing tells the end of a process that is not a child's
            await asyncio.sleep(PARENT_SECONDS)
        self.should_exit = True

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop the workers, then the server."""
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
    uds: Path | None = None,
    tls: ssl.SSLContext | None = None,
    parent: Parent | None = None,
    telemetry: Telemetry | None = None,
) -> bool:
    """Serve an engine until Ctrl-C or SIGTERM.

    Args:
        engine: What answers.
        host: Where to listen.
        port: 0 takes any free one.
        ready: Called with the address once requests are taken; with "" and 0 where it listens on a unix socket.
        guard: Who is let in; by default loopback only.
        plain: Whether every request takes uvicorn's own way; see `protocol`.
        uds: Path of a unix socket, in the place of host and port.
        tls: What makes it speak TLS.
        parent: The process with which it ends.
        telemetry: Notes every exchange.

    Returns:
        Whether it could listen at all.
    """
    allow_enough()
    # What was made at the start stays, as do the last exchanges: looking at them over and over would find nothing.
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000)
    app = App(engine, guard, "http" if tls is None else "https", telemetry)
    server = Server(app, host, port, ready, plain=plain, uds=uds, tls=tls, parent=parent)
    try:
        with contextlib.suppress(SystemExit):  # uvicorn's way of saying that it cannot listen
            server.run()
    except OSError:  # On a unix socket it has no way of its own.
        if server.started:
            raise
    finally:
        if telemetry is not None:
            telemetry.flush()
    return server.started
