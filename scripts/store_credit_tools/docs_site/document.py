"""The document the pages are made from, with the line of everything in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from store_credit_mock.contract import Document as LinedDocument
from store_credit_mock.contract import DocumentError as LinedDocumentError
from store_credit_mock.contract.document import BUNDLED
from store_credit_tools.contract.document import DOCUMENT, Document, DocumentError, Operation, pointer, read_yaml

__all__ = ["Location", "PagesError", "Schema", "Source"]

Location = tuple[str, ...]
"""Names from the root of the document."""

Schema = Mapping[str, Any]

DECISIONS = DOCUMENT.parent / "docs" / "decisions.yaml"
"""What the vendors leave open; the document cites the decisions by id."""


class PagesError(Exception):
    """The pages cannot be made; the text says where the fault is and what to do about it."""


@dataclass(frozen=True)
class Source:
    """`openapi.yaml`.

    Attributes:
        document: Its operations and references.
        lined: The same, as the mock keeps it: read fast, and with the line of each member.
    """

    document: Document
    lined: LinedDocument

    @classmethod
    def read(cls, path: Path = DOCUMENT) -> Source:
        """Read a document.

        Raises:
            PagesError: It cannot be read, or is not an OpenAPI 3.1 document.
        """
        try:
            # The repository's own document is read through the mock's link to it, where its second form is kept.
            own = BUNDLED.exists() and BUNDLED.samefile(path)
            lined = LinedDocument.read(BUNDLED if own else path)
        except (LinedDocumentError, OSError) as error:
            raise PagesError(str(error)) from error
        source = cls(Document(lined.data, path.name), lined)
        for location in _references(lined.data, ()):
            source.resolve(location)
        return source

    def resolve(self, location: Location) -> tuple[Location, Schema]:
        """Follow references to where a definition stands.

        Raises:
            PagesError: One leads nowhere, or to something that is not an object.
        """
        try:
            place, found = self.document.resolve(location)
        except DocumentError as error:
            raise self.fault(location, str(error).partition(": ")[2]) from error
        if not isinstance(found, dict):
            raise self.fault(place, "an object should stand here")
        return place, cast("Schema", found)

    def text(self, location: Location, name: str) -> str:
        """A text the pages need.

        Raises:
            PagesError: It is missing or empty.
        """
        owner = self.document.at(location)
        found = cast("Schema", owner).get(name) if isinstance(owner, dict) else None
        if not isinstance(found, str) or not found.strip():
            raise self.fault(location, f"`{name}` is missing, and the pages show it; write one")
        return found.strip()

    def fault(self, location: Location, text: str) -> PagesError:
        """An error about a place in the document, with its line."""
        fragment = pointer(*location)
        line = self.lined.line(fragment)
        return PagesError(f"{self.document.source}{'' if line is None else f':{line}'}: {fragment}: {text}")

    def lined_fault(self, error: Exception) -> PagesError:
        """An error of another reader of the document, with the line of the place it names."""
        text = str(error)
        found = re.search(r"#/[^\s:]+", text)
        line = None if found is None else self.lined.line(found[0])
        name = self.document.source
        return PagesError(text if line is None else f"{name}:{line}: {text.removeprefix(f'{name}: ')}")

    def section(self, *names: str) -> Schema:
        """A part of the document by its names, empty where it has none."""
        found: Any = self.document.data
        for name in names:
            found = found.get(name, {})
        return found

    @cached_property
    def decisions(self) -> Mapping[str, Schema]:
        """The decisions by id.

        Raises:
            PagesError: Their file cannot be read.
        """
        try:
            return cast("Mapping[str, Schema]", read_yaml(DECISIONS))
        except DocumentError as error:
            raise PagesError(str(error)) from error

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """The operations by id.

        Raises:
            PagesError: One cannot be read.
        """
        try:
            return self.document.operations
        except DocumentError as error:
            raise self.lined_fault(error) from error

    @cached_property
    def systems(self) -> Mapping[str, str]:
        """Titles of the systems by the first part of a tag's name."""
        return {name: self.text(("x-systems", name), "title") for name in self.section("x-systems")}

    def operations_of(self, tag: str) -> Iterator[Operation]:
        """The operations with a tag, in the order of the document."""
        for operation in self.operations.values():
            if operation.definition["tags"] == [tag]:
                yield operation


def _references(value: Any, location: Location) -> Iterator[Location]:
    """Where the document refers to something in itself."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if isinstance(members.get("$ref"), str):
            yield location
        for name, member in members.items():
            yield from _references(member, (*location, name))
    elif isinstance(value, list):
        for number, member in enumerate(cast("list[Any]", value)):
            yield from _references(member, (*location, str(number)))
