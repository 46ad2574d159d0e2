"""Which branch of a `oneOf` or `anyOf` a value was meant for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Generic, TypeVar, cast

import jsonschema_rs

from store_credit_mock.contract import Document
from store_credit_mock.contract.document import fragment

__all__ = ["KINDS", "Branch", "Judge", "Union"]

T = TypeVar("T")

_KEPT: Final = 256
"""How many values of the member that tells branches apart are remembered."""
_ABSENT: Final = object()
_WHOLE: Final = "urn:store-credit:coverage"

_KINDS: Final[Mapping[type, frozenset[str]]] = {
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
    str: frozenset({"string"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number", "integer"}),
    type(None): frozenset({"null"}),
}

KINDS: Final = frozenset(_KINDS)
"""The Python types that JSON values have."""


class Branch:
    """One branch, with what tells it apart at a glance: types, what a member must be or not be, required members.

    Attributes:
        pointer: Where it stands.
        required: Members it cannot be without.
        telling: Members that may tell it apart.
    """

    __slots__ = ("_allowed", "_forbidden", "_types", "pointer", "required", "telling")

    def __init__(self, document: Document, pointer: str) -> None:
        self.pointer, schema = document.resolve(pointer)
        self._types: frozenset[str] | None = None
        self.required: frozenset[str] = frozenset()
        self._allowed: dict[str, list[Any]] = {}
        self._forbidden: dict[str, list[Any]] = {}
        if isinstance(schema, dict):
            members = cast("dict[str, Any]", schema)
            if "type" in members:
                named = members["type"]
                self._types = frozenset([named] if isinstance(named, str) else named)
            self.required = frozenset(members.get("required", ()))
            for name in members.get("properties", {}):
                _, member = document.resolve(self.pointer + fragment("properties", name)[1:])
                if isinstance(member, dict):
                    self._take(name, cast("dict[str, Any]", member))
        self.telling = {*self._allowed, *self._forbidden}

    def _take(self, name: str, member: dict[str, Any]) -> None:
        if "const" in member:
            self._allowed[name] = [member["const"]]
        elif "enum" in member:
            self._allowed[name] = member["enum"]
        refused = member.get("not")
        if isinstance(refused, dict):
            values = cast("dict[str, Any]", refused)
            if values.keys() == {"enum"}:
                self._forbidden[name] = values["enum"]
            elif values.keys() == {"const"}:
                self._forbidden[name] = [values["const"]]

    def takes(self, kind: type) -> bool:
        """Whether values of a Python type can be meant for it."""
        return self._types is None or not self._types.isdisjoint(_KINDS.get(kind, frozenset()))

    def agrees(self, value: dict[str, Any]) -> bool:
        """Whether no member says that an object is another branch's."""
        for name, allowed in self._allowed.items():
            if name in value and value[name] not in allowed:
                return False
        return all(name not in value or value[name] not in forbidden for name, forbidden in self._forbidden.items())


class Union(Generic[T]):
    """The branches of one schema, each with what the caller wants to find by it.

    Args:
        branches: In the order of the document.
        judge: Asked where a glance is not enough.
    """

    __slots__ = ("_branches", "_judge", "_known", "_objects", "_others", "_telling")

    def __init__(self, branches: Sequence[tuple[Branch, T]], judge: Judge) -> None:
        self._branches = branches
        self._judge = judge
        self._objects = [each for each in branches if each[0].takes(dict)]
        self._others = {kind: [each for each in branches if each[0].takes(kind)] for kind in _KINDS if kind is not dict}
        self._telling = tuple(sorted({name for branch, _ in self._objects for name in branch.telling}))
        self._known: dict[tuple[type, Any], list[tuple[Branch, T]]] = {}

    def targets(self) -> list[T]:
        """What can be found."""
        return [target for _, target in self._branches]

    def kinds(self, wanted: Callable[[T], bool]) -> set[type]:
        """The Python types of values that can lead to a wanted target."""
        return {kind for kind in KINDS for branch, target in self._branches if branch.takes(kind) and wanted(target)}

    def pick(self, value: Any) -> list[tuple[Branch, T]]:
        """The branches a value was meant for: mostly one."""
        if value.__class__ is not dict:
            found = self._others.get(value.__class__, [])
        else:
            found = self._by_members(value)
            if len(found) > 1:
                found = [each for each in found if each[0].required <= value.keys()]
        if len(found) > 1:
            kept = self._judge.choose([branch for branch, _ in found], value)
            found = [each for each in found if each[0] in kept]
        return found

    def _by_members(self, value: dict[str, Any]) -> list[tuple[Branch, T]]:
        if len(self._telling) != 1:
            return [each for each in self._objects if each[0].agrees(value)]
        # Mostly one member tells, and has few values: those of a `type`.
        told = value.get(self._telling[0], _ABSENT)
        key = (told.__class__, told)
        try:
            return self._known[key]
        except KeyError:
            found = [each for each in self._objects if each[0].agrees(value)]
            if len(self._known) < _KEPT:
                self._known[key] = found
            return found
        except TypeError:  # a list or an object, which is not looked up
            return [each for each in self._objects if each[0].agrees(value)]


class Judge:
    """Tells branches apart that look alike, by checking the value against each.

    Args:
        document: Its schemas are used as they stand: open to members the document does not know.
            Nothing is compiled before a glance is not enough somewhere.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._checks: dict[str, jsonschema_rs.Draft202012Validator] = {}

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_WHOLE, dict(self._document.data))], draft=jsonschema_rs.Draft202012)

    def choose(self, branches: list[Branch], value: Any) -> list[Branch]:
        """Those of the branches that the value keeps to."""
        return [branch for branch in branches if self._check(branch.pointer).is_valid(value)]

    def _check(self, pointer: str) -> jsonschema_rs.Draft202012Validator:
        check = self._checks.get(pointer)
        if check is None:
            check = self._checks[pointer] = jsonschema_rs.Draft202012Validator(
                {"$ref": _WHOLE + pointer}, registry=self._registry, offline=True
            )
        return check
