"""Coverage of the real document: against a slow second opinion, of a mock that is used, and by the control plane."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from http_library import httpx
from served_mock import served
from store_credit_mock import Contract, Document, Engine, Exchange, Fault, Options, Request, Response
from store_credit_mock.control import Control, ControlError
from store_credit_mock.coverage import Coverage, read

KEY = {"X-Api-Key": "sk_test_canary5731", "Content-Type": "application/json"}
ISSUE = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'


def examples(document: Document, pointer: str) -> Iterator[tuple[str, str, Any]]:
    """Media type, place of the schema and value of each example of a body."""
    pointer, definition = document.resolve(pointer)
    for media_type, content in definition.get("content", {}).items():
        place = f"{pointer}/content/{media_type.replace('~', '~0').replace('/', '~1')}"
        for name in content.get("examples", {}):
            yield media_type, f"{place}/schema", document.resolve(f"{place}/examples/{name}")[1]["value"]


class Opinion:
    """Finds the fields of a value by validating it against every branch it meets: slow and simple."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._registry = jsonschema_rs.Registry([("urn:d", dict(document.data))], draft=jsonschema_rs.Draft202012)

    def fields(self, pointer: str, value: Any) -> set[str]:
        pointer, schema = self._document.resolve(pointer)
        found: set[str] = set()
        if isinstance(value, dict):
            for name in value:
                if name in schema.get("properties", {}):
                    place = f"{pointer}/properties/{name}"
                elif isinstance(schema.get("additionalProperties"), dict):
                    place = f"{pointer}/additionalProperties"
                else:
                    continue
                found |= {place} | self.fields(place, value[name])
        elif isinstance(value, list) and value and "items" in schema:
            found.add(f"{pointer}/items")
            for item in value:
                found |= self.fields(f"{pointer}/items", item)
        for keyword in ("oneOf", "anyOf"):
            for number in range(len(schema.get(keyword, []))):
                place = f"{pointer}/{keyword}/{number}"
                check = {"$ref": f"urn:d{place}"}
                if jsonschema_rs.Draft202012Validator(check, registry=self._registry).is_valid(value):
                    found |= self.fields(place, value)
        return found


def test_fields_agree_with_a_second_opinion(store_credit_mock_contract: Contract) -> None:
    """Each example of a response shows exactly the fields that a plain walk with full validation finds in it."""
    contract = store_credit_mock_contract
    document, opinion, checked = contract.document, Opinion(contract.document), 0
    coverage = Coverage(contract)
    for operation in contract.operations.values():
        for status in operation.responses:
            for media_type, place, value in examples(document, f"{operation.pointer}/responses/{status}"):
                coverage.clear()
                headers = [(b"content-type", media_type.encode())]
                response = Response(int(status), headers, json.dumps(value).encode())
                request = Request.build(operation.method, operation.template)
                coverage.add(Exchange(1, 0, operation.id, request, response, (), None))

                parts = coverage.parts(operation.id)
                wanted = {f"response {pointer}" for pointer in opinion.fields(place, value)}
                assert set(parts["fields"]["seen"]) == wanted, (operation.id, status)
                assert parts["statuses"]["seen"] == [status]
                checked += 1
    assert checked > 200


@pytest.fixture
def engine(store_credit_mock_contract: Contract) -> Iterator[Engine]:
    """A mock that counts."""
    made = Engine(store_credit_mock_contract, options=Options(seed=1, spree_token="canary5731"))
    made.control.track_coverage(Coverage(store_credit_mock_contract))
    yield made
    made.close()


def test_a_mock_that_is_used_counts(engine: Engine) -> None:
    """What was sent, refused and planned counts; what was lost or spoiled does not; nothing sent is kept."""
    coverage = engine.control.coverage
    assert coverage is not None
    control = Control.inside(engine.control)
    assert engine.handle(Request.build("POST", "/v1/store-credit", KEY, ISSUE)).status == 201
    assert (
        engine.handle(Request.build("GET", "/v1/store-credit?expand[]=customer&customer=cust_8aZ2", KEY)).status == 200
    )
    assert engine.handle(Request.build("GET", "/v1/store-credit?limit=0", KEY)).status == 400
    assert engine.handle(Request.build("GET", "/v1/store-credit")).status == 401
    spree = {"Authorization": "Bearer canary5731"}
    assert engine.handle(Request.build("GET", "/api/v2/platform/store_credit_types?sort=name", spree)).status == 200

    listed = coverage.parts("vinr.store_credit.list")
    assert listed["statuses"]["seen"] == ["200", "400", "401"]
    assert listed["parameters"]["seen"] == ["query customer", "query expand[]"]
    assert listed["values"]["seen"][0] == 'query expand[] = "customer"'
    assert "response #/components/schemas/VinrCustomer/properties/email" in listed["fields"]["seen"]
    assert coverage.parts("vinr.store_credit.create")["statuses"]["seen"] == ["201"]
    assert coverage.parts("spree.store_credit_types.list")["parameters"]["seen"] == ["query sort"]

    control.add_fault(Fault("vinr.*.list", nth=1, status=503))
    control.add_fault(Fault("vinr.*.create", drop=True))
    control.add_fault(Fault("vinr.*.update", breaks_document=True))
    coverage.clear()
    engine.handle(Request.build("GET", "/v1/store-credit", KEY))
    engine.handle(Request.build("POST", "/v1/store-credit", KEY, ISSUE))
    engine.handle(Request.build("POST", "/v1/store-credit/sc_1", KEY, b"{}"))
    seen = {name: coverage.parts(name) for name in coverage.operations if name.startswith("vinr")}
    assert seen["vinr.store_credit.list"]["statuses"]["seen"] == ["503"]
    assert seen["vinr.store_credit.create"]["statuses"]["seen"] == []
    assert seen["vinr.store_credit.create"]["media_types"]["seen"] == ["request application/json"]
    assert seen["vinr.store_credit.update"]["statuses"]["seen"] == []
    assert "canary5731" not in json.dumps(coverage.to_json())


def test_the_control_plane_counts_shows_and_forgets(store_credit_mock_contract: Contract) -> None:
    """Refused with 409 before it was started, which takes in what is still kept; a reset takes nothing away."""
    engine = Engine(store_credit_mock_contract, options=Options(seed=1))
    control = Control.inside(engine.control)
    engine.handle(Request.build("POST", "/v1/store-credit", KEY, ISSUE))
    with pytest.raises(ControlError, match="POST /_mock/coverage") as refused:
        control.coverage()
    assert refused.value.status == 409
    control.count_coverage()
    engine.handle(Request.build("GET", "/v1/store-credit", KEY))
    control.reset()
    control.count_coverage()

    value = control.coverage()
    kept = asdict(value)
    assert Coverage.from_json(store_credit_mock_contract, kept).to_json() == kept
    assert value.operations["vinr.store_credit.create"].statuses.seen == ["201"]
    assert value.operations["vinr.store_credit.list"].statuses.seen == ["200"]
    control.clear_coverage()
    assert control.coverage().total.seen == 0
    engine.handle(Request.build("GET", "/v1/store-credit?limit=1", KEY))
    assert control.coverage().operations["vinr.store_credit.list"].parameters.seen == ["query limit"]
    engine.close()


def test_serve_writes_its_coverage_at_the_end(store_credit_mock_contract: Contract, tmp_path: Path) -> None:
    """SIGTERM ends it with 0 and a whole file, in place of what stood there."""
    path = tmp_path / "coverage.json"
    path.write_text("old")
    with served("--coverage", str(path)) as mock:
        with httpx.Client(trust_env=False) as client:
            sent = client.post(f"{mock.url}/v1/store-credit", content=ISSUE, headers=KEY)
        assert sent.status_code == 201
        assert path.read_text() == "old"
        counted = mock.control.coverage()
        mock.process.send_signal(signal.SIGTERM)
        assert mock.process.wait(20) == 0

    assert read(store_credit_mock_contract, path).to_json() == asdict(counted)
    assert counted.operations["vinr.store_credit.create"].statuses.seen == ["201"]
    assert [found.name for found in tmp_path.iterdir()] == ["coverage.json"]


def test_serve_refuses_a_folder_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the start, not when everything is over."""
    from store_credit_mock.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["serve", "--coverage", str(tmp_path / "none" / "coverage.json")])
    assert ended.value.code == 2
    assert "does not exist" in capsys.readouterr().err
