"""Copies of the document's schemas made for checking: one for requests, one closed for answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from store_credit_mock.contract.document import Document, DocumentError, join

__all__ = ["CLOSED", "DECIMAL", "REQUEST", "answer_copy", "inner_schemas", "request_copy"]

REQUEST: Final = "urn:store-credit:request"
CLOSED: Final = "urn:store-credit:closed"
"""What the two copies are called where schemas refer to each other."""

DECIMAL = r"^-?\d+(\.\d+)?$"
"""What `format: decimal` means for a string. As a pattern it is checked without leaving compiled code."""

_UNCHECKED = frozenset({"password", "unix-time"})
"""Formats that are no syntax of a string: a secret is any text, a time in seconds a number with its own bounds."""

_ONE = (
    "items",
    "contains",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
    "if",
    "then",
    "else",
    "not",
)
_LIST = ("oneOf", "anyOf", "allOf", "prefixItems")
_MAP = ("properties", "patternProperties", "dependentSchemas")


def request_copy(document: Document) -> dict[str, Any]:
    """The document for requests: a member that is `readOnly` may not be sent."""
    data = copy.deepcopy(dict(document.data))
    for schema in _schemas(data):
        _native_formats(schema)
        _forbid(schema, "readOnly")
    return data


def answer_copy(document: Document, roots: list[str]) -> dict[str, Any]:
    """The document for answers: `writeOnly` members may not appear, and below `roots` no member that is not listed.

    Args:
        document: The document; it stays open, since a live server may add members at any time.
        roots: Pointers to the schemas of responses and of webhook payloads; what they reach is closed. Of none,
            all stays open.

    Raises:
        DocumentError: A schema uses `allOf`, which cannot be closed without knowing what stands beside it.
    """
    data = copy.deepcopy(dict(document.data))
    copied = replace(document, data=data)
    for schema in _schemas(data):
        _forbid(schema, "writeOnly")
    seen: set[str] = set()
    for root in roots:
        _close(copied, root, seen)
    for schema in _schemas(data):
        _native_formats(schema)
    return data


def _close(document: Document, pointer: str, seen: set[str]) -> None:
    pointer, schema = document.resolve(pointer)
    if pointer in seen or not isinstance(schema, dict):
        return
    seen.add(pointer)
    members = cast("dict[str, Any]", schema)
    if "allOf" in members:
        raise DocumentError(f"{document.place(pointer)}: allOf cannot be closed; write its members out")
    # An object of which nothing is listed is one of any members.
    if "additionalProperties" not in members and "unevaluatedProperties" not in members and "properties" in members:
        # Cheaper by far than unevaluatedProperties, and the same where nothing beside it lists members too.
        alone = not ({"oneOf", "anyOf", "if", "dependentSchemas"} & members.keys())
        members["additionalProperties" if alone else "unevaluatedProperties"] = False
    for name in _ONE:
        if name in members and name != "not":
            _close(document, f"{pointer}/{name}", seen)
    for name in ("oneOf", "anyOf", "prefixItems"):
        for number in range(len(members.get(name, []))):
            _close(document, f"{pointer}/{name}/{number}", seen)
    for name in _MAP:
        for key in members.get(name, {}):
            _close(document, join(pointer, name, key), seen)


def inner_schemas(schema: Mapping[str, Any]) -> Iterator[str]:
    """The places of the schemas right inside a schema, as the end of a pointer: `properties/amount`, `anyOf/0`."""
    yield from (name for name in _ONE if isinstance(schema.get(name), dict))
    for name in _LIST:
        if isinstance(items := schema.get(name), list):
            yield from (f"{name}/{number}" for number in range(len(cast("list[Any]", items))))
    for name in _MAP:
        if isinstance(members := schema.get(name), dict):
            yield from (join(name, key) for key in cast("dict[str, Any]", members))


def _native_formats(schema: dict[str, Any]) -> None:
    kind = schema.get("format")
    if kind == "decimal":
        del schema["format"]
        if "pattern" in schema:
            schema.setdefault("allOf", []).append({"pattern": DECIMAL})
        else:
            schema["pattern"] = DECIMAL
    elif kind in _UNCHECKED:
        del schema["format"]


def _forbid(schema: dict[str, Any], mark: str) -> None:
    properties = cast("dict[str, Any]", schema.get("properties", {}))
    for name, member in properties.items():
        if isinstance(member, dict) and cast("dict[str, Any]", member).get(mark) is True:
            properties[name] = False


def _schemas(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema of the document, each once."""
    found: list[dict[str, Any]] = []

    def add(schema: Any) -> None:
        if not isinstance(schema, dict):
            return
        members = cast("dict[str, Any]", schema)
        found.append(members)
        for name in _ONE:
            add(members.get(name))
        for name in _LIST:
            for item in members.get(name, []):
                add(item)
        for name in _MAP:
            for item in members.get(name, {}).values():
                add(item)

    _visit(data, add)
    yield from found


def _visit(value: Any, add: Callable[[Any], None]) -> None:
    """Find the places in an OpenAPI document where schemas stand."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            _visit(item, add)
    elif isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            if name == "schema":
                add(item)
            elif name == "schemas":
                for schema in cast("dict[str, Any]", item).values():
                    add(schema)
            elif name not in {"example", "examples"}:
                _visit(item, add)
