"""Text of the document inside generated code: wrapped, and unable to end the docstring it stands in."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Sequence

__all__ = ["docstring", "export_order", "prose", "quoted", "sources"]

_DECISIONS = re.compile(r"\s*\((?:[VDRAT]\d+(?:, )?)+\)")
"""Ids of decisions in brackets: they lead somewhere on the reference pages, and nowhere in an editor."""
_QUOTATION = re.compile(r"^> ?", re.MULTILINE)


def prose(text: str, indent: int = 0, first: int | None = None, width: int = 118) -> str:
    """Wrap text for a docstring, lines after the first indented. `first` is where the first line starts.

    The items of a list keep lines of their own; a quotation loses its marks, which an editor would show as they are.
    """
    safe = _DECISIONS.sub("", text).strip().replace("\\", "\\\\").replace('"""', "'''")
    if safe.endswith('"'):
        safe = safe[:-1] + '\\"'
    wrapped: list[str] = []
    for number, block in enumerate(re.split(r"\n\s*\n", safe)):
        start = indent if first is None or number else first
        paragraphs = re.split(r"\n(?=- )", _QUOTATION.sub("", block).replace("**Warning:**", "Warning:"))
        lines: list[str] = []
        for paragraph in paragraphs:
            lines += textwrap.wrap(
                " " * (indent if lines else start) + " ".join(paragraph.split()),
                width,
                subsequent_indent=" " * (indent + 2 * paragraph.startswith("- ")),
                break_long_words=False,
                break_on_hyphens=False,
            )
        wrapped.append("\n".join(lines).lstrip())
    return f"\n\n{' ' * indent}".join(wrapped)


def docstring(text: str, indent: int) -> str:
    """Text between a docstring's quotes; those at the end stand on a line of their own after more than one line."""
    wrapped = prose(text, indent, indent + 3)
    return f"{wrapped}\n{' ' * indent}" if "\n" in wrapped else wrapped


def sources(entries: Sequence[str]) -> str:
    """The document's `x-source` entries as one sentence, each mark written once; decisions are not named."""
    marks: dict[str, list[str]] = {}
    for entry in entries:
        mark, _, what = entry.partition(": ")
        marks.setdefault(mark, []).append(what)
    if "decided" in marks:
        marks["decided"] = ["x-decisions in openapi.yaml"]
    return "; ".join(f"{mark}: {', '.join(what)}" for mark, what in marks.items())


def export_order(names: Iterable[str]) -> list[str]:
    """Sort names as ruff's RUF022 keeps them: constants, then classes, then the rest."""
    return sorted(names, key=lambda name: (0 if name.isupper() else 1 if name[:1].isupper() else 2, name))


def quoted(text: str) -> str:
    """Write a text as Python does, in double quotes."""
    return json.dumps(text, ensure_ascii=False)
