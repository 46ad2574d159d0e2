"""Copies of the document's schemas made for checking: one for requests, one closed for responses."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from store_credit_mock.contract.closing import Closing
from store_credit_mock.contract.document import Document, join
from store_credit_mock.contract.native_keywords import make_native
from store_credit_mock.contract.sides import Mark, forbid

__all__ = ["CLOSED", "REQUEST", "inner_schemas", "variants"]

REQUEST: Final = "urn:store-credit:request"
CLOSED: Final = "urn:store-credit:closed"
PART: Final = "urn:store-credit:part"
OPEN: Final = "urn:store-credit:open"
"""What the copies are called where schemas refer to each other: for requests; for responses closed, with its parts for
schemas that others are made of, and as the document is, for conditions."""

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


def variants(document: Document, roots: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Make the copies of a document that values are validated against, each with its name.

    In the one for requests a `readOnly` member may not be sent; in those for responses a `writeOnly` one may not
    appear, and below `roots` no member that is not listed.

    Args:
        document: The document; it stays open, since a live server may add members at any time.
        roots: Pointers to the schemas of responses and of webhook payloads; what they reach is closed. Of none,
            all stays open.

    Raises:
        DocumentError: A reference leads nowhere.
    """
    closed = _copy(document, "writeOnly")
    closing = Closing(closed, lambda: _copy(document, "writeOnly"), (CLOSED, PART, OPEN))
    for root in roots:
        closing.close(root)
    copies = [(REQUEST, _copy(document, "readOnly")), (CLOSED, closed)]
    if closing.part_copy is not None:
        copies.append((PART, closing.part_copy))
    if closing.needs_open:
        copies.append((OPEN, _copy(document, "writeOnly")))
    for _, copied in copies:
        for schema in _schemas(copied.data):
            make_native(schema)
    return [(name, dict(copied.data)) for name, copied in copies]


def _copy(document: Document, mark: Mark) -> Document:
    # No schema refers to what is left out, which is half of the bundled document.
    components: Mapping[str, Any] = document.data.get("components", {})
    kept: dict[str, Any] = {**document.data, "components": {**components, "examples": {}}}
    # What `copy.deepcopy` gives, at a third of its time.
    data = pickle.loads(pickle.dumps(kept, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - what was just made
    copied = replace(document, data=data)
    forbid(copied, list(_schemas(copied.data)), mark)
    return copied


def inner_schemas(schema: Mapping[str, Any]) -> Iterator[str]:
    """The places of the schemas right inside a schema, as the end of a pointer: `properties/amount`, `anyOf/0`."""
    yield from (name for name in _ONE if isinstance(schema.get(name), dict))
    for name in _LIST:
        if isinstance(items := schema.get(name), list):
            yield from (f"{name}/{number}" for number in range(len(cast("list[Any]", items))))
    for name in _MAP:
        if isinstance(members := schema.get(name), dict):
            yield from (join(name, key) for key in cast("dict[str, Any]", members))


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
        for name in (*_MAP, "$defs", "definitions"):
            if isinstance(members.get(name), dict):
                for item in members[name].values():
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
                for schema in cast("dict[str, Any]", item).values() if isinstance(item, dict) else ():
                    add(schema)
            elif name not in {"example", "examples"}:
                _visit(item, add)
