"""`store-credit-mock serve`: the command, the wire, and what survives a kill."""

from __future__ import annotations

import http.server
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

import store_credit
from http_library import httpx
from served_mock import Served, served
from store_credit import spree_webhooks
from store_credit_mock import Fault
from store_credit_mock.control.models import Invariants

pytestmark = pytest.mark.takes_seconds

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
AUTH = {"X-Api-Key": "sk_test_1"}
PATH = "/v1/store-credit"


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with served() as mock:
        yield mock


@pytest.fixture
def client(running: Served) -> Iterator[httpx.Client]:
    running.control.reset()
    with httpx.Client(base_url=running.url, headers=AUTH, trust_env=False) as made:
        yield made


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "store_credit_mock", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_it_says_where_it_listens(running: Served) -> None:
    """One JSON line on stdout; the last line on stderr has address, document version and `ready`."""
    assert running.started["document"] == version("store-credit-mock")
    assert running.log().splitlines()[-1] == f"{running.url} document {version('store-credit-mock')} ready"


def test_it_serves_by_uvicorn_alone() -> None:
    """`--plain-http`: for a uvicorn whose insides the short way does not know; planned faults strike as well."""
    with served("--plain-http") as mock, httpx.Client(base_url=mock.url, headers=AUTH, trust_env=False) as client:
        good = {"customer": "cust_8aZ2", "amount": 5, "currency": "USD"}
        made = client.post(PATH, json=good)
        assert (made.status_code, client.get(f"{PATH}/{made.json()['id']}").json()) == (201, made.json())
        mock.control.add_fault(Fault(nth=1, drop=True))
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(PATH)


def test_a_first_call_works(client: httpx.Client) -> None:
    """Any test key opens VINR, and the samples' customer is there."""
    made = client.post(PATH, data={"customer": "cust_8aZ2", "amount": "1000", "currency": "USD"})

    assert made.status_code == 201
    assert client.get(f"{PATH}/{made.json()['id']}").json() == made.json()
    assert client.head(PATH).content == b""


@pytest.mark.usefixtures("client")  # It empties the sandbox.
def test_the_sdk_talks_to_it(running: Served) -> None:
    """The client needs only the address."""
    with store_credit.VinrClient("sk_test_1", base_url=running.url) as vinr:
        credit = vinr.store_credit.create(customer="cust_8aZ2", amount=5, currency="EUR")
        assert [found.id for found in vinr.store_credit.list()] == [credit.id]


@pytest.mark.parametrize(
    "fault",
    [Fault(drop=True), Fault(drop=True, when="after"), Fault(truncate=0), Fault(truncate=10), Fault(delay=5.0)],
    ids=["before", "after", "no body", "part", "late"],
)
def test_connections_break_as_planned(running: Served, client: httpx.Client, fault: Fault) -> None:
    """A dropped or truncated answer is a broken connection; the next request is fine."""
    running.control.add_fault(Fault(**{**{n: getattr(fault, n) for n in Fault.__dataclass_fields__}, "nth": 1}))

    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadTimeout, httpx.ReadError)):
        client.post(PATH, json=GOOD, timeout=0.5)
    running.control.clear_faults()
    listed = client.get(PATH).json()["data"]
    assert len(listed) == (0 if (fault.drop and fault.when == "before") or fault.delay else 1)


def test_broken_bytes_do_not_break_the_server(running: Served, client: httpx.Client) -> None:
    """Odd paths, queries, headers and bodies are answered, never with 500."""
    for target in (
        "/%ff/%00",
        "/v1/store-credit/%E2%82%AC",
        "/v1/store-credit?limit=%ff",
        "/v1/store-credit?" + "a=1&" * 3000,
    ):
        assert client.get(target).status_code < 500
    for body in (b"\x00\xff", b'{"\xc3\xa9\xe2\x82\xac":1}', b"[" * 10000, b'{"amount":' + b"9" * 5000 + b"}"):
        answer = client.post(PATH, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, body[:20]
    assert client.post(PATH, content=b"x" * (9 * 1024 * 1024)).status_code in {400, 413}
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"nonsense\r\n\r\n")
        assert b"400" in raw.recv(100)
    assert client.get(PATH).status_code == 200


def test_webhooks_go_out_by_themselves(running: Served, client: httpx.Client) -> None:
    """A registered endpoint gets the signed event without being asked for it: VINR's, and Spree's of API v3."""
    taken: queue.Queue[tuple[bytes, dict[str, str]]] = queue.Queue()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            taken.put((body, dict(self.headers)))

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        secret = running.control.vinr.add_endpoint(f"http://127.0.0.1:{server.server_port}/").secret
        client.post(PATH, json=GOOD)
        body, headers = taken.get(timeout=30)
        v3 = running.control.spree_v3
        v3_secret = v3.add_webhook_endpoint(f"http://127.0.0.1:{server.server_port}/", ["store_credit.*"]).secret
        given = v3.give_credit("bob@example.com", "1.00")
        v3_body, v3_headers = taken.get(timeout=30)
    finally:
        server.shutdown()
        server.server_close()

    assert store_credit.webhooks.parse(body, headers, secret).type == "store_credit.created"
    event = spree_webhooks.parse(v3_body, v3_headers, v3_secret)
    assert (event.name, event.to_dict()["data"]["id"]) == ("store_credit.created", given.id)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end it with exit code 0 and no traceback."""
    with served() as mock:
        mock.process.send_signal(number)
        assert mock.process.wait(20) == 0
        assert "Traceback" not in mock.log()


def test_it_ends_cleanly_while_requests_wait() -> None:
    """One waits for a planned delay, one has sent half its body: neither gets a response, and there is no traceback."""
    with served() as mock:
        mock.control.add_fault(Fault("vinr.*.list", delay=60.0))
        address = ("127.0.0.1", int(mock.url.rpartition(":")[2]))
        with socket.create_connection(address) as delayed, socket.create_connection(address) as half:
            delayed.sendall(b"GET /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_1\r\n\r\n")
            half.sendall(b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
            while not mock.control.faults()[0].seen:
                pass
            mock.process.send_signal(signal.SIGINT)
            assert mock.process.wait(20) == 0
            assert (delayed.recv(100), half.recv(100)) == (b"", b"")
        assert "Traceback" not in mock.log()


def test_an_endpoint_that_hangs_holds_up_no_other(running: Served, client: httpx.Client) -> None:
    """One never answers, one answers without end: the third one gets its event all the same."""
    taken: queue.Queue[bytes] = queue.Queue()

    class Receiver(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            if self.path == "/good":
                taken.put(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        running.control.vinr.add_endpoint(f"http://127.0.0.1:{hanging.getsockname()[1]}/")
        running.control.vinr.add_endpoint(f"http://127.0.0.1:{server.server_port}/good")
        client.post(PATH, json=GOOD)
        assert b"store_credit.created" in taken.get(timeout=4)
        running.control.reset()
    server.shutdown()
    server.server_close()


def test_a_port_that_is_taken_is_told() -> None:
    """Exit code 1 and a sentence, when it cannot listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = command("serve", "--port", str(taken.getsockname()[1]))

    assert ended.returncode == 1
    assert "cannot listen on" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "0.0.0.0"], "--control-token and --spree-token"),
        (["--db", "mysql://x"], "mysql"),
        (["--db", "/nonexistent/folder/mock.db"], "folder"),
        (["--fixtures", "/nonexistent.yaml"], "cannot be read"),
        (["--document", "/nonexistent.yaml"], "cannot be read"),
        (["--rate-limit", "fast"], "requests per second"),
        (["--rate-limit", "nan"], "requests per second"),
        (["--port", "70000"], "0<=x<=65535"),
        (["--db", ""], "--db is empty"),
        (["--control-token", ""], "visible ASCII"),
    ],
)
def test_what_cannot_start_is_told(arguments: list[str], words: str) -> None:
    """Exit code 2 and a sentence that says what to do."""
    ended = command("serve", "--port", "0", *arguments)

    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.takes_seconds
def test_a_document_that_cannot_be_checked_stops_the_start(tmp_path: Path) -> None:
    """Nothing fails open: what cannot be compiled is an error with its line (test_contract.py has more of them)."""
    source = (Path(__file__).parents[2] / "openapi.yaml").read_text("utf-8")
    for broken, change in (
        ("format", source.replace("format: date-time", "format: 7", 1)),
        ("version", source.replace("openapi: 3.1", "openapi: 3.2", 1)),
        ("dialect", f"jsonSchemaDialect: http://json-schema.org/draft-07/schema#\n{source}"),
        ("yaml", source.replace("paths:", "paths: [", 1)),
    ):
        assert change != source, broken
        path = tmp_path / f"{broken}.yaml"
        path.write_text(change, "utf-8")
        ended = command("serve", "--port", "0", "--document", str(path))
        assert ended.returncode == 2, broken
        assert re.search(rf"{broken}\.yaml:\d+: " if broken == "format" else rf"{broken}\.yaml", ended.stderr)
        assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_two_processes_fight_over_one_balance(database: str) -> None:
    """On PostgreSQL two processes serve one sandbox: purchases spend exactly what there is, a key issues once."""
    with served("--db", database) as one, served("--db", database) as two:
        urls = [one.url, two.url]
        with httpx.Client(headers=AUTH, trust_env=False) as client:
            for _ in range(3):
                assert client.post(urls[0] + PATH, json={**GOOD, "amount": 100}).status_code == 201
        paid: list[int] = []
        made: list[str] = []

        def fight(number: int) -> None:
            mock = (one, two)[number % 2]
            with httpx.Client(headers=AUTH, trust_env=False) as client:
                for turn in range(15):
                    paid.append(mock.control.vinr.buy("cust_8aZ2", 7, "USD").paid_by_credit)
                    answer = client.post(
                        mock.url + PATH, json={**GOOD, "currency": "EUR"}, headers={"Idempotency-Key": f"turn-{turn}"}
                    )
                    assert answer.status_code == 201
                    made.append(answer.json()["id"])

        fighters = [threading.Thread(target=fight, args=(number,)) for number in range(4)]
        for fighter in fighters:
            fighter.start()
        for fighter in fighters:
            fighter.join()

        assert len(paid) == 60
        assert sum(paid) == 300
        assert len(set(made)) == 15
        for mock in (one, two):
            assert mock.control.invariants() == Invariants(holds=True, broken=[], allowed=[])


def test_a_slow_commit_over_a_socket(running: Served, client: httpx.Client) -> None:
    """The connection closes without a byte; the record is there when the sandbox's clock has come to it."""
    running.control.freeze("2026-11-22T10:00:00Z")
    running.control.add_fault(Fault("vinr.store_credit.create", nth=1, commit_after=45))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        client.post(PATH, json=GOOD)
    assert client.get(PATH).json()["data"] == []
    assert running.control.faults().unfinished == 1
    running.control.advance(45)

    assert len(client.get(PATH).json()["data"]) == 1
    assert running.control.faults().unfinished == 0
