"""Arguments of a method from the examples of its operation, with which the request is built once it is generated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from store_credit_tools.generate.errors import Node
from store_credit_tools.generate.inputs import Argument
from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.plain import inside, json_type

__all__ = ["read_examples"]

_STAND_INS = {
    "int": 1,
    "bool": True,
    "int | float | Decimal": 1,
    "int | str | Decimal": "1.00",
    "date | str": "2026-01-31",
    "datetime | str": "2026-01-31T00:00:00Z",
    "datetime | int": 1767225600,
    "bytes": {"$bytes": "x"},
    "bodies.File": {"$bytes": "x"},
    "Sequence[bodies.File]": [{"$bytes": "x"}],
}
"""A value for an argument without an example, by its annotation; a text for any other."""


def read_examples(
    parsed: Parsed, operation: Node, arguments: Sequence[Argument], *, body_kind: str, root: str | None
) -> list[dict[str, Any]]:
    """Give the arguments for each example of the body, or once; what is required and has no example gets a stand-in."""
    nodes = {(str(one["in"]), str(one["name"])): one for one in operation.get("parameters", [])}
    shared: dict[str, Any] = {}
    for one in arguments:
        node = nodes.get((one.location, one.wire))
        found = [] if node is None else [*_examples(parsed, _holder(node))]
        if found:
            shared[one.name] = found[0]
        elif one.required:
            shared[one.name] = _stand_in(one)
    in_body = [one for one in arguments if one.location == "body"]
    if body_kind == "members" and root is not None and in_body and not any(one.required for one in in_body):
        # One at least must be given.
        shared[in_body[0].name] = _stand_in(in_body[0])
    bodies = [*_bodies(parsed, operation)]
    return [shared | _members(in_body, body, body_kind, root) for body in bodies] or [shared]


def _bodies(parsed: Parsed, operation: Node) -> Iterator[Any]:
    content = inside(operation, "requestBody", "content")
    media = json_type(content)
    if media is not None and ("json" in media or "form" in media):
        yield from _examples(parsed, inside(content, media))


def _members(arguments: Sequence[Argument], body: Any, kind: str, root: str | None) -> dict[str, Any]:
    """The arguments that an example of the body gives."""
    if kind == "whole":
        return {"body": body}
    found: Any = inside({"": body}, "", root) if root is not None else body
    if not isinstance(found, Mapping):
        return {}
    members = cast("Mapping[str, Any]", found)
    given = {one.name: members[one.wire] for one in arguments if one.wire in members}
    if kind == "members":
        return given
    # A form has no null, and an example has no files.
    files = {one.name for one in arguments if "File" in one.annotation}
    return {name: one for name, one in given.items() if one is not None and name not in files}


def _holder(node: Node) -> Node:
    """What of a parameter holds its examples: itself, or the one way in which it is written."""
    content = inside(node, "content")
    return {**inside(content, *list(content)[:1]), **{name: one for name, one in node.items() if name != "content"}}


def _examples(parsed: Parsed, node: Node) -> Iterator[Any]:
    """The examples of a parameter or a media type; where it has none, that of its schema."""
    if "example" in node:
        yield node["example"]
    for one in inside(node, "examples").values():
        said = parsed.resolve(one)
        if "value" in said:
            yield said["value"]
    if "example" in node or node.get("examples"):
        return
    said = parsed.resolve(inside(node, "schema"))
    listed: Any = said.get("examples")
    if isinstance(listed, list) and listed:
        yield cast("list[Any]", listed)[0]
        return
    for name in ("example", "const", "default"):
        if said.get(name) is not None:
            yield said[name]
            return
    values = cast("list[Any]", said.get("enum") or [])
    yield from [one for one in values if one is not None][:1]


def _stand_in(argument: Argument) -> Any:
    annotation = argument.annotation.removesuffix(" | None").removesuffix(" | Unset").removesuffix(" | None")
    if annotation in _STAND_INS:
        return _STAND_INS[annotation]
    if annotation.startswith("Mapping"):
        return {"x": "x"}
    if annotation.startswith("Sequence"):
        return _items(annotation)
    return "x"


def _items(annotation: str) -> list[Any]:
    inner = annotation.removeprefix("Sequence[").partition("]")[0]
    return [_STAND_INS.get(inner, "x")]
