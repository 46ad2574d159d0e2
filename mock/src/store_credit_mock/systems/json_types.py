"""JSON Schema from annotated dataclasses, and their instances from JSON: one class says what a body is, everywhere.

A class is described by its docstring, an attribute there or by `Annotated[int, "Minor units."]`. In the same place
`Schema(minimum=1)` adds keywords to a schema, and `Named("Snapshot", schema)` is one that no class stands for.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Generic,
    Literal,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

__all__ = [
    "Count",
    "JsonValue",
    "Limit",
    "Named",
    "Page",
    "Schema",
    "described",
    "named_schema",
    "read_json",
    "schema_of",
    "type_hints",
]

Item = TypeVar("Item")

_TYPES: Final = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}
_REFERENCE: Final = "#/components/schemas/"


class Schema:
    """Keywords that `Annotated` adds to the schema of a type, such as `Schema(minimum=1)`."""

    __slots__ = ("keywords",)

    def __init__(self, **keywords: Any) -> None:
        self.keywords = keywords


class Named:
    """A whole schema of this name that `Annotated` puts in the place of a type's own."""

    __slots__ = ("name", "schema")

    def __init__(self, name: str, schema: Mapping[str, Any]) -> None:
        self.name = name
        self.schema = schema


JsonValue = Annotated[Any, Named("JsonValue", {"description": "Any JSON value."})]
Count = Annotated[int, Schema(minimum=0)]
Limit = Annotated[int, Schema(minimum=1, maximum=1000)]


class Page(Generic[Item]):
    """A list that tells more than its items; may be used as one."""

    __slots__ = ()
    data: list[Item]

    def __iter__(self) -> Iterator[Item]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, place: int) -> Item:
        return self.data[place]


def described(owner: Any) -> tuple[str, dict[str, str]]:
    """Read a docstring: the prose, and what it says of each attribute or argument."""
    prose, *parts = re.split(r"\n\n(Attributes|Args|Raises|Returns):\n", inspect.getdoc(owner) or "")
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    listed = sections.get("Attributes") or sections.get("Args") or ""
    said = re.findall(r"^    (\w+): (.*(?:\n {6,}.*)*)", listed, flags=re.MULTILINE)
    return re.sub(r"(?<!\n)\n(?!\n)", " ", prose), {name: " ".join(text.split()) for name, text in said}


@cache
def type_hints(owner: Any) -> dict[str, Any]:
    """The annotations of a class or a function, evaluated, with what `Annotated` adds."""
    return get_type_hints(owner, include_extras=True)


def named_schema(kind: Any) -> str | None:
    """The name that a type has among the components; None if it has none."""
    if get_origin(kind) is Annotated:
        return next((note.name for note in get_args(kind)[1:] if isinstance(note, Named)), None)
    return kind.__name__ if is_dataclass(kind) and isinstance(kind, type) else None


def schema_of(kind: Any, components: dict[str, Any], *, complete: bool = False) -> dict[str, Any]:
    """Derive the JSON Schema of a type; what has a name goes into `components` and is referred to.

    Args:
        kind: An annotation.
        components: Schemas by name; those that are there already are kept.
        complete: Every attribute is there, as in a response; otherwise those with a default may be left out.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    name = named_schema(kind)
    if name is not None:
        if name not in components:
            components[name] = {}
            components[name] = (
                _object(kind, components, complete)
                if origin is None
                else next(note.schema for note in arguments[1:] if isinstance(note, Named))
            )
        return {"$ref": _REFERENCE + name}
    if origin is Annotated:
        schema = _of(arguments[0], components, complete)
        for note in arguments[1:]:
            schema.update({"description": note} if isinstance(note, str) else note.keywords)
        return schema
    return _of(kind, components, complete)


def _of(kind: Any, components: dict[str, Any], complete: bool) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], components, complete=complete)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], components, complete=complete)}
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin in {Union, UnionType}:
        return _any_of([schema_of(argument, components, complete=complete) for argument in arguments])
    return {"type": _TYPES[kind]} if kind in _TYPES else schema_of(kind, components, complete=complete)


def _any_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema with several types where that says the same as alternatives: its errors are easier to read."""
    first, *others = schemas
    if isinstance(first.get("type"), str) and all(other.keys() == {"type"} for other in others):
        made = {**first, "type": [first["type"], *(other["type"] for other in others)]}
        return {**made, "enum": [*first["enum"], None]} if "enum" in first else made
    return {"anyOf": schemas}


def _object(kind: Any, components: dict[str, Any], complete: bool) -> dict[str, Any]:
    text, said = described(kind)
    for base in kind.__mro__[1:-1]:
        said = {**described(base)[1], **said}
    hints = type_hints(kind)
    properties: dict[str, Any] = {}
    for field in fields(kind):
        schema = schema_of(hints[field.name], components, complete=complete)
        if field.name in said:
            schema["description"] = said[field.name]
        if not complete and field.default not in {MISSING, None}:
            schema["default"] = field.default
        properties[field.name] = schema
    required = [
        field.name
        for field in fields(kind)
        if complete or (field.default is MISSING and field.default_factory is MISSING)
    ]
    return {
        "type": "object",
        "description": text,
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def read_json(kind: Any, value: Any) -> Any:
    """Make an instance of a type from a JSON value that fits its schema; members that a class lacks are passed over."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return read_json(arguments[0], value)
    if origin in {Union, UnionType}:
        got = value.__class__
        fitting = (one for one in arguments if got is get_origin(one) or (got is dict and is_dataclass(one)))
        return read_json(next(fitting, None), value)
    if origin is list and isinstance(value, list):
        return [read_json(arguments[0], item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if origin is dict:
            return {name: read_json(arguments[1], item) for name, item in members.items()}
        if is_dataclass(kind) and isinstance(kind, type):
            hints = type_hints(kind)
            return kind(**{name: read_json(hints[name], item) for name, item in members.items() if name in hints})
        return members
    return value
