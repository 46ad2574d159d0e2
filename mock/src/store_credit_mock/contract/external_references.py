"""A document of several files made one: what `$ref` names in files beside it is copied into its `components`."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote, unquote, urljoin

from store_credit_mock.contract.document_text import DocumentError, compile_text, escape
from store_credit_mock.contract.openapi_objects import SECTIONS, at, walk

__all__ = ["Origin", "SourceFile", "bundle"]

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_META: Final = ("https://json-schema.org/", "http://json-schema.org/", "https://spec.openapis.org/")
"""Schemas that the library for JSON Schema has itself."""
_WITH_VALUES: Final = frozenset({"example", "header", "media type", "parameter", "schema"})
"""What has an example of its own."""
_IN_FRAGMENT: Final = "!$&'()*+,;=:@/?~%"
"""What needs no encoding in a reference; generators for Java write schemas such as `Map«string»`."""
_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a document.

    Attributes:
        path: As messages name it.
        text: Its bytes.
        data: What it says.
        lines: By JSON pointer without `#/`.
    """

    path: Path
    text: bytes = field(repr=False)
    data: Any = field(repr=False)
    lines: dict[str, int] = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> SourceFile:
        """Read a file.

        Raises:
            DocumentError: It cannot be read, or is neither JSON nor YAML.
        """
        try:
            text = path.read_bytes()
        except OSError as error:
            hint = "; download the document, and pass the file" if _SCHEME.match(str(path)) else ""
            raise DocumentError(f"{path}: cannot be read: {error.strerror}{hint}") from error
        made = compile_text(text, str(path))
        return cls(path, text, made["data"], made["lines"])

    def line(self, pointer: str) -> int | None:
        """Find the line of a JSON pointer without `#/`, or of the nearest above it."""
        steps = pointer.split("/") if pointer else []
        while steps:
            line = self.lines.get("/".join(steps))
            if line is not None:
                return line
            steps.pop()
        return None

    def error(self, pointer: str, text: str) -> DocumentError:
        """Make the error for a place of this file."""
        return DocumentError(f"{self.path}:{self.line(pointer) or 1}: #/{pointer}: {text}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was written that now stands elsewhere: a file, and a JSON pointer in it without `#/`."""

    file: SourceFile
    pointer: str


def bundle(root: SourceFile) -> tuple[dict[str, Origin], list[SourceFile]]:
    """Copy what the document refers to in other files into its own data, and see that everything is built as it must.

    Returns:
        Where each copy comes from, by the place where it stands now; and the other files.

    Raises:
        DocumentError: A file is missing or broken, a reference leads nowhere or to another machine, or something in it
            is not built as OpenAPI says.
    """
    made = _Bundler(root)
    made.spread()
    made.add(root.data, "document", "", root)
    made.finish()
    return made.origins, [file for file in made.files.values() if file is not root]


class _Bundler:
    def __init__(self, root: SourceFile) -> None:
        self.root = root
        self.files: dict[Path, SourceFile] = {root.path.resolve(): root}
        self.origins: dict[str, Origin] = {}
        self._names: dict[tuple[Path, str, str], str] = {}
        self._copies: dict[str, dict[str, Any]] = {}
        self._taken: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._waiting: list[tuple[Any, str, str, SourceFile, str]] = []
        self._ids = frozenset(_ids(root.data))

    def add(self, node: Any, kind: str, place: str, base: SourceFile, origin: str = "") -> None:
        """Make every reference in an object one into the document itself.

        Args:
            node: The object, which is changed.
            kind: What it is.
            place: Where it stands in the document.
            base: The file it was written in.
            origin: Where it stood there.
        """

        def there(inner: str) -> str:
            return (origin + inner[len(place) :]).lstrip("/")

        def wrong(inner: str, text: str) -> DocumentError:
            return base.error(there(inner), text)

        for inner_kind, inner, members in walk(node, kind, place, wrong):
            reference = members.get("$ref")
            if isinstance(reference, str) and inner_kind in SECTIONS:
                members["$ref"] = self._local(reference, inner_kind, base, there(inner))
            elif isinstance(reference, str):
                self._take(members, inner_kind, inner, base, there(inner))
            if inner_kind in _WITH_VALUES:
                self._fill(members, base, there(inner))
            if inner_kind == "discriminator":
                mapping = members.get("mapping", {})
                schemas: Any = at(base.data, "components/schemas") or {}
                for name, target in mapping.items():
                    if target not in schemas and ("/" in target or "." in target):
                        mapping[name] = self._local(target, "schema", base, f"{there(inner)}/mapping/{escape(name)}")

    def finish(self) -> None:
        """Do the same with all that was copied, and put it into place."""
        while self._waiting:
            self.add(*self._waiting.pop())
        for members, copied in reversed(self._taken):
            members.clear()
            members.update(copied)
        for section, copies in self._copies.items():
            self.root.data.setdefault("components", {}).setdefault(section, {}).update(copies)

    def spread(self) -> None:
        """Let `paths`, `components` and its sections that stand in a file of their own refer to each thing in it.

        OpenAPI knows no `$ref` there, but tools that make one file of several do.
        """
        data = self.root.data
        for name in ("paths", "webhooks", "components"):
            self._spread(data, name, name)
        components = data.get("components")
        for section in list(cast("dict[str, Any]", components)) if isinstance(components, dict) else ():
            self._spread(cast("dict[str, Any]", components), section, f"components/{section}")

    def _spread(self, holder: dict[str, Any], name: str, place: str) -> None:
        container = holder.get(name)
        reference = cast("dict[str, Any]", container).get("$ref") if isinstance(container, dict) else None
        if not isinstance(reference, str):
            return
        file, pointer = self._target(reference, self.root, f"{place}/$ref")
        found = at(file.data, pointer)
        if not isinstance(found, dict):
            raise self.root.error(f"{place}/$ref", f"the target of this $ref must be an object: {reference}")
        begun = reference.partition("#")[0] + "#/" + (f"{pointer}/" if pointer else "")
        del cast("dict[str, Any]", container)["$ref"]
        for key in cast("dict[str, Any]", found):
            cast("dict[str, Any]", container).setdefault(key, {"$ref": begun + quote(escape(key), safe="~")})

    def _take(self, members: dict[str, Any], kind: str, place: str, base: SourceFile, there: str) -> None:
        """Put in the place of an object what its `$ref` leads to: an operation, or what OpenAPI knows no `$ref` for."""
        reference: str = members["$ref"]
        file, pointer = self._target(reference, base, there)
        found = at(file.data, pointer)
        if not isinstance(found, dict) or "$ref" in found:
            raise base.error(there, f"the target of this $ref must be a valid {kind}, not another $ref: {reference}")
        copied = {**copy.deepcopy(cast("dict[str, Any]", found)), **{k: v for k, v in members.items() if k != "$ref"}}
        self.origins[place] = Origin(file, pointer)
        self._taken.append((members, copied))
        self._waiting.append((copied, kind, place, file, pointer))

    def _fill(self, members: dict[str, Any], base: SourceFile, place: str) -> None:
        """Put what stands in a file of its own into an example; what refers to nothing is a value like any other."""
        for name in ("value", "example"):
            value = members.get(name)
            reference: Any = cast("dict[str, Any]", value).get("$ref") if isinstance(value, dict) else None
            if (
                isinstance(reference, str)
                and len(cast("dict[str, Any]", value)) == 1
                and reference[:1] not in {"#", ""}
            ):
                file, _, fragment = reference.partition("#")
                if not _SCHEME.match(file) and (base.path.parent / unquote(file)).is_file():
                    found = self._file(base, unquote(file), place, reference)
                    members[name] = copy.deepcopy(at(found.data, unquote(fragment).removeprefix("/")))

    def _target(self, reference: str, base: SourceFile, place: str) -> tuple[SourceFile, str]:
        """Find file and pointer of a reference.

        Raises:
            DocumentError: It leads to another machine, or to no file.
        """
        name, _, fragment = reference.partition("#")
        pointer = unquote(fragment)
        if _SCHEME.match(name) or name.startswith("/"):
            raise base.error(
                place,
                f"$ref: {reference} is not a relative path; save the file next to the document, and refer to it by a"
                " relative path",
            )
        if pointer and not pointer.startswith("/"):
            raise base.error(place, f"$ref: {reference} names an anchor; use a JSON pointer such as #/...")
        return self._file(base, unquote(name), place, reference) if name else base, pointer.removeprefix("/")

    def _local(self, reference: str, kind: str, base: SourceFile, place: str) -> str:
        name, _, fragment = reference.partition("#")
        pointer = unquote(fragment)
        if not name and (base is self.root or (pointer and not pointer.startswith("/"))):
            if base is not self.root:
                raise base.error(place, f"$ref: {reference} names an anchor; use a JSON pointer such as #/...")
            return "#" + quote(fragment, safe=_IN_FRAGMENT)
        named = name in self._ids or reference in self._ids or any(urljoin(one, name) in self._ids for one in self._ids)
        if name and (named or name.startswith(_META)):
            return reference
        file, pointer = self._target(reference, base, place)
        if file is self.root:
            return "#/" + quote(fragment.removeprefix("/"), safe=_IN_FRAGMENT)
        return self._copied(file, pointer, kind, base, place, reference)

    def _file(self, base: SourceFile, name: str, place: str, reference: str) -> SourceFile:
        path = base.path.parent / name
        known = self.files.get(path.resolve())
        if known is None:
            if not path.is_file():
                raise base.error(place, f"$ref: {reference} points to the file {path}, which does not exist")
            known = self.files[path.resolve()] = SourceFile.read(path)
        return known

    def _copied(self, file: SourceFile, pointer: str, kind: str, base: SourceFile, place: str, reference: str) -> str:
        key = (file.path.resolve(), pointer, kind)
        if key not in self._names:
            found = at(file.data, pointer)
            if found is None:
                raise base.error(place, f"$ref: {reference} points to nothing: {file.path} has no #/{pointer}")
            section = SECTIONS[kind]
            copies = self._copies.setdefault(section, {})
            name = self._free(section, pointer.rpartition("/")[2] or file.path.stem)
            self._names[key] = f"#/components/{section}/{name}"
            copies[name] = copied = copy.deepcopy(found)
            stands = f"components/{section}/{name}"
            self.origins[stands] = Origin(file, pointer)
            self._waiting.append((copied, kind, stands, file, pointer))
        return self._names[key]

    def _free(self, section: str, wanted: str) -> str:
        """A name in a section of `components` that nothing has yet; it needs no escaping."""
        there: dict[str, Any] = at(self.root.data, f"components/{section}") or {}
        taken = there.keys() | self._copies[section].keys()
        plain = name = _UNFIT.sub("_", wanted.replace("~1", "/")).strip("_") or section
        number = 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        return name


def _ids(value: Any) -> Iterator[str]:
    """Find the names that schemas of the document give themselves by `$id`."""
    stack = [value]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            members = cast("dict[str, Any]", node)
            if isinstance(members.get("$id"), str):
                yield members["$id"]
            stack.extend(members.values())
        elif isinstance(node, list):
            stack.extend(cast("list[Any]", node))
