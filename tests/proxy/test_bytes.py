"""Every byte passes as it came, in both directions."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from .harness import SECONDS, Proxied, RawUpstream, exchange, proxied, read_exactly, read_head, read_message, upstream

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[RawUpstream, Proxied]]:
    with upstream(OK) as server, proxied(server.url) as proxy:
        yield server, proxy


def test_a_request_reaches_the_server_as_it_was_sent(pair: tuple[RawUpstream, Proxied]) -> None:
    """Address, order, case, repeated names, odd bytes and the body; only Host and the connection's own are ours."""
    server, proxy = pair
    server.answer = OK
    body = b'{"amount":12345678901234567890123,"x":1.10,\n "x":2}'
    exchange(
        proxy,
        b"PATCH /a%%2Fb//../c;d?x=%%C3%%A9&x=1&&y[]=+ HTTP/1.1\r\nX-Zed: 1\r\nhost: localhost\r\n"
        b"accept-ENCODING: br,gzip\r\nCookie: a=1\r\nX-Latin: \xe9\xff\r\nX-Two: b\r\nx-two: a\r\nCookie: b=2\r\n"
        b"TE: trailers\r\nKeep-Alive: 5\r\n"
        b"Connection: close, x-Mine\r\nX-mine: gone\r\nContent-Type: application/json;charset=UTF-8\r\n"
        b"Content-Length: %d\r\nX-Empty: \r\n\r\n%b" % (len(body), body),
    )

    assert server.got == (
        b"PATCH /a%%2Fb//../c;d?x=%%C3%%A9&x=1&&y[]=+ HTTP/1.1\r\nX-Zed: 1\r\nhost: 127.0.0.1:%d\r\n"
        b"accept-ENCODING: br,gzip\r\nCookie: a=1\r\nX-Latin: \xe9\xff\r\nX-Two: b\r\nx-two: a\r\nCookie: b=2\r\n"
        b"Content-Type: application/json;charset=UTF-8\r\nContent-Length: %d\r\nX-Empty: \r\n\r\n%b"
        % (server.port, len(body), body)
    )


@pytest.mark.parametrize(
    "answer",
    [
        (
            b"HTTP/1.1 200 Fine by Me\r\nServer: x\r\nSET-cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nX-Latin: \xe9\r\n"
            b'Content-Length: 24\r\n\r\n{"big":1234567890123e99}'
        ),
        b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n",
        b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 99\r\n\r\n',
        b"HTTP/1.1 500 \r\nContent-Length: 3\r\n\r\n\x00\xff\xfe",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
        % (len(packed := gzip.compress(b"{}" * 50)), packed),
    ],
    ids=["plain", "redirect", "204", "304", "500", "gzip"],
)
@pytest.mark.parametrize("path", [b"/other", b"/v1/store-credit/sc_1"], ids=["unknown", "known"])
def test_an_answer_reaches_the_client_as_it_was_sent(
    pair: tuple[RawUpstream, Proxied], answer: bytes, path: bytes
) -> None:
    """Status line, headers and body; X-Mock-Violation is all that may be added."""
    server, proxy = pair
    server.answer = answer
    head, body = exchange(
        proxy, b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n" % path,
        bodiless=answer.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304")),
    )  # fmt: skip

    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"X-Mock-Violation: ")]
    assert b"\r\n".join(lines) + body == answer


def test_head_has_no_body_and_leaves_the_connection_usable(pair: tuple[RawUpstream, Proxied]) -> None:
    """The length that HEAD announces is that of GET; the next request gets its own response."""
    server, proxy = pair
    server.answer = lambda c, head: c.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (b"" if head.startswith(b"HEAD") else b"hello")
    )
    with proxy.connect() as connection:
        connection.sendall(b"HEAD /v1/store-credit HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head, _ = read_message(connection, bodiless=True)
        connection.sendall(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert read_message(connection)[1] == b"hello"
    assert b"Content-Length: 5" in head


def test_connections_are_kept_on_both_sides(pair: tuple[RawUpstream, Proxied]) -> None:
    """Many requests, two of them sent at once, on one connection here and one there."""
    server, proxy = pair
    server.answer = OK
    before = server.connections
    with proxy.connect() as connection:
        for _ in range(5):
            connection.sendall(b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2)
            assert read_message(connection)[1] == read_message(connection)[1] == b"ok"
    assert server.connections <= before + 1


def test_an_endless_answer_passes_as_it_comes(pair: tuple[RawUpstream, Proxied]) -> None:
    """Server-sent events and chunks: each piece is with the client before the server sends the next one."""
    server, proxy = pair
    steps: list[socket.socket] = []
    done = threading.Event()

    def answer(connection: socket.socket, _: bytes) -> None:
        steps.append(connection)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"
        )
        done.wait(SECONDS)

    server.answer = answer
    for path in (b"/events", b"/v1/store-credit"):
        done.clear()
        with proxy.connect() as connection:
            connection.sendall(b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n" % path)
            assert b"Transfer-Encoding: chunked" in read_head(connection)
            assert read_exactly(connection, 8) == b"3\r\none\r\n"
            steps[-1].sendall(b"3\r\ntwo\r\n")
            assert read_exactly(connection, 8) == b"3\r\ntwo\r\n"
            steps[-1].sendall(b"0\r\n\r\n")
            assert read_exactly(connection, 5) == b"0\r\n\r\n"
        done.set()


def test_a_request_in_chunks_passes_as_it_comes(pair: tuple[RawUpstream, Proxied]) -> None:
    """The server has the first piece before the client sends the second; the end is one."""
    server, proxy = pair
    got: list[bytes] = []

    def answer(connection: socket.socket, head: bytes) -> None:
        assert b"\r\nTransfer-Encoding: chunked\r\n" in head
        got.append(read_exactly(connection, 8))
        client.sendall(b"3\r\ntwo\r\n0\r\n\r\n")
        got.append(read_exactly(connection, 13))
        connection.sendall(OK)

    server.answer = answer
    with proxy.connect() as client:
        client.sendall(
            b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n"
        )
        assert read_message(client)[1] == b"ok"
    assert got == [b"3\r\none\r\n", b"3\r\ntwo\r\n0\r\n\r\n"]


def test_interim_answers_pass(pair: tuple[RawUpstream, Proxied]) -> None:
    """100 Continue is the server's to give, not ours; 103 brings its headers."""
    server, proxy = pair
    waited: list[bytes] = []

    def answer(connection: socket.socket, head: bytes) -> None:
        assert b"\r\nExpect: 100-continue\r\n" in head
        connection.setblocking(False)
        with pytest.raises(BlockingIOError):
            connection.recv(1)
        connection.setblocking(True)
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
        waited.append(read_exactly(connection, 2))
        connection.sendall(OK)

    server.answer = answer
    with proxy.connect() as client:
        client.sendall(
            b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
        assert read_head(client) == b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        assert read_head(client) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}")
        assert read_message(client)[1] == b"ok"
    assert waited == [b"{}"]


def test_a_body_without_a_length_ends_with_the_connection(pair: tuple[RawUpstream, Proxied]) -> None:
    """An HTTP/1.0 server: its body comes in chunks, and whole; an HTTP/1.0 client gets it up to the end."""
    server, proxy = pair

    def answer(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello")
        return False

    server.answer = answer
    _, body = exchange(proxy, b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert body == b"5\r\nhello\r\n0\r\n\r\n"
    head, body = exchange(proxy, b"GET /x HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert (head.partition(b" ")[0], body) == (b"HTTP/1.0", b"hello")


def test_a_path_in_the_address_comes_first() -> None:
    """The upstream may live below a path."""
    with upstream(OK) as server, proxied(server.url + "/base/") as proxy:
        exchange(proxy, b"GET /v1/store-credit?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert server.heads[-1].startswith(b"GET /base/v1/store-credit?limit=1 HTTP/1.1\r\n")


def test_an_answer_before_the_whole_request_passes(pair: tuple[RawUpstream, Proxied]) -> None:
    """A server that refuses a long body at once is heard; both connections end then."""
    server, proxy = pair

    def answer(connection: socket.socket, _: bytes) -> bool:
        connection.sendall(b"HTTP/1.1 413 Too Long\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        connection.recv(100_000)
        return False

    server.answer = answer
    with proxy.connect() as client:
        client.sendall(b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 100)
        head, body = read_message(client)
    assert head.startswith(b"HTTP/1.1 413 Too Long\r\n")
    assert (b"\r\nConnection: close\r\n" in head, body) == (True, b"no")


def test_a_connection_that_the_server_closed_meanwhile_is_not_used(pair: tuple[RawUpstream, Proxied]) -> None:
    """A server that closes quiet connections costs nobody a request, not even one that must not be sent twice."""
    server, proxy = pair

    def answer(connection: socket.socket, head: bytes) -> bool:
        connection.sendall(OK)
        return False

    server.answer = answer
    for _ in range(20):
        before = len(server.heads)
        head, _ = exchange(proxy, b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")
        assert len(server.heads) <= before + 2


CHUNKS = b"3;a=b\r\nabc\r\n3\r\ndef\r\n0\r\nX-Sum: 6\r\nX-More: \xff\r\n\r\n"
PLAIN = CHUNKS.replace(b";a=b", b"")


@pytest.mark.parametrize("path", [b"/other", b"/v1/store-credit/sc_1"], ids=["unknown", "known"])
@pytest.mark.parametrize("pieces", [1, 7, len(CHUNKS)], ids=["at once", "in pieces", "byte by byte"])
def test_chunks_and_trailers_of_a_response_stay(pair: tuple[RawUpstream, Proxied], path: bytes, pieces: int) -> None:
    """Ends of chunks stay where they were, trailers follow the last one; only extensions of chunks are dropped."""
    server, proxy = pair
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
    step = -(-len(CHUNKS) // pieces)

    def answer(connection: socket.socket, _: bytes) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + head)
        for start in range(0, len(CHUNKS), step):
            connection.sendall(CHUNKS[start : start + step])

    server.answer = answer
    with proxy.connect() as connection:
        for _ in range(2):
            connection.sendall(b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n" % path)
            assert b" 103 " in read_head(connection)
            assert b"\r\nTrailer: X-Sum\r\n" in read_head(connection)
            body = b""
            while not body.endswith(PLAIN[-25:]):
                body += read_exactly(connection, 1)
            # Chunks that come in pieces may be cut where nothing is held back.
            assert body == PLAIN if pieces == 1 or path != b"/other" else body.endswith(PLAIN[-25:])


def test_trailers_of_requests_stay(pair: tuple[RawUpstream, Proxied]) -> None:
    """Each on its own request, two of which come at once, the first of them with a length."""
    server, proxy = pair
    got: list[bytes] = []

    def answer(connection: socket.socket, head: bytes) -> None:
        body = b""
        if b"chunked" in head:
            while not body.endswith(b"\r\n\r\n"):
                body += read_exactly(connection, 1)
        else:
            body = read_exactly(connection, 3)
        got.append(body)
        connection.sendall(OK)

    server.answer = answer
    first = b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\none"
    second = b"POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + PLAIN
    with proxy.connect() as connection:
        connection.sendall(first + second)
        assert read_message(connection)[1] == read_message(connection)[1] == b"ok"
    assert got == [b"one", PLAIN]
