"""Documents that cannot become an SDK: each is refused in one clear error, and nothing is dropped in silence."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from store_credit_tools.generate.sdk import generate_sdk

OK = {
    "200": {
        "description": "ok",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VinrThing"}}},
    }
}
OPERATION: dict[str, Any] = {"operationId": "vinr.things.list", "tags": ["vinr.things"], "responses": OK}


def small(**changes: Any) -> dict[str, Any]:
    """A document with one operation, changed."""
    operation = {**copy.deepcopy(OPERATION), **changes}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "paths": {"/v1/things": {"get": {name: value for name, value in operation.items() if value is not None}}},
        "components": {
            "securitySchemes": {"vinrApiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}},
            "schemas": {
                "VinrThing": {"type": "object", "description": "A thing.", "properties": {"id": {"type": "string"}}},
            },
        },
    }


def with_schema(schema: dict[str, Any], name: str = "VinrThing") -> dict[str, Any]:
    document = small()
    document["components"]["schemas"][name] = schema
    return document


def answered(schema: dict[str, Any]) -> dict[str, Any]:
    return small(responses={"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}})


def two_operations_with_one_id() -> dict[str, Any]:
    document = small()
    document["paths"]["/v1/other"] = copy.deepcopy(document["paths"]["/v1/things"])
    return document


def parameter(**changes: Any) -> dict[str, Any]:
    return small(parameters=[{"name": "p", "in": "query", "schema": {"type": "string"}, **changes}])


def with_verb(verb: str) -> dict[str, Any]:
    document = small()
    item = document["paths"]["/v1/things"]
    item[verb] = {**copy.deepcopy(item["get"]), "operationId": f"vinr.things.{verb}"}
    return document


def body(content: dict[str, Any]) -> dict[str, Any]:
    document = small(operationId="vinr.things.create", requestBody={"content": content})
    item = document["paths"]["/v1/things"]
    item["post"] = item.pop("get")
    return document


def secured(scheme: dict[str, Any], security: list[dict[str, list[str]]] | None = None) -> dict[str, Any]:
    document = small(security=security or [{"door": []}])
    document["components"]["securitySchemes"]["door"] = scheme
    return document


def creating(
    members: dict[str, Any], responses: dict[str, Any] | None = None, *, creates: bool = True
) -> dict[str, Any]:
    schema = {"type": "object", "properties": members}
    document = body({"application/json": {"schema": schema}})
    operation = document["paths"]["/v1/things"]["post"]
    operation |= {"x-creates": creates, "responses": responses or OK}
    document["components"]["schemas"]["VinrThing"]["properties"]["flag"] = {"type": "boolean"}
    return document


def inside(member: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"part": member}}


def half_a_segment(mark: dict[str, str], **changes: Any) -> dict[str, Any]:
    given = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}, **mark}
    document = small(operationId="vinr.things.retrieve", parameters=[given], **changes)
    document["paths"] = {"/v1/things/{id}.json": document["paths"]["/v1/things"]}
    return document


REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no operationId": (small(operationId=None), ["/v1/things", "operationId"]),
    "operationId of another tag": (small(operationId="vinr.others.list"), ["vinr.others.list", "tag"]),
    "the same operationId twice": (two_operations_with_one_id(), ["vinr.things.list"]),
    "a method that is not a name": (small(operationId="vinr.things.list-all"), ["vinr.things.list-all"]),
    "answer that is nowhere": (answered({"$ref": "#/components/schemas/VinrNothing"}), ["VinrNothing"]),
    "properties that become one": (
        with_schema({"type": "object", "properties": {"a-b": {"type": "string"}, "a_b": {"type": "string"}}}),
        ["VinrThing.a-b", "a_b"],
    ),
    "one of several objects": (
        with_schema(
            {
                "type": "object",
                "properties": {
                    "x": {
                        "oneOf": [
                            {"type": "object", "properties": {"a": {"type": "string"}}},
                            {"type": "object", "properties": {"b": {"type": "string"}}},
                        ]
                    }
                },
            }
        ),
        ["VinrThing.x", "several objects"],
    ),
    "parameters that become one": (
        small(parameters=[{"name": one, "in": "query", "schema": {"type": "string"}} for one in ("a-b", "a_b")]),
        ["vinr.things.list", "a_b"],
    ),
    "operation nobody can call": (with_verb("trace"), ["trace"]),
    "no components": ({**small(), "components": {}}, ["VinrThing"]),
    "parameter that is nowhere": (small(parameters=[{"$ref": "#/components/parameters/Nothing"}]), ["Nothing"]),
    "credential that is nowhere": (small(security=[{"nothing": []}]), ["nothing"]),
    "key in the address": (
        secured({"type": "apiKey", "in": "query", "name": "key"}),
        ["vinr.things.list", "door", "in query"],
    ),
    "password": (secured({"type": "http", "scheme": "basic"}), ["vinr.things.list", "door", "basic"]),
    "certificate": (secured({"type": "mutualTLS"}), ["vinr.things.list", "door", "mutualTLS"]),
    "two credentials of the client": (
        secured({"type": "http", "scheme": "bearer"}, [{"vinrApiKey": [], "door": []}]),
        ["vinr.things.list", "vinrApiKey and door", "one credential"],
    ),
    "the document's credential that is nowhere": ({**small(), "security": [{"nothing": []}]}, ["nothing"]),
    "mark that is neither true nor false": (small(**{"x-idempotent": "yes"}), ["vinr.things.list", "x-idempotent"]),
    "create that may be repeated": (
        small(**{"x-idempotent": True, "x-creates": True}),
        ["vinr.things.list", "x-creates", "x-idempotent"],
    ),
    "echo that leads nowhere": (
        creating({"a": {"type": "string", "x-echoes": "/b"}}),
        ["a", "'/b'", "there is no 'b'"],
    ),
    "echo without a pointer": (creating({"a": {"type": "string", "x-echoes": "id"}}), ["a", "'id'", "JSON Pointer"]),
    "echo of a list": (
        creating({"a": {"type": "array", "items": {"type": "string"}, "x-echoes": "/id/x"}}),
        ["a", "there is no 'x'"],
    ),
    "echo that cannot be compared": (
        creating({"a": {"type": "boolean", "x-echoes": "/flag"}}),
        ["vinr.things.create", "a", "boolean"],
    ),
    "echo of an object": (
        creating({"a": {"type": "object", "x-echoes": "/flag"}}),
        ["vinr.things.create", "a", "object"],
    ),
    "echo where nothing comes back": (
        creating({"a": {"type": "string", "x-echoes": "/id"}}, {"204": {"description": "done"}}),
        ["a", "one record"],
    ),
    "echo in a query": (parameter(**{"x-echoes": "/id"}), ["vinr.things.list", "p", "x-echoes"]),
    "echo of half a segment": (half_a_segment({"x-echoes": "/id"}), ["id", "whole segment"]),
    "one at a time by nothing": (small(**{"x-serialize-by": []}), ["vinr.things.list", "x-serialize-by has []"]),
    "one at a time by a name": (small(**{"x-serialize-by": ["p"]}), ["'p'", "such as $request.path.id"]),
    "one at a time by one text": (small(**{"x-serialize-by": "$request.path.id"}), ["$request.path.id", "neither"]),
    "one at a time by what is not sent": (
        small(**{"x-serialize-by": ["$request.header.X-Api-Key"], "security": [{"vinrApiKey": []}]}),
        ["vinr.things.list", "$request.header.X-Api-Key", "neither a parameter"],
    ),
    "one at a time by half a segment": (
        half_a_segment({}, **{"x-serialize-by": ["$request.path.id"]}),
        ["id", "whole segment"],
    ),
    "two references": (
        creating({name: {"type": "string", "x-reference": True} for name in ("a", "b")}),
        ["a and b", "mark one"],
    ),
    "reference too deep": (
        creating({"a": inside(inside({"type": "string", "x-reference": True})), "b": {"type": "string"}}),
        ["a.part.part", "x-reference"],
    ),
    "reference of what is not a create": (
        creating({"a": inside({"type": "string", "x-reference": True}), "b": {"type": "string"}}, creates=False),
        ["part", "x-creates"],
    ),
    "reference beside an argument of its name": (
        creating({"a": inside({"type": "string", "x-reference": True}), "reference": {"type": "string"}}),
        ["'reference'"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_with_no_place_in_an_sdk_is_refused(refusal: Callable[[Any], str], name: str) -> None:
    """The error names the file, the operation or schema, and what is wrong with it."""
    document, said = REFUSED[name]
    reason = refusal(document)

    assert reason.startswith("openapi.yaml")
    for part in said:
        assert part in reason


def test_the_small_document_itself_is_fine(tmp_path: Path) -> None:
    """So that each refusal above is for the one thing that is changed."""
    path = tmp_path / "openapi.yaml"
    path.write_text(json.dumps(small()), "utf-8")
    plan = generate_sdk(path, tmp_path / "store_credit")

    assert [method.name for system in plan.systems for one in system.resources for method in one.methods] == ["list"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"", "not an OpenAPI document"),
        (b"- a list", "not an OpenAPI document"),
        (b"just text", "not an OpenAPI document"),
        (b"openapi: 3.1.0", "not an OpenAPI document"),
        (b"paths: {}", "not an OpenAPI document"),
        (b"openapi: 3.1.0\npaths: []\ninfo: {title: a, version: '1'}", "paths"),
        (b"swagger: '2.0'\npaths: {}", "not an OpenAPI document"),
        (b"a: [", "is not YAML"),
        (b"a: b: c", "is not YAML"),
        (b"a: 1\na: 2", "is not YAML"),
        (b"\xff\xfe\x00bytes", "is not"),
        (b"\x00", "is not YAML"),
        (b"openapi: 3.1.0\npaths: {}", "info"),
        (b"openapi: 3.1.0\npaths: {/a: 5}\ninfo: {title: a, version: '1'}", "/a"),
    ],
    ids=[
        "missing",
        "empty",
        "list",
        "text",
        "no paths",
        "no openapi",
        "paths list",
        "swagger",
        "open",
        "colons",
        "twice",
        "utf-16",
        "nul",
        "no info",
        "odd path",
    ],
)
def test_what_is_no_document_is_refused(
    refusal: Callable[[Any], str], tmp_path: Path, content: bytes | None, said: str
) -> None:
    """The error names the file and says what it is not."""
    path = tmp_path / "openapi.yaml"
    if content is not None:
        path.write_bytes(content)
    reason = refusal(path)

    assert "openapi.yaml" in reason
    assert said in reason


def test_a_folder_is_no_document(refusal: Callable[[Any], str], tmp_path: Path) -> None:
    """Nor is what one may not read."""
    assert "cannot be read" in refusal(tmp_path)
