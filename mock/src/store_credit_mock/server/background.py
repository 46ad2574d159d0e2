"""The server in a thread of its own, for programs that do something else besides."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator
from threading import Event, Thread, current_thread
from typing import Any

from store_credit_mock.factory import Engine
from store_credit_mock.server.app import App
from store_credit_mock.server.origin_guard import OriginGuard
from store_credit_mock.server.run import Server

__all__ = ["BackgroundServer"]

_GRACE = 10.0
"""Seconds that ending the thread may take: uvicorn itself gives requests under way 2."""


class BackgroundServer(Server):
    """Serves an engine in a thread, from `start` to `stop`.

    Args:
        engine: What answers.
        host: An address of this machine.
        port: 0 takes any free one.

    Attributes:
        url: Where it listens.

    Raises:
        OSError: It cannot listen there.
    """

    def __init__(self, engine: Engine, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, port), family=family, backlog=2048)
        number = self._listening.getsockname()[1]
        self.url = f"http://[{host}]:{number}" if ":" in host else f"http://{host}:{number}"
        self._up = Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        super().__init__(App(engine, OriginGuard(host)), host, number, self._say_up)
        self._thread = Thread(target=self._serve_until_stopped, name=f"store-credit-mock at {self.url}", daemon=True)

    def _say_up(self, *_: object) -> None:
        self._up.set()

    def start(self) -> None:
        """Start the thread, and return once requests are taken."""
        self._thread.start()
        self._up.wait()
        if self._failure is not None:
            self._thread.join()
            raise RuntimeError("the server did not start") from self._failure

    def stop(self) -> None:
        """Take no more requests, answer those under way for up to two seconds, and end the thread."""
        self.should_exit = True
        if self._ended is not None:
            self._call_in_thread(self._ended.set)
        if self._thread is not current_thread():
            self._thread.join(_GRACE)

    def wake(self) -> None:
        """Have the webhook workers look for what is due; from any thread."""
        self._call_in_thread(self._app.answered, "POST")

    def _call_in_thread(self, function: Callable[..., object], *arguments: object) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(function, *arguments)

    def _serve_until_stopped(self) -> None:
        try:
            self.run(sockets=[self._listening])
        except BaseException as error:  # noqa: BLE001 - told to whoever started it
            self._failure = error
        finally:
            self._listening.close()
            self._up.set()

    async def startup(self, sockets: Any = None) -> None:
        """Listen, and say so."""
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        """Wait until it is told to stop, where uvicorn would look ten times a second."""
        if self._ended is not None:
            await self._ended.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to the program."""
        yield
