"""Arguments of a method from the examples of its operation, with which the request is built once it is generated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from store_credit_tools.generate.errors import Node
from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.plain import json_type

if TYPE_CHECKING:
    from store_credit_tools.generate.inputs import Argument
    from store_credit_tools.generate.methods import Method, Source

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
    "arguments.File": {"$bytes": "x"},
    "Sequence[arguments.File]": [{"$bytes": "x"}],
}
"""A value for an argument without an example, by its annotation; a text for any other."""


def read_examples(parsed: Parsed, source: Source, method: Method) -> list[dict[str, Any]]:
    """Give the arguments for each example of the body, or once; what is required and has no example gets a stand-in."""
    nodes = {one.key: one.node for one in source.parameters}
    shared: dict[str, Any] = {}
    for one in method.arguments:
        node = nodes.get((one.location, one.wire))
        found = [] if node is None else [*_examples(parsed, _holder(node))]
        if found:
            shared[one.name] = found[0]
        elif one.required:
            shared[one.name] = _stand_in(one)
    bodies = [*_bodies(parsed, source)]
    return [shared | _members(method, body) for body in bodies] or [shared]


def _bodies(parsed: Parsed, source: Source) -> Iterator[Any]:
    content: Node = (source.operation.node.get("requestBody") or {}).get("content") or {}
    media = json_type(content)
    if media is not None and ("json" in media or "form" in media):
        yield from _examples(parsed, content[media] or {})


def _members(method: Method, body: Any) -> dict[str, Any]:
    """The arguments that an example of the body gives."""
    if method.body_kind == "whole":
        return {"body": body}
    found: Any = body.get(method.root, {}) if method.root is not None and isinstance(body, Mapping) else body
    if not isinstance(found, Mapping):
        return {}
    members = cast("Mapping[str, Any]", found)
    given = {one.name: members[one.wire] for one in method.at("body") if one.wire in members}
    if method.body_kind == "members":
        return given
    # A form has no null, and an example has no files.
    files = {one.name for one in method.at("body") if "File" in one.annotation}
    return {name: one for name, one in given.items() if one is not None and name not in files}


def _holder(node: Node) -> Node:
    """What of a parameter holds its examples: itself, or the one way in which it is written."""
    content: Node = node.get("content") or {}
    return {**next(iter(content.values()), {}), **{name: one for name, one in node.items() if name != "content"}}


def _examples(parsed: Parsed, node: Node) -> Iterator[Any]:
    """The examples of a parameter or a media type; where it has none, that of its schema."""
    if "example" in node:
        yield node["example"]
    for one in (node.get("examples") or {}).values():
        said = parsed.resolve(one)
        if "value" in said:
            yield said["value"]
    if "example" in node or node.get("examples"):
        return
    schema: Any = node.get("schema") or {}
    said = parsed.resolve(schema) if isinstance(schema, Mapping) else cast("Node", {})
    listed: Any = said.get("examples")
    if isinstance(listed, list) and listed:
        yield listed[0]
        return
    for name in ("example", "const", "default"):
        if said.get(name) is not None:
            yield said[name]
            return
    values = [one for one in said.get("enum") or [] if one is not None]
    yield from values[:1]


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
