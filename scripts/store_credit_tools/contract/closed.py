"""The closed copy: the document with its response schemas closed, so that an unknown member is noticed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, cast

from store_credit_tools.contract.document import Document, DocumentError, pointer

__all__ = ["close"]

_ONE = ("items", "contains", "additionalProperties", "propertyNames", "if", "then", "else")
_LIST = ("oneOf", "anyOf", "prefixItems")
_MAP = ("properties", "patternProperties", "dependentSchemas")


def close(document: Document) -> Document:
    """Copy a document and close in it every object schema that a response or a webhook's payload can reach.

    An object schema that says itself what other members it takes (`additionalProperties` or `unevaluatedProperties`)
    stays as it is. The document itself stays open, since a live server may add members at any time.

    Raises:
        DocumentError: A schema uses `allOf`, which cannot be closed without knowing what stands beside it.
    """
    data = copy.deepcopy(dict(document.data))
    copied = Document(data, f"{document.source} (closed)")
    seen: set[tuple[str, ...]] = set()
    for location in _answers(copied):
        _close(copied, location, seen)
    return copied


def _answers(document: Document) -> Iterator[tuple[str, ...]]:
    for operation in document.operations.values():
        for status in operation.definition["responses"]:
            yield from _contents(document, (*operation.location, "responses", status))
    for operation in document.webhooks.values():
        yield from _contents(document, (*operation.location, "requestBody"))


def _contents(document: Document, location: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    location, definition = document.resolve(location)
    for media_type in definition.get("content", {}):
        yield (*location, "content", media_type, "schema")


def _close(document: Document, location: tuple[str, ...], seen: set[tuple[str, ...]]) -> None:
    location, schema = document.resolve(location)
    if location in seen or not isinstance(schema, dict):
        return
    seen.add(location)
    members = cast("dict[str, Any]", schema)
    if "allOf" in members:
        raise DocumentError(f"{document.source}: {pointer(*location)}: allOf cannot be closed; write its members out")
    open_by_itself = "additionalProperties" in members or "unevaluatedProperties" in members
    kinds = members.get("type")
    if not open_by_itself and (
        "properties" in members or kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    ):
        members["unevaluatedProperties"] = False
    for name in _ONE:
        if name in members:
            _close(document, (*location, name), seen)
    for name in _LIST:
        for number in range(len(members.get(name, []))):
            _close(document, (*location, name, str(number)), seen)
    for name in _MAP:
        for key in members.get(name, {}):
            _close(document, (*location, name, key), seen)
