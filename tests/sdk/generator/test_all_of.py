"""What the document says of a member counts wherever it stands: in a part of `allOf`, and beside a reference."""

from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.sdk import Plan, read_plan

DECIMAL = {"type": "string", "format": "decimal", "description": "An amount."}


def plan(**schemas: Any) -> Plan:
    """What is read of a document with an operation that takes `VinrInput` and gives `VinrThing`."""
    content = {name: {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}} for name in schemas}
    operation = {
        "operationId": "vinr.things.create",
        "tags": ["vinr.things"],
        "requestBody": {"content": content["VinrInput"]},
        "responses": {"201": {"description": "made", "content": content["VinrThing"]}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "paths": {"/v1/things": {"post": operation}},
        "components": {"schemas": {"Amount": DECIMAL, **schemas}},
    }
    return read_plan(Parsed(document, simplify=True))


def test_the_parts_of_all_of_are_one_schema() -> None:
    """Their members, what is required of them, how they are read, and what the marks say."""
    amount = {"$ref": "#/components/schemas/Amount", "description": "What it costs."}
    base = {"type": "object", "properties": {"amount": amount, "at": {"type": "integer", "format": "unix-time"}}}
    alternative = {"$ref": "#/components/schemas/Amount", "x-alternative": "amount"}
    own = {"type": "object", "required": ["amount"], "properties": {"price": alternative, "note": {"type": "string"}}}
    both = {"allOf": [{"$ref": "#/components/schemas/Base"}, own]}
    read = plan(Base=base, VinrInput=both, VinrThing={**both, "description": "A thing.", "x-source": ["a: b"]})
    (method,) = read.systems[0].resources[0].methods
    model = read.models["VinrThing"]

    assert [(one.name, one.annotation, one.description) for one in method.arguments] == [
        ("amount", "int | str | Decimal", "What it costs."),
        ("at", "datetime | int | Unset", ""),
        ("note", "str | Unset", ""),
    ]
    assert {one.name: (one.codec, one.optional, one.description) for one in model.fields} == {
        "amount": ("DECIMAL", False, "What it costs."),
        "at": ("UNIX_TIME", True, ""),
        "price": ("DECIMAL", True, "An amount."),
        "note": ("AS_IS", True, ""),
    }
    assert (model.description, model.sources) == ("A thing.", ["a: b"])


def test_what_is_deprecated_says_so_and_what_is_only_sent_is_not_read() -> None:
    """In the description of the attribute, also where its reference stands beside the mark."""
    members = {
        "old": {"type": "string", "deprecated": True, "description": "Use new."},
        "older": {"$ref": "#/components/schemas/Amount", "deprecated": True},
        "secret": {"type": "string", "writeOnly": True},
    }
    thing = {"type": "object", "required": ["secret"], "properties": members}
    (*fields,) = plan(VinrInput={"type": "object", "properties": {}}, VinrThing=thing).models["VinrThing"].fields

    assert {one.name: one.description for one in fields} == {
        "old": "Deprecated. Use new.",
        "older": "Deprecated. An amount.",
    }
