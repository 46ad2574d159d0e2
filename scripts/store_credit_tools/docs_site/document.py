"""The document the pages are made from, with the line of everything in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from store_credit_mock.contract import Document, DocumentError, OperationDefinition
from store_credit_mock.contract.document import BUNDLED, compile_yaml, fragment, join

__all__ = ["ROOT", "PagesError", "Schema", "Source"]

Schema = Mapping[str, Any]

ROOT = Path(__file__).resolve().parents[3]
DECISIONS = ROOT / "docs" / "decisions.yaml"
"""What the vendors leave open; the document cites the decisions by id."""


class PagesError(Exception):
    """The pages cannot be made; the text says where the fault is and what to do about it."""


@dataclass(frozen=True)
class Source:
    """`openapi.yaml`, with errors that name its file and the line."""

    document: Document

    @classmethod
    def read(cls, path: Path = BUNDLED) -> Source:
        """Read a document.

        Raises:
            PagesError: It cannot be read, is not an OpenAPI 3.1 document, or refers to what it does not have.
        """
        try:
            # The repository's own document is read through the mock's link to it, beside which its data are cached.
            own = BUNDLED.exists() and BUNDLED.samefile(path)
            source = cls(Document.read(BUNDLED if own else path))
        except (DocumentError, OSError) as error:
            raise PagesError(str(error)) from error
        for location in _references(source.document.data, "#"):
            source.resolve(location)
        return source

    def resolve(self, location: str) -> tuple[str, Schema]:
        """Follow references to where a definition stands.

        Raises:
            PagesError: One leads nowhere, or to something that is not an object.
        """
        try:
            place, found = self.document.resolve(location)
        except DocumentError as error:
            raise self.told(error) from error
        if not isinstance(found, dict):
            raise self.fault(place, "an object should stand here")
        return place, cast("Schema", found)

    def text(self, location: str, name: str) -> str:
        """A text the pages need.

        Raises:
            PagesError: It is missing or empty.
        """
        owner = self.document.at(location)
        found = cast("Schema", owner).get(name) if isinstance(owner, dict) else None
        if not isinstance(found, str) or not found.strip():
            raise self.fault(location, f"`{name}` is missing, and the pages show it; write one")
        return found.strip()

    def fault(self, location: str, text: str) -> PagesError:
        """An error about a place in the document, with its line."""
        return self.told(DocumentError(f"{self.document.place(location)}: {text}"))

    def told(self, error: Exception) -> PagesError:
        """An error of the document's reader, which names the file as people know it."""
        return PagesError(str(error).replace(str(self.document.source), self.document.source.name, 1))

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
            return compile_yaml(DECISIONS.read_bytes(), str(DECISIONS))["data"]
        except (DocumentError, OSError) as error:
            raise PagesError(str(error)) from error

    @cached_property
    def operations(self) -> Mapping[str, OperationDefinition]:
        """The operations by id.

        Raises:
            PagesError: One cannot be read.
        """
        try:
            return self.document.operations
        except DocumentError as error:
            raise self.told(error) from error

    @cached_property
    def systems(self) -> Mapping[str, str]:
        """Titles of the systems by the first part of a tag's name."""
        return {name: self.text(fragment("x-systems", name), "title") for name in self.section("x-systems")}

    def credential(self, scheme: str) -> str:
        """What the credential of a security scheme is called: `x-displayName`, or by its kind."""
        found = self.section("components", "securitySchemes", scheme)
        kinds = {"apiKey": "API key", "http": f"{found.get('scheme', '')} credential".strip().capitalize()}
        return str(found.get("x-displayName") or kinds.get(str(found.get("type")), "Access token"))

    def code_name(self, system: str, code: str) -> str:
        """What an error code goes by in links: those after the first system that has any begin with their system."""
        told = {
            self.system_of(name)
            for name in self.section("components", "schemas")
            if "x-error-codes" in self.section("components", "schemas", name, "properties", "code")
        }
        return code if system == next((one for one in self.systems if one in told), system) else f"{system}.{code}"

    def system_of(self, component: str) -> str:
        """The system whose name a component's begins with: `spree_v3` of `SpreeV3Error`; empty if there is none."""
        begun = [name for name in self.systems if component.lower().startswith(name.replace("_", ""))]
        return max(begun, key=len, default="")

    def short_name(self, system: str) -> str:
        """What a system is called in a heading: `VINR`, `Spree v3`, and `Spree` for its first API here."""
        title = self.systems[system].split()[0]
        _, version, number = system.partition("_v")
        return f"{title} v{number}" if version else title

    def title_of(self, tag: str) -> str:
        """The heading of a resource: `x-displayName` of its tag, or the last part of its name."""
        found = next(one for one in self.document.data["tags"] if one["name"] == tag)
        return str(found.get("x-displayName", tag.rpartition(".")[2].replace("_", " ").capitalize()))

    def operations_of(self, tag: str) -> Iterator[OperationDefinition]:
        """The operations with a tag, in the order of the document."""
        for operation in self.operations.values():
            if operation.definition.get("tags") == [tag]:
                yield operation


def _references(value: Any, location: str) -> Iterator[str]:
    """Where the document refers to something in itself."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        if isinstance(members.get("$ref"), str):
            yield location
        for name, member in members.items():
            yield from _references(member, join(location, name))
    elif isinstance(value, list):
        for number, member in enumerate(cast("list[Any]", value)):
            yield from _references(member, join(location, str(number)))
