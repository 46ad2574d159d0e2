"""Members that one side of an exchange does not carry: `readOnly` ones in requests, `writeOnly` ones in responses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast

from store_credit_mock.contract.document import Document

__all__ = ["Mark", "forbid"]


Mark = Literal["readOnly", "writeOnly"]


def forbid(document: Document, schemas: list[dict[str, Any]], mark: Mark) -> None:
    """Forbid the members that have a mark, and take them off the lists of what is required.

    Args:
        document: A copy, which is changed.
        schemas: All its schemas.
        mark: The mark, on the member itself or on what it refers to.
    """
    if not any(schema.get(mark) is True for schema in schemas):
        return
    # All is found before anything is changed.
    own = {id(schema): _own(document, schema, mark) for schema in schemas}
    hidden = [(schema, _all(document, schema, own)) for schema in schemas]
    for schema, names in hidden:
        if names:
            for part in _parts(document, schema):
                _not_required(part, names)
    for schema in schemas:
        for name in own[id(schema)]:
            schema["properties"][name] = False


def _own(document: Document, schema: dict[str, Any], mark: str) -> frozenset[str]:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return frozenset()
    members = cast("dict[str, Any]", properties)
    return frozenset(
        name
        for name, member in members.items()
        if isinstance(member, dict) and any(part.get(mark) is True for part in _parts(document, member, ("allOf",)))  # pyright: ignore[reportUnknownArgumentType]
    )


def _all(document: Document, schema: dict[str, Any], own: dict[int, frozenset[str]]) -> frozenset[str]:
    """The marked members of everything that speaks of the same value as a schema."""
    return frozenset[str]().union(*(own.get(id(part), frozenset()) for part in _parts(document, schema)))


def _parts(
    document: Document, schema: dict[str, Any], lists: tuple[str, ...] = ("allOf", "anyOf", "oneOf")
) -> Iterator[dict[str, Any]]:
    """A schema with all that speaks of the same value: what it refers to, and the parts of its lists."""
    waiting: list[Any] = [schema]
    seen: set[int] = set()
    for part in waiting:
        if not isinstance(part, dict) or id(part) in seen:  # pyright: ignore[reportUnknownArgumentType]
            continue
        seen.add(id(part))  # pyright: ignore[reportUnknownArgumentType]
        members = cast("dict[str, Any]", part)
        yield members
        if isinstance(reference := members.get("$ref"), str):
            waiting.append(document.at(reference))
        for name in lists:
            if isinstance(members.get(name), list):
                waiting += members[name]
        if len(lists) > 1:
            waiting += [members.get("then"), members.get("else")]


def _not_required(schema: dict[str, Any], names: frozenset[str]) -> None:
    if isinstance(schema.get("required"), list):
        schema["required"] = [name for name in cast("list[Any]", schema["required"]) if name not in names]
    if isinstance(schema.get("dependentRequired"), dict):
        schema["dependentRequired"] = {
            name: [other for other in others if other not in names]
            for name, others in cast("dict[str, list[Any]]", schema["dependentRequired"]).items()
        }
