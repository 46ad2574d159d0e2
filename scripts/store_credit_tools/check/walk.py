"""Go through a document by its grammar: each object with its kind, and what no object of that kind may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from store_credit_tools.check.findings import meant
from store_credit_tools.check.grammar import (
    METHODS,
    OBJECTS,
    REFERABLE,
    SCHEMA,
    SCHEMA_30_ONLY,
    SCHEMA_31_ONLY,
    is_form,
)
from store_credit_tools.check.source import Location, Node, Source, items, mapping

__all__ = ["Walk", "steps"]

_SAID: Final = {
    "str": "a text",
    "bool": "true or false",
    "int": "a whole number that is not negative",
    "number": "a number",
    "schema": "a schema: a mapping, or true or false",
}
_TITLES: Final = {
    "document": "the document",
    "info": "`info`",
    "components": "`components`",
    "pathItem": "a path",
    "operation": "an operation",
    "requestBody": "a request body",
    "mediaType": "a media type",
    "flow": "an OAuth flow",
    "flows": "`flows`",
    "serverVariable": "a server variable",
    "securityScheme": "a security scheme",
    "externalDocs": "`externalDocs`",
    "encoding": "an encoding",
    "example": "an example",
}
_REF_TEXTS: Final = frozenset({"$ref", "summary", "description"})


@dataclass
class Walk:
    """A document taken apart.

    Attributes:
        source: The document.
        version: `3.0` or `3.1`.
        found: Place and value of each object by its kind in the grammar, such as `operation`.
        references: Place and kind of each object that is a `$ref`.
        wrong: Places of keywords of schemas that are wrong, which validation leaves out.
    """

    source: Source
    version: str = "3.1"
    found: dict[str, dict[Location, Node]] = field(default_factory=dict[str, dict[Location, Node]])
    references: dict[Location, str] = field(default_factory=dict[Location, str])
    wrong: set[Location] = field(default_factory=set[Location])

    def __post_init__(self) -> None:
        self.found = {kind: {} for kind in (*OBJECTS, "schema", "paths", "responses", "callback")}
        self.version = "3.0" if str(self.source.data.get("openapi")).startswith("3.0") else "3.1"
        self._visit(self.source.data, "document", ())

    def all(self, kind: str) -> Iterator[tuple[Location, Node]]:
        """Each object of a kind with its place."""
        yield from self.found[kind].items()

    def resolve(self, place: Location) -> tuple[Location, Any]:
        """Follow `$ref` from a place, as far as it leads; of a broken one the value is None."""
        seen: set[Location] = set()
        while True:
            value = self.source.at(place)
            target = mapping(value).get("$ref")
            if not isinstance(target, str):
                return place, value
            if place in seen or not target.startswith("#"):
                return place, None
            seen.add(place)
            place = steps(target)

    @staticmethod
    def has(value: Node, name: str, kind: str) -> bool:
        """Whether an object has a member, be it under a misspelt name, which is said already."""
        known = OBJECTS[kind]
        return name in value or any(
            meant(one, known, "") == f"did you mean {name}?" for one in value if one not in known
        )

    def _visit(self, value: Any, form: str, place: Location) -> None:
        if form.endswith("[]"):
            if isinstance(value, list):
                for number, item in enumerate(items(value)):
                    self._visit(item, form[:-2], (*place, str(number)))
            else:
                self._wrong(place, form, "a list")
        elif form.endswith("{}"):
            if isinstance(value, dict):
                for name, item in mapping(value).items():
                    # A map of the document's own names has no extensions, but some people put one there.
                    if not (name.startswith("x-") and not isinstance(item, dict)):
                        self._visit(item, form[:-2], (*place, name))
            else:
                self._wrong(place, form, "a mapping")
        elif not is_form(value, form):
            self._wrong(place, form, _SAID.get(form, "a mapping"))
        elif isinstance(value, dict) and form not in {"any", "str"}:
            self._object(mapping(value), form, place)

    def _wrong(self, place: Location, form: str, said: str) -> None:
        self.wrong.add(place)
        remedy = "write one" if said.startswith("a ") else f"write {said}"
        value = self.source.at(place)
        if form == "str" and isinstance(value, int | float):
            remedy = f'put it in quotes: "{value}"'
        elif form in {"int", "number", "bool"} and isinstance(value, str):
            remedy = "remove the quotes, or write one"
        last, *outer = reversed(place)
        name = f"item {int(last) + 1} of `{outer[0]}`" if last.isdecimal() and outer else f"`{last}`"
        if last.startswith("exclusive") and isinstance(value, bool):
            remedy = "write the bound itself here, as OpenAPI 3.1 has it"
        self.source.add(place, f"{name} must be {said}", remedy)

    def _object(self, value: Node, kind: str, place: Location) -> None:
        if kind == "schema":
            self._schema(value, place)
        elif kind in {"paths", "callback"}:
            self._paths(value, kind, place)
        elif kind == "responses":
            self.found[kind][place] = value
            for status, response in value.items():
                if not status.startswith("x-"):
                    self._visit(response, "response", (*place, status))
        elif isinstance(value.get("$ref"), str) and kind in REFERABLE and kind != "pathItem":
            self.references[place] = kind
            for name in value.keys() - _REF_TEXTS:
                if not name.startswith("x-"):
                    self.source.add(
                        (*place, name), f"`{name}` beside `$ref` is ignored", "write it where the $ref leads"
                    )
        else:
            self.found[kind][place] = value
            if kind == "pathItem" and isinstance(value.get("$ref"), str):
                self.references[place] = kind
            self._members(value, kind, place)

    def _members(self, value: Node, kind: str, place: Location) -> None:
        members = OBJECTS[kind]
        for name, inner in value.items():
            member = members.get(name)
            if member is None and name.startswith("x-"):
                continue
            if member is None:
                remedy = meant(name, members, f"remove it; there are {', '.join(members)}")
                if name in SCHEMA and "schema" in members:
                    remedy = "put it under `schema`"
                if kind == "pathItem" and name.lower() in METHODS:
                    remedy = f"write {name.lower()}"
                self.source.add((*place, name), f"`{name}` is not a valid member of {_titled(kind)}", remedy)
                # What was meant is read as well, so that nothing else is said to be missing or unused.
                near = next(
                    (known for known in members if remedy in {f"did you mean {known}?", f"write {known}"}), None
                )
                if near is not None and near not in value:
                    self._visit(inner, members[near].form, (*place, name))
            elif member.since > self.version:
                self.source.add(
                    (*place, name), f"`{name}` is new in OpenAPI {member.since}", "raise `openapi`, or remove it"
                )
            else:
                self._visit(inner, member.form, (*place, name))
        for name, member in members.items():
            if member.required and not self.has(value, name, kind):
                self.source.add(place, f"{_titled(kind)} without `{name}`", "write one")

    def _paths(self, value: Node, kind: str, place: Location) -> None:
        self.found[kind][place] = value
        for path, item in value.items():
            if path.startswith("x-"):
                continue
            if kind == "paths" and not path.startswith("/"):
                self.source.add((*place, path), f"the path {path} does not begin with a slash", f"write /{path}")
            self._visit(item, "pathItem", (*place, path))

    def _schema(self, value: Node, place: Location) -> None:
        self.found["schema"][place] = value
        if isinstance(value.get("$ref"), str):
            self.references[place] = "schema"
        for name, inner in value.items():
            inside = (*place, name)
            form = SCHEMA.get(name)
            if form is None and name.startswith("x-"):
                continue
            if form is None:
                self.wrong.add(inside)
                self.source.add(inside, f"`{name}` is not a keyword of JSON Schema", meant(name, SCHEMA, "remove it"))
                near = next((known for known in SCHEMA if meant(name, SCHEMA, "") == f"did you mean {known}?"), None)
                if near is not None and near not in value and "schema" in SCHEMA[near]:
                    self._visit(inner, SCHEMA[near], inside)
            elif self.version == "3.1" and name in SCHEMA_30_ONLY:
                self.wrong.add(inside)
                kind = value.get("type")
                remedy = f'write `type: [{kind}, "null"]`' if isinstance(kind, str) else 'add `type: "null"` by anyOf'
                self.source.add(inside, f"`{name}` is a keyword of OpenAPI 3.0, which 3.1 does not have", remedy)
            elif self.version == "3.0" and name in SCHEMA_31_ONLY:
                self.wrong.add(inside)
                self.source.add(
                    inside, f"`{name}` is a keyword of OpenAPI 3.1", "raise `openapi` to 3.1.0, or remove it"
                )
            elif self.version == "3.0" and name.startswith("exclusive"):
                self._visit(inner, "bool", inside)
            else:
                self._visit(inner, form, inside)


def steps(target: str) -> Location:
    """The place that a local `$ref` leads to."""
    names = unquote(target.lstrip("#")).split("/")[1:]
    return tuple(name.replace("~1", "/").replace("~0", "~") for name in names)


def _titled(kind: str) -> str:
    return _TITLES.get(kind) or f"a {kind}"
