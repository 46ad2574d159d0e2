"""`store-credit-mock versions`, and the same facts in the control plane's document."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest

from store_credit_mock import Contract, Engine, Request
from store_credit_mock.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["versions", *arguments])
    return int(ended.value.code or 0)


def test_the_table_names_every_operation_with_its_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("store-credit-mock 0.")
    (row,) = [line.split() for line in lines if line.startswith("spree.store_credit_types.list ")]
    assert row == [
        "spree.store_credit_types.list",
        "recorded",
        "2026-11-22",
        "read",
        "from",
        "code",
        "2026-11-22",
        "recorded",
        "2026-11-28",
    ]
    assert any(line.startswith("vinr.store_credit.create") and "documented 2026-11-22" in line for line in lines)


def test_json_and_the_control_plane_say_the_same(
    capsys: pytest.CaptureFixture[str], store_credit_mock_contract: Contract
) -> None:
    assert run("--json") == 0
    told = json.loads(capsys.readouterr().out)
    engine = Engine(store_credit_mock_contract)
    document = orjson.loads(engine.handle(Request.build("GET", "/_mock/openapi.json")).body)
    engine.close()

    assert document["info"]["x-verified"] == told["operations"]
    assert len(told["operations"]) >= 23


def test_a_document_that_says_nothing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toy = Path(__file__).parent / "support" / "toy.yaml"
    assert run("--document", str(toy)) == 0
    assert "toy: the document does not say how it was verified" in capsys.readouterr().out
    assert run("--document", str(tmp_path / "none.yaml")) == 2
    assert "none.yaml" in capsys.readouterr().err
