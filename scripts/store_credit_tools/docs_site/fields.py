"""Members of objects and parameters of operations, read from their schemas."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from store_credit_mock.contract.document import join
from store_credit_tools.docs_site.anchors import Anchors, Register
from store_credit_tools.docs_site.document import Schema, Source
from store_credit_tools.docs_site.schema_text import Shapes, as_json, target_name, words_of
from store_credit_tools.docs_site.version_ranges import VersionRange, range_of
from store_credit_tools.docs_site.view_model import Attribute, AttributeGroup

__all__ = ["AttributeReader", "Writable", "grouped"]


_LINK = re.compile(r"\[([^\]]+)\]\(schema:(\w+)\)")


@dataclass(frozen=True, slots=True)
class Writable:
    """Which members of a resource its operations take."""

    at_creation: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()

    def mark(self, name: str) -> str | None:
        """What a member of the resource is for a caller; None where it may be set and changed."""
        if not self.at_creation:
            return None
        if name in self.later:
            return None
        return "fixed at creation" if name in self.at_creation else "read-only"


@dataclass
class AttributeReader:
    """Reads members for one page; a shared schema is shown where the page first needs it, and linked to from then on.

    Attributes:
        source: The document.
        slug: The page.
        homes: Slug of the page each schema is at home on.
        sections: Schemas the page shows in a section of their own, so that they are only linked to.
        anchors: Those of the page.
        register: Those of the site.
    """

    source: Source
    slug: str
    homes: Mapping[str, str]
    sections: Collection[str]
    anchors: Anchors
    register: Register
    shapes: Shapes = field(init=False)

    def __post_init__(self) -> None:
        self.shapes = Shapes(self.source)

    def members(
        self, location: str, prefix: tuple[str, ...], *, request: bool = False, writable: Writable | None = None
    ) -> AttributeGroup:
        """The members of an object schema.

        Args:
            location: Where the schema itself stands, references followed.
            prefix: What the anchors of its members begin with.
            request: Whether a caller sends it, so that what is required is marked rather than what may be missing.
            writable: For the resource of the page, which members can be set.
        """
        schema = self.source.document.at(location)
        required = set(schema.get("required", []))
        always = required | set(schema.get("x-always-present", []))
        found: list[Attribute] = []
        names = list(schema.get("properties", {}))
        # The one member of an envelope stands in no anchor: `create.amount`, not `create.store_credit.amount`.
        inside = (
            prefix if request and len(names) == 1 and self._is_object(join(location, "properties", names[0])) else None
        )
        for name in names:
            place = join(location, "properties", name)
            marks = ["required"] if request and name in required else []
            if self.source.resolve(place)[1].get("deprecated") is True:
                marks.append("deprecated")
            if self.shapes.nullable(place):
                marks.append("nullable")
            mark = None if writable is None else writable.mark(name)
            if mark and name not in {"attributes", "relationships"}:
                marks.append(mark)
            if self._is_expandable(place):
                marks.append("expandable")
            versions = self._versions(self.source.document.at(place)) or self._versions(self.source.resolve(place)[1])
            if versions is None and not request and name not in always and not self._is_query(location):
                marks.append("may be missing")
            inner = writable if name == "attributes" else None
            path = (*prefix, name)
            read = self._attribute(
                name, place, path, tuple(marks), request=request, writable=inner, inside=inside or path
            )
            found.append(replace(read, versions=versions))
        return grouped(found)

    def parameter(self, location: str, definition: Schema, prefix: tuple[str, ...]) -> Attribute:
        """A parameter of an operation; `location` is where it is defined, references followed."""
        name = str(definition["name"])
        # A parameter of deepObject style is sent as several, and a reader has to see how they are spelt.
        shown = f"{name}[…]" if definition.get("style") == "deepObject" else name
        marks = tuple(mark for mark in ("required", "deprecated") if definition.get(mark) is True)
        path = (*prefix, name)
        place = join(location, "schema")
        found = self._attribute(shown, place, path, marks, request=True, inside=path, definition=definition)
        if found.description:
            return replace(found, versions=self._versions(definition))
        raise self.source.fault(location, "the parameter has no description")

    def _versions(self, owner: Schema) -> VersionRange | None:
        return range_of(self.source.document.data, owner)

    def _attribute(
        self,
        name: str,
        location: str,
        path: tuple[str, ...],
        marks: tuple[str, ...],
        *,
        request: bool,
        inside: tuple[str, ...],
        writable: Writable | None = None,
        definition: Schema | None = None,
    ) -> Attribute:
        schema = self.source.document.at(location)
        place, resolved = self.source.resolve(location)
        anchor = self.anchors.member(*path)
        values, open_values = self.shapes.values(location)
        owner = schema if definition is None else definition
        description = owner.get("description") or resolved.get("description")
        if not isinstance(description, str):
            raise self.source.fault(location, "the member has no description, and the pages show it; write one")
        kind = self.shapes.type(location, every=False)
        resource = schema.get("x-resource")
        if resource is not None:
            targets = [resource] if isinstance(resource, str) else resource
            kind = f"{kind}, to {' or '.join(f'[{words_of(one)}](schema:{one})' for one in targets)}"
        children = self._children(location, place, resolved, inside, anchor, request=request, writable=writable)
        here = self.anchors.place(anchor)
        if children is not None:
            # What is shown right below needs neither name nor link.
            kind = _LINK.sub(lambda link: "object" if self.register.at("schema", link[2]) == here else link[0], kind)
        example: Any = owner.get("example")
        if example is None and definition is not None:
            several: Mapping[str, Any] = definition.get("examples", {})
            example = next((one["value"] for one in several.values()), None)
        level = owner.get("x-docs-level")
        if level not in {None, "advanced"}:
            raise self.source.fault(location, f"`x-docs-level` is `advanced` or left out, not {as_json(level)}")
        return Attribute(
            name=name,
            anchor=anchor,
            type=kind,
            other_types=self.shapes.of_versions(location),
            description=description.strip(),
            marks=marks,
            values=values,
            open_values=open_values,
            limits=self.shapes.limits(resolved),
            default=None if "default" not in resolved else as_json(resolved["default"]),
            example=None if example is None else _written(example, owner),
            children=children,
            advanced=level == "advanced",
        )

    def _children(
        self,
        location: str,
        place: str,
        resolved: Schema,
        path: tuple[str, ...],
        anchor: str,
        *,
        request: bool,
        writable: Writable | None,
    ) -> AttributeGroup | None:
        """The members of what an attribute holds, if it is an object, a list of them, or one of several things."""
        name = target_name(self.source.document.at(location))
        if name is not None:
            if not self.claim(name, anchor):
                return None
        elif "oneOf" in resolved or "anyOf" in resolved:
            keyword = "oneOf" if "oneOf" in resolved else "anyOf"
            for number in range(len(resolved[keyword])):
                inner = join(place, keyword, str(number))
                found = self._children(inner, *self.source.resolve(inner), path, anchor, request=request, writable=None)
                if found is not None:
                    return found
            return None
        if resolved.get("type") == "array" and "items" in resolved:
            inner = join(place, "items")
            return self._children(inner, *self.source.resolve(inner), path, anchor, request=request, writable=None)
        if "properties" not in resolved:
            return None
        return self.members(place, path, request=request, writable=writable)

    def claim(self, schema: str, anchor: str) -> bool:
        """Whether a shared schema is shown here; if so it is at home here from now on."""
        elsewhere = self.homes.get(schema) != self.slug or self.register.at("schema", schema) is not None
        if elsewhere or schema in self.sections:
            return False
        self.register.place("schema", schema, self.anchors.place(anchor))
        return True

    def _is_expandable(self, location: str) -> bool:
        schema = self.source.document.at(location)
        if "x-resource" in schema:
            return True
        branches = schema.get("oneOf", [])
        return any(target_name(one) for one in branches) and any(one.get("type") == "string" for one in branches)

    def _is_object(self, location: str) -> bool:
        return "properties" in self.source.resolve(location)[1]

    def _is_query(self, location: str) -> bool:
        return location.endswith(("Filter", "Fields"))


def grouped(attributes: Iterable[Attribute]) -> AttributeGroup:
    """Put what most need first; within both parts the order stays."""
    attributes = tuple(attributes)
    return AttributeGroup(
        tuple(one for one in attributes if not one.advanced), tuple(one for one in attributes if one.advanced)
    )


def _written(example: Any, owner: Schema) -> str:
    """An example as it stands in an address, a header or a body."""
    if isinstance(example, dict):
        members = cast("Mapping[str, Any]", example)
        return "&".join(f"{owner['name']}[{key}]={value}" for key, value in members.items())
    if isinstance(example, list):
        return ",".join(map(str, cast("list[Any]", example)))
    return example if isinstance(example, str) and "name" in owner else as_json(example)
