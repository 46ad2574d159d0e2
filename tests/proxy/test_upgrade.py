"""An offer to upgrade ends at the proxy: the request passes with its body, the offer does not (RFC 9110, 7.6.1)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

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
from served_mock import Served, served

from .harness import Proxied, RawUpstream, proxied, upstream

pytestmark = pytest.mark.toolchain

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
GET = b"GET /v1/store-credit/sc_1 HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[RawUpstream, Proxied]]:
    with upstream(OK) as server, proxied(server.url) as proxy:
        yield server, proxy


@pytest.fixture(scope="module")
def before_a_mock() -> Iterator[tuple[Served, Proxied]]:
    pytest.importorskip("uvicorn", reason="the extra `server` is not installed")
    with served() as mock, proxied(mock.url) as proxy:
        yield mock, proxy


@pytest.mark.parametrize("apart", [False, True], ids=["one segment", "two segments"])
@pytest.mark.parametrize("name", NAMES, ids=bytes.decode)
def test_a_body_passes(pair: tuple[RawUpstream, Proxied], name: bytes, apart: bool) -> None:
    """The upstream gets the body and no offer, and the connection takes the next request."""
    server, proxy = pair
    head, body = sized(name)
    with Connection(proxy.url) as raw:
        if apart:
            raw.send(head)
            wait_until_read(proxy.url)
            raw.send(body)
        else:
            raw.send(head + body)
        assert raw.status() == b"HTTP/1.1 200 OK"
        assert server.bodies[-1] == BODY
        assert b"upgrade" not in server.heads[-1].lower()
        assert b"http2-settings" not in server.heads[-1].lower()
        raw.send(GET)
        assert raw.status() == b"HTTP/1.1 200 OK"
    assert server.bodies[-1] == b""


def test_chunks_pass(pair: tuple[RawUpstream, Proxied]) -> None:
    """A body without a length passes too."""
    server, proxy = pair
    with Connection(proxy.url) as raw:
        raw.send(HEAD + offered(b"h2c") + b"Transfer-Encoding: chunked\r\n\r\n", b"37\r\n" + BODY + b"\r\n0\r\n\r\n")
        assert raw.status() == b"HTTP/1.1 200 OK"
    assert BODY in server.bodies[-1]


def test_http_2_from_the_first_byte_is_refused(pair: tuple[RawUpstream, Proxied]) -> None:
    """The preface is answered in HTTP/1.1 with what to do, and the connection is closed; a stalled one after 30 s."""
    _, proxy = pair
    with Connection(proxy.url) as raw:
        raw.send(PREFACE)
        line, body = raw.response()
        assert (line.split()[1], b"HTTP/1.1" in body) == (b"505", True)
        assert raw.socket.recv(1) == b""


@needs_curl
def test_curl_creates(before_a_mock: tuple[Served, Proxied]) -> None:
    """curl --http2 sends its body through the proxy and takes HTTP/1.1."""
    assert created_by_curl(before_a_mock[1].url) == (201, "1.1")


@needs_java
def test_the_client_of_the_jdk_creates(before_a_mock: tuple[Served, Proxied]) -> None:
    """HttpClient.newHttpClient() offers h2c with each request, on a new connection and on one that is open."""
    assert created_by_java(before_a_mock[1].url) == [{"status": "201", "version": "HTTP_1_1"}] * 3
