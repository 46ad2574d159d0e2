"""What of a changed schema breaks those who send its values, and those who read them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, Final

from store_credit_tools.check.source import Location, Node, items, mapping
from store_credit_tools.check.walk import steps

__all__ = ["SchemaComparison", "Side", "follow"]

_LOW: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_HIGH: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_ANY: Final = frozenset({"null", "boolean", "object", "array", "number", "string", "integer"})


class Side(enum.Enum):
    """Who has to keep to a schema."""

    SENT = "sent"
    RECEIVED = "received"


def follow(data: Node, place: Location) -> tuple[Location, Any]:
    """Go to a place of a document, through every `$ref` on the way and at its end; the value is None where none is."""
    at: Location = ()
    value: Any = data
    left = list(place)
    for _ in range(1000):
        target = mapping(value).get("$ref")
        if isinstance(target, str) and target.startswith("#"):
            at, value, left = (), data, [*steps(target), *left]
        elif not left:
            return at, value
        else:
            name = left.pop(0)
            kept = items(value)
            value = kept[int(name)] if name.isdecimal() and int(name) < len(kept) else mapping(value).get(name)
            at = (*at, name)
        if value is None:
            return (*at, *left), None
    return at, None


class SchemaComparison:
    """Compares the schemas of two documents, each pair once.

    Args:
        base: The earlier document.
        revision: The later one.
        note: Takes the place of each change that breaks somebody, and what changed.
    """

    def __init__(self, base: Node, revision: Node, note: Callable[[Location, str], None]) -> None:
        self._base = base
        self._revision = revision
        self._note = note
        self._seen: set[tuple[Location, Location, Side]] = set()

    def compare(self, there: Location, here: Location, side: Side, name: str) -> None:
        """Compare two schemas and all that they hold.

        Args:
            there: Place in the earlier document.
            here: Place in the later one.
            side: Whether a client sends or receives the value.
            name: What has this schema, for people.
        """
        before_place, before_value = follow(self._base, there)
        after_place, after_value = follow(self._revision, here)
        if before_value is None or after_value is None or (before_place, after_place, side) in self._seen:
            return
        self._seen.add((before_place, after_place, side))
        before, after = mapping(before_value), mapping(after_value)
        if after_place[:2] == ("components", "schemas") and len(after_place) == 3:
            name = after_place[2]
        self._kind(before, after, after_place, side, name)
        self._values(before, after, after_place, side, name)
        if side is Side.SENT:
            self._narrowed(before, after, after_place, name)
        self._members(before, after, before_place, after_place, side, name)
        self._parts(before, after, before_place, after_place, side, name)

    def _kind(self, before: Node, after: Node, place: Location, side: Side, name: str) -> None:
        old, new = _types(before), _types(after)
        if side is Side.SENT and not old <= new:
            self._note((*place, "type"), f"{name} no longer accepts the type {' or '.join(sorted(old - new))}")
        if side is Side.RECEIVED and not new <= old:
            self._note((*place, "type"), f"{name} may now have the type {' or '.join(sorted(new - old))}")
        if before.get("format") != after.get("format"):
            what = f"the format of {name} changed from {before.get('format')} to {after.get('format')}"
            self._note((*place, "format"), what)

    def _values(self, before: Node, after: Node, place: Location, side: Side, name: str) -> None:
        old = [before["const"]] if "const" in before else items(before.get("enum"))
        new = [after["const"]] if "const" in after else items(after.get("enum"))
        lost = [one for one in old if one not in new]
        gained = [one for one in new if one not in old]
        if side is Side.SENT and new and (lost or not old):
            self._note((*place, "enum"), f"{name} takes only {', '.join(map(str, new))} now")
        if side is Side.RECEIVED and old and (gained or not new):
            self._note((*place, "enum"), f"{name} may be {', '.join(map(str, gained)) or 'anything'} now")
        for value in items(before.get("x-extensible-enum")):
            if value not in items(after.get("x-extensible-enum")):
                self._note((*place, "x-extensible-enum"), f"{name} no longer has the value {value}")
        if side is Side.SENT and "default" in before and before["default"] != after.get("default"):
            what = f"the default of {name} changed from {before['default']} to {after.get('default')}"
            self._note((*place, "default"), what)

    def _narrowed(self, before: Node, after: Node, place: Location, name: str) -> None:
        for word, sign in (*((low, 1) for low in _LOW), *((high, -1) for high in _HIGH)):
            old, new = before.get(word), after.get(word)
            if not isinstance(new, int | float):
                continue
            if (not isinstance(old, int | float) and not (sign == 1 and new == 0)) or (
                isinstance(old, int | float) and (new - old) * sign > 0
            ):
                self._note((*place, word), f"`{word}` of {name} is {new} now, not {old}")
        for word in ("pattern", "multipleOf"):
            if word in after and before.get(word) != after[word]:
                self._note((*place, word), f"`{word}` of {name} is {after[word]} now, not {before.get(word)}")
        if before.get("additionalProperties") is not False and after.get("additionalProperties") is False:
            self._note((*place, "additionalProperties"), f"{name} no longer accepts other members")

    def _members(
        self, before: Node, after: Node, before_place: Location, place: Location, side: Side, name: str
    ) -> None:
        old, new = mapping(before.get("properties")), mapping(after.get("properties"))
        required, needed = items(before.get("required")), items(after.get("required"))
        for member in old:
            if member not in new:
                self._note((*place, "properties"), f"the property {member} of {name} is gone")
                continue
            inner = ("properties", member)
            self.compare((*before_place, *inner), (*place, *inner), side, f"{member} of {name}")
        if side is Side.SENT:
            for member in needed:
                if member not in required:
                    self._note((*place, "required"), f"the property {member} of {name} is now required")
            return
        for member in required:
            if member not in needed and member in new:
                self._note(place, f"the property {member} of {name} may now be missing")
        for member in items(before.get("x-always-present")):
            if member not in items(after.get("x-always-present")) and member not in needed and member in new:
                self._note(place, f"the property {member} of {name} is not `x-always-present` any more")

    def _parts(self, before: Node, after: Node, before_place: Location, place: Location, side: Side, name: str) -> None:
        for word in ("items", "additionalProperties"):
            if isinstance(before.get(word), dict) and isinstance(after.get(word), dict):
                self.compare(
                    (*before_place, word), (*place, word), side, f"an item of {name}" if word == "items" else name
                )
        for word in ("oneOf", "anyOf", "allOf"):
            old, new = items(before.get(word)), items(after.get(word))
            if not old and new and word != "allOf":
                continue
            keys = {_key(one): number for number, one in enumerate(new)}
            for number, one in enumerate(old):
                other = keys.get(_key(one))
                if other is None and word != "allOf" and side is Side.SENT:
                    self._note((*place, word), f"{name} no longer accepts {_key(one)}")
                elif other is not None:
                    self.compare((*before_place, word, str(number)), (*place, word, str(other)), side, name)


def _types(schema: Node) -> frozenset[str]:
    kind = schema.get("type")
    if kind is None:
        parts = [one for word in ("oneOf", "anyOf") for one in items(schema.get(word))]
        return frozenset(kind for one in parts for kind in _types(mapping(one))) if parts else _ANY
    named = frozenset(str(one) for one in (items(kind) if isinstance(kind, list) else [kind]))
    return named | {"integer"} if "number" in named else named


def _key(part: Any) -> str:
    """What tells the parts of a composition apart: the schema's name, or its type."""
    members = mapping(part)
    return str(members.get("$ref", "")).rpartition("/")[2] or str(members.get("type", "a schema"))
