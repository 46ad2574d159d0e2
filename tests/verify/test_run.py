"""What a run sends, touches, leaves and reports."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from http_library import httpx
from mutants import NO_FAULTS, SPREE_TOKEN, VINR_KEY, Mutant
from served_mock import CONTROL_TOKEN, served
from store_credit import SpreeClient
from store_credit_mock import Contract, Engine, Request, Response
from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.control import Control
from store_credit_mock.coverage import read
from store_credit_mock.verify.created_records import CreatedRecord, CreatedRecords
from store_credit_mock.verify.fuzz.runner import ExistingIds, guard_for
from store_credit_mock.verify.systems import verified_system
from store_credit_mock.verify.transport import HeldBackError, SpentError, VerifyTransport

from .conftest import Serve, Verify, credentials
from .defects import edited, without_header


class Counting:
    """An engine that counts what comes, and remembers the methods and paths."""

    faults = NO_FAULTS

    def may_wait(self, *_: object) -> bool:
        """Nothing is planned."""
        return False

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.came: list[Request] = []

    def handle(self, request: Request) -> Response:
        self.came.append(request)
        return self.engine.handle(request)

    @property
    def control(self) -> Any:
        return self.engine.control

    def http_date(self) -> bytes:
        return self.engine.http_date()


@pytest.mark.parametrize(("system", "limit"), [("vinr", 20), ("vinr", 60), ("spree", 20), ("spree", 60), ("vinr", 260)])
def test_never_more_requests(system: str, limit: int, engine: Engine, reach: Serve, verify: Verify) -> None:
    """Scenarios, generated requests, control plane and clearing up together; and what Spree can delete is deleted."""
    counting = Counting(engine)

    code, said = verify(
        reach(counting), *credentials(system), "--control-token", CONTROL_TOKEN, "--max-requests", str(limit)
    )

    assert code == (0 if limit == 260 else 3), said
    assert limit - 20 <= len(counting.came) <= limit
    assert f"{len(counting.came)} of at most {limit} requests sent" in said
    assert said.count(f"requests allowed by --max-requests {limit} were sent") == (limit != 260)
    if system == "spree":
        assert "spree.store_credit" not in said.partition("left:")[2]
    else:
        left = Control.inside(engine.control).snapshot()["rows"]
        assert "it expires at" in said.partition("left:")[2] or not left


@pytest.mark.slow
@pytest.mark.parametrize("system", ["vinr", "spree"])
def test_it_touches_only_its_own(system: str, engine: Engine, serve: Serve, verify: Verify) -> None:
    """Over HTTP with all generated requests the mock holds, and no record that was there before has changed."""
    control = Control.inside(engine.control)
    control.seed(
        {
            "vinr": {
                "store_credits": [{"customer": "cust_8aZ2", "amount": 500 + n, "currency": "USD"} for n in range(5)]
            },
            "spree": {
                "store_credits": [{"user_id": 3, "amount": "7.00"} for _ in range(5)],
                "store_credit_types": [{"name": f"Mine {n}"} for n in range(5)],
            },
        }
    )
    tables = ("vinr_credit", "spree_credit", "spree_type", "spree_category")
    before = {name: rows for name, rows in control.snapshot()["rows"].items() if name.startswith(tables)}
    assert sum(map(len, before.values())) >= 10

    code, said = verify(serve(engine), *credentials(system), "--examples", "2", "--max-requests", "450")

    after = control.snapshot()["rows"]
    assert code == 0, said
    for name, rows in before.items():
        assert [row for row in rows if row not in after[name]] == [], name
    assert re.search(r"held     generated: from one operation to the next \(\d+ requests\)", said)


def test_generated_requests_find_what_scenarios_do_not(engine: Engine, reach: Serve, verify: Verify) -> None:
    """A server that does not look at a header takes what the document forbids."""
    address = reach(Mutant(engine, without_header(b"vinr-version")))

    code, said = verify(address, *credentials("vinr"), "--max-requests", "300")

    assert code == 1
    assert "broken   vinr" not in said
    assert "server: negative_data_rejection: vinr.store_credit." in said
    assert "-H 'X-Api-Key: '\"$VINR_SECRET_KEY\"" in said
    assert VINR_KEY not in said


def test_reports(
    engine: Engine, reach: Serve, verify: Verify, tmp_path: Path, store_credit_mock_contract: Contract
) -> None:
    """JSON, JUnit and coverage say what the terminal does, and none the credentials, even if a server says them."""

    def change(engine: Engine, memory: Any) -> Any:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            if response.status == 404:
                text = f"no, {VINR_KEY}, \x1b[31m\x00 {request.path}"
                response.body = orjson.dumps({"error": {"message": text}})
            return response

        return handle

    address = reach(Mutant(engine, change))
    files = {name: tmp_path / f"report.{name}" for name in ("json", "junit", "coverage")}
    options = [f"--{name}={path}" for name, path in files.items()]

    code, said = verify(address, *credentials("vinr"), "--no-generated", *options)

    assert code == 1
    for text in (said, *(path.read_text() for path in files.values())):
        assert VINR_KEY not in text
        assert "\x1b" not in text
    told = json.loads(files["json"].read_text())
    broken = [item for item in told["items"] if item["behaviour"] == "broken"]
    failed = [item for item in told["items"] if set(item["causes"])]
    assert told["exit"] == 1
    assert [item["name"] for item in broken] == re.findall(r"^broken   (.*?)(?:; shape violated)?$", said, re.MULTILINE)
    assert all("curl -sS" in "".join(cause["script"]) for cause in told["causes"])
    suite = ElementTree.parse(files["junit"]).getroot()[0]
    assert suite.get("failures") == str(len(failed)) == str(len(suite.findall("testcase/failure")))
    assert suite.get("tests") == str(len(told["items"]))
    assert read(store_credit_mock_contract, files["coverage"]).parts("vinr.store_credit.create")["statuses"]["seen"]


def test_one_defect_in_every_record_of_a_list_is_told_once(engine: Engine, reach: Serve, verify: Verify) -> None:
    """What is wrong at /data/0 and at /data/1 is one line and a count, however many records there are."""
    Control.inside(engine.control).seed(
        {"vinr": {"store_credits": [{"customer": "cust_8aZ2", "amount": 500, "currency": "USD"} for _ in range(40)]}}
    )

    def numbers_as_texts(request: Request, response: Response, value: Any) -> None:
        for record in value.get("data", []):
            record["amount"] = str(record["amount"])

    code, said = verify(reach(Mutant(engine, edited(numbers_as_texts))), *credentials("vinr"), "--no-generated")

    assert code == 1
    assert said.count("vinr.store_credit.list returned 200: response /body/data/") == 1, said
    assert re.search(
        r'is not of type "integer" \(openapi.yaml:\d+\)\n        \d{3,} times: vinr.store_credit.list 200', said
    )


def standing(address: str) -> set[str]:
    """What a run can make on Spree and has to remove again: types and ids of all there is."""
    with SpreeClient(address, SPREE_TOKEN) as spree:
        listed = (spree.store_credits, spree.store_credit_categories, spree.store_credit_types)
        return {f"{record.type} {record.id}" for resource in listed for record in resource.list(per_page=100)}


def test_ctrl_c_on_a_real_run() -> None:
    """SIGINT ends it with 130, after clearing up.

    Where it strikes while a request to make a record is under way, nothing tells whether that record was made: the run
    says "perhaps 1 more", and there may be that one more. Everything that was made for certain is gone.
    """
    with served("--spree-token", SPREE_TOKEN) as mock:
        before = standing(mock.url)
        command = [sys.executable, "-m", "store_credit_mock", "verify", mock.url, "--system", "spree"]
        # A shell that runs the tests in the background has told its children to ignore the signal.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        running = subprocess.Popen(
            command, env={**os.environ, "SPREE_TOKEN": SPREE_TOKEN}, stdout=subprocess.PIPE, text=True
        )
        signal.signal(signal.SIGINT, handler)
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        rest, _ = running.communicate(timeout=60)
        left = standing(mock.url) - before

    assert running.returncode == 130
    assert "interrupted" in rest
    doubtful = re.findall(
        r"perhaps (\d+) more of spree\.\w+: this many requests to create one had no clear response", rest
    )
    assert len(left) <= sum(map(int, doubtful)) <= 1, rest
    assert rest.partition("left:")[2].count(" of ") == len(doubtful), rest


def wire(
    handler: Any, made: CreatedRecords | None = None, validator: ExchangeValidator | None = None, **how: Any
) -> httpx.Client:
    assert validator is not None
    made = records("spree", validator) if made is None else made
    transport = VerifyTransport(
        httpx.MockTransport(handler), validator, made, limit=10, base="http://t.test/shop", **how
    )
    return httpx.Client(transport=transport, base_url="http://t.test/shop")


def records(system: str, validator: ExchangeValidator) -> CreatedRecords:
    return CreatedRecords(verified_system(system, validator.closed))


def test_an_id_counts_as_the_server_reads_it(validator: ExchangeValidator) -> None:
    """Some cases have it percent-encoded: let through here, it would be held back on the wire, which ends a walk."""
    made = records("vinr", validator)
    made.add(CreatedRecord("vinr.store_credit", "sc_mine"))
    operation = SimpleNamespace(label="x", definition=SimpleNamespace(raw={"operationId": "vinr.store_credit.update"}))
    case = SimpleNamespace(
        operation=operation, path_parameters={"id": "%C3%A9t%C3%A9"}, query={}, headers={}, body={"expires_at": None}
    )

    guard_for(made, ExistingIds(made, verified_system("vinr", validator.closed), {}))(case)

    assert case.path_parameters["id"] == "sc_mine"


def test_a_reader_who_goes_does_not_end_the_run(tmp_path: Path) -> None:
    """`verify ... | head -1` clears up and writes its report all the same."""
    report = tmp_path / "report.json"
    with served("--spree-token", SPREE_TOKEN) as mock:
        command = [sys.executable, "-m", "store_credit_mock", "verify", mock.url, "--system", "spree", "--no-generated"]
        running = subprocess.Popen(
            [*command, f"--json={report}"],
            env={**os.environ, "SPREE_TOKEN": SPREE_TOKEN},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        with running.stderr:
            complaints = running.stderr.read()
        code = running.wait(60)
    told = json.loads(report.read_text())

    assert (code, complaints) == (0, b"")
    assert told["removed"] == told["made"] > 10


@pytest.mark.parametrize("when", ["before the response", "while it is validated"])
def test_a_record_is_never_forgotten_by_an_interruption(
    when: str, validator: ExchangeValidator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the run has noted what a response says was made, that record may be left, and the run says so."""
    made = records("spree", validator)

    def interrupt(*arguments: object) -> Any:
        raise KeyboardInterrupt

    if when == "while it is validated":
        monkeypatch.setattr(ExchangeValidator, "response", interrupt)
    client = wire(lambda request: httpx.Response(201, json={}) if "while" in when else interrupt(), made, validator)
    with pytest.raises(KeyboardInterrupt):
        client.post("/api/v2/platform/store_credits", json={})

    assert made.uncertain == {"spree.store_credits": 1}


def test_too_fast_is_waited_for(validator: ExchangeValidator) -> None:
    """429 with Retry-After: it waits that long and sends again, and counts both."""
    answers = [httpx.Response(429, headers={"Retry-After": "2"}), httpx.Response(200, json={})]
    slept: list[float] = []

    client = wire(lambda request: answers.pop(0), validator=validator, sleep=slept.append)

    assert client.get("/v1/store-credit").status_code == 200
    assert slept == [2.0]


def test_ten_are_ten(validator: ExchangeValidator) -> None:
    """The eleventh is not sent, whatever has become of the others."""
    came: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        came.append(request.url.path)
        return httpx.Response(429, headers={"Retry-After": "0"})

    client = wire(answer, validator=validator, sleep=lambda seconds: None)
    for _ in range(2):
        client.get("/v1/store-credit")
    with pytest.raises(SpentError, match="all 10 requests allowed by --max-requests"):
        client.get("/v1/store-credit")

    assert came == ["/shop/v1/store-credit"] * 10


@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("GET", "/api/v2/platform/store_credits/1", True),
        ("DELETE", "/api/v2/platform/store_credits/1", False),
        ("DELETE", "/api/v2/platform/store_credits/1-goodwill", False),
        ("DELETE", "/api/v2/platform/store_credits/%201", False),
        ("PATCH", "/api/v2/platform/store_credits/0000000000000001", False),
        ("DELETE", "/api/v2/platform/store_credits/1.json", False),
        ("DELETE", "/api/v2/platform/store_credits", False),
        ("PUT", "/api/v2/platform/store_credits/1", False),
        ("POST", "/api/v2/platform/users", False),
        ("DELETE", "/api/v2/platform/store_credits/900000000000000001", True),
        ("DELETE", "/api/v2/platform/store_credits/none", True),
        ("DELETE", "/api/v2/platform/store_credits/77", True),
        ("POST", "/v1/store-credit/sc_4Bk9mQ", False),
        ("POST", "/v1/store-credit/sc_absent0123456789abcdef", True),
        ("PATCH", "/api/v2/platform/orders/R1/use_store_credit", False),
        ("POST", "/api/v2/platform/store_credits", True),
    ],
)
def test_only_what_was_made_is_changed(method: str, path: str, sent: bool, validator: ExchangeValidator) -> None:
    """A request that could change somebody else's record does not leave."""
    made, came = records("vinr" if path.startswith("/v1") else "spree", validator), []
    made.note(validator.closed.find("POST", "/api/v2/platform/store_credits"), 201, {"data": {"id": "77"}})

    def answer(request: httpx.Request) -> httpx.Response:
        came.append(request)
        return httpx.Response(404, json={})

    client = wire(answer, made, validator)
    if sent:
        client.request(method, path)
    else:
        with pytest.raises(HeldBackError, match="other people's records"):
            client.request(method, path)

    assert bool(came) == sent
