"""What a schema says, with the schemas that its `$ref` and its `allOf` lay below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeGuard, cast
from urllib.parse import unquote

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.places import Place, pointer, steps

__all__ = ["Laid", "Layer", "Placed", "is_map", "is_node", "is_object", "structure"]

Placed = tuple[Any, Place]
"""A schema, and where it stands."""

_KINDS = (
    "allOf",
    "anyOf",
    "const",
    "enum",
    "format",
    "items",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "properties",
)


@dataclass
class Laid:
    """One schema over those that it is made of.

    Attributes:
        words: Its keywords, but for those below.
        members: Its properties.
        required: The properties it must have.
        unions: The schemas of each `anyOf` and `oneOf` that say what a value is.
        origins: Where the schema stands that a keyword is from.
    """

    words: dict[str, Any] = field(default_factory=dict[str, Any])
    members: dict[str, Placed] = field(default_factory=dict[str, Placed])
    required: set[str] = field(default_factory=set[str])
    unions: list[list[Placed]] = field(default_factory=list[list[Placed]])
    origins: dict[str, Place] = field(default_factory=dict[str, Place])

    def origin(self, word: str, place: Place) -> Place:
        """Where the schema stands that says a word; `place` where none does."""
        return self.origins.get(word, place)


def is_node(value: object) -> TypeGuard[Node]:
    """Whether a value of the document is a mapping."""
    return isinstance(value, Mapping)


def structure(node: Node) -> bool:
    """Whether a schema says what a value is, and not only which values are valid."""
    return "$ref" in node or "type" in node or _adds(node)


def _adds(node: Node) -> bool:
    return bool(node.keys() & _KINDS) or is_node(node.get("additionalProperties"))


def is_map(laid: Laid) -> bool:
    """Whether the values of an object's other members have a schema."""
    others = laid.words.get("additionalProperties")
    if is_node(others):
        return bool(others)
    return bool(laid.words.get("patternProperties")) and not laid.members and not others


def is_object(laid: Laid) -> bool:
    """Whether a schema is that of an object, which becomes a class, or a mapping."""
    kind = laid.words.get("type")
    if kind is None:
        return bool(laid.members) or (is_map(laid) and not laid.unions)
    return kind == "object" and (not laid.unions or bool(laid.members))


class Layer:
    """Follows references in one document, and lays schemas over one another.

    Attributes:
        is_old: The document is of OpenAPI 3.0, where nothing beside a `$ref` counts.
    """

    def __init__(self, document: Node) -> None:
        self.is_old = str(document.get("openapi")).startswith("3.0")
        self._document = document

    def mapping(self, node: Any, place: Place) -> Node:
        """Take what must be a mapping."""
        if not is_node(node):
            raise GenerationError(f"{_shown(place)} is not a mapping", *place)
        return node

    def sequence(self, node: Any, place: Place) -> list[Any]:
        """Take what must be a list."""
        if not isinstance(node, list):
            raise GenerationError(f"{_shown(place)} is not a list", *place)
        return cast("list[Any]", node)

    def target(self, node: Node, place: Place) -> Placed:
        """What a reference leads to, and where that stands."""
        reference = str(node["$ref"])
        if not reference.startswith("#"):
            raise GenerationError(
                f"the reference {reference} leads out of the file; put what it leads to below components",
                *place,
                "$ref",
            )
        where = steps(unquote(reference[1:]))
        try:
            return self.at(where if reference.startswith("#/") else ("",)), where
        except LookupError as error:
            said = f"the reference {reference} leads nowhere; write one such as #/components/schemas/Name"
            raise GenerationError(said, *place, "$ref") from error

    def at(self, place: Place) -> Any:
        """What stands at a place.

        Raises:
            LookupError: Nothing does.
        """
        found: Any = self._document
        for name in place:
            if isinstance(found, list):
                found = cast("list[Any]", found)[int(name) if name.isdecimal() else len(cast("list[Any]", found))]
            elif is_node(found):
                node = cast("Mapping[Any, Any]", found)
                # A status that is written without quotes is a number.
                found = node[int(name) if name not in node and name.isdecimal() else name]
            else:
                raise LookupError(name)
        return found

    def follow(self, node: Any, place: Place) -> tuple[Node, Place]:
        """Follow references to what is no schema."""
        return self._followed(node, place, lambda _: True)

    def adds(self, node: Node) -> bool:
        """Whether a schema says more than its reference does."""
        kind = node.get("type")
        return not self.is_old and (_adds(node) or "required" in node or (kind is not None and kind != "object"))

    def stand_in(self, node: Node, place: Place) -> Placed | None:
        """The schema that another only repeats: what its reference leads to, or the only part of its `allOf`."""
        if "$ref" in node:
            return None if self.adds(node) else self._followed(node, place, lambda one: not self.adds(one))
        parts: list[Any] = self.sequence(node.get("allOf") or [], (*place, "allOf"))
        # Beside the one schema, others often only describe it.
        found = [index for index, one in enumerate(parts) if not is_node(one) or structure(one) or "required" in one]
        if len(found) != 1:
            return None
        rest = {key: value for key, value in node.items() if key != "allOf"}
        if _adds(rest) or "required" in rest or rest.get("type", "object") != "object":
            return None
        return parts[found[0]], (*place, "allOf", str(found[0]))

    def is_nullable(self, node: Node) -> bool:
        """Whether a schema, or what describes it in its `allOf`, says `nullable`."""
        parts: list[Any] = node["allOf"] if isinstance(node.get("allOf"), list) else []
        beside = [one for one in parts if is_node(one) and not structure(one)]
        return any(one.get("nullable") is True for one in [node, *beside])

    def _followed(self, node: Any, place: Place, follows: Callable[[Node], bool]) -> tuple[Node, Place]:
        seen: list[Place] = []
        node = self.mapping(node, place)
        while "$ref" in node and follows(node):
            seen.append(place)
            found, where = self.target(node, place)
            if where in seen:
                raise GenerationError(f"the reference {node['$ref']} leads back to itself", *place, "$ref")
            if isinstance(found, bool):
                return cast("Any", found), where
            node, place = self.mapping(found, where), where
        return node, place

    def lay(self, node: Any, place: Place, below: tuple[Place, ...] = ()) -> Laid:
        """Lay a schema over those of its `$ref` and its `allOf`.

        Raises:
            GenerationError: It is not valid, leads back to itself, or says of one value that it is of two types.
        """
        laid = Laid()
        if isinstance(node, bool):
            return laid
        node = self.mapping(node, place)
        if place in below:
            raise GenerationError(f"{_shown(place)} leads back to itself by its allOf; take one of the two out", *place)
        if "$ref" in node and not self.adds(node):
            return self.lay(*self.target(node, place), (*below, place))
        parts = [self.target(node, place)] if "$ref" in node else []
        listed = self.sequence(node.get("allOf") or [], (*place, "allOf"))
        parts += [(one, (*place, "allOf", str(index))) for index, one in enumerate(listed)]
        for part, where in parts:
            inner = self.lay(part, where, (*below, place))
            for word in ("nullable", "discriminator", "title"):
                inner.words.pop(word, None)
            self._over(laid, inner, place)
        self._over(laid, self._own(node, place), place)
        return laid

    def _own(self, node: Node, place: Place) -> Laid:
        apart = ("$ref", "allOf", "anyOf", "oneOf", "properties", "required")
        laid = Laid({key: value for key, value in node.items() if key not in apart})
        laid.origins = dict.fromkeys(laid.words, place)
        properties = self.mapping(node.get("properties") or {}, (*place, "properties"))
        laid.members = {str(name): (one, (*place, "properties", str(name))) for name, one in properties.items()}
        if not isinstance(node.get("required", []), list):
            said = "required is not a list; write the names of the required properties here, in the object's own schema"
            raise GenerationError(said, *place, "required")
        laid.required = {str(name) for name in node.get("required", [])}
        for word in ("anyOf", "oneOf"):
            options = self.sequence(node.get(word) or [], (*place, word))
            if any(is_node(one) and structure(one) for one in options):
                laid.unions.append([(one, (*place, word, str(index))) for index, one in enumerate(options)])
        return laid

    def _over(self, laid: Laid, upper: Laid, place: Place) -> None:
        """Lay one schema over another, which is changed."""
        first, second = _types(laid.words), _types(upper.words)
        if first and second and first != second:
            # An integer is a number.
            both = first & second or ({"integer"} if "integer" in first | second and "number" in first | second else ())
            if not both:
                said = f"its allOf makes it both {' or '.join(sorted(first))} and {' or '.join(sorted(second))}"
                raise GenerationError(f"{said}; write one type", *place)
            kinds = sorted(both)
            upper.words["type"] = kinds[0] if len(kinds) == 1 else kinds
        laid.words |= upper.words
        laid.origins |= upper.origins
        laid.required |= upper.required
        laid.unions += upper.unions
        for name, (node, where) in upper.members.items():
            if name not in laid.members:
                laid.members[name] = node, where
                continue
            lower = laid.members[name][0]
            kinds = [_types(one) if is_node(one) else set[str]() for one in (lower, node)]
            if all(kinds) and not kinds[0] & kinds[1] and kinds[0] | kinds[1] != {"integer", "number"}:
                said = f"{name} is {' or '.join(sorted(kinds[0]))} in one part of allOf and"
                raise GenerationError(f"{said} {' or '.join(sorted(kinds[1]))} in another; write one type", *where)
            if is_node(node) and structure(node):
                laid.members[name] = node, where

    def members(self, laid: Laid, below: frozenset[Place] = frozenset()) -> dict[str, list[Placed]]:
        """The properties of an object; those that only some of its alternatives have may be absent, or differ."""
        found = {name: [one] for name, one in laid.members.items()}
        for one in (one for union in laid.unions for one in union):
            node, place = self._followed(*one, lambda node: not self.adds(node)) if _refers(one[0]) else one
            if place in below:
                continue
            for name, some in self.members(self.lay(node, place), below | {place}).items():
                if name not in laid.members:
                    known = found.setdefault(name, [])
                    known += [one for one in some if one not in known]
        return found

    def values(self, laid: Laid, place: Place) -> Placed:
        """The schema of the members of an object that have no property of their own."""
        others = laid.words.get("additionalProperties")
        if is_node(others):
            return others, (*laid.origin("additionalProperties", place), "additionalProperties")
        where = (*laid.origin("patternProperties", place), "patternProperties")
        patterns = self.mapping(laid.words["patternProperties"], where)
        if len(patterns) == 1:
            ((pattern, node),) = patterns.items()
            return node, (*where, str(pattern))
        return True, where

    def kinds(self, node: Node, place: Place) -> list[Placed]:
        """The schemas that an object with a `discriminator` stands for: those that have it in their `allOf`."""
        said: Any = node.get("discriminator")
        if not is_node(said) or "oneOf" in node or "anyOf" in node:
            return []
        found: dict[Place, Placed] = {}
        named: Any = said.get("mapping") or {}
        for name in self.mapping(named, (*place, "discriminator", "mapping")).values():
            one = self.named(str(name), (*place, "discriminator", "mapping"))
            found[one[1]] = one
        pending = [place]
        while pending:
            for one in self._children.get(pending.pop(), []):
                if one[1] not in found:
                    found[one[1]] = one
                    pending.append(one[1])
        found.pop(place, None)
        return list(found.values())

    def named(self, name: str, place: Place) -> Placed:
        """A schema by its name or a reference, as `mapping` of a discriminator gives it."""
        return self.target({"$ref": name if "/" in name or "#" in name else f"#/components/schemas/{name}"}, place)

    @cached_property
    def _children(self) -> dict[Place, list[Placed]]:
        """The named schemas by those in their `allOf`."""
        found: dict[Place, list[Placed]] = {}
        components: Node = self._document.get("components") or {}
        named: Node = components.get("schemas") or {}
        for name, node in named.items():
            parts: list[Any] = node.get("allOf") or [] if is_node(node) else []
            for part in parts:
                if _refers(part):
                    parent = steps(unquote(str(part["$ref"]).removeprefix("#")))
                    found.setdefault(parent, []).append((node, ("components", "schemas", str(name))))
        return found


def _refers(node: Any) -> bool:
    return is_node(node) and "$ref" in node


def _types(words: Node) -> set[str]:
    given: Any = words.get("type")
    kinds = cast("list[Any]", given) if isinstance(given, list) else [given]
    return {one for one in kinds if isinstance(one, str)} - {"null"}


def _shown(place: Place) -> str:
    return pointer(place).lstrip("/") or "the document"
