"""An OpenAPI document as plain data, and the line each of its members stands on.

Reading half a megabyte of YAML takes longer than everything else at startup, so the parsed data is cached as JSON
beside the bundled document (`openapi.data.json`, `openapi.lines.json`), keyed by its digest. A stale cache is rebuilt,
and kept if the folder is writable. Nothing is ever written beside a document of the user's.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import quote, unquote, urljoin, urlsplit

import orjson

from store_credit_mock.contract.document_loader import load
from store_credit_mock.contract.document_text import DocumentError, compile_text, compile_yaml, escape, keep, unescape
from store_credit_mock.contract.external_references import Origin
from store_credit_mock.contract.openapi_objects import METHODS

if TYPE_CHECKING:
    from store_credit_mock.contract.secret_names import SecretNames

__all__ = [
    "BUNDLED",
    "METHODS",
    "Document",
    "DocumentError",
    "Line",
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
_VARIABLE: Final = re.compile(r"\{([^{}]*)\}")
_MOST_PREFIXES: Final = 50
"""Ways of filling in the variables of a server's address; each is a prefix of its paths."""


class Line(int):
    """A line of a file.

    Attributes:
        file: Its name, without folders.
    """

    file: str

    def __new__(cls, number: int, file: str) -> Self:
        """Make a line of a file."""
        made = super().__new__(cls, number)
        made.file = file
        return made


@dataclass(frozen=True, slots=True)
class OperationDefinition:
    """One operation as the document has it, with what its path item adds to it; nothing of it is compiled.

    Attributes:
        id: operationId.
        method: In capitals.
        template: The path with what its first server puts before it; of a webhook its name.
        also: The same with what other servers put before it.
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
    also: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Document:
    """An OpenAPI document, in 3.1 and in one piece.

    Attributes:
        data: The whole document. Not to be changed.
        source: Its file, for messages.
        digest: SHA-256 of its text, and of that of the files it refers to.
        lines: Of its file, by JSON pointer without `#/`; without them they are found when they are needed.
        origins: What was written elsewhere than where it stands now.
        notes: What whoever uses it has to know, such as that it was converted.
    """

    data: Mapping[str, Any] = field(repr=False)
    source: Path
    digest: str
    text: bytes = field(repr=False)
    lines: Mapping[str, int] | None = field(default=None, repr=False)
    origins: Mapping[str, Origin] = field(default_factory=dict[str, Origin], repr=False)
    notes: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path = BUNDLED, tell: Callable[[str], object] | None = None) -> Document:
        """Read a document: OpenAPI 3.1 or 3.0, in JSON or YAML, with the files beside it that it refers to.

        Args:
            path: Its file.
            tell: Is told the notes, one after the other.

        Raises:
            DocumentError: It is missing, or cannot be read; file and line are said.
        """
        if path == BUNDLED:
            try:
                text = path.read_bytes()
            except OSError as error:
                raise DocumentError(f"{path}: cannot be read: {error.strerror}") from error
            digest = sha256(text).hexdigest()
            data = _kept(digest, "data")
            return cls(_make(path, text, digest)["data"] if data is None else data, path, digest, text)
        made = load(path)
        if tell is not None:
            for note in made.notes:
                tell(note)
        return cls(made.data, path, made.digest, made.text, made.lines, made.origins, made.notes)

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

    @cached_property
    def prefixes(self) -> tuple[str, ...]:
        """What servers put before the paths of operations, each once; the empty one left out."""
        found: dict[str, None] = {}
        for one in self.operations.values():
            path = unescape(unquote(one.pointer.split("/")[2]))
            found.update(dict.fromkeys(template.removesuffix(path) for template in (one.template, *one.also)))
        return tuple(filter(None, found))

    def rooted(self) -> Mapping[str, Any]:
        """Give the document with the whole path of each operation, for who takes no notice of servers."""
        if not self.prefixes:
            return self.data
        paths: dict[str, Any] = {}
        for one in self.operations.values():
            item = self.at(one.pointer.rpartition("/")[0])
            shared = {name: value for name, value in item.items() if name not in {*METHODS, "servers"}}
            definition = {name: value for name, value in one.definition.items() if name != "servers"}
            paths.setdefault(one.template, shared)[one.method.lower()] = definition
        return {**self.data, "paths": paths, "servers": [{"url": "/"}]}

    def without_prefix(self, address: str) -> str:
        """Take from a server's address the path that is part of every path here."""
        plain = address.rstrip("/")
        prefix = next((one for one in self.prefixes if urlsplit(plain).path.endswith(one)), "")
        return plain.removesuffix(prefix)

    def _definitions(self, section: str) -> dict[str, OperationDefinition]:
        found: dict[str, OperationDefinition] = {}
        for template, item in self.data.get(section, {}).items():
            if template.startswith("x-"):
                continue
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
                    raise DocumentError(f"{self.place(pointer)}: {name} is also the operationId of another operation")
                aliases = tuple(_aliases(item.get("x-aliases"), name))
                prefixes = [""] if section == "webhooks" else self._prefixes(item, definition)
                first, *others = (prefix + template for prefix in prefixes)
                parameters = self._parameters(owner, item, pointer, definition)
                found[name] = OperationDefinition(
                    name, method.upper(), first, pointer, definition, parameters, aliases, tuple(others)
                )
        return found

    def _parameters(
        self, owner: str, item: Mapping[str, Any], pointer: str, definition: Mapping[str, Any]
    ) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Find the parameters of an operation: those of its path item, in whose place its own of the same name come."""
        known: dict[tuple[str, str], tuple[str, Mapping[str, Any]]] = {}
        for place, holder in ((owner, item), (pointer, definition)):
            for number in range(len(holder.get("parameters", []))):
                found, parameter = self.resolve(join(place, "parameters", str(number)))
                if not isinstance(parameter, dict):
                    raise DocumentError(f"{self.place(found)}: a parameter is a mapping")
                known[parameter["name"], parameter["in"]] = found, cast("dict[str, Any]", parameter)
        return tuple(known.values())

    def _prefixes(self, item: Mapping[str, Any], definition: Mapping[str, Any]) -> list[str]:
        """Find what the servers of an operation put before its path, each once; usually one, and empty."""
        for holder in (definition, item, self.data):
            if servers := holder.get("servers"):
                found = dict.fromkeys(itertools.chain.from_iterable(map(_server_paths, servers)))
                return list(found)[:_MOST_PREFIXES]
        return [""]

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        if self.lines is not None:
            return self.lines
        lines = _kept(self.digest, "lines")
        return lines if lines is not None else _make(self.source, self.text, self.digest)["lines"]

    def line(self, pointer: str) -> int | None:
        """The line a JSON pointer (`#/paths/...`, `/paths/...`) leads to, or the nearest one above it; from 1.

        In another document than the bundled one it is a `Line`, which knows its file.
        """
        file, line = self._written(pointer)
        return line if line is None or file == BUNDLED else Line(line, file.name)

    def _written(self, pointer: str) -> tuple[Path, int | None]:
        """Find the file and the line that a JSON pointer leads to."""
        names = unquote(pointer).lstrip("#").strip("/").split("/")
        rest: list[str] = []
        while names:
            place = "/".join(names)
            if place in self.origins:
                origin = self.origins[place]
                return origin.file.path, origin.file.line("/".join(filter(None, [origin.pointer, *rest])))
            found = self._lines.get(place)
            if found is not None:
                return self.source, found
            rest.insert(0, names.pop())
        return self.source, None

    def pointer_at(self, line: int) -> str | None:
        """Return the deepest JSON pointer whose value begins in a line, without `#/`; None if none does."""
        return max((pointer for pointer, found in self._lines.items() if found == line), key=len, default=None)

    def place(self, pointer: str) -> str:
        """File, line and pointer, as an error begins with them."""
        file, line = self._written(pointer)
        return f"{file}:{line or 1}: {pointer}"

    def at(self, pointer: str) -> Any:
        """What stands at a JSON pointer; None if nothing does."""
        found: Any = self.data
        for name in unquote(pointer).lstrip("#").strip("/").split("/"):
            key = unescape(name) if "~" in name else name
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
                    raise DocumentError(f"{self.place(referrer)} does not exist, or refers to itself")
                raise DocumentError(f"{self.place(referrer)}: $ref points to nothing, or is circular: {pointer}")
            target = cast("dict[str, Any]", found).get("$ref") if isinstance(found, dict) else None
            if target is None:
                return pointer, cast("Any", found)
            if not isinstance(target, str) or not target.startswith("#/"):
                raise DocumentError(
                    f"{self.place(pointer)}: $ref must point to a location in the same document, not to {target!r}"
                )
            seen.add(pointer)
            referrer, pointer = pointer, target


def fragment(*names: str) -> str:
    """Write names as a JSON pointer, the fragment of a URI: `#/paths/~1v1~1store-credit`."""
    return join("#", *names)


def join(pointer: str, *names: str) -> str:
    """Go on from a JSON pointer, as the fragment of a URI."""
    return pointer + "".join("/" + _token(name) for name in names)


@lru_cache(maxsize=4096)
def _token(name: str) -> str:
    # The same few hundred names stand in thousands of pointers: about a tenth of the time that compiling takes.
    return quote(escape(name), safe="~")


def _kept(digest: str, part: str) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        kept = orjson.loads(BUNDLED.with_suffix(f".{part}.json").read_bytes())
        if kept["digest"] == digest:
            return kept[part]
    return None


@lru_cache(maxsize=2)
def _make(path: Path, text: bytes, digest: str) -> dict[str, Any]:
    made = compile_text(text, str(path))
    if path == BUNDLED:
        for part in ("data", "lines"):
            keep(path.with_suffix(f".{part}.json"), {"digest": digest, part: made[part]})
    return made


def _aliases(value: Any, name: str) -> Iterator[str]:
    """Read `x-aliases` of a path item; another document may mean something else by it."""
    for one in cast("list[Any]", value) if isinstance(value, list) else ():
        if isinstance(one, dict) and one.get("for") == name and isinstance(one.get("method"), str):  # pyright: ignore[reportUnknownMemberType]
            yield cast("dict[str, str]", one)["method"].upper()


def _server_paths(server: Mapping[str, Any]) -> Iterable[str]:
    """Give what a server puts before each path: one text for each way of filling in the variables of its address."""
    url = str(server.get("url", ""))
    variables: Mapping[str, Any] = server.get("variables", {})
    names = list(dict.fromkeys(_VARIABLE.findall(url)))
    values = [_values(variables.get(name, {})) for name in names]
    for chosen in itertools.islice(itertools.product(*values), _MOST_PREFIXES):
        filled = url
        for name, value in zip(names, chosen, strict=True):
            filled = filled.replace(f"{{{name}}}", value)
        try:
            path = urlsplit(urljoin("http://document/", filled)).path
        except ValueError:
            path = ""
        yield path.rstrip("/")


def _values(variable: Mapping[str, Any]) -> list[str]:
    """Give what a variable of a server may be, its default first."""
    default = str(variable.get("default", ""))
    others: Iterable[Any] = variable.get("enum", [])
    return list(dict.fromkeys([default, *map(str, others)]))


def _members(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key == "properties" and isinstance(inner, dict):
                yield from cast("dict[str, Any]", inner)
            yield from _members(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _members(inner)
