"""Bad servers, bad clients and bad arguments: a clear word, the right code, no hang, and memory that does not grow."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")


from .harness import (
    SECONDS,
    Answering,
    Proxied,
    RawUpstream,
    commanded,
    exchange,
    proxied,
    read_head,
    read_message,
    upstream,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /v1/store-credit/sc_1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[RawUpstream, Proxied]]:
    with upstream(OK) as server, proxied(server.url) as proxy:
        yield server, proxy


def said(data: bytes) -> Answering:
    """A response that is sent once, on a connection that ends then."""

    def answer(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(data)
        return False

    return answer


def test_a_server_that_is_not_there_is_a_502_in_the_shape_of_the_system() -> None:
    """VINR's and Spree's own, and plain JSON elsewhere; exit code 2 where nothing could be passed on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with proxied(f"http://127.0.0.1:{port}") as proxy:
        head, body = exchange(proxy, GET)
        assert head.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
        assert b"\r\nX-Mock-Proxy: " in head
        error = json.loads(body)["error"]
        assert (error["type"], "cannot be reached" in error["message"]) == ("api_error", True)
        _, body = exchange(proxy, GET.replace(b"/v1/store-credit", b"/api/v2/platform/store_credits"))
        assert (json.loads(body)["status"], "cannot be reached" in json.loads(body)["error"]) == (502, True)
        _, body = exchange(proxy, GET.replace(b"/v1", b"/v7"))
        assert "cannot be reached" in json.loads(body)["error"]
        assert "cannot be reached" in proxy.next()["trouble"]
        assert "    x http://127.0.0.1" in proxy.log()
        assert proxy.end() == 2


@pytest.mark.parametrize(
    "answered", [b"", b"HTTP/1.1 200 OK\r\nContent-Len", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: 1\x00\r\n\r\n",
                 b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"]
)  # fmt: skip
def test_no_answer_and_no_http_are_a_502(pair: tuple[RawUpstream, Proxied], answered: bytes) -> None:
    """Whatever came of it is not passed off as a response."""
    server, proxy = pair
    server.answer = said(answered)
    head, _ = exchange(proxy, GET)
    assert head.startswith(b"HTTP/1.1 502 ")
    assert proxy.next()["trouble"]


def test_a_slow_server_is_a_504() -> None:
    """Before the head; after it the connection ends early."""
    with upstream(lambda c, _: bool(c.recv(1))) as server, proxied(server.url, "--timeout", "0.2") as proxy:
        head, body = exchange(proxy, GET)
        assert head.startswith(b"HTTP/1.1 504 Gateway Timeout\r\n")
        assert "0.2 seconds" in json.loads(body)["error"]["message"]
        assert "0.2 seconds" in proxy.next()["trouble"]

        def stalls(connection: socket.socket, _: bytes) -> bool:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
            return bool(connection.recv(1))

        server.answer = stalls
        head, body = exchange(proxy, GET)
        assert (b"Content-Length: 9" in head, body) == (True, b"abc")
        assert "0.2 seconds" in proxy.next()["trouble"]


@pytest.mark.parametrize("path", [b"/v1/store-credit/sc_1", b"/other"])
@pytest.mark.parametrize(
    ("answered", "seen"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"3\r\nabc\r\n"),
    ],
    ids=["length", "chunks"],
)
def test_an_answer_that_breaks_off_is_seen_to(
    pair: tuple[RawUpstream, Proxied], path: bytes, answered: bytes, seen: bytes
) -> None:
    """The client gets no end that the server did not send, and what it gets is a part of what was sent."""
    server, proxy = pair
    server.answer = said(answered)
    head, body = exchange(proxy, GET.replace(b"/v1/store-credit/sc_1", path))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert seen.startswith(body)
    told = proxy.next()
    assert ("response", "/body", "content-length") in [
        (one["side"], one["pointer"], one["keyword"]) for one in told["violations"]
    ]


def test_more_than_was_announced_is_not_passed_on(pair: tuple[RawUpstream, Proxied]) -> None:
    """What comes after the end of a body is nobody's answer, least of all the next one's."""
    server, proxy = pair
    server.answer = said(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nX: evil\r\n\r\n")
    head, body = exchange(proxy, GET)
    assert (head[:12], body) == (b"HTTP/1.1 200", b"ok")
    server.answer = OK
    head, _ = exchange(proxy, GET)
    assert b"evil" not in head
    proxy.next()
    proxy.next()


def test_a_client_that_leaves_ends_the_exchange(pair: tuple[RawUpstream, Proxied]) -> None:
    """The server's connection is closed too, with a request that is not whole."""
    server, proxy = pair
    left: list[bytes] = []

    def answer(connection: socket.socket, _: bytes) -> bool:
        while piece := connection.recv(100):
            left.append(piece)
        return False

    server.answer = answer
    with proxy.connect() as client:
        client.sendall(b"POST /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
        while not left:
            client.settimeout(0.01)
            with contextlib.suppress(TimeoutError):
                client.recv(1)
    told = proxy.next()
    assert (told["status"], "client closed" in told["trouble"]) == (None, True)
    server.answer = OK
    assert exchange(proxy, GET)[1] == b"ok"
    proxy.next()
    assert b"0\r\n" not in b"".join(left)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET http://elsewhere.invalid/x HTTP/1.1\r\nHost: elsewhere.invalid\r\n\r\n",
        b"CONNECT elsewhere.invalid:443 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /x#y HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: x\r\n" * 300 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -3\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\nzz\r\n",
        b"nonsense\r\n\r\n",
        b"GET /x HTTP/1.1\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n\r\n",
    ],
)
def test_requests_that_could_mean_two_things_are_not_passed_on(
    pair: tuple[RawUpstream, Proxied], request_: bytes
) -> None:
    """400, and nothing that the server would take for a whole request."""
    server, proxy = pair
    server.answer = OK
    before = len(server.bodies)
    head, _ = exchange(proxy, request_)
    assert head[9:13] == b"400 "
    assert len(server.bodies) == before or server.bodies[-1] == b""
    assert "Traceback" not in proxy.log()
    proxy.forget()


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil:80"])
def test_a_page_under_another_name_is_refused(pair: tuple[RawUpstream, Proxied], name: str) -> None:
    """A name that was made to lead to this machine opens nothing; loopback's own names and --allow-host do."""
    server, proxy = pair
    server.answer = OK
    before = len(server.heads)
    head, _ = exchange(proxy, GET.replace(b"localhost", name.encode()))
    assert head.startswith(b"HTTP/1.1 421 ")
    assert len(server.heads) == before
    for good in (b"127.0.0.1:99", b"[::1]:80", b"LOCALHOST", b"host.docker.internal:80"):
        assert exchange(proxy, GET.replace(b"localhost", good))[1] == b"ok"
    with proxied(server.url, "--allow-host", "evil.example", "--allow-host", "*.svc") as open_:
        for allowed in (b"evil.example", b"proxy.default.svc:80"):
            assert exchange(open_, GET.replace(b"localhost", allowed))[1] == b"ok"
    for _ in range(5):
        proxy.next()


def test_no_header_can_be_made_of_a_value(pair: tuple[RawUpstream, Proxied]) -> None:
    """What a bad path or body repeats in X-Mock-Violation stays one printable line."""
    server, proxy = pair
    server.answer = OK
    body = b'{"customer":"c","currency":"USD","amount":"\\r\\nX-Evil: 1\\u001b[2J"}'
    head, _ = exchange(
        proxy,
        b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d"
        b"\r\n\r\n%b" % (len(body), body),
    )
    assert b"\r\nX-Evil" not in head
    assert b"\x1b" not in head
    assert "\x1b" not in proxy.log()
    proxy.next()


@pytest.mark.parametrize(("good", "code"), [(True, 0), (False, 2)])
def test_what_is_no_http_is_counted_as_not_passed_on(good: bool, code: int) -> None:
    """Beside a good exchange it changes no exit code; alone it is a run in which nothing was passed on."""
    with upstream(OK) as server, proxied(server.url) as proxy:
        if good:
            assert exchange(proxy, GET.replace(b"/v1", b"/v7"))[1] == b"ok"
            proxy.next()
        assert exchange(proxy, b"nonsense\r\n\r\n")[0].startswith(b"HTTP/1.0 400 ")
        assert proxy.next()["kind"] == "unreadable"
        assert proxy.end() == code


@pytest.mark.takes_seconds
def test_being_ended_in_the_middle_is_no_trouble_of_the_client() -> None:
    """It is said so, at once, and an upstream that answered was reached."""

    def endless(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
        return bool(connection.recv(1))

    with upstream(endless) as server, proxied(server.url) as proxy, proxy.connect() as client:
        client.sendall(GET.replace(b"/v1", b"/v7"))
        assert read_head(client).startswith(b"HTTP/1.1 200 ")
        assert proxy.end() == 0
        assert "the proxy was stopped" in proxy.log()
        assert "the client closed" not in proxy.log()


def test_nobody_reading_the_lines_stops_nothing() -> None:
    """As after `--json | head -1`: answers stay whole, the end is as ever, and nothing is thrown up."""
    with upstream(OK) as server, commanded(server.url) as proxy:
        assert proxy.process.stdout is not None
        proxy.process.stdout.close()
        for _ in range(2):
            with proxy.connect() as client:
                client.sendall(GET.replace(b"/v1", b"/v7").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
                assert read_message(client)[1] == b"ok"
                assert client.recv(1) == b""
        proxy.process.terminate()
        assert proxy.process.wait(20) == 0
        assert "the reader of the JSON lines has gone" in proxy.log()
        assert "Traceback" not in proxy.log()


def test_a_failure_after_the_answer_began_sends_no_second_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection ends, so that nothing is taken for the response to the next request."""

    def fails(_: object) -> None:
        raise ZeroDivisionError

    with upstream(OK) as server, proxied(server.url) as proxy:
        monkeypatch.setattr(proxy.proxy.reporter, "tell", fails)
        with proxy.connect() as client:
            client.sendall(GET)
            with contextlib.suppress(ConnectionResetError):
                assert read_message(client)[1] == b"ok"
                assert client.recv(1) == b""
        assert "x the proxy failed: ZeroDivisionError" in proxy.log()


@pytest.mark.slow
def test_a_gigabyte_takes_no_memory() -> None:
    """Both ways at once, checked and recorded up to --max-check: the process grows by less than 50 MB."""
    piece = b"x" * 1_000_000
    total = 1_000

    def answer(connection: socket.socket, head: bytes) -> bool:
        if b"/v2/" in head:
            connection.sendall(OK)
        elif head.startswith(b"GET"):
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"
            )
            for _ in range(total):
                connection.sendall(piece)
        else:
            swallow(connection, 1_000_000_000)
            connection.sendall(OK)
        return False

    with upstream(answer) as server, commanded(server.url) as proxy:
        assert exchange(proxy, GET.replace(b"/v1", b"/v2"))[0]
        proxy.next()
        before = resident(proxy.process.pid)
        with proxy.connect() as client:
            client.sendall(GET)
            assert b"1000000000" in read_head(client)
            swallow(client, 1_000_000_000)
        with proxy.connect() as client:
            client.sendall(GET.replace(b"GET", b"POST").replace(b"\r\n\r\n", b"\r\nContent-Length: 1000000000\r\n\r\n"))
            for _ in range(total):
                client.sendall(piece)
            assert read_message(client)[1] == b"ok"
        grown = resident(proxy.process.pid, "VmHWM") - before
        print(f"{grown / 1e6:.1f} MB")
        assert grown < 50_000_000
        assert "--max-check" in proxy.next()["unchecked"][0]


def swallow(connection: socket.socket, count: int) -> None:
    room = bytearray(262_144)
    while count > 0 and (got := connection.recv_into(room)):
        count -= got
    assert count == 0


def resident(process: int, which: str = "VmRSS") -> int:
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("no /proc to read memory from")
    line = next(line for line in status.read_text().splitlines() if line.startswith(which))
    return int(line.split()[1]) * 1024


def test_half_a_head_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch, pair: tuple[RawUpstream, Proxied]
) -> None:
    """After 30 seconds of the proxy's clock: 408 for the beginning of a head, on a new connection and on a used one.

    A connection on which nothing came is closed; a request whose head is whole is never in a hurry.
    """
    server, proxy = pair
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    waiting: queue.Queue[tuple[float, Any]] = queue.Queue()
    cancelled: list[object] = []

    class Timer:
        def cancel(self) -> None:
            cancelled.append(self)

    def later(loop: asyncio.AbstractEventLoop, seconds: float, then: Callable[[], None]) -> Timer:
        timer = Timer()
        waiting.put((seconds, lambda: timer in cancelled or loop.call_soon_threadsafe(then)))
        return timer

    monkeypatch.setattr("store_credit_mock.proxy.server._later", later)
    whole = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with proxy.connect() as connection:
        seconds, first = waiting.get(timeout=SECONDS)
        connection.sendall(whole)
        assert read_message(connection)[1] == b"ok"
        first()
        connection.sendall(whole[:20])
        _, second = waiting.get(timeout=SECONDS)
        second()
        head, body = read_message(connection)
        assert connection.recv(1) == b""
    with proxy.connect() as silent:
        waiting.get(timeout=SECONDS)[1]()
        assert silent.recv(1) == b""

    assert seconds == 30
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"not complete after 30 seconds" in body
    assert "the headers of the request were not complete after 30 seconds" in proxy.log()
