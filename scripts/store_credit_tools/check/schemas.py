"""What is wrong inside a schema: types, names that no property has, limits that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import jsonschema_rs

from store_credit_tools.check.findings import meant
from store_credit_tools.check.grammar import FORMATS, TYPES
from store_credit_tools.check.source import Location, Node, items, mapping
from store_credit_tools.check.walk import Walk

__all__ = ["check_schemas", "properties_of"]

_OF_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "string": ("maxLength", "minLength", "pattern", "x-extensible-enum"),
    "number": ("multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"),
    "array": ("items", "prefixItems", "maxItems", "minItems", "uniqueItems", "contains"),
    "object": ("properties", "required", "additionalProperties", "maxProperties", "minProperties", "x-always-present"),
}
_LIMITS: Final = (
    ("minimum", "maximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
)
_ELSEWHERE: Final = {
    "str": "string",
    "text": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "dict": "object",
    "map": "object",
    "list": "array",
    "date": "string",
    "datetime": "string",
    "decimal": "number",
    "none": "null",
    "nil": "null",
    "file": "string",
    "any": "string",
}
"""What other languages call a type."""


def check_schemas(walk: Walk) -> None:
    """Note what is wrong in any schema."""
    for place, schema in walk.all("schema"):
        kinds = _types(walk, place, schema)
        _fitting(walk, place, schema, kinds)
        _named(walk, place, schema)
        _limits(walk, place, schema)
        for keyword in ("enum", "required", "x-always-present", "x-extensible-enum"):
            _once(walk, place, keyword, schema.get(keyword))
        values = schema.get("enum")
        if isinstance(values, list) and not values:
            walk.source.add(
                (*place, "enum"), "an empty `enum`, which no value satisfies", "list the values, or remove it"
            )
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not _compiles(pattern):
            walk.wrong.add((*place, "pattern"))
            walk.source.add(
                (*place, "pattern"), f"`pattern` is not a valid regular expression: {pattern}", "correct it"
            )
        kind = schema.get("format")
        if isinstance(kind, str) and kind not in FORMATS and (hint := meant(kind, FORMATS, "")):
            walk.source.add((*place, "format"), f"the format {kind} is not known", hint)
        if {"readOnly", "writeOnly"} <= {name for name in schema if schema[name] is True}:
            walk.source.add(place, "readOnly and writeOnly together, so neither side may send it", "remove one")


def properties_of(walk: Walk, place: Location, seen: frozenset[Location] = frozenset()) -> set[str] | None:
    """The names of all properties a schema lists, with those it refers to or is composed of.

    Returns:
        None where the names cannot all be known: a reference is broken, or properties are told by patterns.
    """
    place, schema = walk.resolve(place)
    if schema is None or place in seen:
        return None if schema is None else set()
    if not isinstance(schema, dict):
        return set()
    members = mapping(schema)
    if "patternProperties" in members:
        return None
    listed = members.get("properties")
    found: set[str] = {*mapping(listed)}
    parts: list[Location] = []
    for name in ("allOf", "anyOf", "oneOf"):
        parts += [(*place, name, str(number)) for number in range(len(items(members.get(name))))]
    parts += [(*place, name) for name in ("then", "else") if name in members]
    for part in parts:
        names = properties_of(walk, part, seen | {place})
        if names is None:
            return None
        found |= names
    return found


def _types(walk: Walk, place: Location, schema: Node) -> set[str]:
    kind: Any = schema.get("type")
    if "type" not in schema:
        return set()
    given: list[Any] = items(kind) if isinstance(kind, list) else [kind]
    if isinstance(kind, list) and walk.version == "3.0":
        walk.source.add(
            (*place, "type"), "a list of types is new in OpenAPI 3.1", "write one type, and `nullable: true`"
        )
    for one in given:
        if one is None:
            walk.source.add((*place, "type"), "the type null is not a string", 'put it in quotes: "null"')
        elif one not in TYPES:
            known = [name for name in TYPES if name != "null" or walk.version != "3.0"]
            guess = _ELSEWHERE.get(str(one).lower())
            remedy = f"did you mean {guess}?" if guess else meant(str(one), known, f"types are {', '.join(known)}")
            walk.source.add((*place, "type"), f"{one} is not a valid type", remedy)
        elif walk.version == "3.0" and one == "null":
            walk.source.add((*place, "type"), "the type null is new in OpenAPI 3.1", "write `nullable: true`")
        else:
            continue
        walk.wrong.add((*place, "type"))
        return set()
    if isinstance(kind, list) and (not given or len({*given}) < len(given)):
        walk.wrong.add((*place, "type"))
        walk.source.add(
            (*place, "type"), "a list of types must contain at least one type, and each only once", "correct the list"
        )
    return {str(one) for one in given}


def _fitting(walk: Walk, place: Location, schema: Node, kinds: set[str]) -> None:
    """Note keywords that say nothing beside their type, and constants of another type."""
    if not kinds:
        return
    broad = kinds | {"number" for kind in kinds if kind == "integer"}
    for kind, keywords in _OF_TYPE.items():
        for keyword in keywords:
            if keyword in schema and kind not in broad:
                said = f"`{keyword}` has no meaning for the type {' or '.join(sorted(kinds))}"
                walk.source.add((*place, keyword), said, "correct one of them")
    constants: list[tuple[Location, Any]] = [((*place, "const"), schema["const"])] if "const" in schema else []
    values: Any = schema.get("enum")
    if isinstance(values, list):
        constants += [((*place, "enum", str(number)), value) for number, value in enumerate(items(values))]
    if walk.version == "3.0" and schema.get("nullable") is True:
        kinds = kinds | {"null"}
    for where, value in constants:
        if not any(_is_of(value, kind) for kind in kinds):
            said = f"{value!r} is not of the type {' or '.join(sorted(kinds))}"
            walk.source.add(
                where, said, "correct the value or the type" if value is not None else 'add "null" to the types'
            )
    if "array" in kinds and not {"items", "prefixItems", "$ref"} & schema.keys() and walk.version == "3.0":
        walk.source.add(place, "an array without `items`", "describe its items")


def _is_of(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind in {"integer", "number"}:
        return isinstance(value, int) or (isinstance(value, float) and (kind == "number" or value.is_integer()))
    python: dict[str, type] = {"null": type(None), "object": dict, "array": list, "string": str, "boolean": bool}
    return isinstance(value, python[kind])


def _named(walk: Walk, place: Location, schema: Node) -> None:
    """Note required members that are no properties."""
    for keyword in ("required", "x-always-present"):
        names: Any = schema.get(keyword)
        if not isinstance(names, list) or not names:
            continue
        known = properties_of(walk, place)
        # Part of a composition: the properties may stand beside it. A mapping of any names has those, too.
        if known is None or (not known and "properties" not in schema):
            known = None
        elif len(place) > 1 and place[-2] in {"allOf", "anyOf", "oneOf"}:
            around = properties_of(walk, place[:-2])
            known = None if around is None else known | around
        if known is None or (schema.get("additionalProperties") not in (None, False) and keyword == "required"):
            continue
        for number, name in enumerate(items(names)):
            if isinstance(name, str) and name not in known:
                walk.wrong.add((*place, keyword, str(number)))
                remedy = meant(name, known, "add the property, or remove the name from the list")
                walk.source.add(
                    (*place, keyword, str(number)), f"`{keyword}` names {name}, which is not a property", remedy
                )


def _limits(walk: Walk, place: Location, schema: Node) -> None:
    for low, high in _LIMITS:
        least, most = schema.get(low), schema.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            walk.wrong.add((*place, low))
            walk.source.add(
                (*place, low), f"`{low}` {least} is above `{high}` {most}, so no value is valid", "correct one"
            )
    if isinstance(step := schema.get("multipleOf"), int | float) and step <= 0:
        walk.wrong.add((*place, "multipleOf"))
        walk.source.add((*place, "multipleOf"), "`multipleOf` must be above 0", "correct it")


def _once(walk: Walk, place: Location, keyword: str, values: Any) -> None:
    seen: list[Any] = []
    for number, value in enumerate(items(values)):
        if any(value == other and type(value) is type(other) for other in seen):
            walk.source.add((*place, keyword, str(number)), f"`{keyword}` names {value} twice", "remove one")
            walk.wrong.add((*place, keyword))
        seen.append(value)


def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.validator_for({"pattern": pattern}, pattern_options=jsonschema_rs.FancyRegexOptions())
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True
