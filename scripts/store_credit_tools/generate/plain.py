"""A document in plainer words, that say the same: as the SDK's overlay reads it, and as openapi-python-client does.

The tool gives up on much that is valid: names it cannot make Python of, parameters with `content`, bodies that are
neither JSON nor a form, one parameter in two places. So it reads a document in which each parameter has a name and a
place it knows, and each body is JSON. What they are called and how they are sent, the overlay reads for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote

from store_credit_tools.generate.errors import GenerationError, Node

__all__ = ["VERBS", "for_the_tool", "inside", "json_type", "own_path", "plain", "resolved", "tool_path"]

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""In the order of the methods of a resource."""


def plain(document: Node) -> dict[str, Any]:
    """Copy a document so that each operation says all that holds for it.

    References to path items, parameters and bodies are followed, the parameters and servers of a path and the
    document's security are written to its operations. Schemas stay where they are.

    Raises:
        GenerationError: A reference leads nowhere, or to another file.
    """
    paths: dict[str, Any] = {}
    listed: Any = document.get("paths", {})
    if not isinstance(listed, Mapping):
        raise GenerationError("its paths are not an object", "paths")
    for path, given in cast("Node", listed).items():
        item = resolved(document, given, "paths", path)
        shared = _parameters(document, item, "paths", path)
        made: dict[str, Any] = {}
        for verb in (one for one in VERBS if one in item):
            node = item[verb]
            parameters = _parameters(document, node, "paths", path, verb)
            operation = dict(node)
            if shared or parameters:
                # The operation's own replaces that of its path (OpenAPI 3.1, 4.8.10.1).
                operation["parameters"] = [
                    *(parameters | {key: one for key, one in shared.items() if key not in parameters}).values()
                ]
            if "requestBody" in node:
                operation["requestBody"] = resolved(document, node["requestBody"], "paths", path, verb, "requestBody")
            for name, source in (("security", document), ("servers", item)):
                if name in source and name not in operation:
                    operation[name] = source[name]
            made[verb] = operation
        paths[path] = made
    return {**document, "paths": paths}


def for_the_tool(document: Node) -> dict[str, Any]:
    """Say a plain document in words that openapi-python-client knows; `Parsed` reads the rest itself."""
    paths = {
        tool_path(path): {verb: _operation(node) for verb, node in item.items()}
        for path, item in document["paths"].items()
    }
    components = {name: one for name, one in document.get("components", {}).items() if name in ("schemas", "responses")}
    return {
        **{name: one for name, one in document.items() if name != "webhooks"},
        "paths": paths,
        "components": components,
    }


def tool_path(path: str) -> str:
    """A path as the tool reads it: without parameters, which it would compare with the operation's."""
    return path.replace("{", "\u2039").replace("}", "\u203a")


def own_path(text: str) -> str:
    """A text of the tool's with the paths of the document in it again."""
    return text.replace("\u2039", "{").replace("\u203a", "}")


def _operation(node: Node) -> dict[str, Any]:
    operation = {name: one for name, one in node.items() if name not in ("parameters", "requestBody", "callbacks")}
    operation["parameters"] = [
        {
            "name": f"p{index}",
            "in": "query",
            "required": bool(one.get("required")),
            "schema": parameter_schema(one),
        }
        for index, one in enumerate(node.get("parameters", []))
    ]
    body: Node = node.get("requestBody", {})
    content: Node = body.get("content") or {}
    chosen = json_type(content)
    if chosen is not None:
        operation["requestBody"] = {
            "required": bool(body.get("required")),
            "content": {"application/json": {"schema": content[chosen].get("schema", {})}},
        }
    return operation


def inside(node: Node, *names: str) -> Node:
    """The object that some names lead to from another; empty where there is none."""
    for name in names:
        found: Any = node.get(name)
        node = cast("Node", found) if isinstance(found, Mapping) else {}
    return node


def parameter_schema(node: Node) -> Node:
    """The schema of a parameter's value, also where its `content` says how it is written."""
    if "schema" in node or not node.get("content"):
        return node.get("schema", {})
    return next(iter(node["content"].values())).get("schema", {})


def json_type(content: Mapping[str, Any]) -> str | None:
    """The media type of a body that is sent: JSON where it is among them, else the first."""
    found = [one for one in content if "json" in one.partition(";")[0]]
    return next(iter([*found, *content]), None)


def resolved(document: Node, node: Any, *place: str) -> Node:
    """Follow references, with what stands beside them on top.

    Raises:
        GenerationError: One leads nowhere, in a circle, or to another file.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and "$ref" in node:
        said = cast("Node", node)
        reference = str(said["$ref"])
        if not reference.startswith("#"):
            raise GenerationError(
                f"$ref leads to another file ({reference}); put what stands there into this document", *place
            )
        if reference in seen:
            raise GenerationError(f"the reference {reference} leads back to itself", *place)
        seen.add(reference)
        target: Any = at(document, reference.removeprefix("#"), *place)
        beside = {name: one for name, one in said.items() if name != "$ref"}
        node = {**cast("Node", target), **beside} if isinstance(target, Mapping) else target
    if not isinstance(node, Mapping):
        raise GenerationError(f"{'.'.join(place)} is not an object", *place)
    return cast("Node", node)


def at(document: Node, pointer: str, *place: str) -> Any:
    """What a JSON Pointer leads to.

    Raises:
        GenerationError: Nothing stands there.
    """
    found: Any = document
    for part in pointer.split("/")[1:]:
        name = unquote(part).replace("~1", "/").replace("~0", "~")
        try:
            found = cast("Any", found[int(name)] if isinstance(found, list) else found[name])
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise GenerationError(f"the reference #{pointer} leads nowhere", *place) from error
    return found


def _parameters(document: Node, holder: Node, *place: str) -> dict[tuple[str, str], Node]:
    """The parameters of an operation or a path by place and name."""
    found: dict[tuple[str, str], Node] = {}
    for one in cast("list[Any]", holder.get("parameters") or []):
        node = resolved(document, one, *place, "parameters")
        if "name" not in node or "in" not in node:
            raise GenerationError("a parameter has no 'name' or no 'in'", *place, "parameters")
        key = (str(node["in"]), str(node["name"]))
        if key in found:
            raise GenerationError(f"the {key[0]} parameter {key[1]} is there twice", *place, "parameters")
        found[key] = node
    return found
