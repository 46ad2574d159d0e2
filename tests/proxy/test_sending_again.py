"""What the proxy sends again when a connection turns out to be dead, and what never."""

from __future__ import annotations

import socket
import threading
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from store_credit_mock.proxy.upstream import Upstream, UpstreamConnection, UpstreamError

from .harness import (
    exchange,
    proxied,
    read_body,
    read_message,
    upstream,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /v1/store-credit/sc_1 HTTP/1.1\r\nHost: localhost\r\n\r\n"

POST = b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize(("request_", "status", "seen"), [(POST, b"502", 1), (GET, b"200", 2)], ids=["POST", "GET"])
def test_only_what_is_safe_is_sent_again(request_: bytes, status: bytes, seen: int) -> None:
    """A reused connection that ends after the request went out: a POST may have been carried out already."""
    first = threading.Event()

    def answered(connection: socket.socket, head: bytes) -> bool:
        read_body(connection, head)
        if not first.is_set():
            first.set()
            connection.sendall(OK)
            return True
        if len(server.heads) == 2:
            return False
        connection.sendall(OK)
        return True

    with upstream(answered) as server, proxied(server.url) as proxy:
        assert exchange(proxy, GET)[0].startswith(b"HTTP/1.1 200")
        head, _ = exchange(proxy, request_)

        assert head.split()[1] == status
        method = request_.split()[0]
        again = [one for one in server.heads[1:] if one.startswith(method)]
        assert len(again) == seen
        assert server.connections == seen, "the connection that ended had been used before"


@pytest.mark.parametrize("expects", [b"", b"Expect: 100-continue\r\n"], ids=["whole", "piece by piece"])
def test_what_was_not_sent_at_all_is_sent_once_more(expects: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pooled connection that closes before its first byte is written cannot have carried a POST out."""
    kept = Upstream.connect
    dead: list[UpstreamConnection] = []

    async def connect(self: Upstream, *, bodiless: bool) -> UpstreamConnection:
        connected = await kept(self, bodiless=bodiless)
        if connected.used and not dead:
            assert connected.protocol.transport is not None
            connected.protocol.transport.close()
            dead.append(connected)
        return connected

    monkeypatch.setattr(Upstream, "connect", connect)

    def answered(connection: socket.socket, head: bytes) -> bool:
        if b"expect" in head.lower():
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        server.bodies.append(read_body(connection, head))
        connection.sendall(OK)
        return True

    with upstream(answered) as server, proxied(server.url) as proxy:
        exchange(proxy, GET)
        with proxy.connect() as connection:
            connection.sendall(POST.replace(b"Content-Length", expects + b"Content-Length"))
            head, _ = read_message(connection, bodiless=bool(expects))
            if expects:
                assert head.startswith(b"HTTP/1.1 100")
                head, _ = read_message(connection)

        assert head.startswith(b"HTTP/1.1 200")
        assert len(dead) == 1
        assert server.bodies[1:] == [b"{}"]


class _Transport:
    """A transport that closes after so many pieces."""

    def __init__(self, pieces: int) -> None:
        self.left = pieces

    def is_closing(self) -> bool:
        return self.left <= 0

    def write(self, _data: bytes) -> None:
        self.left -= 1


@pytest.mark.parametrize("used", [False, True])
@pytest.mark.parametrize("pieces", [0, 1])
def test_a_request_is_unsent_only_before_its_first_byte(used: bool, pieces: int) -> None:
    """What may have reached the server in part counts as sent; a new connection that closes is not a stale one."""
    protocol: Any = SimpleNamespace(transport=_Transport(pieces))
    server: Any = SimpleNamespace(loop=None)
    connected = UpstreamConnection(server, SimpleNamespace(), protocol, used=used)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    for _ in range(pieces):
        connected.send(b"POST ")

    with pytest.raises(UpstreamError) as refused:
        connected.send(b"/v1")
    assert (refused.value.unsent, refused.value.stale) == (used and pieces == 0, used)
