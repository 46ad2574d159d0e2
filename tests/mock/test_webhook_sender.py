"""The sender of a served mock: an endpoint that hangs delays no other, with few places, and whom it trusts over TLS."""

from __future__ import annotations

import asyncio
import base64
import os
import ssl
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import orjson
import pytest
from httptools import HttpParserError

import store_credit
from benches import Bench
from served_mock import Served, served
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.server.webhook_client import WebhookClient
from store_credit_mock.server.webhook_worker import WebhookSender
from store_credit_mock.systems.outbox import Delivery
from store_credit_mock.systems.vinr.webhook_deliveries import OUTBOX

CERTIFICATES = Path(__file__).resolve().parents[1] / "sdk" / "conditions" / "certificates"


class Receivers:
    """All receivers: those at /hang never respond, until they are told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.under_way: Counter[str] = Counter()
        self.most = 0
        self.hang = True
        self.timed_out: set[str] = set()

    async def __call__(self, delivery: Delivery) -> int:
        url = delivery.url
        assert not self.under_way[url], "two at once to one endpoint"
        self.under_way[url] += 1
        self.most = max(self.most, self.under_way.total())
        try:
            if "/hang" in url and self.hang:
                if url in self.timed_out:
                    raise TimeoutError
                await asyncio.Event().wait()
            self.taken.append(url)
            return 200
        finally:
            self.under_way[url] -= 1


async def settle(sender: WebhookSender, until: Callable[[], bool]) -> None:
    """Let it work, without any waiting, until something is so."""
    for _ in range(5_000):
        sender.start()
        await asyncio.sleep(0)
        if until():
            return
    raise AssertionError("it did not come to that")


def endpoints(bench: Bench, *urls: str) -> list[str]:
    """Register endpoints; returns their ids."""
    return [bench.control.vinr.add_endpoint(url).id for url in urls]


def test_a_thousand_that_hang_delay_no_other(bench: Bench) -> None:
    """The good one, registered last, gets its event though no timeout has passed; few are under way at any time.

    What was put off for it was no attempt, and may be sent again at once. The next event goes to it first.
    """
    receivers = Receivers()
    endpoints(bench, *(f"https://receiver.test/hang/{number}" for number in range(1000)))
    endpoints(bench, "https://receiver.test/good")
    bench.issue()

    async def deliver() -> None:
        sender = WebhookSender(bench.engine, OUTBOX, receivers, lambda: None, places=8, suspects=2, patience=0)
        await settle(sender, lambda: receivers.taken == ["https://receiver.test/good"])
        assert receivers.most <= 8
        bench.issue()
        sender.start()
        for _ in range(3):
            await asyncio.sleep(0)
        assert len(receivers.taken) == 2
        await sender.close()

    asyncio.run(deliver())
    assert receivers.taken == ["https://receiver.test/good"] * 2
    rows = bench.engine.storage.all("SELECT state, attempts, claimed_ms, COUNT(*) FROM vinr_delivery GROUP BY 1, 2, 3")
    assert sorted(rows) == [("delivered", 1, 0, 2), ("pending", 0, 0, 2000)]


def test_a_reset_leaves_nothing_of_what_is_under_way(bench: Bench) -> None:
    """The next endpoint gets its events, although it has the id of one that hangs; the old outcome is not its own."""
    receivers = Receivers()

    async def deliver() -> None:
        sender = WebhookSender(bench.engine, OUTBOX, receivers, lambda: None, places=8, suspects=2, patience=60)
        before = endpoints(bench, "https://receiver.test/hang")
        bench.issue()
        sender.start()
        await asyncio.sleep(0)
        assert receivers.under_way["https://receiver.test/hang"] == 1

        bench.control.reset()
        assert endpoints(bench, "https://receiver.test/good") == before
        bench.issue()
        await settle(sender, lambda: receivers.taken == ["https://receiver.test/good"])
        await settle(sender, lambda: len(sender) == 0)
        assert bench.control.vinr.deliveries()[0].state == "delivered"
        assert not receivers.under_way.total()
        await sender.close()

    asyncio.run(deliver())


def test_an_outcome_from_before_a_reset_settles_nothing(bench: Bench) -> None:
    """Ids begin anew: the response to an old delivery says nothing of the new one that has its id."""
    before = endpoints(bench, "https://receiver.test/a")
    bench.issue()
    old = OUTBOX.take(bench.engine)
    bench.control.reset()
    assert endpoints(bench, "https://receiver.test/a") == before
    bench.issue()
    new = OUTBOX.take(bench.engine)
    assert old is not None
    assert new is not None
    assert (old.id, old.endpoint) == (new.id, new.endpoint)
    OUTBOX.settle(bench.engine, old, 200)
    assert bench.control.vinr.deliveries()[0].state == "pending"
    OUTBOX.settle(bench.engine, new, 200)
    assert bench.control.vinr.deliveries()[0].state == "delivered"


def test_who_hung_is_served_after_the_others_until_it_responds(bench: Bench) -> None:
    """Suspects have few places, an endpoint that has never hung is not one, and neither is one that is mended."""
    receivers = Receivers()
    hanging = [f"https://receiver.test/hang/{number}" for number in range(5)]
    endpoints(bench, *hanging)
    receivers.timed_out = set(hanging)
    bench.control.freeze()
    bench.issue()

    async def deliver() -> None:
        sender = WebhookSender(bench.engine, OUTBOX, receivers, lambda: None, places=8, suspects=2, patience=60)
        await settle(sender, lambda: all(one.attempts == 1 for one in bench.control.vinr.deliveries()))
        assert {one.last_error for one in bench.control.vinr.deliveries()} == {"no response within 5 s"}
        await settle(sender, lambda: not len(sender))
        receivers.timed_out = set()
        endpoints(bench, "https://receiver.test/good")
        bench.issue()
        assert sender.start()  # some wait for a place
        await settle(sender, lambda: receivers.taken == ["https://receiver.test/good"])
        await settle(sender, lambda: len(sender) == 2)
        assert receivers.under_way.total() == 2
        await sender.close()

        receivers.hang, receivers.most = False, 0
        sender.start()
        await settle(sender, lambda: len(receivers.taken) == 6 and not len(sender))
        bench.issue()
        assert not sender.start()
        assert len(sender) == 6
        await settle(sender, lambda: len(receivers.taken) == 12)
        await sender.close()

    asyncio.run(deliver())


def test_one_endpoint_gets_its_events_in_order_while_others_wait_for_a_place(bench: Bench) -> None:
    """With one place for two endpoints neither starves, and nothing is sent twice."""
    endpoints(bench, "https://receiver.test/a", "https://receiver.test/b")
    for amount in range(1, 151):
        bench.issue(amount)
    amounts: dict[str, list[int]] = {}

    async def take(delivery: Delivery) -> int:
        amounts.setdefault(delivery.url, []).append(orjson.loads(delivery.body)["data"]["object"]["amount"])
        await asyncio.sleep(0)
        return 200

    async def deliver() -> None:
        woken: list[bool] = []
        sender = WebhookSender(bench.engine, OUTBOX, take, lambda: woken.append(True), places=1, patience=60)
        await settle(sender, lambda: sum(map(len, amounts.values())) == 300)
        assert woken
        await sender.close()

    asyncio.run(deliver())
    assert list(amounts.values()) == [list(range(1, 151))] * 2


def test_a_storage_that_fails_keeps_the_delivery(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be noted is sent again, once the lease is over; the sender goes on."""
    endpoints(bench, "https://receiver.test/a")
    bench.issue()

    async def deliver() -> None:
        receivers = Receivers()
        sender = WebhookSender(bench.engine, OUTBOX, receivers, lambda: None)
        with monkeypatch.context() as patch:
            patch.setattr(type(OUTBOX), "settle_each", _broken)
            await settle(sender, lambda: not len(sender))
        assert receivers.taken == ["https://receiver.test/a"]
        await sender.close()

    asyncio.run(deliver())
    assert bench.control.vinr.deliveries()[0].state == "pending"


def _broken(*_: object) -> None:
    raise OSError("no space left")


def test_a_server_may_open_as_many_files_as_it_can_allow_itself() -> None:
    """Each delivery takes one, and a shell begins with 1,024 or 256."""
    code = (
        "import resource; from store_credit_mock.server.open_files import allow_enough, allowed;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 1000)); print(allowed());"
        "allow_enough(); print(allowed(), resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split("\n") == ["256", "1000 (1000, 1000)", ""]


# What is sent, and what counts as a response


@pytest.mark.parametrize(
    ("pieces", "outcome"),
    [
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204),
        ([b"HT", b"TP/1.1 ", b"200 OK\r\nContent-Le", b"ngth: 5\r\n", b"\r\n", b"he"], 200),
        (
            [
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n",
                b"HTTP/1.1 410 Gone\r\n\r\n",
            ],
            410,
        ),
        ([b"HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1:9/\r\n\r\n"], 302),
        ([b"HTTP/1.1 100 Continue\r\n\r\n"], "closed without a response"),
        ([], "closed without a response"),
        ([b"SSH-2.0-server\r\n"], "HttpParser"),
    ],
    ids=["empty", "in pieces", "announced", "redirect", "announced only", "hung up", "another protocol"],
)
def test_the_status_is_the_response(pieces: list[bytes], outcome: int | str) -> None:
    """Whatever comes before and behind it, in whatever pieces; what is sent is one whole request."""
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2))
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def send() -> int:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        url = f"http://me:se%20cret@127.0.0.1:{port}/hooks/\N{SNOWMAN} 1?a=%20b"
        try:
            return await WebhookClient(None).send(Delivery("dlv_1", "evt_1", "we_1", url, {"x-vinr-a": "b"}, b"{}", 1))
        finally:
            server.close()

    if isinstance(outcome, int):
        assert asyncio.run(send()) == outcome
    else:
        with pytest.raises((ConnectionError, HttpParserError)) as raised:
            asyncio.run(send())
        assert outcome in f"{type(raised.value).__name__}: {raised.value}"
    (head,) = heads
    line, *fields = head.decode().removesuffix("\r\n\r\n{}").split("\r\n")
    assert line == "POST /hooks/%E2%98%83%201?a=%20b HTTP/1.1"
    credentials = base64.b64encode(b"me:se cret").decode()
    assert {f"Authorization: Basic {credentials}", "x-vinr-a: b", "content-length: 2"} < set(fields)
    assert fields[0].startswith("Host: 127.0.0.1:")


@pytest.mark.parametrize("url", ["http:///hooks", "http://a:99999/", "http://se cret/", "http://\N{SNOWMAN}..\xe9/"])
def test_a_url_that_leads_nowhere_is_an_outcome(url: str) -> None:
    """Told without the URL, which may hold a password."""
    with pytest.raises(ValueError, match="not a valid http or https address") as raised:
        asyncio.run(WebhookClient(None).send(Delivery("dlv_1", "evt_1", "we_1", url, {}, b"{}", 1)))
    assert "cret" not in str(raised.value)


# Whom it trusts


@pytest.fixture(scope="module")
def receiver() -> Any:
    """The port of a receiver that speaks TLS with a certificate of the tests' own authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "loopback.pem")
    loop = asyncio.new_event_loop()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", 0, ssl=context))
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    server.close()
    with closing(loop):
        for task in asyncio.all_tasks(loop):
            task.cancel()


def delivered(mock: Served, port: int) -> tuple[str, str | None]:
    """How the delivery of one event went, once it has been tried."""
    mock.control.vinr.add_endpoint(f"https://127.0.0.1:{port}/")
    with store_credit.VinrClient("sk_test_1", base_url=mock.url) as vinr:
        vinr.store_credit.create(customer="cust_8aZ2", amount=1, currency="USD")
    while not (one := mock.control.vinr.deliveries()[0]).attempts:
        pass
    return one.state, one.last_error


@pytest.mark.parametrize(
    ("options", "variables", "state", "words"),
    [
        ([], {}, "pending", "CERTIFICATE_VERIFY_FAILED"),
        (["--webhook-ca", "ca.pem"], {}, "delivered", ""),
        ([], {"SSL_CERT_FILE": "ca.pem"}, "delivered", ""),
        ([], {"SSL_CERT_FILE": "none.pem"}, "pending", "SSL_CERT_FILE, SSL_CERT_DIR or --webhook-ca cannot be read"),
    ],
)
def test_an_authority_of_ones_own(
    receiver: int, options: list[str], variables: dict[str, str], state: str, words: str
) -> None:
    """By option or by the variable that OpenSSL knows; where the latter leads nowhere, the delivery says so."""
    environment = {**os.environ, **{name: str(CERTIFICATES / value) for name, value in variables.items()}}
    chosen = [str(CERTIFICATES / one) if one.endswith(".pem") else one for one in options]
    with served(*chosen, environment=environment) as mock:
        got, error = delivered(mock, receiver)
    assert got == state
    assert words in (error or "")


@pytest.mark.parametrize("name", ["none.pem", "", __file__], ids=["none", "empty", "no certificate"])
def test_a_file_without_certificates_is_refused_at_the_start(store_credit_mock_contract: Contract, name: str) -> None:
    """Not by the first delivery: the option is checked."""
    with pytest.raises(ValueError, match=r"webhook_ca is a file of certificates \(PEM\)"):
        Engine(store_credit_mock_contract, options=Options(webhook_ca=name or str(CERTIFICATES)))
