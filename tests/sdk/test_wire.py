"""Over real connections to a server on this machine: what no mock shows."""

import asyncio
import gc
import gzip
import json
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from echoing import creates, echoed
from store_credit import (
    APIConnectionError,
    APITimeoutError,
    AsyncSpreeClient,
    AsyncVinrClient,
    ClientCredentials,
    InvalidResponseError,
    OutcomeUnknownError,
    SpreeClient,
    VinrClient,
)


class Shop(ThreadingHTTPServer):
    """Answers every request by a function, and counts the connections it was asked on."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Callable[[Handler], None] = lambda handler: handler.reply({})
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.requested_by: list[Any] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append((self.requestline, dict(self.headers), self.body))
        self.server.requested_by.append(self.client_address)
        self.server.answer(self)
        self.wfile.flush()

    def reply(self, body: Any, status: int | None = None, **headers: str) -> None:
        """Respond with a body; one that is a record holds what the request says of it (see `echoing`)."""
        if not isinstance(body, bytes):
            body = json.dumps(echoed(self.command, self.path, self.body, body)).encode()
        content: bytes = body
        self.send_response(status or (201 if creates(self.command, self.path) else 200))
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def hang_up(self, written: bytes = b"") -> None:
        self.wfile.write(written)
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A server on a port of its own."""
    with Shop() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


ESTABLISHED = "01"
"""Neither side has closed, as Linux numbers the states of sockets."""

CREATE: dict[str, Any] = {
    "user_id": "2",
    "category_id": "4",
    "created_by_id": "5",
    "amount": "25",
    "currency": "USD",
}


def test_calls_share_a_connection(shop: Shop, store_credit: Any) -> None:
    """Of the client and of its copies: the pool is one."""
    shop.answer = lambda handler: handler.reply(store_credit)
    with SpreeClient(shop.url, "t") as client:
        client.store_credits.retrieve("7")
        client.with_options(timeout=9).store_credits.retrieve("7")
        client.store_credits.retrieve("8")

    assert len(shop.requests) == 3
    assert len(set(shop.requested_by)) == 1


def test_a_client_may_be_shared_between_threads(shop: Shop, credit: Any) -> None:
    """Every call gets its own response, under a key of its own."""
    shop.answer = lambda handler: handler.reply(credit)
    with VinrClient("sk_test_1", base_url=shop.url) as client, ThreadPoolExecutor(8) as pool:
        amounts = list(range(1, 81))
        issued = list(pool.map(lambda n: client.store_credit.create(customer="c", amount=n, currency="USD"), amounts))
    keys = {headers["Idempotency-Key"] for _, headers, _ in shop.requests}

    assert [one.amount for one in issued] == amounts
    assert len(keys) == len(amounts)
    assert {one.last_response.idempotency_key for one in issued if one.last_response} == keys


def test_a_refused_token_is_renewed_once_for_all_threads(shop: Shop, store_credit: Any) -> None:
    """However many were refused it."""
    asked: list[str] = []

    def token() -> str:
        asked.append("asked")
        return f"token-{len(asked)}"

    def answer(handler: Handler) -> None:
        fresh = handler.headers["Authorization"] == "Bearer token-2"
        handler.reply(store_credit if fresh else {"error": "expired"}, 200 if fresh else 401)

    shop.answer = answer
    with SpreeClient(shop.url, token) as client, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: client.store_credits.retrieve("7"), range(24)))

    assert len(found) == 24
    assert len(asked) == 2


def test_no_server_is_a_connection_error(waits: list[float]) -> None:
    """After the resends that cannot do harm; it says which address."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        with SpreeClient(url, "t") as client, pytest.raises(APIConnectionError, match=url) as raised:
            client.store_credits.create(**CREATE)

    assert raised.value.attempts == 3
    assert len(waits) == 2


BROKEN: dict[str, Callable[[Handler], None]] = {
    "no response": lambda handler: handler.hang_up(),
    "half a status line": lambda handler: handler.hang_up(b"HTTP/1.1 20"),
    "half the headers": lambda handler: handler.hang_up(b"HTTP/1.1 201 Created\r\nContent-Le"),
    "half the body": lambda handler: handler.hang_up(b'HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{"data":'),
    "half a chunk": lambda handler: handler.hang_up(
        b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n{"da'
    ),
    "no HTTP": lambda handler: handler.hang_up(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "body without end": lambda handler: handler.hang_up(b'HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n{"data":'),
    "broken gzip": lambda handler: handler.reply(b"no gzip at all", 201, Content_Encoding="gzip"),
    "half a gzip": lambda handler: handler.reply(
        gzip.compress(b'{"data": {"id": "7"}}')[:-14], 201, Content_Encoding="gzip"
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_an_answer_that_breaks_off_leaves_a_create_unknown(shop: Shop, how: str) -> None:
    """Sent once, and never reported as failed."""
    shop.answer = BROKEN[how]
    with SpreeClient(shop.url, "t") as client, pytest.raises(OutcomeUnknownError):
        client.store_credits.create(**CREATE)

    assert len(shop.requests) == 1


@pytest.mark.parametrize("how", BROKEN)
def test_an_answer_that_breaks_off_is_asked_for_again(shop: Shop, store_credit: Any, how: str) -> None:
    """Where a repeat does no harm."""

    def answer(handler: Handler) -> None:
        BROKEN[how](handler) if len(shop.requests) == 1 else handler.reply(store_credit)

    shop.answer = answer
    with SpreeClient(shop.url, "t") as client:
        assert client.store_credits.retrieve("7").id == "7"
    assert len(shop.requests) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("how", BROKEN)
async def test_an_answer_that_breaks_off_async(shop: Shop, how: str) -> None:
    """The same, awaited."""
    shop.answer = BROKEN[how]
    async with AsyncSpreeClient(shop.url, "t") as client:
        with pytest.raises(OutcomeUnknownError):
            await client.store_credits.create(**CREATE)
        with pytest.raises(APIConnectionError):
            await client.store_credits.retrieve("7", max_retries=0)

    assert len(shop.requests) == 2


def test_an_answer_that_does_not_come_in_time_is_a_timeout(shop: Shop) -> None:
    """The server holds it back until the client has given up."""
    given_up = threading.Event()

    def answer(handler: Handler) -> None:
        given_up.wait(60)
        handler.close_connection = True

    shop.answer = answer
    with SpreeClient(shop.url, "t", max_retries=0) as client:
        with pytest.raises(APITimeoutError, match="in time"):
            client.store_credits.retrieve("7", timeout=0.02)
        with pytest.raises(OutcomeUnknownError, match="in time"):
            client.store_credits.create(**CREATE, timeout=0.02)
        given_up.set()


def until_closed_by_the_server(shop: Shop) -> None:
    """Wait until the server's end of the idle connection has arrived; between response and end it would be a race."""
    _, port = shop.requested_by[-1]
    pause = threading.Event()
    for _ in range(1000):
        sockets = [line.split()[:4] for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
        if not any(local.endswith(f":{port:04X}") and state == ESTABLISHED for _, local, _, state in sockets):
            return
        pause.wait(0.005)
    raise AssertionError("the server did not close the connection")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_client_may_outlive_the_event_loop_it_was_used_on(shop: Shop, credit: Any) -> None:
    """Connections of a loop that is gone are left behind; every create gives its record."""
    shop.answer = lambda handler: handler.reply(credit)

    def create_over_four_loops() -> list[str | None]:
        client = AsyncVinrClient("sk_test_1", base_url=shop.url)

        async def create() -> str | None:
            return (await client.store_credit.create(customer="c", amount=1, currency="USD")).idempotency_key

        return [asyncio.run(create()) for _ in range(4)]

    keys = create_over_four_loops()
    # What was left behind is collected here, where its warnings are expected.
    gc.collect()

    assert [headers["Idempotency-Key"] for _, headers, _ in shop.requests] == keys
    assert len(set(keys)) == 4


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the states of sockets cannot be read here")
def test_a_connection_the_server_has_closed_meanwhile_costs_no_call(shop: Shop, store_credit: Any) -> None:
    """Even a create may go out on a new one: nothing was sent on the old."""

    def answer(handler: Handler) -> None:
        handler.reply(store_credit)
        handler.close_connection = True

    shop.answer = answer
    with SpreeClient(shop.url, "t", max_retries=0) as client:
        for _ in range(3):
            client.store_credits.create(**CREATE)
            until_closed_by_the_server(shop)

    assert len(shop.requests) == 3


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity"])
def test_a_compressed_answer_is_read(shop: Shop, store_credit: Any, encoding: str) -> None:
    """The client asks for what it can read."""
    content = json.dumps(store_credit).encode()
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes}[encoding](content)
    shop.answer = lambda handler: handler.reply(packed, Content_Encoding=encoding)
    with SpreeClient(shop.url, "t") as client:
        found = client.store_credits.retrieve("7")

    assert found.last_response is not None
    assert found.last_response.content == content
    assert shop.requests[0][1]["Accept-Encoding"] == "gzip, deflate"


def test_a_proxy_of_the_environment_is_used(shop: Shop, environment: pytest.MonkeyPatch, store_credit: Any) -> None:
    """Requests are sent to it in whole addresses."""
    environment.setenv("HTTP_PROXY", shop.url)
    shop.answer = lambda handler: handler.reply(store_credit)
    with SpreeClient("http://spree.test/shop", "t") as client:
        client.store_credits.retrieve("7")
    ((line, headers, _),) = shop.requests

    assert line.startswith("GET http://spree.test/shop/api/v2/platform/store_credits/7 ")
    assert headers["Host"] == "spree.test"
    assert headers["Authorization"] == "Bearer t"


@pytest.mark.anyio
async def test_a_proxy_of_the_environment_is_used_async(
    shop: Shop, environment: pytest.MonkeyPatch, credit: Any
) -> None:
    """And passed by for hosts that NO_PROXY names."""
    environment.setenv("all_proxy", shop.url)
    shop.answer = lambda handler: handler.reply(credit)
    async with AsyncVinrClient("sk_test_1", base_url="http://vinr.test") as client:
        await client.store_credit.retrieve("sc_1")
    environment.setenv("NO_PROXY", "127.0.0.1")
    async with AsyncVinrClient("sk_test_1", base_url=shop.url) as client:
        await client.store_credit.retrieve("sc_2")

    assert [line.split()[1] for line, _, _ in shop.requests] == [
        "http://vinr.test/v1/store-credit/sc_1",
        "/v1/store-credit/sc_2",
    ]


def test_a_proxy_that_is_down_is_a_connection_error(environment: pytest.MonkeyPatch) -> None:
    """Nothing has been sent, so that a create may be resent."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        environment.setenv("HTTP_PROXY", f"http://127.0.0.1:{reserved.getsockname()[1]}")
        with SpreeClient("http://spree.test", "t") as client, pytest.raises(APIConnectionError) as raised:
            client.store_credits.create(**CREATE)

    assert raised.value.attempts == 3


def test_a_server_without_tls_is_a_connection_error(shop: Shop) -> None:
    """No request reached it."""
    with SpreeClient(shop.url.replace("http:", "https:"), "t") as client, pytest.raises(APIConnectionError) as raised:
        client.store_credits.create(**CREATE)

    assert raised.value.attempts == 3
    assert isinstance(raised.value.__cause__, Exception)
    assert not isinstance(raised.value, ssl.SSLError)


def test_client_credentials_leave_no_connection_open(shop: Shop, store_credit: Any) -> None:
    """A socket that is left open is a warning, and warnings are errors here."""
    shop.answer = lambda handler: handler.reply({"access_token": "fresh"} if "oauth" in handler.path else store_credit)
    token = ClientCredentials("id", "secret", base_url=shop.url)
    with SpreeClient(shop.url, token) as client:
        client.store_credits.retrieve("7")

    assert shop.requests[1][1]["Authorization"] == "Bearer fresh"


def test_an_answer_that_is_no_json_is_invalid(shop: Shop) -> None:
    """A captive portal answers 200 to everything."""
    shop.answer = lambda handler: handler.reply(b"<html>Please sign in</html>", Content_Type="text/html")
    with SpreeClient(shop.url, "t") as client, pytest.raises(InvalidResponseError, match="Please sign in"):
        client.store_credits.retrieve("7")
