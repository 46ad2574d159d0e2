"""What holds for the schemas of the document, their extensions and their formats."""

import re
from collections.abc import Mapping
from typing import Any

from store_credit_mock.contract import Document

from .walking import objects

# Formats JSON Schema itself describes, of those the document may use.
STANDARD_FORMATS = {"date-time"}
# Those with a meaning of their own; `unix-time` is one of numbers, whose range the schema states itself.
FORMATS = {"decimal", "password", "unix-time"}


def test_request_amounts_have_no_format(document: Document) -> None:
    """Generators make a text of a number whose schema says `format: decimal`, and Spree 5.3 reads texts by language."""
    for name in ("SpreeAmount", "SpreeNonNegativeAmount"):
        amount = document.data["components"]["schemas"][name]
        assert {"format", "type"}.isdisjoint(amount)
        assert [branch["type"] for branch in amount["anyOf"]] == ["number", "string"]


def test_extensions_are_explained(document: Document) -> None:
    """Every `x-` name the document uses is in the table of its description, and no other."""
    used = {name for _, owner in objects(document.data) for name in owner if name.startswith("x-")}
    table = set(re.findall(r"^\| `(x-[A-Za-z-]+)` \|", document.data["info"]["description"], re.MULTILINE))

    assert used - {"x-vinr-request-id"} == table


def test_named_members_exist(document: Document) -> None:
    """`required` and `x-always-present` name properties, each once; what is always present is not required."""
    for location, schema in objects(document.data["components"]["schemas"]):
        for keyword in ("required", "x-always-present"):
            if isinstance(schema.get(keyword), list):
                assert set(schema[keyword]) <= set(schema["properties"]), location
                assert len(set(schema[keyword])) == len(schema[keyword]), location
        assert {*schema.get("required", ())}.isdisjoint(schema.get("x-always-present", ())), location


def test_attributes_and_relationships_are_marked(document: Document) -> None:
    """Every attributes and relationships schema of a JSON:API resource has `x-always-present`."""
    schemas = document.data["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith(("Attributes", "Relationships")):
            assert schema["x-always-present"], name
            assert "additionalProperties" not in schema, name


def test_relationships_name_their_resource(document: Document) -> None:
    """Each relationship says by `x-resource` which schema its target has."""
    schemas = document.data["components"]["schemas"]
    checked = 0
    for name, schema in schemas.items():
        if not name.endswith("Relationships"):
            continue
        for relationship in schema["properties"].values():
            targets = relationship["x-resource"]
            for target in [targets] if isinstance(targets, str) else targets:
                checked += 1
                assert {"id", "type"} <= set(schemas[target]["properties"])
            assert relationship["$ref"].rsplit("/", 1)[1] in {"SpreeToOne", "SpreeToMany"}
    assert checked > 40


def test_included_resources_are_told_apart_by_type(document: Document) -> None:
    """No value of `type` fits two branches of a union: the open resource excludes what has a schema of its own."""
    schemas = document.data["components"]["schemas"]
    excluded = set(schemas["SpreeResource"]["properties"]["type"]["not"]["enum"])
    named: set[str] = {"cart"}
    for union in ("SpreePlatformIncluded", "SpreeStorefrontIncluded"):
        branches = [reference["$ref"].rsplit("/", 1)[1] for reference in schemas[union]["oneOf"]]
        kinds = [kind for branch in branches if branch != "SpreeResource" for kind in _kinds(schemas[branch])]
        assert len(set(kinds)) == len(kinds)
        assert branches[-1] == "SpreeResource"
        named |= set(kinds)
    assert named == excluded


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kind = schema["properties"]["type"]
    return kind.get("enum") or [kind["const"]]


def test_enumerations_are_open_unless_they_are_constants(document: Document) -> None:
    """An unknown value must stay readable: a fixed `enum` is only for what is sent, and for the two kinds of user."""
    closed = {location for location, schema in objects(document.data) if isinstance(schema.get("enum"), list)}

    assert closed == {
        ("components", "parameters", "VinrExpand", "schema", "items"),
        ("components", "parameters", "VinrExpandInList", "schema", "items"),
        ("components", "schemas", "SpreeTokenBody", "properties", "grant_type"),
        ("components", "schemas", "SpreeUser", "properties", "type"),
        ("components", "schemas", "SpreeResource", "properties", "type", "not"),
    }


def test_every_format_is_checked(document: Document) -> None:
    """No format goes unchecked, and each number with a format states its range."""
    used = set()
    for location, schema in objects(document.data):
        if isinstance(schema.get("format"), str):
            used.add(schema["format"])
            if schema["format"] == "unix-time":
                assert {"minimum", "maximum"} <= set(schema), location
    assert used == FORMATS | STANDARD_FORMATS


def test_every_property_is_described(document: Document) -> None:
    """A reader never meets a bare name, neither a property nor a parameter nor a header."""
    for location, schema in objects(document.data["components"]["schemas"]):
        for name, member in schema.get("properties", {}).items():
            described = "description" in member or (
                "$ref" in member and "description" in document.resolve(member["$ref"])[1]
            )
            assert described, (*location, name)
    for operation in document.operations.values():
        for _, parameter in operation.parameters:
            assert parameter["description"].strip()
