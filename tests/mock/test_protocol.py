"""The wire: requests on the short way and on uvicorn's own are answered alike, however they arrive."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from served_mock import Served, served
from store_credit_mock import Fault
from store_credit_mock.http import Response

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

from store_credit_mock.server.protocol import LONGEST, written

GET = b"GET /v1/store-credit?limit=1 HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_1\r\n\r\n"
BODY = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'
POST = (
    b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_1\r\nContent-Type: application/json\r\n"
)


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with served() as mock:
        yield mock


class Raw:
    """A connection on which bytes are sent as they are."""

    def __init__(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), 10)
        self.waiting = b""

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)

    def answer(self, *, head: bool = False) -> tuple[bytes, dict[bytes, bytes], bytes]:
        """Status line, headers and body of the next response."""
        while b"\r\n\r\n" not in self.waiting:
            self._read()
        start, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
        status, *lines = start.split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines)
        length = 0 if head else int(headers.get(b"content-length", b"0"))
        while len(self.waiting) < length:
            self._read()
        body, self.waiting = self.waiting[:length], self.waiting[length:]
        return status, headers, body

    def _read(self) -> None:
        data = self.socket.recv(65536)
        assert data, f"the connection was closed after {self.waiting!r}"
        self.waiting += data

    def ended(self) -> bool:
        """Whether the server closed, with nothing left to read."""
        return not self.waiting and self.socket.recv(1) == b""


@pytest.fixture
def raw(running: Served) -> Iterator[Raw]:
    running.control.reset()
    made = Raw(running.url)
    yield made
    made.socket.close()


def sized(body: bytes) -> bytes:
    return POST + b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_requests_in_one_piece_are_answered_in_order(raw: Raw) -> None:
    """Pipelined requests, on both ways: the third takes the long one, with a planned fault it would be a slow one."""
    long = sized(b'{"memo":"' + b"x" * LONGEST + b'"}')
    raw.send(GET + sized(BODY) + long + GET)

    assert [raw.answer()[0].split()[1] for _ in range(4)] == [b"200", b"201", b"400", b"200"]


def test_a_request_may_come_byte_by_byte(raw: Raw) -> None:
    """Head and body split anywhere, and chunked: the same credit."""
    raw.send(*[sized(BODY)[place : place + 1] for place in range(len(sized(BODY)))])
    assert raw.answer()[0] == b"HTTP/1.1 201 Created"
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:])) + b"0\r\n\r\n"
    raw.send(POST + b"Transfer-Encoding: chunked\r\n\r\n", chunks)
    assert raw.answer()[0] == b"HTTP/1.1 201 Created"


@pytest.mark.parametrize(
    "odd",
    [
        GET.replace(b"HTTP/1.1", b"HTTP/1.0"),
        GET.replace(b"HTTP/1.1\r\n", b"HTTP/1.1\r\nConnection: close\r\n"),
    ],
    ids=["HTTP/1.0", "close"],
)
def test_a_connection_ends_when_it_should(raw: Raw, odd: bytes) -> None:
    """The client's last request is answered whole, and the response says that it is the last."""
    raw.send(odd)
    status, headers, body = raw.answer()

    assert (status, headers[b"connection"]) == (b"HTTP/1.1 200 OK", b"close")
    assert body.startswith(b'{"object":"list"')
    assert raw.ended()


def test_both_ways_answer_alike(raw: Raw) -> None:
    """What one way says the other one says too, but for the request's own id and what is left of its limit."""
    wanted = sized(b'{"customer":"cust_8aZ2"}')
    raw.send(wanted, wanted.replace(b"\r\nHost", b"\r\nExpect: 100-continue\r\nHost", 1))
    short = raw.answer()
    assert raw.answer()[0] == b"HTTP/1.1 100 Continue"
    long = raw.answer()

    assert short[0] == long[0] == b"HTTP/1.1 400 Bad Request"
    assert short[1].keys() == long[1].keys()
    assert short[1][b"x-mock-violation"] == long[1][b"x-mock-violation"]


@pytest.mark.parametrize("more", [b"", b"Expect: 100-continue\r\n"], ids=["short", "long"])
def test_what_follows_a_body_is_no_header(running: Served, raw: Raw, more: bytes) -> None:
    """RFC 9110, 6.5.1: fields after the last chunk are not merged into the head, and open nothing."""
    head = POST.replace(b"X-Api-Key: sk_test_1\r\n", more) + b"Transfer-Encoding: chunked\r\n\r\n"
    raw.send(head, b"%x\r\n%b\r\n0\r\nX-Api-Key: sk_test_1\r\n\r\n" % (len(BODY), BODY))
    if more:
        assert raw.answer()[0] == b"HTTP/1.1 100 Continue"

    assert raw.answer()[0] == b"HTTP/1.1 401 Unauthorized"
    sent = running.control.exchanges()[-1].request.headers
    assert "x-api-key" not in [name for name, _ in sent]


def test_head_has_no_body(raw: Raw) -> None:
    """The next response begins right after the headers."""
    raw.send(GET.replace(b"GET", b"HEAD"), GET)

    line, headers, _ = raw.answer(head=True)
    assert line == b"HTTP/1.1 200 OK"
    assert headers.get(b"content-length") != b"0", "a record is longer than that (RFC 9110, 8.6)"
    assert raw.answer()[0] == b"HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    ("status", "pieces"),
    [
        (b"414 Request-URI Too Long", [GET.replace(b"limit=1", b"limit=" + b"1" * 20_000)]),
        (b"431 Request Header Fields Too Large", [GET[:-2] + b"X: " + b"x" * 70_000 + b"\r\n\r\n"]),
        (b"431 Request Header Fields Too Large", [GET[:-2], *[b"X: " + b"x" * 1_000 + b"\r\n"] * 70, b"\r\n"]),
        (b"431 Request Header Fields Too Large", [GET[:-2] + b"X: ", *[b"x" * 40_000] * 10]),
        (b"431 Request Header Fields Too Large", [GET[:-2], *[b"X:\r\n"] * 20_000, b"\r\n"]),
    ],
    ids=["line", "header", "headers", "endless", "many"],
)
def test_a_head_has_a_limit(raw: Raw, status: bytes, pieces: list[bytes]) -> None:
    """Of the line and of all of it, also when its end never comes; the connection ends then."""
    with contextlib.suppress(ConnectionError):
        raw.send(b"".join(pieces))
    assert raw.answer()[0] == b"HTTP/1.1 " + status


def test_long_bodies_are_no_long_heads(raw: Raw) -> None:
    """What follows a body in one piece with it, or is right below the limit, is answered."""
    long = sized(b'{"memo":"' + b"x" * 300_000 + b'"}')
    raw.send(long + GET[:30], GET[30:], GET[:-2] + b"X: " + b"x" * 60_000 + b"\r\n\r\n")
    assert [raw.answer()[0].split()[1] for _ in range(3)] == [b"400", b"200", b"200"]


def test_a_planned_fault_takes_the_other_way_in_the_middle_of_a_connection(running: Served, raw: Raw) -> None:
    """A connection that was served on the short way is cut as planned."""
    raw.send(GET)
    assert raw.answer()[0] == b"HTTP/1.1 200 OK"
    running.control.add_fault(Fault(truncate=10))
    raw.send(GET)
    with pytest.raises(AssertionError, match="the connection was closed"):
        raw.answer()


def test_no_header_becomes_two() -> None:
    """A value with the end of a line in it is never written."""
    for header in ((b"x-a", b"1\r\nx-b: 2"), (b"x-a", b"1\n2"), (b"x\r", b"1")):
        with pytest.raises(ValueError, match="a line break"):
            written(Response(200, [header], b"{}"), "GET", b"", keep_alive=True)
