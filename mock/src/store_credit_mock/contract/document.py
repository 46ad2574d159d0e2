"""`openapi.yaml` as plain data, and the line each of its members stands on.

Reading half a megabyte of YAML takes longer than everything else at startup, so the parsed data is cached as JSON
beside the bundled document (`openapi.data.json`, `openapi.lines.json`), keyed by its digest. A stale cache is rebuilt,
and kept if the folder is writable. Nothing is ever written beside a document of the user's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote, unquote

import orjson

if TYPE_CHECKING:
    from store_credit_mock.contract.secret_names import SecretNames

__all__ = [
    "BUNDLED",
    "METHODS",
    "Document",
    "DocumentError",
    "OperationDefinition",
    "compile_yaml",
    "escape",
    "fragment",
    "join",
    "keep",
    "unescape",
]

BUNDLED: Final = Path(__file__).resolve().parent.parent / "openapi.yaml"
"""The document this package was made with."""

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""What a path item may have an operation for."""


class DocumentError(Exception):
    """The document cannot be used; the text says where and why. Nothing starts with such a document."""


@dataclass(frozen=True, slots=True)
class OperationDefinition:
    """One operation as the document has it, with what its path item adds to it; nothing of it is compiled.

    Attributes:
        id: operationId.
        method: In capitals.
        template: The path as the document has it; of a webhook its name.
        pointer: Where it stands in the document.
        definition: What stands there.
        parameters: Pointer and definition of each parameter, those of the path item included.
        aliases: Other methods, in capitals, that do the same (`x-aliases`).
    """

    id: str
    method: str
    template: str
    pointer: str
    definition: Mapping[str, Any] = field(repr=False)
    parameters: tuple[tuple[str, Mapping[str, Any]], ...] = field(repr=False)
    aliases: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Document:
    """An OpenAPI 3.1 document.

    Attributes:
        data: The whole document. Not to be changed.
        source: Its file, for messages.
        digest: SHA-256 of its text.
    """

    data: Mapping[str, Any] = field(repr=False)
    source: Path
    digest: str
    text: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path = BUNDLED) -> Document:
        """Read a document.

        Raises:
            DocumentError: It is missing, is not valid YAML, or is not an OpenAPI 3.1 document in Draft 2020-12.
        """
        try:
            text = path.read_bytes()
        except OSError as error:
            raise DocumentError(f"{path}: cannot be read: {error.strerror}") from error
        digest = sha256(text).hexdigest()
        data = _kept(digest, "data")
        if data is None:
            data = _make(path, text, digest)["data"]
        document = cls(data, path, digest, text)
        if not str(data.get("openapi", "")).startswith("3.1."):
            raise DocumentError(f"{path}: is not an OpenAPI 3.1 document; its first member should be `openapi: 3.1.0`")
        # Without the line OpenAPI 3.1 means its own dialect, which is Draft 2020-12 and words that describe (4.8.24.5).
        dialect = str(data.get("jsonSchemaDialect", "https://spec.openapis.org/oas/3.1/dialect/base"))
        if "2020-12" not in dialect and "spec.openapis.org/oas/3.1/" not in dialect:
            raise DocumentError(
                f"{path}: `jsonSchemaDialect` must name JSON Schema Draft 2020-12, or be left out;"
                f" {dialect} cannot be read"
            )
        for name in ("info", "paths"):
            if not isinstance(data.get(name), dict):
                raise DocumentError(f"{path}: `{name}` is missing or no mapping")
        if "version" not in data["info"]:
            raise DocumentError(f"{path}: `info.version` is missing")
        return document

    @property
    def version(self) -> str:
        """`info.version`."""
        return str(self.data["info"]["version"])

    @cached_property
    def secret_names(self) -> SecretNames:
        """Which names are those of secrets: the document's credentials and passwords, and those in common use."""
        # Not at the top: hatch_build.py reads this file alone, where the package is not installed yet.
        from store_credit_mock.contract.secret_names import SecretNames

        return SecretNames(self.data)

    @cached_property
    def member_names(self) -> frozenset[str]:
        """The names of all members that any schema of the document lists."""
        return frozenset(_members(self.data))

    @cached_property
    def operations(self) -> Mapping[str, OperationDefinition]:
        """The operations under `paths` by id, in the order of the document.

        Raises:
            DocumentError: One has no id, or that of another, or a parameter that leads nowhere.
        """
        return self._definitions("paths")

    @cached_property
    def webhooks(self) -> Mapping[str, OperationDefinition]:
        """The operations under `webhooks` by id."""
        return self._definitions("webhooks")

    def _definitions(self, section: str) -> dict[str, OperationDefinition]:
        found: dict[str, OperationDefinition] = {}
        for template, item in self.data.get(section, {}).items():
            for method in METHODS:
                if method not in item:
                    continue
                definition = item[method]
                owner = fragment(section, template)
                pointer = join(owner, method)
                if "operationId" not in definition:
                    raise DocumentError(f"{self.place(pointer)} has no operationId")
                name = definition["operationId"]
                if name in found:
                    raise DocumentError(f"{self.place(pointer)}: {name} is the id of another operation, too")
                parameters = tuple(
                    self.resolve(join(place, "parameters", str(number)))
                    for place, holder in ((owner, item), (pointer, definition))
                    for number in range(len(holder.get("parameters", [])))
                )
                aliases = tuple(one["method"].upper() for one in item.get("x-aliases", []) if one["for"] == name)
                found[name] = OperationDefinition(
                    name, method.upper(), template, pointer, definition, parameters, aliases
                )
        return found

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        lines = _kept(self.digest, "lines")
        return lines if lines is not None else _make(self.source, self.text, self.digest)["lines"]

    def line(self, pointer: str) -> int | None:
        """The line a JSON pointer (`#/paths/...`, `/paths/...`) leads to, or the nearest one above it; from 1."""
        names = unquote(pointer).lstrip("#").strip("/").split("/")
        while names:
            found = self._lines.get("/".join(names))
            if found is not None:
                return found
            names.pop()
        return None

    def pointer_at(self, line: int) -> str | None:
        """Return the deepest JSON pointer whose value begins in a line, without `#/`; None if none does."""
        return max((pointer for pointer, found in self._lines.items() if found == line), key=len, default=None)

    def place(self, pointer: str) -> str:
        """File, line and pointer, as an error begins with them."""
        return f"{self.source}:{self.line(pointer)}: {pointer}"

    def at(self, pointer: str) -> Any:
        """What stands at a JSON pointer; None if nothing does."""
        found: Any = self.data
        for name in unquote(pointer).lstrip("#").strip("/").split("/"):
            key = unescape(name)
            try:
                found = cast("Any", found[int(key)] if isinstance(found, list) else found[key])
            except (KeyError, IndexError, ValueError, TypeError):
                return None
        return found

    def resolve(self, pointer: str) -> tuple[str, Any]:
        """Follow `$ref` from a pointer to where the definition stands.

        Raises:
            DocumentError: A reference leads nowhere, out of the document, or in a circle.
        """
        seen: set[str] = set()
        referrer = pointer
        while True:
            found = self.at(pointer)
            if found is None or pointer in seen:
                if pointer == referrer:
                    raise DocumentError(f"{self.place(referrer)}: nothing stands there, or it refers to itself")
                raise DocumentError(f"{self.place(referrer)}: $ref leads nowhere, or in a circle: {pointer}")
            target = cast("dict[str, Any]", found).get("$ref") if isinstance(found, dict) else None
            if target is None:
                return pointer, cast("Any", found)
            if not isinstance(target, str) or not target.startswith("#/"):
                raise DocumentError(f"{self.place(pointer)}: $ref must stay inside the document: {target!r}")
            seen.add(pointer)
            referrer, pointer = pointer, target


def fragment(*names: str) -> str:
    """Write names as a JSON pointer, the fragment of a URI: `#/paths/~1v1~1store-credit`."""
    return join("#", *names)


def join(pointer: str, *names: str) -> str:
    """Go on from a JSON pointer, as the fragment of a URI."""
    return pointer + "".join("/" + quote(escape(name), safe="~") for name in names)


def escape(name: str) -> str:
    """Write a name as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """Read the name that one step of a JSON pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")


def _kept(digest: str, part: str) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        kept = orjson.loads(BUNDLED.with_suffix(f".{part}.json").read_bytes())
        if kept["digest"] == digest:
            return kept[part]
    return None


@lru_cache(maxsize=2)
def _make(path: Path, text: bytes, digest: str) -> dict[str, Any]:
    made = compile_yaml(text, str(path))
    if path == BUNDLED:
        for part in ("data", "lines"):
            keep(path.with_suffix(f".{part}.json"), {"digest": digest, part: made[part]})
    return made


def keep(path: Path, value: Mapping[str, Any]) -> None:
    """Write a cache file, whole or not at all; a folder that is not writable is not an error."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        scratch.write_bytes(orjson.dumps(value))
        scratch.replace(path)


def compile_yaml(text: bytes, source: str) -> dict[str, Any]:
    """Read YAML by the rules of 1.2: plain data under `data`, lines by JSON pointer (no leading slash) under `lines`.

    Raises:
        DocumentError: It is not valid YAML, repeats a key, or has keys that are not strings.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(text.decode("utf-8"))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        lines: dict[str, int] = {}
        data = None if root is None else _plain(root, "", lines, source)
    except (YAMLError, UnicodeDecodeError) as error:
        raise DocumentError(f"{source}: is not valid YAML: {error}") from error
    except RecursionError as error:
        raise DocumentError(f"{source}: nests too deep, or an anchor stands inside itself") from error
    if not isinstance(data, dict):
        raise DocumentError(f"{source}: is not a mapping")
    return {"data": data, "lines": lines}


def _plain(node: Any, place: str, lines: dict[str, int], source: str) -> Any:
    if node.id == "mapping":
        made: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value
            if key.id != "scalar" or key.tag.endswith((":null", ":int", ":bool", ":float")):
                raise DocumentError(f"{source}:{key.start_mark.line + 1}: keys are strings; put it in quotes: {name}")
            if name in made:
                raise DocumentError(f"{source}:{key.start_mark.line + 1}: {name} stands twice in one mapping")
            inner = f"{place}/{escape(name)}" if place else escape(name)
            lines[inner] = key.start_mark.line + 1
            made[name] = _plain(value, inner, lines, source)
        return made
    if node.id == "sequence":
        items: list[Any] = []
        for number, item in enumerate(node.value):
            lines[f"{place}/{number}"] = item.start_mark.line + 1
            items.append(_plain(item, f"{place}/{number}", lines, source))
        return items
    kind = node.tag.rpartition(":")[2] if node.style is None else "str"
    text = str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text.replace("_", ""), 0)
        if kind == "float":
            return float(text)
    except ValueError as error:
        line = node.start_mark.line + 1
        raise DocumentError(f"{source}:{line}: {text} is not a number as JSON has them; put it in quotes") from error
    return text


def _members(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key == "properties" and isinstance(inner, dict):
                yield from cast("dict[str, Any]", inner)
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _members(inner)
