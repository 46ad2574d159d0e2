"""Reading JSON Schemas of the document: references, merged `allOf`, and what a schema is in Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

__all__ = ["Schemas", "types_of"]

Node = Mapping[str, Any]


def types_of(schema: Node) -> list[str]:
    """The JSON types a schema allows, as far as `type`, `const` and `enum` say."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return [kind]
    if isinstance(kind, list):
        return [str(one) for one in cast("list[Any]", kind)]
    values: list[Any] = [schema["const"]] if "const" in schema else list(schema.get("enum", []))
    return ["string" if isinstance(value, str) else "integer" for value in values]


def snake(name: str) -> str:
    """`VinrStoreCredit` as `vinr_store_credit`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def pascal(name: str) -> str:
    """`store_credit` as `StoreCredit`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


class Schemas:
    """The document's schemas, looked up by name or reference."""

    def __init__(self, document: Node) -> None:
        self.document = document

    def resolve(self, node: Node) -> Node:
        """Follow a reference to what it stands for."""
        while "$ref" in node:
            pointer = str(node["$ref"])
            target: Any = self.document
            for part in pointer.removeprefix("#/").split("/"):
                name = part.replace("~1", "/").replace("~0", "~")
                if not isinstance(target, Mapping) or name not in target:
                    raise ValueError(f"the reference {pointer} leads nowhere")
                target = cast("Node", target)[name]
            node = cast("Node", target)
        return node

    def name_of(self, node: Node) -> str | None:
        """The name of the schema a reference leads to, or None where there is no reference."""
        reference = node.get("$ref")
        return str(reference).rsplit("/", 1)[-1] if reference else None

    def merged(self, node: Node) -> Node:
        """A schema with its references followed and the members of `allOf` laid over one another."""
        schema = self.resolve(node)
        parts = schema.get("allOf")
        if not parts:
            return schema
        result: dict[str, Any] = {}
        for part in [*parts, {key: value for key, value in schema.items() if key != "allOf"}]:
            for key, value in self.merged(part).items():
                if key == "properties":
                    result[key] = {**result.get(key, {}), **value}
                elif key == "required":
                    result[key] = [*result.get(key, []), *value]
                else:
                    result[key] = value
        return result

    def properties(self, node: Node) -> dict[str, Node]:
        """The properties of an object schema."""
        return dict(self.merged(node).get("properties", {}))

    def alternatives(self, node: Node) -> list[Node]:
        """The members of a `oneOf` or `anyOf`, or the schema itself."""
        schema = self.resolve(node)
        found = schema.get("oneOf") or schema.get("anyOf")
        return list(found) if found else [node]

    def constants(self, node: Node) -> list[str]:
        """The values a `const` or `enum` allows."""
        schema = self.resolve(node)
        return [str(schema["const"])] if "const" in schema else [str(value) for value in schema.get("enum", [])]

    def references(self, node: Any) -> Iterator[str]:
        """The name of every schema referred to below a node, without following any."""
        if isinstance(node, Mapping):
            for key, value in cast("Node", node).items():
                if key == "$ref":
                    yield str(value).rsplit("/", 1)[-1]
                else:
                    yield from self.references(value)
        elif isinstance(node, list):
            for value in cast("list[Any]", node):
                yield from self.references(value)
