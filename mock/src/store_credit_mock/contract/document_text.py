"""The text of a document, YAML or JSON, as plain data, with the line on which each of its members stands.

Imports nothing of the package: hatch_build.py reads this file alone, where the package is not installed yet.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import orjson

__all__ = ["DocumentError", "compile_text", "compile_yaml", "escape", "keep", "unescape"]

_MOST: Final = 3_000_000
"""Values a document may have once its anchors are followed; a few lines of anchors can make more than memory holds."""
_TRUE: Final = frozenset({"true", "yes", "on", "y"})
"""Of YAML 1.2 only the first is a boolean; the others are where a document begins with `%YAML 1.1`."""
_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]|[^\s{}\[\],:"]+')


class DocumentError(Exception):
    """The document cannot be used; the text says where and why. Nothing starts with such a document."""


def escape(name: str) -> str:
    """Write a name as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """Read the name that one step of a JSON pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")


def keep(path: Path, value: Mapping[str, Any]) -> None:
    """Write a cache file, whole or not at all; a folder that is not writable is not an error."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        scratch.write_bytes(orjson.dumps(value))
        scratch.replace(path)


def compile_text(text: bytes, source: str) -> dict[str, Any]:
    """Read JSON or YAML, whichever it is: plain data under `data`, lines by JSON pointer under `lines`.

    Args:
        text: UTF-8; UTF-16 and UTF-32 too where it begins with a byte order mark.
        source: The file, for errors.

    Raises:
        DocumentError: It is neither, or repeats a key.
    """
    decoded = _decoded(text, source)
    if decoded.lstrip()[:1] == "{":
        try:
            data: Any = json.loads(decoded, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            # A mapping in YAML may begin like that, too.
            if source.lower().endswith(".json"):
                line = getattr(error, "lineno", 1)
                raise DocumentError(f"{source}:{line}: not valid JSON: {getattr(error, 'msg', error)}") from error
        else:
            return {"data": data, "lines": _json_lines(decoded, source)}
    return compile_yaml(text, source)


def compile_yaml(text: bytes, source: str) -> dict[str, Any]:
    """Read YAML by the rules of 1.2: plain data under `data`, lines by JSON pointer (no leading slash) under `lines`.

    A key is its text, whatever YAML takes it for: `200:` is "200". `<<` merges, as nearly every reader has it.

    Raises:
        DocumentError: It is not valid YAML, repeats a key, or has a key that is no text.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(_decoded(text, source))  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        reader = _Reader(source)
        data = None if root is None else reader.value(root, "")
    except MarkedYAMLError as error:
        told: Any = error  # It has no types.
        mark, problem = told.problem_mark or told.context_mark, str(told.problem or told.context)
        line = "" if mark is None else f":{mark.line + 1}"
        hint = "; indent with spaces, because YAML does not allow tabs" if "'\\t'" in problem else ""
        raise DocumentError(f"{source}{line}: not valid YAML: {problem}{hint}") from error
    except YAMLError as error:
        raise DocumentError(f"{source} is not valid YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise DocumentError(f"{source}: the document is nested too deeply, or an anchor contains itself") from error
    if not isinstance(data, dict):
        raise DocumentError(f"{source}:1: not a mapping")
    return {"data": data, "lines": reader.lines}


def _decoded(text: bytes, source: str) -> str:
    encoding = next((name for mark, name in _BOMS if text.startswith(mark)), "utf-8")
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise DocumentError(f"{source}:{line}: not valid {encoding.upper()} text: {error.reason}") from error


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not JSON")


class _Reader:
    """Makes plain data of the nodes of a YAML document.

    Args:
        source: The file, for errors.

    Attributes:
        lines: By JSON pointer.
    """

    def __init__(self, source: str) -> None:
        self.lines: dict[str, int] = {}
        self._source = source

    def value(self, node: Any, place: str) -> Any:
        """Read one node.

        Raises:
            DocumentError: It cannot be read.
        """
        if node.id == "mapping":
            made: dict[str, Any] = {}
            self._fill(made, node, place, merged=False)
            return made
        if len(self.lines) > _MOST:
            raise DocumentError(f"{self._source} has more than {_MOST} values once its aliases are expanded")
        if node.id == "sequence":
            items: list[Any] = []
            for number, item in enumerate(node.value):
                inner = f"{place}/{number}" if place else str(number)
                self.lines[inner] = item.start_mark.line + 1
                items.append(self.value(item, inner))
            return items
        return self._scalar(node)

    def _fill(self, made: dict[str, Any], node: Any, place: str, *, merged: bool) -> None:
        own: set[str] = set()
        merges: list[Any] = []
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.id == "scalar" and key.tag.endswith(":merge"):
                merges.extend(value.value if value.id == "sequence" else [value])
                continue
            if key.id != "scalar" or (key.style is None and key.tag.endswith(":null")):
                raise DocumentError(
                    f"{self._source}:{line}: a key is missing or is not a string; put the key in quotes"
                )
            name = key.value
            if name in own:
                raise DocumentError(f"{self._source}:{line}: {name} occurs twice in one mapping")
            own.add(name)
            if merged and name in made:
                continue  # What stands in the mapping itself wins over what is merged into it.
            inner = f"{place}/{escape(name)}" if place else escape(name)
            self.lines[inner] = line
            made[name] = self.value(value, inner)
        for one in merges:
            if one.id != "mapping":
                raise DocumentError(f"{self._source}:{one.start_mark.line + 1}: << can merge only mappings")
            self._fill(made, one, place, merged=True)

    def _scalar(self, node: Any) -> Any:
        text, line = str(node.value), node.start_mark.line + 1
        if not str(node.tag).startswith("tag:yaml.org,"):
            raise DocumentError(f"{self._source}:{line}: the tag {node.tag} is not supported; write the value itself")
        kind = node.tag.rpartition(":")[2] if node.style is None else "str"
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() in _TRUE
        try:
            if kind == "int":
                return int(text.replace("_", ""), 0)
            if kind == "float":
                return float(text)
        except ValueError as error:
            said = f"{text} is not a valid JSON number; put it in quotes"
            raise DocumentError(f"{self._source}:{line}: {said}") from error
        return text


def _json_lines(text: str, source: str) -> dict[str, int]:
    """Find the line of each member of a JSON text, which is valid.

    Raises:
        DocumentError: A key stands twice.
    """
    lines: dict[str, int] = {}
    line = 1
    # Of each level: its place, the number of its next item (None in an object), and whether a key comes next.
    levels: list[list[Any]] = []
    inner = ""
    for piece in _PIECE.findall(text):
        if piece == "\n":
            line += 1
            continue
        level = levels[-1] if levels else None
        if piece in "}]":
            levels.pop()
        elif piece == ",":
            assert level is not None
            if level[1] is None:
                level[2] = True
            else:
                level[1] += 1
        elif piece == ":":
            continue
        elif level is not None and level[2]:
            level[2] = False
            inner = _inner(level[0], cast("str", json.loads(piece)))
            if inner in lines:
                raise DocumentError(f"{source}:{line}: {json.loads(piece)} occurs twice in one object")
            lines[inner] = line
        else:
            if level is not None and level[1] is not None:
                inner = _inner(level[0], str(level[1]))
                lines[inner] = line
            if piece in "{[":
                levels.append([inner if levels else "", None if piece == "{" else 0, piece == "{"])
    return lines


def _inner(place: str, name: str) -> str:
    return f"{place}/{escape(name)}" if place else escape(name)
