"""Documents that are not the bundled one: formats of any name, and operations that the mock has no handler for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import orjson
import pytest

from documents import FORMATS, PETS, with_formats, with_operations
from store_credit_mock import Contract, Engine, EngineError, Options, Request
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
def test_serving_needs_a_handler_for_each_operation(store_credit_mock_contract: Contract, name: str) -> None:
    """Whosever the operation is: a start that says `ready` would be followed by a 500 or a 404."""
    contract = Contract(with_operations(store_credit_mock_contract.document, name=name))

    with pytest.raises(EngineError, match=rf"no handler for: {name}\."):
        Engine(contract)


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
    assert "no system of this mock (vinr, spree)" in orjson.loads(response.body)["error"]
    engine.close()


def test_a_system_left_out_is_404(store_credit_mock_contract: Contract) -> None:
    """An engine of one system starts on the document of two, and has nothing at the other's paths."""
    engine = Engine(store_credit_mock_contract, options=Options(seed=1), systems=[Vinr()])

    assert engine.handle(Request.build("GET", "/api/v2/platform/store_credits")).status == 404
    assert engine.handle(Request.build("GET", "/v1/store-credit", AUTH)).status == 200
    engine.close()


def test_the_command_says_why_it_does_not_start(tmp_path: Path) -> None:
    """Exit code 2 with the operation and a way on, no traceback."""
    path = tmp_path / "pets.yaml"
    path.write_text(PETS)
    line = [sys.executable, "-m", "store_credit_mock", "serve", "--port", "0", "--document", str(path)]

    ended = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert ended.stderr.startswith("store-credit-mock: the document has operations that this mock has no handler for")
    assert "listPets" in ended.stderr
    assert "`store-credit-mock proxy` and `verify` need none" in ended.stderr


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
