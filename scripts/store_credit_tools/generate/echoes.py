"""What a response repeats of its request (`x-echoes`), and the member that carries the caller's reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from store_credit_tools.generate.ir import Argument, Echo, Reference
from store_credit_tools.generate.schemas import Node, Schemas, types_of

__all__ = ["EchoReader"]


class _Member(NamedTuple):
    """A member of the request body: the names that lead to it, and its schema as it stands there."""

    path: tuple[str, ...]
    node: Node


class EchoReader:
    """Reads the marks of one operation's request.

    `result` is how its response is read (`Method.result`), `response` the schema of its success.
    """

    def __init__(self, schemas: Schemas, result: str, response: Node | None) -> None:
        self._schemas = schemas
        self._response = response
        self._record = {"record": (), "document": ("data",)}.get(result)

    def in_body(self, body: Node | None, root: str | None) -> list[Echo]:
        """The marks on members of the request body, in its order."""
        found: list[Echo] = []
        for member in self._members(body):
            pointer = self._mark(member.node, "x-echoes")
            if pointer is None:
                continue
            name = ".".join(member.path[1:] if root else member.path)
            if self._record is None:
                raise ValueError(f"{name}: x-echoes needs a response that holds one record")
            schema = self._schemas.merged(member.node)
            path, target = self._target(name, pointer)
            if self._mark(member.node, "x-reference"):
                found.append(Echo(member.path[-1], member.path, path, "text"))
            else:
                found.append(Echo(name, member.path, path, self._kind(name, schema, path, target)))
        return found

    def in_path(self, parameter: Node, route: str, argument: Argument) -> Echo | None:
        """The mark on a path parameter. Where no record is returned, it says nothing."""
        pointer = parameter.get("x-echoes")
        if pointer is None or self._record is None:
            return None
        segments = route.split("/")
        segment = "{" + argument.wire + "}"
        if segment not in segments:
            raise ValueError(f"{argument.name}: x-echoes needs a whole segment of the path")
        path, _ = self._target(argument.name, str(pointer))
        return Echo(argument.name, segments.index(segment), path, "id")

    def reference(self, body: Node | None, root: str | None, arguments: list[Argument]) -> Reference | None:
        """The member that is marked `x-reference`."""
        marked = [member for member in self._members(body) if self._mark(member.node, "x-reference")]
        if not marked:
            return None
        if len(marked) > 1:
            raise ValueError(f"x-reference stands on {' and '.join('.'.join(one.path) for one in marked)}; mark one")
        path, node = marked[0]
        inner = list(path[1:] if root else path)
        if len(inner) == 1:
            return Reference(path, None, None, None, "")
        if len(inner) > 2:
            raise ValueError(f"{'.'.join(inner)}: x-reference may stand in a member of the body, or in a member of one")
        holder = next((one for one in arguments if one.location == "body" and one.wire == inner[0]), None)
        if holder is None:
            raise ValueError(f"{inner[0]}: x-reference stands in a member that the SDK does not send")
        description = str(self._schemas.merged(node).get("description", ""))
        return Reference(path, inner[1], holder.wire, holder.name, description)

    def _mark(self, node: Node, name: str) -> Any:
        return node.get(name, self._schemas.merged(node).get(name))

    def _members(
        self, node: Node | None, path: tuple[str, ...] = (), seen: frozenset[int] = frozenset()
    ) -> Iterator[_Member]:
        if node is None or id(self._schemas.resolve(node)) in seen:
            return
        seen |= {id(self._schemas.resolve(node))}
        for name, child in self._schemas.properties(node).items():
            if self._mark(child, "x-alternative") is None:
                yield _Member((*path, name), child)
                yield from self._members(child, (*path, name), seen)

    def _target(self, name: str, pointer: Any) -> tuple[tuple[str, ...], Node]:
        """The members a pointer names below the record, and the schema it leads to."""
        assert self._record is not None
        parts = [part.replace("~1", "/").replace("~0", "~") for part in str(pointer).split("/")]
        if parts[0] or len(parts) < 2:
            raise ValueError(f"{name}: x-echoes {pointer!r} is not a valid JSON Pointer; write one such as /data/id")
        path = tuple(parts[1:])
        node: Node = self._response or {}
        for part in path:
            node = self._step(name, node, part, pointer)
        depth = len(self._record)
        if path[:depth] != self._record or len(path) == depth:
            raise ValueError(f"{name}: x-echoes {pointer!r} leads to no member of the record")
        return path[depth:], node

    def _step(self, name: str, node: Node, part: str, pointer: Any) -> Node:
        free = False
        for option in self._schemas.alternatives(self._schemas.merged(node)):
            schema = self._schemas.merged(option)
            if part in schema.get("properties", {}):
                return schema["properties"][part]
            free = free or bool(schema.get("additionalProperties")) or not schema
        if free:
            return {}
        raise ValueError(f"{name}: x-echoes {pointer!r} leads nowhere in the response: there is no {part!r}")

    def _kind(self, name: str, schema: Node, path: tuple[str, ...], target: Node) -> str:
        form = schema.get("format")
        kinds = {kind for kind in types_of(schema) if kind != "null"}
        if form in ("unix-time", "date-time"):
            return "time"
        if path[-1] == "id" or kinds == {"string", "integer"}:
            return "id"
        if form == "decimal" or kinds == {"number"}:
            return "decimal"
        if kinds == {"integer"}:
            return "integer"
        if kinds <= {"string"} and ("string" in kinds or not schema.keys() & {"properties", "oneOf", "anyOf"}):
            options = [self._schemas.merged(one) for one in self._schemas.alternatives(target)]
            if any("id" in one.get("properties", {}) for one in options):
                return "id"
            return "currency" if path[-1] == "currency" or path[-1].endswith("_currency") else "text"
        what = " or ".join(sorted(kinds)) or "of several schemas"
        raise ValueError(f"{name}: x-echoes cannot compare a value that is {what}")
