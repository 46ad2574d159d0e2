"""A document in OpenAPI 3.1 said once more in 3.0.3, for tools that read nothing newer.

What 3.0 cannot say is said as its tools expect it: a type that may be null is `nullable`, several types are an `anyOf`,
a constant is an `enum` of one, words beside a reference stand beside an `allOf` of it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, Final, cast

__all__ = ["downgraded"]

Data = dict[str, Any]

_ONE: Final = ("items", "not", "additionalProperties")
_LISTS: Final = ("allOf", "anyOf", "oneOf")
_OF_TYPE: Final = {
    "string": {"minLength", "maxLength", "pattern"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "object": {"properties", "required", "additionalProperties", "minProperties", "maxProperties"},
}
"""The keywords that say something of values of one type alone."""


def downgraded(document: Mapping[str, Any]) -> Data:
    """A document in OpenAPI 3.0.3. Webhooks, the dialect and `info.summary`, which 3.0 does not have, are left out."""
    data: Data = copy.deepcopy(dict(document))
    data["openapi"] = "3.0.3"
    for name in ("webhooks", "jsonSchemaDialect"):
        data.pop(name, None)
    data["info"].pop("summary", None)
    data["info"].get("license", {}).pop("identifier", None)
    for schema in data.get("components", {}).get("schemas", {}).values():
        _schema(schema)
    _visit(data)
    return data


def _visit(node: Any) -> None:
    """Find the schemas outside components/schemas."""
    if isinstance(node, list):
        for one in cast("list[Any]", node):
            _visit(one)
    elif isinstance(node, dict):
        found = cast("Data", node)
        if isinstance(found.get("$ref"), str):
            # Of what is not a schema, 3.0 ignores all words beside a reference.
            for name in ("summary", "description"):
                found.pop(name, None)
        for name, member in found.items():
            if name == "schema":
                _schema(member)
            elif name not in {"schemas", "example", "examples", "value"}:
                _visit(member)


def _schema(schema: Any) -> None:
    """Change a schema, and those in it, to what 3.0 has."""
    if not isinstance(schema, dict):
        return
    node = cast("Data", schema)
    for name in _ONE:
        _schema(node.get(name))
    for name in _LISTS:
        for one in node.get(name, []):
            _schema(one)
    for member in node.get("properties", {}).values():
        _schema(member)
    if "const" in node:
        node["enum"] = [node.pop("const")]
    for bound, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if bound in node and not isinstance(node[bound], bool):
            node[plain], node[bound] = node[bound], True
    _without_null_branch(node)
    if isinstance(node.get("type"), list):
        _single_type(node)
    if "$ref" in node and len(node) > 1:
        node["allOf"] = [{"$ref": node.pop("$ref")}]


def _without_null_branch(node: Data) -> None:
    """`oneOf: [..., {type: "null"}]` is `nullable` beside the rest."""
    for name in ("anyOf", "oneOf"):
        branches: list[Data] = node.get(name, [])
        rest = [one for one in branches if one != {"type": "null"}]
        if len(rest) == len(branches):
            continue
        del node[name]
        node["nullable"] = True
        if len(rest) == 1:
            # With its own words beside it, a reference goes into allOf below.
            for key, value in rest[0].items():
                node.setdefault(key, value)
        else:
            node[name] = rest


def _single_type(node: Data) -> None:
    """`type: [integer, "null"]` is `type: integer, nullable: true`; of several types each is a branch of `anyOf`."""
    listed: list[str] = node.pop("type")
    kinds = [kind for kind in listed if kind != "null"]
    null: Data = {"nullable": True} if "null" in listed else {}
    if len(kinds) == 1:
        node.update(type=kinds[0], **null)
        return
    branches: list[Data] = []
    for kind in kinds:
        own = _OF_TYPE["number" if kind == "integer" else kind] if kind != "boolean" else set[str]()
        branches.append({"type": kind, **{name: node[name] for name in node.keys() & own}, **null})
    for name in set[str]().union(*_OF_TYPE.values()) & node.keys():
        del node[name]
    if "format" in node:
        # What a format says of a text; of numbers it is known by other names.
        for branch in branches:
            if branch["type"] == "string":
                branch["format"] = node["format"]
        del node["format"]
    node["anyOf"] = branches
