"""Every value that the document shows, against its schema."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

import jsonschema_rs

from store_credit_tools.check.findings import meant
from store_credit_tools.check.schemas import properties_of
from store_credit_tools.check.source import Location, Node, items, mapping, pointer
from store_credit_tools.check.walk import Walk, steps

__all__ = ["Values", "check_examples", "innermost"]

_DECIMAL: Final = r"^-?\d+(\.\d+)?$"
_ANNOTATIONS: Final = frozenset({"password", "unix-time", "binary", "byte"})
_DOCUMENT: Final = "urn:document:"


class Values:
    """Validates values by the document's schemas; what is wrong in a schema itself is left out."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        data: dict[str, Any] = copy.deepcopy(walk.source.data)
        # From behind, so that what is removed from a list moves nothing that is still to be removed.
        for place in sorted(walk.wrong, key=_by_index, reverse=True):
            _remove(data, place)
        alone = _alone(walk)
        sides = {"request": data, "response": copy.deepcopy(data)}
        for side, document in sides.items():
            for place, _ in walk.all("schema"):
                schema = _at(document, place)
                if isinstance(schema, dict):
                    _prepare(cast("dict[str, Any]", schema), side, closed=place in alone)
        self._registry = jsonschema_rs.Registry([(_DOCUMENT + side, document) for side, document in sides.items()])
        self._made: dict[tuple[str, Location], jsonschema_rs.Validator | None] = {}

    def check(self, place: Location, schema: Location, value: Any, *, request: bool) -> None:
        """Note what is wrong with a value that stands at a place, by the schema at another."""
        side = "request" if request else "response"
        key = (side, schema)
        if key not in self._made:
            self._made[key] = self._compile(side, schema)
        validator = self._made[key]
        if validator is None or validator.is_valid(value):
            return
        # One line for each place: what is no number is not one of the numbers listed, either.
        errors = {tuple(error.instance_path): error for error in reversed([*innermost(validator.iter_errors(value))])}
        for error in errors.values():
            inner = (*place, *(str(step) for step in error.instance_path))
            said = ".".join(str(step) for step in error.instance_path)
            what, remedy = _told(self._walk, error)
            self._walk.source.add(inner, f"the example is not valid{f' at {said}' if said else ''}: {what}", remedy)

    def _compile(self, side: str, schema: Location) -> jsonschema_rs.Validator | None:
        target = {
            "$ref": _DOCUMENT + side + pointer(schema).replace("%", "%25").replace("{", "%7B").replace("}", "%7D")
        }
        try:
            return jsonschema_rs.Draft202012Validator(target, registry=self._registry, validate_formats=True)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
            return None  # What is wrong with the schema is said where it stands.


def check_examples(walk: Walk) -> None:
    """Note examples, defaults and constants that their schema refuses."""
    values = Values(walk)
    received = _received(walk)
    for kind in ("mediaType", "parameter", "header"):
        for place, owner in walk.all(kind):
            schema = (*place, "schema")
            if not isinstance(owner.get("schema"), dict):
                continue
            for where, value in _examples(walk, place, owner):
                if kind == "mediaType" and not _is_json(place[-1]) and isinstance(value, str):
                    continue  # The text of a body that is not JSON.
                values.check(where, schema, value, request=place not in received)
    for place, schema in walk.all("schema"):
        for name in ("example", "default"):
            if name in schema:
                values.check((*place, name), place, schema[name], request=False)
        listed: Any = schema.get("examples")
        for number, value in enumerate(items(listed)):
            values.check((*place, "examples", str(number)), place, value, request=False)


def _examples(walk: Walk, place: Location, owner: Node) -> Iterator[tuple[Location, Any]]:
    if "example" in owner:
        yield (*place, "example"), owner["example"]
    named: Any = owner.get("examples")
    for name in mapping(named):
        where, example = walk.resolve((*place, "examples", name))
        if isinstance(example, dict) and "value" in example:
            yield (*where, "value"), mapping(example)["value"]


def _received(walk: Walk) -> set[Location]:
    """The media types that a client receives: those of responses, and of the requests of webhooks and callbacks."""
    found: set[Location] = set()
    for place, _ in walk.all("response"):
        found |= {inner for inner in walk.found["mediaType"] if inner[: len(place)] == place}
    for place, operation in walk.all("operation"):
        if place[0] == "webhooks" and "requestBody" in operation:
            body = walk.resolve((*place, "requestBody"))[0]
            found |= {inner for inner in walk.found["mediaType"] if inner[: len(body)] == body}
    return found


def _is_json(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return kind.endswith(("/json", "+json")) or kind == "*/*"


def _prepare(schema: dict[str, Any], side: str, *, closed: bool) -> None:
    kind = schema.get("format")
    if kind == "decimal":
        del schema["format"]
        if "pattern" in schema:
            schema.setdefault("allOf", []).append({"pattern": _DECIMAL})
        else:
            schema["pattern"] = _DECIMAL
    elif kind in _ANNOTATIONS:
        del schema["format"]
    if schema.get("nullable") is True and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and limit in schema:
            schema[exclusive] = schema.pop(limit)
    forbidden = "readOnly" if side == "request" else "writeOnly"
    properties: Any = schema.get("properties")
    if isinstance(properties, dict):
        members = cast("dict[str, Any]", properties)
        gone = [name for name, one in members.items() if mapping(one).get(forbidden) is True]
        if isinstance(schema.get("required"), list):
            schema["required"] = [name for name in schema["required"] if name not in gone]
        if side == "response" and closed:
            schema.setdefault("additionalProperties", False)


def _alone(walk: Walk) -> set[Location]:
    """Schemas that list all their members themselves: in an example of a response, another one is a misspelling."""
    parts: set[Location] = set()
    for place, schema in walk.all("schema"):
        parts |= {walk.resolve((*place, "allOf", str(n)))[0] for n in range(len(items(schema.get("allOf"))))}
    composed = {"allOf", "anyOf", "oneOf", "if", "$ref", "patternProperties", "dependentSchemas"}
    return {
        place
        for place, schema in walk.all("schema")
        if "properties" in schema and place not in parts and not composed & schema.keys()
    }


def innermost(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[jsonschema_rs.ValidationError]:
    """What is wrong with a value that fits none of several: by the branch that gets furthest into it."""
    for error in errors:
        depth = len(error.instance_path)
        branches: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", None) or []
        meant_for = [branch for branch in branches if not any(_of_another_type(one, depth) for one in branch)]
        reach = [max(len(one.instance_path) for one in branch) for branch in meant_for]
        furthest = [branch for branch, far in zip(meant_for, reach, strict=True) if far == max(reach)]
        if furthest:
            yield from innermost(min(furthest, key=len))
        else:
            yield error


def _of_another_type(error: jsonschema_rs.ValidationError, depth: int) -> bool:
    """Whether a branch was refused for its type alone, so that it describes another kind of thing."""
    if error.kind.name not in {"const", "enum", "not", "type"}:
        return False
    return len(error.instance_path) == depth or error.instance_path[-1] == "type"


def _told(walk: Walk, error: jsonschema_rs.ValidationError) -> tuple[str, str]:
    kind = error.kind
    kinds = jsonschema_rs.ValidationErrorKind
    if isinstance(kind, kinds.AdditionalProperties | kinds.UnevaluatedProperties):
        names = [str(name) for name in kind.unexpected]
        known = properties_of(walk, steps((error.absolute_keyword_location or "#").partition("#")[2])[:-1]) or set()
        return f"the schema has no {', '.join(names)}", meant(
            names[0], known, "remove it, or describe it in the schema"
        )
    if isinstance(kind, kinds.Required):
        return f"{str(kind.property).strip(chr(34))} is missing", "add it to the example, or remove it from `required`"
    message = error.message
    if len(message) > 200:
        message = f"{json.dumps(error.instance, default=str)[:60]} does not satisfy `{_keyword(error)}`"
    return message, "correct the example or the schema"


def _keyword(error: jsonschema_rs.ValidationError) -> str:
    return str(error.schema_path[-1]) if error.schema_path else "the schema"


def _at(data: Any, place: Location) -> Any:
    for name in place:
        kept = items(data)
        data = kept[int(name)] if name.isdecimal() and int(name) < len(kept) else mapping(data).get(name)
    return data


def _remove(data: Any, place: Location) -> None:
    holder = _at(data, place[:-1])
    if isinstance(holder, dict):
        cast("dict[str, Any]", holder).pop(place[-1], None)
    elif isinstance(holder, list):
        kept = cast("list[Any]", holder)
        number = int(place[-1])
        kept[number : number + 1] = [True for one in kept[number : number + 1] if isinstance(one, dict)]


def _by_index(place: Location) -> tuple[tuple[int, str], ...]:
    return tuple((int(step), "") if step.isdecimal() else (-1, step) for step in place)
