"""What a server notes of its exchanges: lines of an access log, and metrics; never a secret, and bounded."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest

from offers import Connection
from served_mock import CONTROL_TOKEN, SPREE_TOKEN, Served, served
from store_credit_mock import Contract, Engine, Fault, Options, Request
from store_credit_mock.server.gateway import Gateway
from store_credit_mock.server.log import Log

pytest.importorskip("prometheus_client", reason="the extra `server` is not installed")

from store_credit_mock.server.metrics import Metrics
from store_credit_mock.server.telemetry import METRICS, Telemetry

PATH = "/v1/store-credit"
KEY = "sk_test_hidden_key"
GOOD = b'{"customer": "cust_8aZ2", "amount": 5, "currency": "USD"}'


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with served("--access-log", "--log-format", "json", "--metrics", "--allow-host", "mock.test") as mock:
        yield mock


def lines(mock: Served) -> list[dict[str, object]]:
    """Everything it said; each line is an object, and what follows the last end of a line is still being written."""
    return [json.loads(line) for line in mock.log().split("\n")[:-1]]


def exchanges(mock: Served, number: int) -> list[dict[str, object]]:
    """The lines of its first exchanges; a client may have its response before the server has written of it."""
    deadline = time.monotonic() + 30
    while len(told := [line for line in lines(mock) if "method" in line]) < number:
        assert time.monotonic() < deadline, mock.log()
        time.sleep(0.01)
    return told


def test_every_line_is_an_object_and_every_exchange_a_line(running: Served) -> None:
    """Both ways through the server, refusals and lost responses too; of a secret nothing is said."""
    with httpx.Client(base_url=running.url, headers={"X-Api-Key": KEY}, trust_env=False) as client:
        client.post(PATH, content=GOOD, headers={"Content-Type": "application/json"})
        client.post(PATH, content=GOOD, headers={"Content-Type": "application/json", "Expect": "100-continue"})
        client.get(f"{PATH}?limit=0&api_key={KEY}&access_token=hidden-token")
        client.get(f"/api/v2/platform/{SPREE_TOKEN}/{KEY}/{CONTROL_TOKEN}/%1b%0a" + "x" * 2000)
        client.get(PATH, headers={"Host": "evil.example"})
        client.post(PATH, content=b"x" * (9 << 20))
        running.control.add_fault(Fault("vinr.*.list", nth=1, drop=True))
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(PATH)
    running.control.clear_faults()
    told = exchanges(running, 8)

    create = ("POST", PATH, 201, "vinr.store_credit.create", False)
    names = ("method", "path", "status", "operation", "violation")
    assert [tuple(line[name] for name in names) for line in told[:3]] == [
        create, create, ("GET", PATH, 400, "vinr.store_credit.list", True),
    ]  # fmt: skip
    assert all(isinstance(line["milliseconds"], float | int) for line in told)
    assert told[2]["query"] == "limit=0&api_key=%3Ctoken%3E&access_token=%3Ctoken%3E"
    assert str(told[3]["path"]).startswith("/api/v2/platform/<token>/<token>/<token>/%1b%0a")
    assert len(str(told[3]["path"])) < 1100
    assert [line["status"] for line in told[4:6]] == [403, 413]
    assert (told[6]["path"], told[6]["operation"]) == ("/_mock/faults", "faults.create")
    assert (told[7]["status"], told[7]["message"]) == (None, f"GET {PATH} dropped")
    assert not [secret for secret in (KEY, CONTROL_TOKEN, SPREE_TOKEN, "hidden-token") if secret in running.log()]


def test_metrics_are_open_and_bounded(running: Served) -> None:
    """No token is needed; whatever is sent, labels are operations, known methods and statuses."""
    running.control.reset()
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        for number in range(3):
            client.get(f"/nothing/{number}")
        client.request("PROPFIND", "/nothing")
        answer = client.get(METRICS)
        other = client.get(METRICS, headers={"Accept": "application/openmetrics-text; version=1.0.0"})
        foreign = client.get(METRICS, headers={"Origin": "http://evil.example"})
        posted = client.post(METRICS)

    def value(labels: str) -> float:
        found = re.search(
            rf"^store_credit_mock_requests_total{{{re.escape(labels)}}} (\S+)$", answer.text, re.MULTILINE
        )
        return 0.0 if found is None else float(found[1])

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
    assert value('method="GET",operation="none",status="404"') >= 3
    assert value('method="OTHER",operation="none",status="404"') == 1
    assert value('method="POST",operation="mock.reset",status="204"') >= 1
    assert 'store_credit_mock_request_seconds_bucket{le="0.001",operation="none"}' in answer.text
    assert 'store_credit_mock_violating_requests_total{operation="none"}' in answer.text
    assert 'store_credit_mock_info{document="0.1.0",version="0.1.0"} 1.0' in answer.text
    assert "nothing/" not in answer.text
    assert other.headers["content-type"].startswith("application/openmetrics-text")
    assert (foreign.status_code, posted.status_code) == (403, 405)


def test_each_server_counts_for_itself(store_credit_mock_contract: Contract) -> None:
    """Two of one process share no registry, and what waits for a planned delay is counted with it."""
    gateways: list[Gateway] = []
    for _ in range(2):
        engine = Engine(store_credit_mock_contract, options=Options(seed=1), sleep=lambda _: None)
        gateways.append(Gateway(engine, telemetry=Telemetry(engine, Metrics({}))))
    ask = Request.build("GET", PATH, {"x-api-key": "sk_test_1"})
    gateways[0].handle(ask)
    with pytest.raises(StopIteration):
        next(gateways[0].handle_steps(ask))
    bodies = [gateway.handle(Request.build("GET", METRICS)).body for gateway in gateways]

    counted = b'{method="GET",operation="vinr.store_credit.list",status="200"} 2.0'
    assert [counted in body for body in bodies] == [True, False]
    # Without --metrics the response says what to do.
    plain = Gateway(Engine(store_credit_mock_contract)).handle(Request.build("GET", METRICS))
    assert (plain.status, b"--metrics" in plain.body) == (404, True)


def test_text_is_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Time, method, address, status, milliseconds, operation; what would end the line or move the cursor is spelled."""
    log = Log()
    shown = log.exchange("GET", "/a\n\x1bé", "limit=1", 200, 0, 0.00125, "vinr.store_credit.list", broken=False)
    log.write([shown, log.exchange("GET", "/b", "", None, 86_400_123, 2.0, None, broken=True)])

    first, second = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"\S+T\S+Z GET /a\\x0a\\x1b\\xe9\?limit=1 200 1\.25 ms vinr\.store_credit\.list", first)
    assert second == "1970-01-02T00:00:00.123Z GET /b dropped 2000 ms - violates the OpenAPI document"


def test_what_one_turn_of_the_loop_answers_is_noted_at_once(
    store_credit_mock_contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One write for all lines of a turn, several where a pipe would not take them in one piece; each in its order."""
    written: list[str] = []
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(write=written.append))
    engine = Engine(store_credit_mock_contract, options=Options(seed=1))
    gateway = Gateway(engine, telemetry=Telemetry(engine, Metrics({}), Log()))

    async def turn(*paths: str) -> None:
        for path in paths:
            gateway.handle(Request.build("GET", path))
        assert not written
        await asyncio.sleep(0)

    def told() -> tuple[int, list[str]]:
        made = len(written), [line.split()[2] for line in "".join(written).splitlines()]
        written.clear()
        return made

    asyncio.run(turn("/a", "/b", "/c"))
    assert told() == (1, ["/a", "/b", "/c"])
    long = [f"/{number}" + "x" * 900 for number in range(7)]
    asyncio.run(turn(*long))
    assert told() == (2, long)
    # Whoever asks for metrics finds what came before in the same turn; without a loop nothing is put off.
    asyncio.run(turn())
    gateway.handle(Request.build("GET", "/d"))
    assert told() == (1, ["/d"])

    async def asked() -> bytes:
        gateway.handle(Request.build("GET", "/e"))
        return gateway.handle(Request.build("GET", METRICS)).body

    assert b'{method="GET",operation="none",status="404"} 12.0' in asyncio.run(asked())


def test_nothing_is_lost_when_a_server_is_stopped() -> None:
    """SIGTERM right behind the last response."""
    with served("--access-log") as mock, Connection(mock.url) as raw:
        raw.send(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
        assert raw.status() == b"HTTP/1.1 404 Not Found"
        mock.process.terminate()
        mock.process.wait(20)
        assert mock.log().count("Z GET /nothing 404 ") == 50


def test_what_libraries_log_is_an_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, with the traceback inside."""
    handlers = list(logging.getLogger().handlers)
    Log("json").take_logging()
    added = [handler for handler in logging.getLogger().handlers if handler not in handlers]
    try:
        try:
            raise ValueError("reason")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("the mock failed")
    finally:
        for handler in added:
            logging.getLogger().removeHandler(handler)

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["level"], told["message"].splitlines()[0]) == ("error", "the mock failed")
    assert "ValueError: reason" in told["message"]


def test_a_reader_that_has_gone_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed pipe behind stderr, as of a log collector that was ended."""

    class Gone:
        def write(self, _: str) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    Log("json").say("anything")


def test_a_served_mock_counts_nothing_unless_asked() -> None:
    """Neither lines nor metrics: what is not wanted costs nothing."""
    with served() as mock, Connection(mock.url) as raw:
        raw.send(b"GET /_mock/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert raw.status() == b"HTTP/1.1 404 Not Found"
        assert "GET" not in mock.log()
