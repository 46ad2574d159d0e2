"""Where a live server answers otherwise than the mock: played on a mock too, compared by rule, told at the end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from http_library import httpx

pytest.importorskip("aiohttp", reason="the extra `proxy` is not installed")

from served_mock import served
from store_credit_mock import Contract, Engine, Options, Request, Response
from store_credit_mock.proxy.drift import Drift
from store_credit_mock.redaction import Redactor

from .harness import commanded

SPREE = {"Authorization": "Bearer live-token"}
VINR = {"X-Api-Key": "sk_test_live"}
CREDITS = "/api/v2/platform/store_credits"


class Live:
    """A server of which the mock of the drift knows nothing: other ids, another token, another clock."""

    def __init__(self, contract: Contract, **options: Any) -> None:
        self.engine = Engine(contract, None, Options(strict=False, spree_token="live-token", **options))
        profile = {name: value for name, value in options.items() if name == "profile"}
        self.drift = Drift(contract, Redactor(contract.document.secret_names), Options(strict=False, **profile))
        before = _body(customer="cust_8aZ2", amount=77, currency="USD")
        self.engine.handle(Request.build("POST", "/v1/store-credit", VINR, before))

    def ask(self, method: str, target: str, headers: dict[str, str], **members: Any) -> Any:
        """Send a request to the server, and the exchange to the drift; returns the JSON."""
        request = Request.build(method, target, headers, _body(**members) if members else b"")
        response = self.changed(request, self.engine.handle(request))
        self.drift.add(request, response)
        return orjson.loads(response.body) if response.body else None

    def changed(self, request: Request, response: Response) -> Response:
        """A defect; none here."""
        del request
        return response


def _body(**members: Any) -> bytes:
    return orjson.dumps(members)


@pytest.fixture
def live(store_credit_mock_contract: Contract) -> Iterator[Live]:
    """A server of the default version."""
    made = Live(store_credit_mock_contract)
    yield made
    made.engine.close()
    made.drift.close()


def drive(live: Live) -> None:
    """Some of everything, on records of one's own, one that was there before, and none."""
    kept = {**VINR, "Content-Type": "application/json", "Idempotency-Key": "drift-1"}
    twice = [live.ask("POST", "/v1/store-credit", kept, customer="cust_8aZ2", amount=500, currency="USD") for _ in "12"]
    credit = twice[1]
    live.ask("GET", f"/v1/store-credit/{credit['id']}?expand[]=customer", VINR)
    live.ask("GET", "/v1/store-credit?customer=cust_8aZ2", VINR)
    live.ask("GET", f"/v1/store-credit?limit=1&starting_after={credit['id']}", VINR)
    live.ask("POST", f"/v1/store-credit/{credit['id']}", kept | {"Idempotency-Key": "drift-2"}, expires_at=4102444800)
    live.ask("POST", "/v1/store-credit", kept | {"Idempotency-Key": "drift-3"}, customer="cust_8aZ2", amount=-1)
    live.ask("GET", "/v1/store-credit/sc_absent0000000000000001", VINR)
    kept = {**SPREE, "Content-Type": "application/json"}
    category = live.ask(
        "POST", "/api/v2/platform/store_credit_categories", kept, store_credit_category={"name": "Mine"}
    )
    members = {"user_id": "2", "category_id": category["data"]["id"], "created_by_id": "1", "currency": "USD"}
    made = live.ask(
        "POST", f"{CREDITS}?include=store_credit_events,user", kept, store_credit={**members, "amount": 12.5}
    )
    live.ask("GET", f"{CREDITS}/{made['data']['id']}?include=user,store_credit_events", SPREE)
    live.ask("PATCH", f"{CREDITS}/{made['data']['id']}", kept, store_credit={"memo": "changed"})
    live.ask("GET", CREDITS, SPREE)
    live.ask("POST", CREDITS, kept, store_credit={**members, "amount": 0})
    live.ask("DELETE", f"{CREDITS}/{made['data']['id']}", SPREE)
    live.ask("GET", f"{CREDITS}/{made['data']['id']}", SPREE)


def test_a_server_that_is_the_mock_does_not_drift(live: Live) -> None:
    """Other ids, times, tokens and what was there before make no difference; what cannot be compared says why."""
    kept = {**SPREE, "Content-Type": "application/json"}
    old = b'{"store_credit_type":{"name":"Old"}}'
    live.engine.handle(Request.build("POST", "/api/v2/platform/store_credit_types", kept, old))
    drive(live)
    live.ask("GET", "/v1/store-credit/sc_absent0000000000000001", {"X-Api-Key": "wrong"})
    live.ask("POST", "/api/v2/storefront/checkout/add_store_credit", {"X-Spree-Order-Token": "x"})
    old = live.ask("GET", "/api/v2/platform/store_credit_types?sort=-id", SPREE)["data"][0]["id"]
    live.ask("GET", f"/api/v2/platform/store_credit_types/{old}", SPREE)

    report = live.drift.report
    assert report.as_dict()["differences"] == []
    assert report.compared == report.alike >= 18
    assert report.left_out["it names records that existed before (spree.store_credit_types {id})"] == 1
    assert report.left_out["the response is about the server's own credentials or limits"] == 1


EDITS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "/body/amount": (lambda value: value.update(amount=501), "501 where 500 came from the mock"),
    "/body/balance_remaining": (lambda value: value.update(balance_remaining="500"), "'500' where 500 came from"),
    "/body/currency": (lambda value: value.pop("currency"), "is missing; 'USD' came from the mock"),
    "/body/colour": (lambda value: value.update(colour="red"), "'red' where nothing came from the mock"),
    "/body/created": (lambda value: value.update(created="yesterday"), "'yesterday' where"),
}


@pytest.mark.parametrize("where", EDITS)
def test_a_value_that_differs_is_told_once_with_its_place(
    where: str, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By value, by JSON type, by presence, and by form."""
    edit, first = EDITS[where]

    def changed(_: Request, response: Response) -> Response:
        value = orjson.loads(response.body)
        edit(value)
        response.body = orjson.dumps(value)
        return response

    monkeypatch.setattr(live, "changed", changed)
    for number in range(2):
        key = {**VINR, "Content-Type": "application/json", "Idempotency-Key": f"k{number}"}
        live.ask("POST", "/v1/store-credit", key, customer="cust_8aZ2", amount=500, currency="USD")

    (told,) = live.drift.report.as_dict()["differences"]
    assert (told["operation"], told["where"], told["times"]) == ("vinr.store_credit.create", where, 2)
    assert told["first"].startswith(first)


def test_another_version_drifts(store_credit_mock_contract: Contract) -> None:
    """What 4.10 answers otherwise than 4.5 is found: the type of who made a credit, and the credit's own type."""
    live = Live(store_credit_mock_contract, profile="4.10")
    live.drift.close()
    secrets = Redactor(store_credit_mock_contract.document.secret_names)
    live.drift = Drift(store_credit_mock_contract, secrets, Options(strict=False, profile="4.5"))
    drive(live)
    live.drift.close()
    live.engine.close()

    places = {where for operation, where in live.drift.report.differences if operation == "spree.store_credits.create"}
    assert "/body/data/relationships/created_by/data/type" in places
    assert "/body/data/relationships/store_credit_type/data" in places


@pytest.mark.takes_seconds
def test_the_proxy_reports_drift_and_so_does_its_recording(tmp_path: Path) -> None:
    """At the end, for people and as JSON; exit code 1 only where that was asked for; a recording gives the same."""
    recording = tmp_path / "shop.har"
    options = ("--drift", "--fail-on-drift", "--drift-option", "profile=4.5", "--record", str(recording))
    with (
        served("--observe", "--profile", "5.3", "--spree-token", "live-token") as shop,
        commanded(shop.url, *options) as proxy,
        httpx.Client(base_url=proxy.url, headers=SPREE, trust_env=False) as client,
    ):
        members = {"user_id": "2", "category_id": "1", "created_by_id": "1", "currency": "USD", "amount": 5}
        assert client.post(CREDITS, json={"store_credit": members}).status_code == 201
        assert client.get("/api/v2/platform/store_credit_categories").status_code == 200
        code = proxy.end()
        log = proxy.log()
    told: dict[str, Any] = next(line for line in proxy.lines if line["kind"] == "drift")

    assert code == 1
    assert "drift: 2 exchanges compared with the mock, of which 1 had a different response" in log
    assert "x spree.store_credits.create /body/data/relationships/created_by/data/type: 'admin_user' where" in log
    assert "live-token" not in log + json.dumps(told)
    for more, expected in (([], 0), (["--fail-on-drift"], 1)):
        command = [sys.executable, "-m", "store_credit_mock", "drift", str(recording), "--json", *more]
        ran = subprocess.run(command, capture_output=True, check=False, timeout=60)
        assert (ran.returncode, json.loads(ran.stdout)["differences"]) == (expected, told["differences"]), ran.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--option", "profile=9"], "profile is one of"),
        (["--option", "profile"], "NAME=VALUE"),
        ([], "no-such.har"),
    ],
)
def test_what_cannot_be_compared_is_told(arguments: list[str], reason: str, tmp_path: Path) -> None:
    """Exit code 2 and a sentence."""
    path = tmp_path / "no-such.har"
    if arguments:
        path.write_text('{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": []}}')
    command = [sys.executable, "-m", "store_credit_mock", "drift", str(path), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert ran.returncode == 2
    assert reason in ran.stderr
