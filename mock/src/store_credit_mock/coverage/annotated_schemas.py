"""The document's schemas, rebuilt so that evaluating a value yields the points it shows as annotations.

JSON Schema keeps the annotations of the subschemas that a value keeps to, and drops those of a branch of a `oneOf` or
`anyOf` that it does not keep to. So each field carries its own point, and each enumeration the name of its values.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final, cast

import jsonschema_rs

from store_credit_mock.contract import Document
from store_credit_mock.contract.document import fragment, unescape
from store_credit_mock.coverage.points import Point

__all__ = ["AnnotatedSchemas", "Element"]

_BASE: Final = "urn:store-credit:coverage"
_REBUILT: Final = "x-coverage"
_POINT: Final = "x-coverage-point"
_VALUES: Final = "x-coverage-values"

_HIDDEN: Final = {"request": "readOnly", "response": "writeOnly"}
"""The mark of a member that cannot be on this side."""
_UNUSED: Final = frozenset({"default", "deprecated", "description", "example", "examples", "format", "title"})
"""Annotations of the document's own, which would only take time."""


class AnnotatedSchemas:
    """The rebuilt schemas of one document. Nothing may be added once a value was evaluated.

    They stay open to members that the OpenAPI document does not list, as a live server may send them.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.rebuilt: list[dict[str, Any]] = []

    def add(self, schema: dict[str, Any]) -> str:
        """Take a rebuilt schema, which may still be changed; returns what other schemas refer to it by."""
        self.rebuilt.append(schema)
        return f"#/{_REBUILT}/{len(self.rebuilt) - 1}"

    def compile(self, reference: str) -> jsonschema_rs.Draft202012Validator:
        """Compile a rebuilt schema."""
        return jsonschema_rs.Draft202012Validator({"$ref": _BASE + reference}, registry=self._registry, offline=True)

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        # Within the document, to which what is not rebuilt (`not`, `if`) still refers.
        whole = {**self.document.data, _REBUILT: self.rebuilt}
        return jsonschema_rs.Registry([(_BASE, whole)], draft=jsonschema_rs.Draft202012)


class Element:
    """A parameter or a body: the points that it shows by being there, and those that its value can show.

    Args:
        schemas: Where its schema is rebuilt.
        own: The points it shows by being there, each with its place in the document.
        pointer: Where its schema stands; None if it has no value.
        label: `request` or `response` of a body, whose fields are named by their pointers; of a parameter its name, by
            which its members and values are named.

    Attributes:
        places: All its points in the order of the document, each with its place.
        own: The points it shows by being there.
        inner: The points its value can show.
    """

    def __init__(
        self, schemas: AnnotatedSchemas, own: dict[Point, str], pointer: str | None = None, label: str = ""
    ) -> None:
        self._schemas = schemas
        self._is_body = label in _HIDDEN
        self._references: dict[str, str] = {}
        self.places = dict(own)
        self.own = frozenset(own)
        self._root = {} if pointer is None else self._rebuild(pointer, label, frozenset())
        self.inner = self.places.keys() - self.own

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        return self._schemas.compile(self._root["$ref"])

    def shown(self, value: Any) -> set[Point]:
        """Find the points that a value shows; none if it does not keep to the schema."""
        if not self.inner:
            return set()
        try:
            units = self._validator.evaluate(value).annotations()
        except ValueError:  # It nests too deep for the library.
            return set()
        found: set[Point] = set()
        for unit in units:
            marks = unit["annotations"]
            if not isinstance(marks, dict):
                continue
            if _POINT in marks:
                kind, name = cast("Point", marks[_POINT])
                found.add((kind, name))
            if _VALUES in marks:
                found.add(("values", f"{marks[_VALUES]} = {_text(_at(value, unit['instanceLocation']))}"))
        return found & self.inner

    def _rebuild(self, pointer: str, label: str, above: frozenset[str]) -> dict[str, Any]:
        """Rebuild a schema and those it leads to; returns a reference to it."""
        pointer, schema = self._schemas.document.resolve(pointer)
        # The names within a parameter say how a schema was reached, so there it is rebuilt for each way but a circle.
        if not isinstance(schema, dict) or (pointer in above and not self._is_body):
            return {}
        key = f"{label} {pointer}"
        if key in self._references:
            return {"$ref": self._references[key]}
        members = cast("dict[str, Any]", schema)
        made = {name: part for name, part in members.items() if name not in _UNUSED and not name.startswith("x-")}
        reference = self._references[key] = self._schemas.add(made)
        above |= {pointer}
        properties: dict[str, Any] = members.get("properties", {})
        if properties:
            made["properties"] = dict(properties)
        for name, member in properties.items():
            place = pointer + fragment("properties", name)[1:]
            if member is not False and not self._hidden(place, label):
                made["properties"][name] = self._member(place, label, name, above)
        if members.get("additionalProperties") not in (None, True, False, {}):
            made["additionalProperties"] = self._member(f"{pointer}/additionalProperties", label, "*", above)
        if isinstance(members.get("items"), dict):
            made["items"] = self._member(f"{pointer}/items", label, "", above)
        values = f"{label} {pointer}" if self._is_body else label
        for keyword in ("enum", "x-extensible-enum"):
            for value in members.get(keyword, []):
                if not isinstance(value, dict | list):
                    self.places.setdefault(("values", f"{values} = {_text(value)}"), f"{pointer}/{keyword}")
                    made[_VALUES] = values
        for keyword in ("allOf", "oneOf", "anyOf"):
            if keyword in members:
                places = [f"{pointer}/{keyword}/{number}" for number in range(len(members[keyword]))]
                made[keyword] = [self._rebuild(place, label, above) for place in places]
        return {"$ref": reference}

    def _hidden(self, pointer: str, label: str) -> bool:
        _, schema = self._schemas.document.resolve(pointer)
        return self._is_body and isinstance(schema, dict) and cast("dict[str, Any]", schema).get(_HIDDEN[label]) is True

    def _member(self, pointer: str, label: str, name: str, above: frozenset[str]) -> dict[str, Any]:
        """Rebuild the schema of a member, or with an empty name of the items of a list."""
        if self._is_body:
            point: Point = ("fields", f"{label} {pointer}")
        elif name:
            label = f"{label}[{name}]"
            point = ("parameters", label)
        else:
            return self._rebuild(pointer, label, above)
        self.places.setdefault(point, pointer)
        return {**self._rebuild(pointer, label, above), _POINT: point}


def _text(value: Any) -> str:
    """Write a value as JSON; 1.0 is 1, as in JSON Schema."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False)


def _at(value: Any, pointer: str) -> Any:
    for name in pointer.split("/")[1:]:
        value = value[int(name) if isinstance(value, list) else unescape(name)]
    return value
