"""An offer to upgrade is ignored, and the request that carries it is answered whole (RFC 9110, 7.8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from offers import (
    BODY,
    HEAD,
    NAMES,
    PREFACE,
    Connection,
    created_by_curl,
    created_by_java,
    needs_curl,
    needs_java,
    offered,
    sized,
    wait_until_read,
)
from served_mock import CONTROL_TOKEN, Served, served

pytestmark = pytest.mark.takes_seconds

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

CREATED = b"HTTP/1.1 201 Created"
GET = b"GET /v1/store-credit?limit=1 HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_1\r\n"


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with served() as mock:
        yield mock


@pytest.fixture
def raw(running: Served) -> Iterator[Connection]:
    running.control.reset()
    with Connection(running.url) as made:
        yield made


@pytest.mark.parametrize("name", NAMES, ids=bytes.decode)
def test_a_body_arrives_with_its_head(raw: Connection, name: bytes) -> None:
    """Head, body and the next request in one segment: each is read as what it is."""
    head, body = sized(name)
    raw.send(head + body + GET + b"\r\n" + head + body)

    assert [raw.status() for _ in range(3)] == [CREATED, b"HTTP/1.1 200 OK", CREATED]


@pytest.mark.parametrize("name", NAMES, ids=bytes.decode)
def test_a_body_arrives_after_its_head(running: Served, raw: Connection, name: bytes) -> None:
    """The body comes in a segment of its own, when the head has been read: it is not taken for the next request."""
    head, body = sized(name)
    raw.send(head)
    wait_until_read(running.url)
    raw.send(body)
    assert raw.status() == CREATED
    raw.send(GET + b"\r\n")

    assert raw.status() == b"HTTP/1.1 200 OK"
    assert len(running.control.exchanges()) == 3, "the create, the list and what was waited for"


def test_a_body_in_any_form(raw: Connection) -> None:
    """Byte by byte, in chunks, longer than what is read on the short way, and after 100 Continue."""
    head, body = sized(b"h2c")
    raw.send(*[(head + body)[place : place + 1] for place in range(len(head + body))])
    assert raw.status() == CREATED
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY[:7], BODY[7:])) + b"0\r\n\r\n"
    raw.send(HEAD + offered(b"h2c") + b"Transfer-Encoding: chunked\r\n\r\n", chunks)
    assert raw.status() == CREATED
    raw.send(*sized(b"h2c", BODY[:-1] + b" " * 100_000 + b"}"))
    assert raw.status() == CREATED
    raw.send(head.replace(b"\r\nHost", b"\r\nExpect: 100-continue\r\nHost", 1), body)
    assert [raw.status(), raw.status()] == [b"HTTP/1.1 100 Continue", CREATED]


@pytest.mark.parametrize("name", NAMES, ids=bytes.decode)
def test_a_request_without_a_body_offers_too(raw: Connection, name: bytes) -> None:
    """It is answered as HTTP/1.1, and so is what follows it on the connection."""
    raw.send(GET + offered(name) + b"\r\n" + GET + b"\r\n")
    raw.send(GET + offered(name) + b"\r\n")

    assert [raw.status() for _ in range(3)] == [b"HTTP/1.1 200 OK"] * 3


def test_the_connection_closes_where_the_offer_says_so(raw: Connection) -> None:
    """What stands beside the offer in Connection counts as ever."""
    raw.send(GET + b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n")

    assert raw.status() == b"HTTP/1.1 200 OK"
    assert raw.socket.recv(1) == b""


def test_what_was_sent_is_recorded(running: Served, raw: Connection) -> None:
    """The offer is among the headers of the recorded request, and the server says nothing of it on stderr."""
    raw.send(*sized(b"h2c"))
    raw.status()

    assert ["upgrade", "h2c"] in running.control.exchanges()[-1].request.headers
    assert "upgrade" not in running.log().lower()


def test_a_command_with_an_optional_body_obeys_it(raw: Connection) -> None:
    """The clock is frozen at the time asked for: with the body lost it was frozen now, and said 200."""
    body = b'{"at":"2030-01-01T00:00:00Z"}'
    raw.send(
        b"POST /_mock/clock/freeze HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\n" % CONTROL_TOKEN.encode()
        + offered(b"h2c")
        + b"Content-Length: %d\r\n\r\n" % len(body)
        + body
    )

    assert b"2030-01-01T00:00:00" in raw.response()[1]


def test_a_tunnel_is_not_opened(raw: Connection) -> None:
    """CONNECT ends like any method that is not known, and the connection goes on."""
    raw.send(GET.replace(b"GET", b"CONNECT") + b"\r\n" + GET + b"\r\n")

    assert [raw.status().split()[1], raw.status().split()[1]] == [b"405", b"200"]


@pytest.mark.parametrize("cut", [len(PREFACE), 5], ids=["whole", "in pieces"])
def test_http_2_from_the_first_byte_is_refused(raw: Connection, cut: int) -> None:
    """The preface is answered in HTTP/1.1 with what to do, and the connection is closed."""
    raw.send(PREFACE[:cut], PREFACE[cut:])
    line, body = raw.response()

    assert (line.split()[1], b"set the client to HTTP/1.1" in body) == (b"505", True)
    assert raw.socket.recv(1) == b""


def test_the_plain_way_loses_no_body_either() -> None:
    """`--plain-http` reads without our protocol: the body after an offer, in both segmentations, and no HTTP/2."""
    head, body = sized(b"h2c")
    with served("--plain-http") as mock:
        with Connection(mock.url) as raw:
            raw.send(head + body)
            assert raw.status() == CREATED
            raw.send(head)
            wait_until_read(mock.url)
            raw.send(body, GET + b"\r\n")
            assert [raw.status(), raw.status()] == [CREATED, b"HTTP/1.1 200 OK"]
        with Connection(mock.url) as raw:
            raw.send(PREFACE)
            assert raw.status().split()[1] == b"505"


@pytest.mark.toolchain
@needs_curl
def test_curl_creates(running: Served) -> None:
    """curl --http2 sends its body and takes HTTP/1.1."""
    assert created_by_curl(running.url) == (201, "1.1")


@pytest.mark.toolchain
@needs_java
def test_the_client_of_the_jdk_creates(running: Served) -> None:
    """HttpClient.newHttpClient() offers h2c with each request, on a new connection and on one that is open."""
    assert created_by_java(running.url) == [{"status": "201", "version": "HTTP_1_1"}] * 3
