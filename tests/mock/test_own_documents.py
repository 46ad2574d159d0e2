"""Documents that are not the bundled one: formats of any name, and operations that the mock has no handler for."""

from __future__ import annotations

from importlib import import_module

import orjson
import pytest

from documents import FORMATS, with_formats, with_operations
from store_credit_mock import Contract, Engine, Options, Request
from store_credit_mock.cli import main
from store_credit_mock.systems.vinr import Vinr

AUTH = {"X-Api-Key": "sk_test_1"}
BALANCE = "/v1/store-credit-balance"
GOOD = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'


@pytest.mark.parametrize("kind", FORMATS)
def test_a_format_that_is_not_known_is_an_annotation(store_credit_mock_contract: Contract, kind: str) -> None:
    """JSON Schema 2020-12, 7.2.1: it compiles, it accepts any value, and what stands beside it still counts."""
    contract = Contract(with_formats(store_credit_mock_contract.document, kind))
    engine = Engine(contract, options=Options(seed=1))
    sent = {**AUTH, "Content-Type": "application/json"}

    assert engine.handle(Request.build("POST", "/v1/store-credit", sent, GOOD)).status == 201
    refused = engine.handle(Request.build("POST", "/v1/store-credit", sent, GOOD.replace(b"1000", b"0")))
    assert refused.status == 400
    assert engine.handle(Request.build("GET", "/v1/store-credit?limit=1", AUTH)).status == 200
    assert engine.handle(Request.build("GET", "/v1/store-credit?limit=x", AUTH)).status == 400
    assert {violation.keyword for one in engine.exchanges for violation in one.violations} == {"minimum", "type"}
    engine.close()


@pytest.mark.parametrize("name", ["vinr.store_credit.balance", "spree.balances.retrieve", "shop.balance"])
def test_one_operation_more_never_stops_the_mock(
    store_credit_mock_contract: Contract, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whosever it is, it is served from its examples, both sides checked, and said; the others are as ever."""
    engine = Engine(Contract(with_operations(store_credit_mock_contract.document, name=name)), options=Options(seed=1))

    assert caplog.messages == [f"served from its examples: 1 operation of the document without a handler: {name}"]
    for method in ("GET", "HEAD"):
        response = engine.handle(Request.build(method, BALANCE))
        assert (response.status, orjson.loads(response.body)) == (200, {"balance": 1})
    refused = engine.handle(Request.build("GET", f"{BALANCE}?at=x"))
    assert (refused.status, refused.header("content-type")) == (400, "application/json")
    assert "request /query/at: type" in str(refused.header("x-mock-violation"))
    assert engine.handle(Request.build("GET", BALANCE, {"Prefer": "code=401"})).status == 401
    assert engine.handle(Request.build("GET", BALANCE, {"X-Mock-Fault": "status=503"})).status == 503
    assert engine.handle(Request.build("GET", "/v1/store-credit", AUTH)).status == 200
    assert engine.handle(Request.build("GET", "/v1/store-credit", {**AUTH, "Prefer": "code=429"})).status == 429
    assert [one.operation for one in engine.exchanges].count(name) == 5
    engine.close()


def test_a_partial_engine_says_what_it_lacks(store_credit_mock_contract: Contract) -> None:
    """501 in the system's shape for what has no handler, HEAD too; everything else is answered as ever."""
    contract = Contract(with_operations(store_credit_mock_contract.document))
    engine = Engine(contract, options=Options(seed=1), partial=True)

    response = engine.handle(Request.build("GET", BALANCE, AUTH))
    assert response.status == 501
    assert orjson.loads(response.body)["error"]["message"] == "this mock has no handler for vinr.store_credit.balance"
    assert response.header("x-mock-violation") is None
    assert engine.handle(Request.build("HEAD", BALANCE, AUTH)).status == 501
    assert engine.handle(Request.build("GET", "/v1/store-credit", AUTH)).status == 200
    engine.close()


def test_a_partial_engine_answers_404_for_other_systems(store_credit_mock_contract: Contract) -> None:
    """An operation that belongs to no system of the mock has no shape of its own."""
    contract = Contract(with_operations(store_credit_mock_contract.document, name="shop.balance"))
    engine = Engine(contract, options=Options(seed=1), partial=True)

    response = engine.handle(Request.build("GET", BALANCE, AUTH))
    assert response.status == 404
    assert "no system of this mock (vinr, spree, spree_v3)" in orjson.loads(response.body)["error"]
    engine.close()


def test_a_system_left_out_is_404(store_credit_mock_contract: Contract) -> None:
    """An engine of one system starts on the document of two, and has nothing at the other's paths."""
    engine = Engine(store_credit_mock_contract, options=Options(seed=1), systems=[Vinr()])

    assert engine.handle(Request.build("GET", "/api/v2/platform/store_credits")).status == 404
    assert engine.handle(Request.build("GET", "/v1/store-credit", AUTH)).status == 200
    engine.close()


@pytest.mark.parametrize("command", ["serve", "coverage", "proxy", "verify"])
def test_a_defect_of_the_command_is_not_a_finding(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever breaks inside ends with 2: 1 is for what was found."""
    lines = {
        "coverage": ["report", "x.json"],
        "proxy": ["--upstream", "http://127.0.0.1:9"],
        "verify": ["http://127.0.0.1:9", "--system", "vinr"],
    }

    def broken(**_arguments: object) -> int:
        raise KeyError("a defect")

    module = {"serve": "server"}.get(command, command)
    chosen = import_module(f"store_credit_mock.{module}.command").command
    monkeypatch.setattr(chosen.commands["report"] if command == "coverage" else chosen, "callback", broken)
    with pytest.raises(SystemExit) as ended:
        main([command, *lines.get(command, [])])

    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "KeyError: 'a defect'" in said
    assert "a defect of store-credit-mock itself" in said
