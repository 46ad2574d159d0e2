"""Schemas as trees whose nodes know which points a value can still show.

Subtrees with nothing left to cover are skipped, so that the cost follows what is still uncovered.
"""

from __future__ import annotations

from typing import Any, Final, cast

from store_credit_mock.coverage.points import Points
from store_credit_mock.coverage.unions import KINDS, Union

__all__ = ["DEEPEST", "Node", "look"]

DEEPEST: Final = 100
"""How deep a value is looked into."""

Member = tuple[str, int, "Node | None"]


class Node:
    """One schema.

    Attributes:
        members: Name, bit and schema of each member the document lists.
        rest: Bit and schema of members it does not list, where it says what they are.
        items: Bit and schema of an array's items.
        values: Bit of each known value, by class and value.
        always: Schemas that hold as well (`allOf`).
        branches: Schemas of which some hold (`oneOf`, `anyOf`).
        reach: The bits of everything a value of this schema can show.
        kinds: What `live` said last.
    """

    __slots__ = (
        "_live_always",
        "_live_items",
        "_live_members",
        "_live_rest",
        "_live_values",
        "_version",
        "always",
        "branches",
        "items",
        "kinds",
        "listed",
        "members",
        "reach",
        "rest",
        "values",
    )

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.listed: frozenset[str] = frozenset()
        self.rest: tuple[int, Node | None] | None = None
        self.items: tuple[int, Node | None] | None = None
        self.values: dict[tuple[type, Any], int] = {}
        self.always: list[Node] = []
        self.branches: Union[Node] | None = None
        self.reach = 0
        self.kinds: frozenset[type] = frozenset()
        self._version = -1

    def own(self) -> int:
        """The bits this node shows itself, not by way of others."""
        bits = 0
        for _, bit, _ in self.members:
            bits |= bit
        for bit in self.values.values():
            bits |= bit
        for part in (self.rest, self.items):
            if part is not None:
                bits |= part[0]
        return bits

    def below(self) -> list[Node]:
        """The schemas it leads to."""
        found = [node for _, _, node in self.members if node is not None]
        found += [part[1] for part in (self.rest, self.items) if part is not None and part[1] is not None]
        return found + self.always + ([] if self.branches is None else self.branches.targets())

    def refresh(self, points: Points) -> None:
        """Find out what is still missing."""
        # Read first: what another thread marks or forgets meanwhile is then found out at the next look.
        version = points.version
        missing = self.reach & ~points.seen
        self._live_members = [
            (name, bit, node if node is not None and node.reach & missing else None)
            for name, bit, node in self.members
            if bit & missing or (node is not None and node.reach & missing)
        ]
        self._live_rest = _still(self.rest, missing)
        self._live_items = _still(self.items, missing)
        self._live_values = any(bit & missing for bit in self.values.values())
        self._live_always = [node for node in self.always if node.reach & missing]
        self.kinds = self._kinds(missing) if missing else frozenset()
        self._version = version

    def _kinds(self, missing: int) -> frozenset[type]:
        if self._live_always:
            return KINDS
        found: set[type] = set()
        if self._live_members or self._live_rest is not None:
            found.add(dict)
        if self._live_items is not None:
            found.add(list)
        if self._live_values:
            found.update(KINDS - {dict, list})
        if self.branches is not None:
            found.update(self.branches.kinds(lambda node: bool(node.reach & missing)))
        return frozenset(found)

    def live(self, points: Points) -> frozenset[type]:
        """The Python types of the values that can show anything new; empty if none can."""
        if self._version != points.version:
            self.refresh(points)
        return self.kinds

    def parts(self, value: Any, points: Points, depth: int) -> int:
        """The bits of what a value shows by its members, items, value and branches."""
        found = 0
        kind = value.__class__
        if kind is dict:
            for name, bit, node in self._live_members:
                if name in value:
                    found |= bit
                    if node is not None:
                        found |= look(node, value[name], points, depth)
            if self._live_rest is not None:
                found |= self._unlisted(self._live_rest, value, points, depth)
        elif kind is list:
            if value and self._live_items is not None:
                bit, node = self._live_items
                found |= bit
                if node is not None:
                    for item in value:
                        found |= look(node, item, points, depth)
        elif self._live_values:
            if kind is float and value.is_integer():
                value = int(value)
            found |= self.values.get((value.__class__, value), 0)
        for node in self._live_always:
            found |= look(node, value, points, depth)
        if self.branches is not None:
            for _, node in self.branches.pick(value):
                found |= look(node, value, points, depth)
        return found

    def _unlisted(self, rest: tuple[int, Node | None], value: dict[str, Any], points: Points, depth: int) -> int:
        found = 0
        bit, node = rest
        for name, member in value.items():
            if name not in self.listed:
                found |= bit
                if node is not None:
                    found |= look(node, member, points, depth)
        return found


def look(node: Node, value: Any, points: Points, depth: int = 0) -> int:
    """The bits of what a value shows that has not been seen; some that have been may be among them."""
    if value.__class__ not in node.live(points) or depth > DEEPEST:
        return 0
    return node.parts(value, points, depth + 1)


def _still(part: tuple[int, Node | None] | None, missing: int) -> tuple[int, Node | None] | None:
    if part is None:
        return None
    bit, node = part
    node = node if node is not None and node.reach & missing else None
    return (bit, node) if bit & missing or node is not None else None


def settle(nodes: list[Node]) -> None:
    """Let every node know what it reaches; schemas may lead in circles."""
    for node in nodes:
        node.reach = node.own()
    changed = True
    while changed:
        changed = False
        for node in reversed(nodes):
            reach = node.reach
            for other in node.below():
                reach |= other.reach
            if reach != node.reach:
                node.reach, changed = reach, True


def scalar(value: Any) -> tuple[type, Any] | None:
    """A value of an enumeration as it is looked up; None for a list or an object, which is not counted."""
    if isinstance(value, dict | list):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return cast("type", value.__class__), value
