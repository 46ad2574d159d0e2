"""`openapi.yaml` read into plain data, with its operations listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import ScalarNode

__all__ = ["DOCUMENT", "METHODS", "Document", "DocumentError", "Operation", "pointer", "read_yaml"]

DOCUMENT = Path(__file__).resolve().parents[3] / "openapi.yaml"
"""The document of this repository."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class DocumentError(Exception):
    """The document cannot be read or lacks something; the text says where and what."""


class _Constructor(SafeConstructor):
    """YAML 1.2 has no dates; a plain `2026-11-22` is a string."""

    def construct_date_text(self, node: ScalarNode) -> str:
        return str(node.value)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_date_text)  # pyright: ignore[reportUnknownMemberType]


def read_yaml(path: Path) -> Any:
    """Read a YAML file by the rules of YAML 1.2: `no`, dates and `"200"` stay strings, a repeated key is an error.

    Raises:
        DocumentError: The file is missing or is not valid YAML.
    """
    loader = YAML(typ="safe", pure=True)
    loader.Constructor = _Constructor
    try:
        return loader.load(path.read_text("utf-8"))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: is not valid YAML: {error}") from error


def pointer(*names: str) -> str:
    """Write a JSON pointer as the fragment of a URI: `#/paths/~1v1~1store-credit`."""
    return "#" + "".join("/" + quote(name.replace("~", "~0").replace("/", "~1"), safe="~") for name in names)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document, with what its path item adds to it."""

    id: str
    method: str
    """In lower case."""
    path: str
    """The path template."""
    location: tuple[str, ...]
    """Where the operation stands in the document, as names from the root."""
    definition: Mapping[str, Any]
    parameters: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = field(repr=False)
    """Location and definition of each parameter, those of the path item included."""
    aliases: tuple[str, ...]
    """Other methods that do the same, in lower case, from `x-aliases`."""


@dataclass(frozen=True)
class Document:
    """An OpenAPI document.

    Attributes:
        data: The whole document as plain data. Not to be changed.
        source: Where it was read from, for messages.
    """

    data: Mapping[str, Any] = field(repr=False)
    source: str

    @classmethod
    def read(cls, path: Path = DOCUMENT) -> Document:
        """Read a document.

        Raises:
            DocumentError: It cannot be read, or is not an OpenAPI 3.1 document.
        """
        data = read_yaml(path)
        if not isinstance(data, dict) or not str(cast("dict[str, Any]", data).get("openapi", "")).startswith("3.1."):
            raise DocumentError(f"{path}: is not an OpenAPI 3.1 document; its first member should be `openapi: 3.1.0`")
        return cls(cast("dict[str, Any]", data), path.name)

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """The operations under `paths` by id, in the order of the document.

        Raises:
            DocumentError: One has no id, or that of another.
        """
        found: dict[str, Operation] = {}
        for operation in self._operations("paths"):
            if operation.id in found:
                place = pointer(*operation.location, "operationId")
                raise DocumentError(f"{self.source}: {place}: another operation is {operation.id}, too; name one anew")
            found[operation.id] = operation
        return found

    @cached_property
    def webhooks(self) -> Mapping[str, Operation]:
        """The operations under `webhooks` by id."""
        return {operation.id: operation for operation in self._operations("webhooks")}

    def at(self, location: tuple[str, ...]) -> Any:
        """What stands at a location.

        Raises:
            DocumentError: Nothing does.
        """
        found: Any = self.data
        for name in location:
            try:
                found = cast("Any", found[int(name)] if isinstance(found, list) else found[name])
            except (KeyError, IndexError, ValueError, TypeError):
                raise DocumentError(f"{self.source}: nothing stands at {pointer(*location)}") from None
        return found

    def resolve(self, location: tuple[str, ...]) -> tuple[tuple[str, ...], Any]:
        """Follow `$ref` from a location to where the definition itself stands.

        Returns:
            That location, and what stands there.

        Raises:
            DocumentError: A reference leads nowhere, out of the document, or in a circle.
        """
        seen = {location}
        while True:
            found = self.at(location)
            target = found.get("$ref") if hasattr(found, "get") else None
            if target is None:
                return location, found
            if not isinstance(target, str) or not target.startswith("#/"):
                raise DocumentError(f"{self.source}: {pointer(*location)}: $ref must stay inside: {target!r}")
            location = tuple(
                unquote(name).replace("~1", "/").replace("~0", "~") for name in target.removeprefix("#/").split("/")
            )
            if location in seen:
                raise DocumentError(f"{self.source}: {target} refers to itself")
            seen.add(location)

    def _operations(self, section: str) -> Iterator[Operation]:
        for path, item in self.data.get(section, {}).items():
            for method in METHODS:
                if method not in item:
                    continue
                definition = item[method]
                here = (section, path, method)
                if "operationId" not in definition:
                    raise DocumentError(f"{self.source}: {pointer(*here)} has no operationId")
                yield Operation(
                    id=definition["operationId"],
                    method=method,
                    path=path,
                    location=here,
                    definition=definition,
                    parameters=tuple(
                        self.resolve((*owner, "parameters", str(number)))
                        for owner in (here[:2], here)
                        for number in range(len(self.at(owner).get("parameters", [])))
                    ),
                    aliases=tuple(
                        alias["method"]
                        for alias in item.get("x-aliases", [])
                        if alias["for"] == definition["operationId"]
                    ),
                )
