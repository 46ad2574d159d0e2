"""What a response repeats of its request (`x-echoes`), and the member that carries the caller's reference."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from store_credit_tools.generate.parsed import Node, Parsed, json_types, options

__all__ = ["Echo", "EchoReader"]


class Echo(NamedTuple):
    """A value of the request that the response repeats, as `_core.operation.Echo` takes it."""

    name: str
    request: tuple[str, ...] | int
    response: tuple[str, ...]
    kind: str


class _Member(NamedTuple):
    """A member of the request body: the names that lead to it, and the object it stands in."""

    path: tuple[str, ...]
    parent: PropertyProtocol
    parsed: PropertyProtocol


class EchoReader:
    """Reads the marks of one operation's request.

    `body` is the body of its request, `root` its only member where the arguments stand in one, `result` how its
    response is read (`Method.result`), `response` what is read.
    """

    def __init__(
        self,
        parsed: Parsed,
        body: PropertyProtocol | None,
        root: str | None,
        result: str,
        response: PropertyProtocol | None,
    ) -> None:
        self._parsed = parsed
        self._response = response
        self._record = {"record": (), "document": ("data",)}.get(result)
        self._hidden = 0 if root is None else 1
        self._members = [] if body is None else list(self._below(body, (), frozenset()))

    def in_body(self) -> list[Echo]:
        """The marks on members of the request body, in its order."""
        found: list[Echo] = []
        for path, parent, one in self._members:
            pointer = self._parsed.mark(parent, path[-1], "x-echoes")
            if pointer is None:
                continue
            name = ".".join(path[self._hidden :])
            if self._record is None:
                raise ValueError(f"{name}: x-echoes needs a response that holds one record")
            there, target = self._target(name, pointer)
            if self._parsed.mark(parent, path[-1], "x-reference"):
                found.append(Echo(path[-1], path, there, "text"))
            else:
                found.append(Echo(name, path, there, self._kind(name, one, there, target)))
        return found

    def in_path(self, parameter: Node, route: str, name: str) -> list[Echo]:
        """The mark on a path parameter. Where no record is returned, it says nothing."""
        pointer = parameter.get("x-echoes")
        if pointer is None or self._record is None:
            return []
        if parameter["in"] != "path":
            raise ValueError(f"{name}: x-echoes stands on a parameter in the {parameter['in']}")
        segments, segment = route.split("/"), "{" + str(parameter["name"]) + "}"
        if segment not in segments:
            raise ValueError(f"{name}: x-echoes needs a whole segment of the path")
        path, _ = self._target(name, str(pointer))
        return [Echo(name, segments.index(segment), path, "id")]

    def reference(self, sent: Collection[str]) -> tuple[tuple[str, ...] | None, str | None]:
        """The path of the member that is marked `x-reference`, and its description where it stands in another member.

        The method takes it as an argument of its own then. `sent`: the members of the body that are arguments.
        """
        marked = [one for one in self._members if self._parsed.mark(one.parent, one.path[-1], "x-reference")]
        if not marked:
            return None, None
        if len(marked) > 1:
            raise ValueError(f"x-reference stands on {' and '.join('.'.join(one.path) for one in marked)}; mark one")
        path, parent, _ = marked[0]
        holder, *inner = path[self._hidden :]
        if not inner:
            return path, None
        if len(inner) > 1:
            where = ".".join([holder, *inner])
            raise ValueError(f"{where}: x-reference may stand in a member of the body, or in a member of one")
        if holder not in sent:
            raise ValueError(f"{holder}: x-reference stands in a member that the SDK does not send")
        return path, str(self._parsed.mark(parent, inner[0], "description") or "")

    def _below(self, parent: PropertyProtocol, path: tuple[str, ...], seen: frozenset[str]) -> Iterator[_Member]:
        name = str(parent.class_info.name) if isinstance(parent, ModelProperty) else ""
        if name in seen:
            return
        for wire, one in self._parsed.properties(parent).items():
            if self._parsed.mark(parent, wire, "x-alternative") is None:
                yield _Member((*path, wire), parent, one)
                yield from self._below(one, (*path, wire), seen | {name})

    def _target(self, name: str, pointer: Any) -> tuple[tuple[str, ...], PropertyProtocol | None]:
        """The members a pointer names below the record, and the property it leads to; None where it may be anything."""
        assert self._record is not None
        first, *path = [part.replace("~1", "/").replace("~0", "~") for part in str(pointer).split("/")]
        if first or not path:
            raise ValueError(f"{name}: x-echoes {pointer!r} is not a valid JSON Pointer; write one such as /data/id")
        found = self._response
        for part in path:
            choice = [] if found is None else options(found)
            inside = [members[part] for one in choice if part in (members := self._parsed.properties(one))]
            if not inside and choice and not any(_is_open(one) for one in choice):
                raise ValueError(f"{name}: x-echoes {pointer!r} leads nowhere in the response: there is no {part!r}")
            found = inside[0] if inside else None
        depth = len(self._record)
        if tuple(path[:depth]) != self._record or len(path) == depth:
            raise ValueError(f"{name}: x-echoes {pointer!r} leads to no member of the record")
        return tuple(path[depth:]), found

    def _kind(self, name: str, parsed: PropertyProtocol, path: tuple[str, ...], target: PropertyProtocol | None) -> str:
        form, types = self._parsed.format(parsed), set(json_types(parsed))
        if form in ("unix-time", "date-time"):
            return "time"
        if path[-1] == "id" or types == {"str", "int"}:
            return "id"
        if form == "decimal" or types == {"float"}:
            return "decimal"
        if types == {"int"}:
            return "integer"
        if types <= {"str"}:
            if target is not None and any("id" in self._parsed.properties(one) for one in options(target)):
                return "id"
            return "currency" if path[-1] == "currency" or path[-1].endswith("_currency") else "text"
        what = self._parsed.schema(parsed).get("type", "of several schemas")
        raise ValueError(f"{name}: x-echoes cannot compare a value that is {what}")


def _is_open(parsed: PropertyProtocol) -> bool:
    """Whether a value may have members that the document does not name, and says so."""
    return isinstance(parsed, AnyProperty) or (
        isinstance(parsed, ModelProperty) and bool(parsed.data.additionalProperties)
    )
