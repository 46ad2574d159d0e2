"""`deadline=`: a call ends there whatever its server does, and says what is known of the request.

The servers here go on until the client hangs up or the test has seen enough, so that a call without its bound would
meet the test's own time limit. The deadlines are long enough for a busy machine to send a request.
"""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from callers import KINDS, outcomes, sync_client
from http_library import httpx
from loopback import Connection, LoopbackServer, Received, echo
from sample_calls import CREATE, SPREE_CREATE
from store_credit import (
    APIConnectionError,
    APITimeoutError,
    AsyncVinrClient,
    OutcomeUnknownError,
    RateLimitError,
    ServerError,
    SpreeClient,
    Timeout,
)
from store_credit._core.deadline import at_deadline
from store_credit._core.faults import DeadlineError, Fault

Loopback = Callable[..., LoopbackServer]

SOON = 0.3
"""Seconds."""
LATER = 60.0
"""Seconds; a call that waits so long has failed its test."""


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """See that attempts which were left behind end with their connections."""
    yield
    for thread in threading.enumerate():
        if thread.name == "store-credit-call":
            thread.join(LATER)
            assert not thread.is_alive()


def head(connection: Connection) -> None:
    connection.drip(lambda number: b"HTTP/1.1 201 Created\r\n" if number == 0 else b"X-Slow: %d\r\n" % number)


def body(connection: Connection) -> None:
    connection.drip(lambda number: b'HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n{"' if number == 0 else b"i")


def chunks(connection: Connection) -> None:
    start = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection.drip(lambda number: start if number == 0 else b"1\r\ni\r\n")


ENDLESS: dict[str, Callable[[Connection], None]] = {
    "nothing comes": Connection.hang,
    "the head drips": head,
    "the body drips": body,
    "chunks drip": chunks,
}


@pytest.mark.parametrize(
    ("kind", "how"),
    [*(("sync", how) for how in ENDLESS), *zip(("injected", "trio", "asyncio", "trio"), ENDLESS, strict=True)],
)
def test_a_call_ends_at_its_deadline(loopback: Loopback, kind: str, how: str) -> None:
    """A read may be repeated, of a create nothing is known. Neither is sent again, and the connection's place is free
    once the server lets it go."""

    def handle(connection: Connection, request: Received) -> None:
        if request.target.endswith("/quick"):
            echo(connection, request)
        else:
            ENDLESS[how](connection)
            connection.close()

    server = loopback(handle)

    def let_go(client: Any) -> None:
        server.released.set()
        server.wait_for(lambda: server.connections == 0)
        server.released.clear()

    before, read, _, created, _, after = outcomes(
        kind,
        server.url,
        lambda client: client.store_credit.retrieve("quick"),
        lambda client: client.store_credit.retrieve("sc_1", deadline=SOON),
        let_go,
        lambda client: client.store_credit.create(**CREATE, deadline=SOON),
        let_go,
        lambda client: client.store_credit.retrieve("quick", timeout=Timeout(pool=LATER)),
        max_connections=1,
    )

    assert (before.id, after.id) == ("quick", "quick")
    assert type(read) is APITimeoutError
    assert type(created) is OutcomeUnknownError
    assert (read.attempts, created.attempts) == (1, 1)
    assert "deadline passed before the response arrived" in str(read)
    assert "deadline passed before the response arrived" in str(created)
    assert [request.method for request in server.requests] == ["GET", "GET", "POST", "GET"]


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        (Fault("timeout", httpx.ReadTimeout("slow")), True),
        (Fault("connect", httpx.ConnectTimeout("slow")), True),
        (Fault("broken", httpx.ReadError("reset")), False),
    ],
)
def test_a_step_that_the_deadline_cut_short_names_it(fault: Fault, named: bool) -> None:
    """Its timeout was what was left: a larger `timeout=` would not have helped. A connection that broke is something
    else, and so is a step that was too slow before the deadline."""
    late = at_deadline(fault, now=1000.0, expires=1000.0)

    assert late.kind == fault.kind
    assert isinstance(late.cause, DeadlineError) is named
    assert at_deadline(fault, now=999.9, expires=1000.0) is fault


@pytest.mark.parametrize(("kind", "drip"), [("asyncio", head), ("trio", head), ("sync", body)])
def test_an_attempt_is_cut_off(loopback: Loopback, kind: str, drip: Callable[[Connection], None]) -> None:
    """Its connection is closed without the server's help: awaited at the deadline, blocking at the next piece."""
    server = loopback(lambda connection, request: drip(connection))

    (read, _) = outcomes(
        kind,
        server.url,
        lambda client: client.store_credit.retrieve("sc_1", deadline=SOON),
        lambda client: server.wait_for(lambda: server.connections == 0),
        max_connections=1,
    )

    assert type(read) is APITimeoutError
    assert not server.released.is_set()


@pytest.mark.parametrize(("kind", "system"), [*zip(KINDS, ["vinr", "spree", "spree", "vinr"], strict=True)])
def test_a_handshake_that_hangs_has_sent_nothing(loopback: Loopback, kind: str, system: str) -> None:
    """Not even a create without an idempotency key is unknown."""
    server = loopback()

    (created, _) = outcomes(
        kind,
        # The server waits for a request, the client for the other side of its handshake.
        server.url.replace("http:", "https:"),
        lambda client: (
            client.store_credit.create(**CREATE) if system == "vinr" else client.store_credits.create(**SPREE_CREATE)
        ),
        # On the same event loop, which would keep a forgotten socket.
        lambda client: server.wait_for(lambda: server.connections == 0),
        system=system,
        deadline=SOON,
    )

    assert type(created) is APITimeoutError
    assert "deadline passed before a connection was established. Nothing was sent" in str(created)
    assert server.requests == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses connections")
@pytest.mark.parametrize("kind", KINDS)
def test_a_connection_that_is_not_accepted_has_sent_nothing(kind: str) -> None:
    """The queue of the listening socket is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening, socket.socket() as first:
        first.connect(listening.getsockname())
        (created,) = outcomes(
            kind,
            f"http://127.0.0.1:{listening.getsockname()[1]}",
            lambda client: client.store_credit.create(**CREATE),
            deadline=SOON,
        )

    assert type(created) is APITimeoutError
    assert "Nothing was sent" in str(created)


def test_a_connection_that_is_made_too_late_is_not_used(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call has said that nothing was sent, so that nothing may be."""
    server = loopback()
    connect, ended = socket.create_connection, threading.Event()

    def slow(*arguments: Any, **settings: Any) -> socket.socket:
        ended.wait(LATER)
        return connect(*arguments, **settings)

    monkeypatch.setattr(socket, "create_connection", slow)
    with SpreeClient(server.url, "t", max_connections=1) as client:
        with pytest.raises(APITimeoutError, match="Nothing was sent"):
            client.store_credits.create(**SPREE_CREATE, deadline=SOON)
        ended.set()
        another: dict[str, Any] = {**SPREE_CREATE, "user_id": "3"}
        client.store_credits.create(**another, timeout=Timeout(pool=LATER))

    assert [request.json()["store_credit"]["user_id"] for request in server.requests] == ["3"]


def test_a_transport_that_tells_nothing_may_have_sent_the_request() -> None:
    """Of one of the caller's own nobody knows how far it has come."""
    ended = threading.Event()

    class Mute(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            ended.wait(LATER)
            raise httpx.ConnectError("too late")

    with (
        httpx.Client(transport=Mute()) as http_client,
        SpreeClient("http://spree.test", "t", http_client=http_client) as client,
    ):
        with pytest.raises(OutcomeUnknownError, match="deadline"):
            client.store_credits.create(**SPREE_CREATE, deadline=SOON)
        ended.set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_wait_that_the_deadline_does_not_allow_is_not_begun(
    loopback: Loopback, waits: list[float], kind: str
) -> None:
    """The call ends with what it has instead."""

    def handle(connection: Connection, request: Received) -> None:
        status = int(request.target.rpartition("/")[2])
        connection.respond({"error": {"code": "busy", "message": "later"}}, status, {"Retry-After": "100"})

    server = loopback(handle)

    down, limited, _ = outcomes(
        kind,
        server.url,
        lambda client: client.store_credit.retrieve("503"),
        lambda client: client.store_credit.retrieve("429"),
        lambda client: waits.append(-1),
        deadline=50,
    )

    assert (type(down), type(limited)) == (ServerError, RateLimitError)
    assert waits == [-1]
    assert len(server.requests) == 2


@pytest.mark.parametrize("kind", ["sync", "injected"])
def test_the_deadline_holds_in_the_queue(loopback: Loopback, kind: str) -> None:
    """A call that waits for a connection sends nothing, and says why."""
    server = loopback(lambda connection, request: connection.hang())
    with ThreadPoolExecutor(1) as pool, sync_client(kind, server.url, max_connections=1, max_retries=0) as client:
        hanging = pool.submit(client.store_credit.retrieve, "sc_1")
        server.wait_for(lambda: len(server.requests) == 1)
        with pytest.raises(APITimeoutError, match=r"all 1 connections .* Nothing was sent") as raised:
            client.store_credit.create(**CREATE, deadline=SOON)
        server.stop()
        assert isinstance(hanging.exception(LATER), APIConnectionError)

    assert raised.value.attempts == 0
    assert len(server.requests) == 1


@pytest.mark.anyio
async def test_the_deadline_holds_in_the_queue_async(loopback: Loopback) -> None:
    """The same, awaited."""
    server = loopback(lambda connection, request: connection.hang())

    async def queue(client: AsyncVinrClient) -> None:
        with pytest.raises(APITimeoutError, match=r"all 1 connections .* Nothing was sent") as raised:
            await client.store_credit.create(**CREATE, deadline=SOON)
        assert raised.value.attempts == 0

    async with (
        AsyncVinrClient("sk_test_1", base_url=server.url, max_connections=1) as client,
        anyio.create_task_group() as group,
    ):
        group.start_soon(client.store_credit.retrieve, "sc_1")
        await anyio.to_thread.run_sync(server.wait_for, lambda: len(server.requests) == 1)
        await queue(client)
        group.cancel_scope.cancel()

    assert len(server.requests) == 1


class Hands:
    """A clock that stands still until a test moves it."""

    def __init__(self, real: Any) -> None:
        self.now = real.now
        self.passed = 0.0

    def monotonic(self) -> float:
        return 1000.0 + self.passed


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_sent_once_the_deadline_has_passed(loopback: Loopback, kind: str) -> None:
    """Here a token function has taken the time."""
    server = loopback()
    hands: list[Hands] = []

    def token() -> str:
        hands[0].passed = 11.0
        return "sk_test_1"

    def watch(client: Any) -> None:
        hands.append(Hands(client._settings.clock))
        client._settings.clock = hands[0]

    _, late, after = outcomes(
        kind,
        server.url,
        watch,
        lambda client: client.store_credit.create(**CREATE, deadline=10),
        lambda client: client.store_credit.create(**CREATE, deadline=10),
        api_key=token,
    )

    assert type(late) is APITimeoutError
    assert "Nothing was sent" in str(late)
    assert late.attempts == 0
    assert after.customer == "cust_1"
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["sync", "injected"])
def test_a_token_function_that_blocks_is_left_behind(loopback: Loopback, kind: str) -> None:
    """What it gives in the end is kept. Calls that wait for the same token end at their deadlines as well."""
    server = loopback()
    ended = threading.Event()
    asked: list[str] = []

    def token() -> str:
        asked.append("asked")
        ended.wait(LATER)
        return "sk_test_1"

    first, second, _, third = outcomes(
        kind,
        server.url,
        lambda client: client.store_credit.create(**CREATE, deadline=SOON),
        lambda client: client.store_credit.create(**CREATE, deadline=SOON),
        lambda client: ended.set(),
        lambda client: client.store_credit.create(**CREATE, deadline=LATER),
        api_key=token,
    )

    for late in (first, second):
        assert type(late) is APITimeoutError
        assert "deadline passed while its credential was being fetched. Nothing was sent" in str(late)
    assert third.customer == "cust_1"
    assert asked == ["asked"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("kind", ["asyncio", "trio"])
def test_an_async_token_function_is_cut_off(loopback: Loopback, kind: str) -> None:
    """The next call asks again."""
    server = loopback()
    asked: list[str] = []

    async def token() -> str:
        asked.append("asked")
        if len(asked) == 1:
            await anyio.Event().wait()
        return "sk_test_1"

    late, after = outcomes(
        kind,
        server.url,
        lambda client: client.store_credit.create(**CREATE, deadline=SOON),
        lambda client: client.store_credit.create(**CREATE, deadline=LATER),
        api_key=token,
    )

    assert type(late) is APITimeoutError
    assert "deadline passed while its credential was being fetched. Nothing was sent" in str(late)
    assert after.customer == "cust_1"
    assert len(server.requests) == 1
