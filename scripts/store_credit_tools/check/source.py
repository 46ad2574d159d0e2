"""Read a document with the line of each of its members; what is not valid YAML becomes findings, all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import yaml

from store_credit_tools.check.findings import Finding, UnusableError, shown

__all__ = ["Location", "Node", "Source", "items", "mapping", "pointer"]

Location = tuple[str, ...]
"""Names and indices from the root of the document to a place in it."""

Node = Mapping[str, Any]

_ATTEMPTS: Final = 25
_TAB: Final = re.compile(r" *\t")
_CONSTANTS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", "")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
"""How YAML 1.2 reads what stands without quotes: `yes` and `12:30` are texts."""

_PROBLEMS: Final = (
    (
        "mapping values are not allowed",
        "a colon begins a mapping where none is allowed",
        "put the text in quotes, or correct the indentation",
    ),
    (
        "did not find expected key",
        "the line does not belong to any mapping above it",
        "indent it like the lines next to it, and check that quotes and brackets above it are closed",
    ),
    (
        "did not find expected '-'",
        "the line is not an item of the list above it",
        "begin it with `- `, or correct the indentation",
    ),
    (
        "did not find expected ','",
        "a list or mapping in brackets is not closed",
        "close it, or put a comma between its items",
    ),
    ("could not find expected ':'", "a key without a colon", "write `key: value`, or correct the indentation"),
    ("unexpected end of stream", "a quote is not closed", "close it"),
    ("unexpected end of", "a quote or a bracket is not closed", "close it"),
    ("undefined alias", "the alias has no anchor", "set the anchor (`&name`) above it"),
    ("duplicate anchor", "the anchor is set twice", "rename one of them"),
    ("expected a single document", "a second document begins here", "remove the line `---`"),
    (
        "cannot start any token",
        "the text begins with a character that has a special meaning in YAML",
        "put it in quotes",
    ),
    ("unknown escape", "the backslash escapes nothing", "write it twice, or use single quotes"),
    (
        "block entries are not allowed",
        "a list begins where none is allowed",
        "put it on a line of its own below its key",
    ),
    (
        "block sequence entries are not allowed",
        "a list begins where none is allowed",
        "put it on a line of its own below its key",
    ),
    ("control characters", "a control character", "remove it"),
    ("special characters", "a control character", "remove it"),
)


@dataclass
class Source:
    """A document, as far as it can be read.

    Attributes:
        path: Its file.
        name: The file as people name it.
        text: Its text.
        data: The plain data; what stands twice is there as it stands last.
        lines: The line of each member and item, from 1.
        findings: What is wrong with the YAML. With `broken` the data are not all of the document.
    """

    path: Path
    name: str
    text: str = field(repr=False)
    data: Any = field(default=None, repr=False)
    lines: dict[Location, int] = field(default_factory=dict[Location, int], repr=False)
    findings: list[Finding] = field(default_factory=list[Finding])
    broken: bool = False

    @classmethod
    def read(cls, path: Path) -> Source:
        """Read a file.

        Raises:
            UnusableError: It cannot be read, is not UTF-8, or is empty.
        """
        name = shown(path)
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise UnusableError(f"{name}: cannot be read ({error.strerror}); pass a file that exists") from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise UnusableError(f"{name}:{line}: is not UTF-8 text; save it as UTF-8") from error
        source = cls(path, name, text)
        source._compose()
        if not source.findings and not isinstance(source.data, dict):
            raise UnusableError(f"{name}:1: is not an OpenAPI document, which begins with `openapi: 3.1.0`; pass one")
        return source

    def add(self, place: Location, what: str, remedy: str) -> None:
        """Note a mistake at a place."""
        self.findings.append(Finding(self.name, self.line(place), what, remedy))

    def line(self, place: Location) -> int:
        """The line of a place, or of the nearest one around it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return 1

    def at(self, place: Location) -> Any:
        """What stands at a place; None if nothing does."""
        found: Any = self.data
        for name in place:
            if isinstance(found, dict):
                found = cast("dict[str, Any]", found).get(name)
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(cast("list[Any]", found)):
                found = cast("list[Any]", found)[int(name)]
            else:
                return None
        return found

    def _compose(self) -> None:
        rows = self.text.splitlines(keepends=True)
        for _ in range(_ATTEMPTS):
            try:
                root = _compose("".join(rows))
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                row = min(mark.line if mark else 0, len(rows) - 1)
                self._problem(error, row, rows)
            except yaml.YAMLError as error:  # a control character, which has a position and no mark
                position = int(getattr(error, "position", 0))
                row = self.text.encode()[:position].count(b"\n")
                self._problem(error, row, rows)
            except RecursionError as error:
                raise UnusableError(f"{self.name}: is nested too deeply; use fewer levels") from error
            else:
                if root is not None and not self.broken:
                    self.data = self._plain(root, (), ())
                return
            if not any(row.strip() for row in rows):
                return

    def _problem(self, error: yaml.YAMLError, row: int, rows: list[str]) -> None:
        """Note why the YAML cannot be read, and blank the lines concerned, so that the next mistake is found too."""
        self.broken = True
        said = str(getattr(error, "problem", None) or error)
        # An unclosed quote or bracket is told where it begins.
        context = getattr(error, "context_mark", None)
        if context is not None and "end of stream" in said:
            row = min(context.line, len(rows) - 1)
        while row and not rows[row].strip():
            row -= 1
        row, what, remedy = _explained(said, row, rows)
        self.findings.append(Finding(self.name, row + 1, f"is not YAML: {what}", remedy))
        depth = _depth(rows[row])
        rows[row] = "\n"
        for below in range(row + 1, len(rows)):
            if rows[below].strip() and _depth(rows[below]) <= depth:
                break
            rows[below] = "\n"

    def _plain(self, node: yaml.Node, place: Location, around: tuple[int, ...]) -> Any:
        if id(node) in around:
            raise UnusableError(f"{self.name}:{_line(node)}: the anchor contains itself; write out the value")
        if isinstance(node, yaml.MappingNode):
            return dict(self._members(node, place, (*around, id(node))))
        if isinstance(node, yaml.SequenceNode):
            items: list[Any] = []
            for number, item in enumerate(cast("list[yaml.Node]", node.value)):
                inner = (*place, str(number))
                self.lines[inner] = _line(item)
                items.append(self._plain(item, inner, (*around, id(node))))
            return items
        text = str(node.value)
        if getattr(node, "style", None):
            return text
        if _is_typed(text):
            return _typed(text)
        if text in {".inf", "-.inf", "+.inf", ".nan", ".Inf", "-.Inf", ".NaN", ".INF", "-.INF", ".NAN"}:
            self._note(node, f"{text} is not a number that JSON has", "put it in quotes")
        return text

    def _members(self, node: yaml.MappingNode, place: Location, around: tuple[int, ...]) -> Iterator[tuple[str, Any]]:
        first: dict[str, int] = {}
        for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if not isinstance(key, yaml.ScalarNode):
                self._note(key, "a key that is not a string", "put it in quotes")
                continue
            if name == "<<" and not key.style:
                self._note(key, "a merge key (`<<`), which YAML 1.2 does not have", "write out the members")
                continue
            if not key.style and _is_typed(name):
                self._note(key, f"the key {name or '(nothing)'} is not a text", f'put it in quotes: "{name}"')
            if name in first:
                self._note(key, f"`{name}` occurs twice in one mapping, first on line {first[name]}", "keep one")
            first.setdefault(name, _line(key))
            inner = (*place, name)
            self.lines[inner] = _line(key)
            yield name, self._plain(value, inner, around)

    def _note(self, node: yaml.Node, what: str, remedy: str) -> None:
        self.findings.append(Finding(self.name, _line(node), what, remedy))


def _explained(said: str, row: int, rows: list[str]) -> tuple[int, str, str]:
    """Find the line that is meant by what the parser says of another, and say what is wrong with it."""
    depth = _depth(rows[row])
    above = next((number for number in range(row - 1, -1, -1) if rows[number].strip()), row)
    for number in (row, min(row + 1, len(rows) - 1)):
        if _TAB.match(rows[number]) and (number == row or "token" in said):
            return number, "a tab in the indentation", "indent with spaces"
    if "mapping values" in said and _depth(rows[above]) == depth and not re.search(r":(\s|$)", rows[above]):
        return above, "a key without a colon", "write `key: value`"
    if "mapping values" in said and depth > _depth(rows[above]) and re.search(r":\s+\S", rows[above]):
        said = f"the line is indented more than line {above + 1} above it, which has a value"
        return row, said, "indent both alike"
    if "expected key" in said and '"' in rows[row]:
        # A quote that was not closed above was closed by the first one here.
        for number in range(row - 1, -1, -1):
            if rows[number].count('"') % 2:
                return number, "a quote is not closed", "close it"
    if "expected key" in said:
        block = row
        while block and (not rows[block - 1].strip() or _depth(rows[block - 1]) > depth):
            block -= 1
        inside = [number for number in range(block, row) if rows[number].strip()]
        # One line alone, deeper than those that follow it: it is that line which is out of place.
        if inside and block and _depth(rows[block - 1]) < depth and not (depth % 2 > _depth(rows[inside[0]]) % 2):
            deeper = [number for number in inside[1:] if _depth(rows[number]) <= _depth(rows[inside[0]])]
            if not deeper:
                return inside[0], f"the line is not indented like line {row + 1} below it", "indent both alike"
    known = ((row, what, remedy) for words, what, remedy in _PROBLEMS if words in said)
    return next(known, (row, said.replace("\n", " "), "correct the YAML here"))


def _compose(text: str) -> yaml.Node | None:
    # With libyaml where PyYAML has it, ten times as fast.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return cast("yaml.Node | None", yaml.compose(text, Loader=loader))  # pyright: ignore[reportUnknownMemberType]


def _is_typed(text: str) -> bool:
    return text in _CONSTANTS or _FLOAT.fullmatch(text) is not None or _INTEGER.fullmatch(text) is not None


def _typed(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0 if text[:2] in {"0o", "0x"} else 10)
    return float(text)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _depth(row: str) -> int:
    return len(row) - len(row.lstrip(" \t"))


def mapping(value: Any) -> Node:
    """A value as a mapping; an empty one where it is something else, which is said elsewhere."""
    return cast("Node", value) if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """A value as a list; an empty one where it is something else, which is said elsewhere."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def pointer(place: Location) -> str:
    """A place as a JSON pointer, for people and for `$ref`."""
    return "#" + "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in place)
