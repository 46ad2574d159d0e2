"""`verify --document` of documents that name their operations as they like, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from store_credit_mock import Contract, Document, Engine, Options
from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.systems.call import Abort, Call, Handler, SystemResponse
from store_credit_mock.systems.examples import Examples

from .conftest import Serve, Verify

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: 'https://shop.test/v2'}]
security: [{session: []}, {bearer: []}]
paths:
  /things:
    get:
      responses:
        '200':
          description: d
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
        '401': {description: d}
    post:
      operationId: addThing
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewThing'}}}
      responses:
        '201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        4XX: {description: d}
  /things/{thingId}:
    parameters: [{name: thingId, in: path, required: true, schema: {type: integer, minimum: 1}}]
    get:
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
        4XX: {description: d}
    delete: {responses: {'204': {description: d}, 4XX: {description: d}}}
  /things/{thingId}/close:
    parameters: [{name: thingId, in: path, required: true, schema: {type: integer}}]
    post: {responses: {'204': {description: d}, 4XX: {description: d}}}
  /reset: {post: {responses: {'204': {description: d}}}}
components:
  securitySchemes:
    session: {type: apiKey, in: cookie, name: sid}
    bearer: {type: http, scheme: bearer}
  schemas:
    NewThing: {type: object, required: [name], additionalProperties: false, properties: {name: {type: string}}}
    Thing:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string}, note: {type: string, nullable: true}}
"""


class Shop(Examples):
    """A server of that document that remembers its things; `spoil` changes what it shows."""

    def __init__(self, contract: Contract, spoil: Callable[[dict[str, Any]], object]) -> None:
        super().__init__(contract, contract.operations)
        self.things: dict[int, dict[str, Any]] = {1: {"id": 1, "name": "somebody's"}}
        self.touched: list[str] = []
        self._spoil = spoil
        handlers: dict[str, Handler] = {
            "GET /things": lambda _: SystemResponse(200, list(self.things.values()), "application/json"),
            "addThing": self._add,
            "GET /things/{thingId}": lambda call: SystemResponse(200, self._find(call), "application/json"),
            "DELETE /things/{thingId}": self._delete,
            "POST /things/{thingId}/close": self._touch,
            "POST /reset": self._touch,
        }
        self.operations = handlers

    def _find(self, call: Call) -> dict[str, Any]:
        thing = self.things.get(int(call.path["thingId"])) if call.path["thingId"].isdigit() else None
        if thing is None:
            raise Abort(SystemResponse(404))
        return thing

    def _add(self, call: Call) -> SystemResponse:
        body: Any = call.body.value
        if not isinstance(body, dict) or not isinstance(body.get("name"), str) or body.keys() != {"name"}:
            raise Abort(SystemResponse(400))
        made = {"id": len(self.touched) + len(self.things) + 100, "name": body["name"]}
        self.touched.append("")
        self.things[made["id"]] = made
        self._spoil(made)
        return SystemResponse(201, made, "application/json")

    def _delete(self, call: Call) -> SystemResponse:
        del self.things[self._find(call)["id"]]
        return SystemResponse(204)

    def _touch(self, call: Call) -> SystemResponse:
        raise AssertionError(f"{call.request.path} could change what is not the run's own")


@pytest.fixture
def verify_any(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Run the command with the document that it names, and not with the bundled one."""
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", ExchangeValidator)
    return verify


def shop(path: Path, spoil: Callable[[dict[str, Any]], object] = len) -> tuple[Engine, Shop]:
    path.write_text(SHOP, "utf-8")
    contract = Contract(Document.read(path))
    system = Shop(contract, spoil)
    return Engine(contract, options=Options(seed=1, strict=False), systems=[system]), system


@pytest.mark.takes_seconds
def test_operations_are_tried_by_what_their_paths_say(tmp_path: Path, reach: Serve, verify_any: Verify) -> None:
    """What was made is found again and removed, nothing else is touched; the server's path may be said."""
    path = tmp_path / "shop.yaml"
    engine, system = shop(path)
    for address in (reach(engine), f"{reach(engine)}/v2"):
        code, said = verify_any(
            address, "--document", str(path), "--credential", "session=x", "--examples", "2",
            "--exclude", "ignored_auth", "--exclude", "*_rejection", "--exclude", "*_acceptance",
        )  # fmt: skip
        assert code == 0, said
        for name in ("GET /things", "addThing", "GET /things/{thingId}", "DELETE /things/{thingId}"):
            assert f"held     generated: {name} (" in said
        for name in ("POST /things/{thingId}/close", "POST /reset"):
            assert f"skipped  generated: {name}: it could change other people's records" in said
        found = re.search(r"made (\d+), removed (\d+)", said)
        assert found is not None
        assert found[1] == found[2] != "0"
        assert system.things == {1: {"id": 1, "name": "somebody's"}}


@pytest.mark.takes_seconds
def test_what_a_response_breaks_has_the_documents_own_line(tmp_path: Path, reach: Serve, verify_any: Verify) -> None:
    """`nullable` of a document of 3.0 counts, and a wrong type is a finding."""
    path = tmp_path / "shop.yaml"
    engine, _ = shop(path, lambda made: made.update(note=None))
    code, said = verify_any(reach(engine), "--document", str(path), "--credential", "bearer=x", "--only", "shape")
    assert code == 0, said

    engine, _ = shop(path, lambda made: made.update(note=5))
    code, said = verify_any(reach(engine), "--document", str(path), "--credential", "bearer=x", "--only", "shape")
    assert code == 1
    line = SHOP.splitlines().index(next(one for one in SHOP.splitlines() if "note:" in one)) + 1
    assert re.search(rf"server: shape: addThing returned 201: response /body/note: .*\(shop\.yaml:{line}\)", said)


def test_a_name_is_wanted_of_the_kits_own_document(verify: Verify) -> None:
    """Each of its systems has credentials of its own."""
    code, said = verify("http://127.0.0.1:9")
    assert code == 2
    assert "--system is missing; select the system at this address: spree or spree-v3 or vinr" in said


def test_a_document_without_the_name_says_so(tmp_path: Path, verify_any: Verify) -> None:
    """Another document is tried as a whole."""
    path = tmp_path / "shop.json"
    path.write_bytes(orjson.dumps({"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {}}}}}}))
    code, said = verify_any("http://127.0.0.1:9", "--document", str(path), "--system", "shop")
    assert code == 2
    assert "the OpenAPI document has no operations for the system shop; omit --system to test all operations" in said
