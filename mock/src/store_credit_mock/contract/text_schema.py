"""Values that are written as text (parameters, fields of forms, text bodies), read by what their schema takes.

A schema says its types itself, through `$ref`, `allOf`, `anyOf` and `oneOf`, by `enum` and `const`, or by keywords that
speak of one type alone. Where a text could be several values, such as `5` for `type: [integer, string]`, it is the
first that the schema accepts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import Any, Final, cast

from store_credit_mock.contract.document import Document, join

__all__ = ["TextSchema", "TextSchemas", "coerce"]

_INTEGER: Final = re.compile(r"-?\d{1,40}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,4})?", re.ASCII)
_NONE: Final[frozenset[str]] = frozenset()
_CONTAINERS: Final = frozenset({"array", "object"})
_ALL: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_LIMITS: Final = frozenset(
    {
        "$ref", "allOf", "anyOf", "const", "enum", "format", "if", "maxLength", "minLength", "not", "oneOf", "pattern",
        "type",
    }
)  # fmt: skip
"""Keywords that may refuse a text."""
_SPEAKS_OF: Final = {
    "object": ("properties", "additionalProperties", "patternProperties", "required", "propertyNames"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("pattern", "minLength", "maxLength"),
}
"""Keywords that say something of one type alone: without `type`, that one is meant."""


def coerce(text: str, types: frozenset[str]) -> Any:
    """What a text stands for under a schema with these types; the text itself where it fits none of them."""
    if "string" in types or not types:
        return text
    if ("integer" in types or "number" in types) and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if "null" in types and text in {"", "null"}:
        return None
    return text


class TextSchema:
    """One schema, as far as text is read by it.

    Attributes:
        types: The types that a value may have; empty if any.
        takes_lists: Whether a value may be an array.
        takes_objects: Whether a value may be an object.
        takes_scalars: Whether a value may be a text, a number, a boolean or null.
        is_plain: Whether a text stands for itself.
    """

    def __init__(self, schemas: TextSchemas, pointers: Sequence[str], types: frozenset[str]) -> None:
        self.types = types
        self._schemas = schemas
        self._pointers = pointers
        self._parts = list(schemas.parts(pointers))
        self._members: dict[str, TextSchema] = {}
        others = types - {"string"}
        self._several = (
            bool("string" in types and others - _CONTAINERS) or len(types & _CONTAINERS) + bool(types - _CONTAINERS) > 1
        )
        unions = any(_branches(part) for _, part in self._parts)
        self._checks: list[Callable[[Any], bool]] = (
            [schemas.check(pointer) for pointer in pointers] if self._several or (unions and "object" in types) else []
        )
        self._union = unions
        self.is_plain = not types or types == frozenset({"string"})
        self._any_text = self.is_plain or any(schemas.takes_any_text(pointer, frozenset()) for pointer in pointers)
        self.takes_lists = "array" in types
        self.takes_objects = "object" in types
        self.takes_scalars = not types or bool(types - _CONTAINERS)

    @cached_property
    def items(self) -> TextSchema:
        """The schema of an item."""
        return self._schemas.at(
            *(join(pointer, "items") for pointer, part in self._parts if isinstance(part.get("items"), dict))
        )

    @cached_property
    def _first_items(self) -> list[TextSchema]:
        """The schemas of the items that have each their own."""
        longest = max((len(part.get("prefixItems", ())) for _, part in self._parts), default=0)
        return [
            self._schemas.at(
                *(
                    join(pointer, "prefixItems", str(number))
                    for pointer, part in self._parts
                    if number < len(part.get("prefixItems", ()))
                )
            )
            for number in range(longest)
        ]

    @cached_property
    def listed(self) -> frozenset[str]:
        """The names of the members that are listed."""
        return frozenset(name for _, part in self._parts for name in part.get("properties", ()))

    @cached_property
    def is_open(self) -> bool:
        """Whether the schema says of itself that an object may have members that are not listed."""
        stated = [part[name] for _, part in self._parts for name in _OTHERS if name in part]
        return bool(stated) and False not in stated if self.listed else False not in stated

    def member(self, name: str) -> TextSchema:
        """The schema of a member, listed or not."""
        found = self._members.get(name)
        if found is None:
            pointers = [join(pointer, "properties", name) for pointer, part in self._parts if _lists(part, name)]
            if not pointers:
                pointers = [
                    join(pointer, other)
                    for pointer, part in self._parts
                    for other in _OTHERS[:2]
                    if isinstance(part.get(other), dict)
                ]
            found = self._schemas.at(*pointers)
            if len(self._members) < 1000:
                self._members[name] = found
        return found

    def accepts(self, value: Any) -> bool:
        """Whether a value that a text could stand for is right."""
        return any(check(value) for check in self._checks)

    def scalar(self, text: str) -> Any:
        """Read a text as a value that is neither an array nor an object."""
        if self._any_text:
            return text
        if "string" not in self.types:
            return coerce(text, self.types)
        read = coerce(text, self.types - {"string"})
        if isinstance(read, float) and "e" in text.lower():
            return text  # Where a text may be one, 1e3 is a text.
        # What is wrong either way is told of the number, whose bounds say more.
        return text if read is text or self.accepts(text) or (read is None and not self.accepts(None)) else read

    def value(self, texts: Sequence[str], split: Callable[[str], list[str]] | None = None) -> Any:
        """Read what was sent under one name.

        Args:
            texts: Each text that was sent.
            split: Takes apart a text that holds a whole array or object; None if each item comes as a text of its own.
        """
        if not self._several:
            if self.takes_lists:
                return self._list(texts, split)
            if self.takes_objects and split is not None and len(texts) == 1:
                return self._alternating(split(texts[0]))
            return self.scalar(texts[0]) if len(texts) == 1 else [self.scalar(text) for text in texts]
        if self._any_text and len(texts) == 1:
            return texts[0]
        found: list[Any] = []
        if self.takes_scalars and len(texts) == 1:
            found.append(self.scalar(texts[0]))
        if self.takes_lists:
            found.append(self._list(texts, split))
        if self.takes_objects and split is not None and len(texts) == 1:
            found.append(self._alternating(split(texts[0])))
        if len(found) < 2:
            return found[0] if found else list(texts)
        # Where all are wrong, the text itself says least, unless a text is among what is asked for.
        told = found[-1] if isinstance(found[0], str) and "string" not in self.types and self.types else found[0]
        return next((one for one in found if self.accepts(one)), told)

    def _list(self, texts: Sequence[str], split: Callable[[str], list[str]] | None) -> list[Any]:
        if split is None:
            parts = list(texts)
        else:
            parts = split(texts[0]) if len(texts) == 1 else [part for text in texts for part in split(text)]
        if self._first_items:
            schemas = chain(self._first_items, repeat(self.items))
            return [schema.scalar(part) for schema, part in zip(schemas, parts, strict=False)]
        items = self.items
        return parts if items._any_text else [items.scalar(part) for part in parts]

    def _alternating(self, parts: list[str]) -> Any:
        """Read `x,1,y,2`; what has a name without a value is no object, and stays a text."""
        if len(parts) % 2:
            return ",".join(parts)
        return self.object(zip(parts[::2], parts[1::2], strict=True))

    def object(self, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Read the members of an object; one that comes several times is a list."""
        texts: dict[str, list[str]] = {}
        for name, text in pairs:
            texts.setdefault(name, []).append(text)
        return self.of_members({name: self.member(name).value(many) for name, many in texts.items()}, texts)

    def of_members(self, value: dict[str, Any], texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return the object; of a union, whose branches may read a member otherwise, that which one of them accepts."""
        if not self._union or not self._checks or self.accepts(value):
            return value
        other = dict(value)
        for name, many in texts.items():
            if len(many) == 1:
                member = self.member(name)
                other[name] = coerce(many[0], member.types - {"string"} if isinstance(value[name], str) else _NONE)
        return other if self.accepts(other) else value


_OTHERS: Final = ("additionalProperties", "unevaluatedProperties", "patternProperties")


def _lists(part: Mapping[str, Any], name: str) -> bool:
    return name in part.get("properties", ())


def _branches(part: Mapping[str, Any]) -> bool:
    return "anyOf" in part or "oneOf" in part


class TextSchemas:
    """The schemas of a document that text is read by, each made once.

    Args:
        document: Where the schemas stand.
        check: Compiles the schema at a pointer; returns what tells whether a value is right.
    """

    def __init__(self, document: Document, check: Callable[[str], Callable[[Any], bool]]) -> None:
        self._document = document
        self.check = check
        self._made: dict[tuple[str, ...], TextSchema] = {}

    def at(self, *pointers: str) -> TextSchema:
        """The schema at a pointer; of several pointers, one for what either of them takes; of none, for anything."""
        found = self._made.get(pointers)
        if found is None:
            types = [self._types(pointer, frozenset()) for pointer in pointers]
            found = self._made[pointers] = TextSchema(self, pointers, _union(types) or _NONE)
        return found

    def parts(self, pointers: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The schemas that all speak of the same value: with what `$ref`, `allOf`, `anyOf` and `oneOf` add."""
        waiting, seen = list(pointers), set[str]()
        for pointer in waiting:
            schema = self._document.at(pointer)
            if pointer in seen or not isinstance(schema, dict):
                continue
            seen.add(pointer)
            members = cast("dict[str, Any]", schema)
            yield pointer, members
            if isinstance(members.get("$ref"), str):
                waiting.append(self._target(members["$ref"]))
            for name in ("allOf", "anyOf", "oneOf"):
                waiting += [join(pointer, name, str(number)) for number in range(len(members.get(name, ())))]
            waiting += [join(pointer, name) for name in ("then", "else") if name in members]

    def takes_any_text(self, pointer: str, above: frozenset[str]) -> bool:
        """Whether a schema surely takes every text; then nothing has to be tried."""
        schema = self._document.at(pointer)
        if pointer in above or not isinstance(schema, dict):
            return False
        above |= {pointer}
        members = cast("dict[str, Any]", schema)
        said = {name for name in members if name in _LIMITS}
        if said == {"type"}:
            return "string" in members["type"]
        if said == {"$ref"} and isinstance(members["$ref"], str):
            return self.takes_any_text(self._target(members["$ref"]), above)
        if said == {"anyOf"}:
            return any(
                self.takes_any_text(join(pointer, "anyOf", str(one)), above) for one in range(len(members["anyOf"]))
            )
        return False

    def _target(self, reference: str) -> str:
        return reference if reference.startswith("#/") else ""

    def _types(self, pointer: str, above: frozenset[str]) -> frozenset[str] | None:
        """The types that a schema takes, `number` with `integer`; None if it does not say, or says it in a circle."""
        schema = self._document.at(pointer)
        if pointer in above or not isinstance(schema, dict):
            return None
        above |= {pointer}
        members = cast("dict[str, Any]", schema)
        found: list[frozenset[str]] = []
        kinds = members.get("type")
        if kinds is not None:
            found.append(_with_integers(cast("list[str]", kinds) if isinstance(kinds, list) else [kinds]))
        if "const" in members:
            found.append(_with_integers([_type(members["const"])]))
        if isinstance(members.get("enum"), list):
            found.append(frozenset(_type(value) for value in cast("list[Any]", members["enum"])))
        if isinstance(members.get("$ref"), str):
            found += _known([self._types(self._target(members["$ref"]), above)])
        found += _known(
            self._types(join(pointer, "allOf", str(number)), above) for number in range(len(members.get("allOf", ())))
        )
        for name in ("anyOf", "oneOf"):
            if members.get(name):
                branches = [self._types(join(pointer, name, str(one)), above) for one in range(len(members[name]))]
                found += _known([_union(branches)])
        if found:
            return _ALL.intersection(*found)
        meant = [kind for kind, names in _SPEAKS_OF.items() if any(name in members for name in names)]
        return _with_integers(meant) if len(meant) == 1 else None


def _known(types: Iterable[frozenset[str] | None]) -> list[frozenset[str]]:
    return [one for one in types if one is not None]


def _union(types: list[frozenset[str] | None]) -> frozenset[str] | None:
    """Return the types of which one of several schemas takes any; None if one of them does not say."""
    known = _known(types)
    return frozenset[str]().union(*known) if len(known) == len(types) else None


def _with_integers(kinds: Iterable[str]) -> frozenset[str]:
    found = frozenset(kinds)
    return found | {"integer"} if "number" in found else found


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names = (("number", float), ("string", str), ("array", list))
    return next((name for name, kind in names if isinstance(value, kind)), "object")
