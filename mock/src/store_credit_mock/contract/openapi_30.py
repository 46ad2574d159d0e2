"""OpenAPI 3.0 written as 3.1, whose schemas are JSON Schema."""

from __future__ import annotations

from typing import Any, Final, cast

__all__ = ["as_31", "limits_and_null"]

_ANNOTATIONS: Final = frozenset(
    {"default", "deprecated", "description", "example", "examples", "externalDocs", "readOnly", "title", "writeOnly"}
)
"""What says something of a value without restricting it; it stays where null is allowed beside everything else."""


def as_31(schema: dict[str, Any]) -> None:
    """Change one schema of OpenAPI 3.0, those inside it left out.

    `nullable` adds null to the types, or beside `allOf` and the like; true of `exclusiveMinimum` makes the limit
    exclusive; what stands beside `$ref` is nothing; `example` is one of `examples`; `format: byte` is base64.
    """
    if isinstance(schema.get("$ref"), str):
        for name in schema.keys() - {"$ref"}:
            del schema[name]
        return
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
    if schema.get("type") == "file":
        # Of Swagger 2.0, and still written.
        schema.update(type="string", format="binary")
    if schema.get("format") == "byte":
        schema.setdefault("contentEncoding", "base64")
    limits_and_null(schema)


def limits_and_null(schema: dict[str, Any]) -> None:
    """Change in one schema what documents of 3.1 go on writing as in 3.0, where it says nothing or is not valid."""
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and limit in schema:
            schema[exclusive] = schema.pop(limit)
    if schema.pop("nullable", False) is True:
        _allow_null(schema)


def _allow_null(schema: dict[str, Any]) -> None:
    kind = schema.get("type")
    enumerated: Any = schema.get("enum")
    if isinstance(enumerated, list) and None not in enumerated:
        # To the letter null must be listed, too; those who write `nullable` mean it.
        schema["enum"] = [*cast("list[Any]", enumerated), None]
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
        kind = None
        if schema.keys().isdisjoint({"allOf", "anyOf", "oneOf", "not", "$ref"}):
            return
    if schema.keys().isdisjoint({"$ref", "allOf", "anyOf", "oneOf", "not", "type", "properties"}):
        return
    rest = {name: schema.pop(name) for name in list(schema) if name not in _ANNOTATIONS and not name.startswith("x-")}
    schema["anyOf"] = [rest, {"type": "null"}]
