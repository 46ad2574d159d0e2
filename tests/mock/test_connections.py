"""Connections: what is not a request is refused with what to do, and none is held open by a client that stalls."""

from __future__ import annotations

import re
from typing import Any

import pytest

from store_credit_mock import Contract, Engine, Options

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

import uvicorn
from uvicorn.server import ServerState

from store_credit_mock.server.app import App
from store_credit_mock.server.connection import HEAD_SECONDS
from store_credit_mock.server.protocol import FastPathProtocol

GET = b"GET /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_1\r\n\r\n"


class _Timer:
    def __init__(self, due: float, run: Any) -> None:
        self.due, self.run, self.cancelled = due, run, False

    def cancel(self) -> None:
        self.cancelled = True


class _Loop:
    """A loop whose time is told."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[_Timer] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, run: Any) -> _Timer:
        self.timers.append(_Timer(self.now + delay, run))
        return self.timers[-1]

    def advance(self, seconds: float) -> None:
        """Let time pass, and run what becomes due."""
        self.now += seconds
        for timer in [timer for timer in self.timers if timer.due <= self.now]:
            self.timers.remove(timer)
            if not timer.cancelled:
                timer.run()


class _Transport:
    """Takes what is written."""

    def __init__(self) -> None:
        self.written = b""
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.1", 1) if name in {"peername", "sockname"} else None


class Client:
    """One connection to a mock, on a loop whose time is told."""

    def __init__(self, contract: Contract) -> None:
        self.loop, self.transport = _Loop(), _Transport()
        app: Any = App(Engine(contract, options=Options(seed=1)))
        config = uvicorn.Config(app, log_config=None, timeout_keep_alive=65, ws="none")
        self.protocol = FastPathProtocol(config, ServerState(), {}, _loop=self.loop)
        self.protocol.connection_made(self.transport)  # pyright: ignore[reportArgumentType]

    def send(self, data: bytes) -> None:
        self.protocol.data_received(data)

    def statuses(self) -> list[bytes]:
        return re.findall(rb"HTTP/1\.1 (\d{3}) ", self.transport.written)


@pytest.fixture
def client(store_credit_mock_contract: Contract) -> Client:
    return Client(store_credit_mock_contract)


@pytest.mark.parametrize("before", [b"", GET], ids=["first", "later"])
def test_a_stalled_head_is_ended(client: Client, before: bytes) -> None:
    """It has 30 seconds from its first byte, however many bytes drip in; then 408 and the connection is closed."""
    if before:
        client.send(before)
    client.send(GET[:10])
    client.loop.advance(HEAD_SECONDS - 1)
    client.send(GET[10:20])
    assert not client.transport.closed
    client.loop.advance(1)

    assert client.statuses()[-1] == b"408"
    assert b"not complete after 30 seconds" in client.transport.written
    assert client.transport.closed


def test_a_slow_head_in_time_is_answered(client: Client) -> None:
    """Its time is over with its last byte: the connection stays open as long as any."""
    client.send(GET[:10])
    client.loop.advance(HEAD_SECONDS - 1)
    client.send(GET[10:])
    client.loop.advance(HEAD_SECONDS)

    assert client.statuses() == [b"200"]
    assert not client.transport.closed


def test_a_connection_on_which_nothing_comes_is_closed(client: Client) -> None:
    """Without a word, as between two requests."""
    client.loop.advance(65)

    assert (client.transport.written, client.transport.closed) == (b"", True)


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (GET.replace(b"Host: localhost\r\n", b""), b"400", b"exactly one Host"),
        (GET.replace(b"Host: localhost\r\n", b"Host: localhost\r\nHOST: localhost\r\n"), b"400", b"exactly one Host"),
        (GET.replace(b"HTTP/1.1", b"HTTP/2.0"), b"505", b"HTTP/1.1"),
        (GET.replace(b"HTTP/1.1", b"HTTP/3.0"), b"505", b"HTTP/1.1"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"400", b"TLS"),
        (b"nonsense\r\n\r\n", b"400", b"not a request of HTTP/1.1"),
    ],
    ids=["no host", "two hosts", "2.0", "3.0", "TLS", "nonsense"],
)
def test_what_is_not_a_request_is_refused(client: Client, sent: bytes, status: bytes, words: bytes) -> None:
    """The response says what was expected, and the connection is closed."""
    client.send(sent)

    assert client.statuses() == [status]
    assert words in client.transport.written
    assert client.transport.closed
