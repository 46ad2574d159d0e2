"""Everything one operation of the document has to show, made from the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, cast

import orjson

from store_credit_mock.contract import Document, Operation
from store_credit_mock.contract.document import fragment
from store_credit_mock.coverage.points import Points
from store_credit_mock.coverage.schema_tree import Node, scalar, settle
from store_credit_mock.coverage.unions import Branch, Judge, Union

__all__ = ["Answer", "Universe"]

Side = Literal["request", "response"]

_HIDDEN: Final[dict[Side, str]] = {"request": "readOnly", "response": "writeOnly"}
"""The mark of a member that cannot be on this side."""


class Answer:
    """What a response of one status and content type shows: bits, and the schema of its body."""

    __slots__ = ("bits", "body")

    def __init__(self, bits: int, body: Node | None) -> None:
        self.bits = bits
        self.body = body


class Universe:
    """The points of one operation and the schemas that lead to them.

    Attributes:
        points: What there is and what was seen.
        parameters: Bit and schema of each parameter by place (`path`, `query`, `header`) and name (of a
            header in lower case).
        bodies: Bit and schema of each media type a request may have.
    """

    def __init__(self, document: Document, operation: Operation, judge: Judge) -> None:
        self._document = document
        self._operation = operation
        self._judge = judge
        self._nodes: dict[tuple[Side, str], Node] = {}
        self._all: list[Node] = []
        self.points = Points()
        self.operation_bit = self.points.bit("operations", operation.id, operation.pointer)
        self.parameters: dict[str, dict[str, tuple[int, Node]]] = {"path": {}, "query": {}, "header": {}}
        self.bodies: dict[str, tuple[int, Node]] = {}
        self._answers: dict[tuple[str, str], Answer] = {}
        self._read_parameters()
        self._read_bodies()
        settle(self._all)
        self.parameter_reach = 0
        for group in self.parameters.values():
            for bit, node in group.values():
                self.parameter_reach |= bit | node.reach
        self.request_reach = self.parameter_reach
        for bit, node in self.bodies.values():
            self.request_reach |= bit | node.reach

    def answer(self, status: int, media_type: str) -> Answer | None:
        """What a response shows.

        Args:
            status: HTTP status.
            media_type: Of its body, without parameters; empty if it has none.

        Returns:
            None if the document has no such response.
        """
        name = str(status) if str(status) in self._operation.responses else "default"
        if name not in self._operation.responses:
            return None
        found = self._answers.get((name, media_type))
        if found is None and not media_type:
            found = self._answers.get((name, "*"))
        return found

    def _read_parameters(self) -> None:
        document = self._document
        owners = (fragment("paths", self._operation.template), self._operation.pointer)
        for owner in owners:
            for number in range(len(document.at(owner).get("parameters", []))):
                pointer, parameter = document.resolve(f"{owner}/parameters/{number}")
                name, place = parameter["name"], parameter["in"]
                label = f"{place} {name}"
                bit = self.points.bit("parameters", label, pointer)
                node = self._parameter(f"{pointer}/schema", label, frozenset())
                self.parameters[place][name.lower() if place == "header" else name] = (bit, node)

    def _parameter(self, pointer: str, label: str, above: frozenset[str]) -> Node:
        """The schema of a parameter; its members and values are named by the parameter, not by their pointers."""
        pointer, schema = self._document.resolve(pointer)
        node = Node()
        self._all.append(node)
        if not isinstance(schema, dict) or pointer in above:
            return node
        members, above = cast("dict[str, Any]", schema), above | {pointer}
        for name in members.get("properties", {}):
            place, inner = pointer + fragment("properties", name)[1:], f"{label}[{name}]"
            bit = self.points.bit("parameters", inner, place)
            node.members.append((name, bit, self._parameter(place, inner, above)))
        node.listed = frozenset(members.get("properties", ()))
        if members.get("additionalProperties") not in (None, True, False, {}):
            place, inner = f"{pointer}/additionalProperties", f"{label}[*]"
            node.rest = (self.points.bit("parameters", inner, place), self._parameter(place, inner, above))
        if isinstance(members.get("items"), dict):
            node.items = (0, self._parameter(f"{pointer}/items", label, above))
        self._values(node, members, pointer, label)
        self._variants(node, members, pointer, lambda place: self._parameter(place, label, above))
        return node

    def _read_bodies(self) -> None:
        document, points, operation = self._document, self.points, self._operation
        if "requestBody" in operation.definition:
            pointer, definition = document.resolve(f"{operation.pointer}/requestBody")
            for media_type in definition["content"]:
                place = pointer + fragment("content", media_type)[1:]
                bit = points.bit("media_types", f"request {media_type}", place)
                self.bodies[media_type] = (bit, self._node("request", f"{place}/schema"))
        for status in operation.responses:
            pointer, definition = document.resolve(f"{operation.pointer}/responses/{status}")
            bit = points.bit("statuses", status, pointer)
            # Where no body came, as to HEAD or with 304, the status was seen all the same.
            self._answers[status, "*"] = Answer(bit, None)
            for media_type in definition.get("content", {}):
                place = pointer + fragment("content", media_type)[1:]
                bits = bit | points.bit("media_types", f"response {media_type}", place)
                self._answers[status, media_type] = Answer(bits, self._node("response", f"{place}/schema"))

    def _node(self, side: Side, pointer: str) -> Node:
        pointer, schema = self._document.resolve(pointer)
        known = self._nodes.get((side, pointer))
        if known is not None:
            return known
        node = self._nodes[side, pointer] = Node()
        self._all.append(node)
        if not isinstance(schema, dict):
            return node
        members = cast("dict[str, Any]", schema)
        for name, member in members.get("properties", {}).items():
            place = pointer + fragment("properties", name)[1:]
            if member is False or self._hidden(side, place):
                continue
            node.members.append((name, self._field(side, place), self._node(side, place)))
        node.listed = frozenset(members.get("properties", ()))
        if members.get("additionalProperties") not in (None, True, False, {}):
            place = f"{pointer}/additionalProperties"
            node.rest = (self._field(side, place), self._node(side, place))
        if isinstance(members.get("items"), dict):
            place = f"{pointer}/items"
            node.items = (self._field(side, place), self._node(side, place))
        self._values(node, members, pointer, f"{side} {pointer}")
        self._variants(node, members, pointer, lambda place: self._node(side, place))
        return node

    def _field(self, side: Side, pointer: str) -> int:
        return self.points.bit("fields", f"{side} {pointer}", pointer)

    def _hidden(self, side: Side, pointer: str) -> bool:
        _, schema = self._document.resolve(pointer)
        return isinstance(schema, dict) and cast("dict[str, Any]", schema).get(_HIDDEN[side]) is True

    def _values(self, node: Node, members: dict[str, Any], pointer: str, label: str) -> None:
        for keyword in ("enum", "x-extensible-enum"):
            for value in members.get(keyword, []):
                key = scalar(value)
                if key is not None:
                    name = f"{label} = {orjson.dumps(value).decode()}"
                    node.values[key] = self.points.bit("values", name, f"{pointer}/{keyword}")

    def _variants(self, node: Node, members: dict[str, Any], pointer: str, grow: Callable[[str], Node]) -> None:
        for number in range(len(members.get("allOf", []))):
            node.always.append(grow(f"{pointer}/allOf/{number}"))
        branches: list[tuple[Branch, Node]] = []
        for keyword in ("oneOf", "anyOf"):
            for number in range(len(members.get(keyword, []))):
                place = f"{pointer}/{keyword}/{number}"
                branches.append((Branch(self._document, place), grow(place)))
        if branches:
            node.branches = Union(branches, self._judge)
