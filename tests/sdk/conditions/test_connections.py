"""Connections to a server on this machine: shared, closed meanwhile, refused, compressed, through proxies."""

import asyncio
import gc
import gzip
import json
import socket
import threading
import traceback
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from callers import KINDS, outcomes
from http_library import httpx
from loopback import Connection, LoopbackServer, Received, echo, spree_credit
from sample_calls import CREATE, SPREE_CREATE
from store_credit import (
    APIConnectionError,
    APITimeoutError,
    AsyncVinrClient,
    ClientCredentials,
    InvalidResponseError,
    OutcomeUnknownError,
    SpreeClient,
    VinrClient,
)

Loopback = Callable[..., LoopbackServer]
CREDIT = spree_credit({"store_credit": SPREE_CREATE})


@pytest.fixture
def closed_port() -> Any:
    """Reserve an address that refuses connections."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}"


def test_calls_share_a_connection(loopback: Loopback) -> None:
    """Of the client and of its copies: the pool is one."""
    server = loopback()
    with VinrClient("sk_test_1", base_url=server.url) as client:
        client.store_credit.retrieve("sc_1")
        client.with_options(timeout=9).store_credit.retrieve("sc_2")
        client.store_credit.retrieve("sc_3")

    assert [request.connection for request in server.requests] == [1, 1, 1]


def test_no_server_is_a_connection_error(closed_port: str, waits: list[float]) -> None:
    """After the resends that cannot do harm; it says which address."""
    with SpreeClient(closed_port, "t") as client, pytest.raises(APIConnectionError, match=closed_port) as raised:
        client.store_credits.create(**SPREE_CREATE)

    assert raised.value.attempts == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 20", b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"data":'], ids=["0", "head", "body"]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_response_that_breaks_off_is_asked_for_again(loopback: Loopback, kind: str, start: bytes) -> None:
    """Where a repeat does no harm."""

    def handle(connection: Connection, request: Received) -> None:
        if request.connection == 1:
            connection.send(start)
            connection.close()
        else:
            echo(connection, request)

    server = loopback(handle)
    (found,) = outcomes(kind, server.url, lambda client: client.store_credit.retrieve("sc_1"))

    assert found.id == "sc_1"
    assert len(server.requests) == 2


def test_a_response_that_does_not_come_in_time_is_a_timeout(loopback: Loopback) -> None:
    """The server holds it back until the client has given up."""
    server = loopback(lambda connection, request: connection.hang())
    with SpreeClient(server.url, "t", max_retries=0) as client:
        with pytest.raises(APITimeoutError, match="in time"):
            client.store_credits.retrieve("7", timeout=0.02)
        with pytest.raises(OutcomeUnknownError, match="in time"):
            client.store_credits.create(**SPREE_CREATE, timeout=0.02)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_client_may_outlive_the_event_loop_it_was_used_on(loopback: Loopback) -> None:
    """Connections of a loop that is gone are left behind; every create gives its record."""
    server = loopback()

    def create_over_four_loops() -> list[str | None]:
        client = AsyncVinrClient("sk_test_1", base_url=server.url)

        async def create() -> str | None:
            return (await client.store_credit.create(**CREATE)).idempotency_key

        return [asyncio.run(create()) for _ in range(4)]

    keys = create_over_four_loops()
    # What was left behind is collected here, where its warnings are expected.
    gc.collect()

    assert [request.headers["idempotency-key"] for request in server.requests] == keys
    assert len(set(keys)) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_the_server_has_closed_meanwhile_costs_no_call(loopback: Loopback, kind: str) -> None:
    """Even a create may go out on a new one: nothing was sent on the old."""

    def handle(connection: Connection, request: Received) -> None:
        echo(connection, request)
        # On loopback the end has arrived when it is sent.
        connection.close()

    server = loopback(handle)

    def create(client: Any) -> Any:
        server.wait_for(lambda: server.connections == 0)
        return client.store_credits.create(**SPREE_CREATE)

    made = outcomes(kind, server.url, create, create, create, system="spree", max_retries=0)

    assert [one.id for one in made] == ["27"] * 3
    assert [request.connection for request in server.requests] == [1, 2, 3]


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)]
)
def test_a_compressed_response_is_read(loopback: Loopback, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    """The client asks for what it can read."""
    content = json.dumps(CREDIT).encode()
    server = loopback(
        lambda connection, request: connection.respond(pack(content), headers={"Content-Encoding": encoding})
    )
    with SpreeClient(server.url, "t") as client:
        found = client.store_credits.retrieve("27")

    assert found.last_response.content == content
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_a_proxy_of_the_environment_is_used(loopback: Loopback, environment: pytest.MonkeyPatch) -> None:
    """Requests are sent to it in whole addresses."""
    server = loopback(lambda connection, request: connection.respond(CREDIT))
    environment.setenv("HTTP_PROXY", server.url)
    with SpreeClient("http://spree.test/shop", "t") as client:
        client.store_credits.retrieve("27")
    (request,) = server.requests

    assert request.target == "http://spree.test/shop/api/v2/platform/store_credits/27"
    assert request.headers["host"] == "spree.test"
    assert request.headers["authorization"] == "Bearer t"


@pytest.mark.anyio
async def test_a_proxy_of_the_environment_is_used_async(loopback: Loopback, environment: pytest.MonkeyPatch) -> None:
    """And passed by for hosts that NO_PROXY names."""
    server = loopback()
    environment.setenv("all_proxy", server.url)
    async with AsyncVinrClient("sk_test_1", base_url="http://vinr.test") as client:
        await client.store_credit.retrieve("sc_1")
    environment.setenv("NO_PROXY", "127.0.0.1")
    async with AsyncVinrClient("sk_test_1", base_url=server.url) as client:
        await client.store_credit.retrieve("sc_2")

    assert [one.target for one in server.requests] == [
        "http://vinr.test/v1/store-credit/sc_1",
        "/v1/store-credit/sc_2",
    ]


def test_nothing_was_sent_where_no_connection_is_made(closed_port: str, environment: pytest.MonkeyPatch) -> None:
    """A server without TLS, a proxy that is down: a create may be resent."""

    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        # It reads the TLS handshake as a request and responds to it.
        answering = threading.Thread(target=lambda: [answer(listening.accept()[0]) for _ in range(3)])
        answering.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        with SpreeClient(url, "t") as client, pytest.raises(APIConnectionError, match="uses https") as plain:
            client.store_credits.create(**SPREE_CREATE)
        answering.join()
    environment.setenv("HTTP_PROXY", closed_port)
    with SpreeClient("http://spree.test", "t") as client, pytest.raises(APIConnectionError) as proxy:
        client.store_credits.create(**SPREE_CREATE)

    assert (plain.value.attempts, proxy.value.attempts) == (3, 3)


def test_client_credentials_leave_no_connection_open(loopback: Loopback) -> None:
    """A socket that is left open is a warning, and warnings are errors here."""

    def handle(connection: Connection, request: Received) -> None:
        connection.respond({"access_token": "fresh"} if "oauth" in request.target else CREDIT)

    server = loopback(handle)
    with SpreeClient(server.url, ClientCredentials("id", "secret", base_url=server.url)) as client:
        client.store_credits.retrieve("27")

    assert server.requests[1].headers["authorization"] == "Bearer fresh"


def test_a_response_that_is_not_json_is_shown(loopback: Loopback) -> None:
    """A captive portal answers 200 to everything; the error holds the whole response."""
    page = b"<html>Please sign in</html>"
    server = loopback(lambda connection, request: connection.respond(page, headers={"Content-Type": "text/html"}))
    with (
        SpreeClient(server.url, "t") as client,
        pytest.raises(InvalidResponseError, match="Please sign in") as raised,
    ):
        client.store_credits.retrieve("7")

    assert raised.value.response is not None
    assert raised.value.response.content == page


def test_no_frame_of_the_library_shows_the_headers_of_a_request_that_could_not_be_written(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Crash reporters send the locals of every frame, and the frame that writes them has them."""
    core = import_module(httpx.__name__.replace("httpx", "httpcore"))
    streams = import_module(f"{core.__name__}._backends.sync")

    def broken(*arguments: Any, **settings: Any) -> None:
        # A WriteError is passed over: there may be a response all the same.
        raise core.WriteTimeout("slow")

    with VinrClient("sk_test_S3CRET", base_url=loopback().url, max_retries=0) as client:
        monkeypatch.setattr(streams.SyncStream, "write", broken)
        with pytest.raises(APITimeoutError) as raised:
            client.store_credit.retrieve("sc_1")

    report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    assert "S3CRET" not in "".join(report.format())
