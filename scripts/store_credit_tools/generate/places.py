"""Places in a document: as a JSON Pointer, and as the line of the file where an error is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

__all__ = ["Place", "line_of", "pointer", "steps"]

Place = tuple[str, ...]
"""The names, and in a list the indices, that lead to something in a document."""


def pointer(place: Iterable[str]) -> str:
    """Write a place as a JSON Pointer."""
    return "".join(f"/{one.replace('~', '~0').replace('/', '~1')}" for one in place)


def steps(written: str) -> Place:
    """Read a JSON Pointer."""
    return tuple(one.replace("~1", "/").replace("~0", "~") for one in written.split("/")[1:])


def line_of(path: Path, place: Sequence[str]) -> int:
    """The line of a file on which the member stands that some names lead to, or the last of them that is there."""
    line = 1
    node: Any = YAML(typ="safe", pure=True).compose(path)  # pyright: ignore[reportUnknownMemberType]
    for name in place:
        if node.id == "mapping":
            found = ((key.start_mark.line + 1, value) for key, value in node.value if key.value == name)
        elif node.id == "sequence":
            found = ((one.start_mark.line + 1, one) for index, one in enumerate(node.value) if str(index) == name)
        else:
            break
        inner = next(found, None)
        if inner is None:
            break
        line, node = inner
    return line
