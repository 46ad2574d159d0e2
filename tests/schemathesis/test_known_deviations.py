"""Each entry of the list of disabled check x operation is borne out by what it cites."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from bootstrap import ROOT
from store_credit_mock import Engine
from store_credit_mock.contract import Contract, Document
from store_credit_mock.contract.document import compile_yaml
from store_credit_mock.control import Control
from store_credit_mock.recording import read_file
from store_credit_mock.server.app import App
from store_credit_mock.verify.fuzz.known_deviations import KNOWN_DEVIATIONS, KnownDeviation

from .probe import probe
from .world import fill

CONTRACT = Contract()
RECORDINGS = ROOT / "tests" / "recordings"
DECISIONS = compile_yaml((ROOT / "docs" / "decisions.yaml").read_bytes(), "decisions.yaml")["data"]


@pytest.mark.parametrize("excuse", KNOWN_DEVIATIONS, ids=str)
def test_the_evidence_says_so(excuse: KnownDeviation, document: Document) -> None:
    """A recording is of this operation and holds this status and text; a decision exists and holds."""
    assert excuse.operation in document.operations
    assert excuse.because
    assert excuse.evidence
    for evidence in excuse.evidence:
        kind, _, name = evidence.partition(": ")
        if kind == "recorded":
            exchange = read_file(next(RECORDINGS.rglob(f"{name}.json")))
            match = CONTRACT.find(exchange.method, exchange.path)
            assert match is not None
            assert match.operation.id == excuse.operation
            assert exchange.status == excuse.status
            assert re.search(excuse.says, json.dumps(exchange.response_body))
        elif kind == "prepared":
            script = json.loads((RECORDINGS / "spree-v3" / "sequence.json").read_bytes())
            steps = [step for run in script["runs"] for step in run["steps"] if step["name"] == name]
            assert {step["status"] for step in steps} == {excuse.status}
            for step in steps:
                assert document.operations[excuse.operation].template.partition("{")[0] in step["request"]["path"]
        else:
            assert kind == "decided"
            decision = DECISIONS[name]
            # A refuted decision counts by its note, which says what the server does instead.
            assert decision["status"] == "holds" or decision["note"]


def test_nothing_is_disabled_twice() -> None:
    """One entry for each check, operation, status and text."""
    assert len({(entry.check, entry.operation, entry.status, entry.says) for entry in KNOWN_DEVIATIONS}) == len(
        KNOWN_DEVIATIONS
    )


@pytest.mark.takes_seconds
def test_without_the_list_there_are_findings(document: Document, engine_of: Callable[[], Engine]) -> None:
    """What the list excuses is found indeed, and said with the request and the response."""
    engine = engine_of()
    world = fill(Control.inside(engine.control))

    report = probe(document, App(engine), world, examples=8, only=r"vinr\.store_credit\.create", deviations=())

    assert report.caught == {"positive_data_acceptance"}
    assert any("lies in the past" in finding.text for finding in report.findings)


def test_an_excuse_covers_nothing_else() -> None:
    """Another check, operation, status or text is a finding."""
    excuse = KnownDeviation("check", "operation", 422, "can't be blank", "why", ("decided: V1",))
    said = "Name can't be blank"

    assert excuse.covers({"check"}, "operation", 422, said)
    assert not excuse.covers({"other"}, "operation", 422, said)
    assert not excuse.covers({"check"}, "other", 422, said)
    assert not excuse.covers({"check"}, "operation", 500, said)
    assert not excuse.covers({"check"}, "operation", 422, "Name is too long")
