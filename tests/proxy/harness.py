"""A server that answers with the bytes it is told to and keeps those it got, and the proxy before it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.proxy import command
from store_credit_mock.proxy.factory import assembled
from store_credit_mock.proxy.server import serve

__all__ = [
    "SECONDS",
    "Answering",
    "Commanded",
    "Proxied",
    "RawUpstream",
    "Threaded",
    "commanded",
    "exchange",
    "proxied",
    "read_body",
    "read_exactly",
    "read_head",
    "read_message",
    "upstream",
]

SECONDS = 20.0
"""How long anything may take before a test fails."""

Answering = Callable[[socket.socket, bytes], bool | None]
"""Gets the connection and the head of a request; returns False to close."""


class RawUpstream:
    """The server. Each connection has a thread; `answer` says what is sent."""

    def __init__(self, answer: bytes | Answering, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self.answer = answer
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def got(self) -> bytes:
        """The last request."""
        return self.heads[-1] + self.bodies[-1]

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(SECONDS)
        with contextlib.suppress(OSError), connection:
            if self._context is None:
                self._converse(connection)
            else:
                with self._context.wrap_socket(connection, server_side=True) as wrapped:
                    self._converse(wrapped)

    def _converse(self, connection: socket.socket) -> None:
        while head := read_head(connection):
            self.heads.append(head)
            if callable(self.answer):
                if self.answer(connection, head) is False:
                    return
            else:
                self.bodies.append(read_body(connection, head))
                connection.sendall(self.answer)

    def close(self) -> None:
        """Close every connection."""
        # Closing alone would not wake the thread that waits for connections.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            connection.close()
        self._thread.join(SECONDS)


@contextlib.contextmanager
def upstream(answer: bytes | Answering, context: ssl.SSLContext | None = None) -> Iterator[RawUpstream]:
    """A server for as long as the block runs."""
    server = RawUpstream(answer, context)
    try:
        yield server
    finally:
        server.close()


def read_head(connection: socket.socket) -> bytes:
    """Bytes up to the empty line; empty if the other side closed."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            return b""
        head += piece
    return head


def read_exactly(connection: socket.socket, count: int) -> bytes:
    """So many bytes, or fewer if the other side closed."""
    got = b""
    while len(got) < count and (piece := connection.recv(count - len(got))):
        got += piece
    return got


def read_body(connection: socket.socket, head: bytes, *, to_end: bool = False) -> bytes:
    """The body of a message as it is on the wire, chunks and all."""
    lower = head.lower()
    if b"transfer-encoding: chunked" in lower:
        body = b""
        while not body.endswith(b"0\r\n\r\n"):
            piece = connection.recv(65536)
            if not piece:
                return body
            body += piece
        return body
    place = lower.find(b"\r\ncontent-length:")
    if place < 0:
        body = b""
        while to_end and (piece := connection.recv(65536)):
            body += piece
        return body
    length = int(lower[place + 17 :].partition(b"\r\n")[0])
    body = b""
    while len(body) < length:
        piece = connection.recv(min(65536, length - len(body)))
        if not piece:
            break
        body += piece
    return body


def read_message(connection: socket.socket, *, bodiless: bool = False) -> tuple[bytes, bytes]:
    """A response: head and body."""
    head = read_head(connection)
    return head, b"" if bodiless else read_body(connection, head, to_end=True)


class Proxied(ABC):
    """A running proxy."""

    port: int
    url: str
    lines: list[dict[str, Any]]

    @abstractmethod
    def log(self) -> str:
        """What it said to people."""

    @abstractmethod
    def next(self) -> dict[str, Any]:
        """What it said, as JSON, of the next exchange."""

    def forget(self) -> None:
        """Pass over what it has said so far."""
        raise NotImplementedError

    @abstractmethod
    def end(self) -> int:
        """End it, and give its exit code; all it said is then in `lines`."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), SECONDS)


class Threaded(Proxied):
    """The proxy in a thread of this process, so that the document is compiled once for all tests."""

    _loop: asyncio.AbstractEventLoop
    _ended: asyncio.Event

    def __init__(self, *options: str) -> None:
        chosen = command.options_of(*options)
        self.lines = []
        self._said: list[str] = []
        self._queue: queue.Queue[bytes] = queue.Queue()
        validator = _judge(chosen.max_check, chosen.only_documented)
        self.proxy = assembled(chosen, self._said.append, self._queue.put, validator)
        self._ready: queue.Queue[int] = queue.Queue()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.port = self._ready.get(timeout=SECONDS)
        self.url = f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        async def main() -> None:
            self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
            await serve(self.proxy, "127.0.0.1", 0, lambda _, port: self._ready.put(port), self._ended)

        asyncio.run(main())

    def log(self) -> str:
        return "\n".join(self._said)

    def next(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._queue.get(timeout=SECONDS))
        self.lines.append(told)
        return told

    def forget(self) -> None:
        """Pass over what it has said so far."""
        while not self._queue.empty():
            self._queue.get()

    def end(self) -> int:
        self.close()
        self.proxy.reporter.end()
        while not self._queue.empty():
            self.next()
        return self.proxy.reporter.code

    def close(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(SECONDS)
            self.proxy.close()


@cache
def _judge(limit: int, only_documented: bool) -> ExchangeValidator:
    return ExchangeValidator(Document.read(), limit, only_documented=only_documented)


class Commanded(Proxied):
    """The proxy as its own command."""

    def __init__(self, *options: str) -> None:
        self._log = tempfile.NamedTemporaryFile("a")  # noqa: SIM115 - closed with the process
        line = [sys.executable, "-m", "store_credit_mock", "proxy", "--port", "0", "--json", *options]
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        self.process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=self._log, text=True, env=environment)
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, self.log()
        self.started: dict[str, Any] = json.loads(said)
        self.url: str = self.started["address"]
        self.port = int(self.url.rpartition(":")[2])
        self.lines: list[dict[str, Any]] = []

    def log(self) -> str:
        """What it said to people."""
        return Path(self._log.name).read_text()

    def next(self) -> dict[str, Any]:
        """What it said, as JSON, of the next exchange."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.log()
        told: dict[str, Any] = json.loads(line)
        self.lines.append(told)
        return told

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it, and give its exit code; the rest of what it said is in `lines`."""
        assert self.process.stdout is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=SECONDS)
        self.lines += [json.loads(line) for line in rest.splitlines()]
        return self.process.returncode

    def close(self) -> None:
        """Let go of it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()


@contextlib.contextmanager
def proxied(url: str, *options: str) -> Iterator[Threaded]:
    """A proxy for as long as the block runs."""
    running = Threaded("--upstream", url, *options)
    try:
        yield running
    finally:
        running.close()


@contextlib.contextmanager
def commanded(url: str, *options: str) -> Iterator[Commanded]:
    """A proxy in its own process for as long as the block runs."""
    running = Commanded("--upstream", url, *options)
    try:
        yield running
    finally:
        running.close()


def exchange(proxy: Proxied, request: bytes, *, bodiless: bool = False) -> tuple[bytes, bytes]:
    """Send bytes on a connection of their own, and read one response."""
    with proxy.connect() as connection:
        connection.sendall(request)
        return read_message(connection, bodiless=bodiless)
