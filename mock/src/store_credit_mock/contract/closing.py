"""Closing schemas: a member that no schema of an object lists is refused, as it is not by OpenAPI itself.

An object that one schema alone describes gets `additionalProperties: false`, which is cheap. Where several speak of the
same object (`allOf`, a `$ref` with more beside it, `anyOf`), the outermost gets `unevaluatedProperties: false`, and
those within are left open to each other's members. Schemas that they refer to may be a whole elsewhere, so these
references lead to a second copy, in which the schemas are parts: open themselves, with what is in their members closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, Final, cast

from store_credit_mock.contract.document import Document, DocumentError, join

__all__ = ["Closing"]

_IN_PLACE_LISTS: Final = ("allOf", "anyOf", "oneOf")
_IN_PLACE: Final = ("then", "else")
_INSIDE: Final = ("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems")
_INSIDE_MAPS: Final = ("properties", "patternProperties")
_CONDITIONS: Final = ("if", "not", "contains", "propertyNames")
"""What is asked of a value, rather than said of it: an unlisted member must not change the outcome."""
_ANNOTATIONS: Final = frozenset(
    {
        "default", "deprecated", "description", "example", "examples", "externalDocs", "readOnly", "summary", "title",
        "writeOnly", "xml",
    }
)  # fmt: skip


class Closing:
    """Closes the schemas of a copy of a document.

    Args:
        document: The copy, which is changed.
        parts: Makes another copy, for schemas that are parts of others.
        names: What the copies are called in references: the closed one, that of the parts, and the open one.

    Attributes:
        part_copy: The copy of the parts; None if none was needed.
        needs_open: Whether a reference leads to the open copy.
    """

    def __init__(self, document: Document, parts: Callable[[], Document], names: tuple[str, str, str]) -> None:
        self._document = document
        self._make_parts = parts
        self._closed, self._part, self._open = names
        self._seen: set[str] = set()
        self._seen_parts: set[str] = set()
        self.part_copy: Document | None = None
        self.needs_open = False

    def close(self, pointer: str) -> None:
        """Close the schema at a pointer, and all that it leads to.

        Raises:
            DocumentError: A reference leads nowhere.
        """
        waiting = [pointer]
        while waiting:
            waiting += self._close(waiting.pop())

    def _close(self, pointer: str) -> list[str]:
        """Close one schema; returns where those are that describe what is in it."""
        schema = self._document.at(pointer)
        if pointer in self._seen or not isinstance(schema, dict):
            return []
        self._seen.add(pointer)
        members = cast("dict[str, Any]", schema)
        reference = members.get("$ref")
        if isinstance(reference, str) and _says_nothing_else(members):
            self._document.resolve(pointer)
            return [reference]
        if self._is_choice(pointer, members):
            lists = [name for name in _IN_PLACE_LISTS if name in members]
            return [join(pointer, name, str(number)) for name in lists for number in range(len(members[name]))]
        found = self._inside(pointer, members)
        shared = isinstance(reference, str) or any(name in members for name in (*_IN_PLACE_LISTS, *_IN_PLACE, "if"))
        shared = shared or "dependentSchemas" in members
        listed = self._lists(pointer, set()) if shared else "properties" in members
        if listed and "additionalProperties" not in members and "unevaluatedProperties" not in members:
            # Cheaper by far than unevaluatedProperties, and the same where nothing beside it lists members too.
            members["unevaluatedProperties" if shared else "additionalProperties"] = False
        if shared:
            found += self._open_parts(pointer, members)
        return found

    def _inside(self, pointer: str, members: Mapping[str, Any]) -> list[str]:
        """Where the schemas of members and items stand."""
        for name in _CONDITIONS:
            if isinstance(members.get(name), dict):
                self._open_references(members[name])
        found = [join(pointer, name) for name in _INSIDE if isinstance(members.get(name), dict)]
        found += [join(pointer, "prefixItems", str(number)) for number in range(len(members.get("prefixItems", ())))]
        for name in _INSIDE_MAPS:
            found += [join(pointer, name, key) for key in members.get(name, {})]
        return found

    def _open_parts(self, pointer: str, members: dict[str, Any]) -> list[str]:
        """Leave open what speaks of the same value as a schema; returns where that describes what is in it."""
        found: list[str] = []
        reference = members.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            self._document.resolve(pointer)
            members["$ref"] = self._part + reference
            found += self._make_part(reference)
        for place in _in_place(pointer, members):
            inner = self._document.at(place)
            if isinstance(inner, dict) and place not in self._seen:
                self._seen.add(place)
                found += self._inside(place, cast("dict[str, Any]", inner))
                found += self._open_parts(place, cast("dict[str, Any]", inner))
        return found

    def _make_part(self, pointer: str) -> list[str]:
        """Make the schema at a pointer a part, in the copy of the parts; returns what it leads to in the closed one."""
        if self.part_copy is None:
            self.part_copy = self._make_parts()
        found: list[str] = []
        waiting = [pointer]
        while waiting:
            place = waiting.pop()
            schema = self.part_copy.at(place)
            if place in self._seen_parts or not isinstance(schema, dict):
                continue
            self._seen_parts.add(place)
            members = cast("dict[str, Any]", schema)
            for name in _CONDITIONS:
                if isinstance(members.get(name), dict):
                    self._open_references(members[name])
            for name in _INSIDE:
                if isinstance(members.get(name), dict):
                    members[name] = self._whole(join(place, name), found)
            for name in _INSIDE_MAPS:
                for key, value in members.get(name, {}).items():
                    if isinstance(value, dict):
                        members[name][key] = self._whole(join(place, name, key), found)
            for number in range(len(members.get("prefixItems", ()))):
                members["prefixItems"][number] = self._whole(join(place, "prefixItems", str(number)), found)
            if isinstance(reference := members.get("$ref"), str) and reference.startswith("#"):
                waiting.append(reference)
            waiting += _in_place(place, members)
        return found

    def _whole(self, pointer: str, found: list[str]) -> dict[str, Any]:
        found.append(pointer)
        return {"$ref": self._closed + pointer}

    def _open_references(self, value: Any) -> None:
        """Have all references in a condition lead to the open copy."""
        if isinstance(value, list):
            for item in cast("list[Any]", value):
                self._open_references(item)
        elif isinstance(value, dict):
            for name, item in cast("dict[str, Any]", value).items():
                if name == "$ref" and isinstance(item, str) and item.startswith("#"):
                    self.needs_open = True
                    value[name] = self._open + item
                else:
                    self._open_references(item)

    def _is_choice(self, pointer: str, members: Mapping[str, Any]) -> bool:
        """Whether a schema is nothing but one of several, of which one alone can be right for an object."""
        unions = [name for name in ("anyOf", "oneOf") if name in members]
        beside = (*_INSIDE, *_INSIDE_MAPS, *_IN_PLACE, "$ref", "allOf", "if", "dependentSchemas")
        if len(unions) != 1 or any(name in members for name in beside):
            return False
        places = [join(pointer, unions[0], str(number)) for number in range(len(members[unions[0]]))]
        objects = [place for place in places if self._lists(place, set())]
        if len(objects) < 2:
            return True
        first, *others = [self._marks(place) for place in objects]
        return any(
            all(name in other for other in others)
            and all(_differ(one[name], two[name]) for one, two in combinations([first, *others], 2))
            for name in first
        )

    def _lists(self, pointer: str, seen: set[str]) -> bool:
        """Whether a schema, or one that speaks of the same value, lists members of an object."""
        schema = self._document.at(pointer)
        if pointer in seen or not isinstance(schema, dict):
            return False
        seen.add(pointer)
        members = cast("dict[str, Any]", schema)
        if "properties" in members:
            return True
        reference = members.get("$ref")
        places = _in_place(pointer, members)
        if isinstance(reference, str):
            places.append(reference.removeprefix(self._part))
        return any(self._lists(place, seen) for place in places)

    def _marks(self, pointer: str) -> dict[str, _Mark]:
        """The required members of an object whose values are listed, by which it may be told from others."""
        try:
            place, schema = self._document.resolve(pointer)
            members = cast("dict[str, Any]", schema) if isinstance(schema, dict) else {}
            listed = [name for name in members.get("properties", {}) if name in members.get("required", ())]
            found = {name: _mark(self._document.resolve(join(place, "properties", name))[1]) for name in listed}
        except DocumentError:
            return {}
        return {name: mark for name, mark in found.items() if mark is not None}


_Mark = tuple[bool, frozenset[str]]
"""The values that a member may have, after `True`; after `False` those that it may not have."""


def _mark(schema: Any, allowed: bool = True) -> _Mark | None:
    if not isinstance(schema, dict):
        return None
    members = cast("dict[str, Any]", schema)
    if "const" in members:
        return allowed, frozenset([repr(members["const"])])
    if isinstance(members.get("enum"), list):
        return allowed, frozenset(map(repr, members["enum"]))
    return _mark(members["not"], not allowed) if allowed and "not" in members else None


def _differ(one: _Mark, two: _Mark) -> bool:
    """Whether no value is right for both."""
    if one[0] and two[0]:
        return one[1].isdisjoint(two[1])
    return one[0] is not two[0] and (one[1] <= two[1] if one[0] else two[1] <= one[1])


def _says_nothing_else(members: Mapping[str, Any]) -> bool:
    """Whether what stands beside a `$ref` says nothing of the value."""
    return all(name == "$ref" or name in _ANNOTATIONS or name.startswith("x-") for name in members)


def _in_place(pointer: str, members: Mapping[str, Any]) -> list[str]:
    """Where the schemas stand that speak of the same value as one, references left out."""
    found = [
        join(pointer, name, str(number)) for name in _IN_PLACE_LISTS for number in range(len(members.get(name, ())))
    ]
    found += [join(pointer, name) for name in _IN_PLACE if name in members]
    return found + [join(pointer, "dependentSchemas", key) for key in members.get("dependentSchemas", {})]
