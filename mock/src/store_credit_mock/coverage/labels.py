"""Points as people read them: fields by their schema and path in place of JSON pointers."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import unquote

from store_credit_mock.contract.document import unescape
from store_credit_mock.coverage.points import Kind

__all__ = ["grouped", "short"]


def short(pointer: str) -> tuple[str, str]:
    """Return the schema a pointer leads into, by name (empty if it has none), and the way inside it: `data[].id`."""
    steps = [unescape(step) for step in unquote(pointer).lstrip("#").strip("/").split("/")]
    if steps[:2] == ["components", "schemas"] and len(steps) > 2:
        schema, steps = steps[2], steps[3:]
    else:
        start = next((place for place, step in enumerate(steps) if step == "schema" and place > 1), -1)
        schema, steps = "", steps[start + 1 :]
    way = ""
    while steps:
        step = steps.pop(0)
        if step == "properties" and steps:
            way += f".{steps.pop(0)}"
        elif step == "items":
            way += "[]"
        elif step == "additionalProperties":
            way += ".*"
        elif step in {"oneOf", "anyOf", "allOf"} and steps:
            steps.pop(0)
    return schema, way.lstrip(".")


def grouped(kind: Kind, names: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Group points by what their names have in common, for lists that are short enough to read.

    Returns:
        What is left of each name, and the name, by what they have in common.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        head, text = "", name
        if kind == "fields":
            side, _, pointer = name.partition(" ")
            schema, text = short(pointer)
            head = f"{side} {schema}".rstrip()
        elif kind == "values":
            head, _, text = name.partition(" = ")
            side, _, pointer = head.partition(" ")
            if pointer.startswith("#/"):
                schema, way = short(pointer)
                head = f"{side} {schema}{'.' if schema and way and not way.startswith('[') else ''}{way}"
        groups.setdefault(head, []).append((text, name))
    return groups
