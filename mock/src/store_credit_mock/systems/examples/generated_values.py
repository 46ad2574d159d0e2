"""Values made from schemas: always the same ones, with every member that may be there."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from math import ceil, floor, inf
from typing import Any, Final, cast

from store_credit_mock.contract import Document
from store_credit_mock.systems.examples.pattern_text import pattern_text

__all__ = ["ValueGenerator"]

_DEEPEST: Final = 24
_MOST: Final = 1000
"""Items or members that are made to reach a minimum."""
_LONGEST: Final = 100_000
"""Characters that are made to reach a minimum."""
_STOP: Final = object()
"""What is made of a schema that holds itself: nothing, so that whoever wants it leaves it out."""
_FORMATS: Final = {
    "binary": "example",
    "byte": "ZXhhbXBsZQ==",
    "date": "2026-01-01",
    "date-time": "2026-01-01T00:00:00Z",
    "decimal": "1.00",
    "duration": "P1D",
    "email": "user@example.com",
    "hostname": "example.com",
    "idn-email": "user@example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "iri": "https://example.com/",
    "iri-reference": "/example",
    "json-pointer": "/example",
    "password": "password",
    "regex": "^example$",
    "relative-json-pointer": "0",
    "time": "00:00:00Z",
    "uri": "https://example.com/",
    "uri-reference": "/example",
    "uri-template": "https://example.com/{id}",
    "uuid": "00000000-0000-4000-8000-000000000000",
}
_KINDS: Final = (
    ("object", {"properties", "required", "additionalProperties", "patternProperties", "minProperties"}),
    ("array", {"items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"}),
    ("string", {"pattern", "minLength", "maxLength", "format", "contentEncoding"}),
    ("number", {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
)
_Schema = Mapping[str, Any]


class ValueGenerator:
    """Makes values of the schemas of a document.

    Args:
        document: Where they stand.
        variant: Which branch of a `oneOf` or `anyOf` is taken, from 0, where there are so many.
        least: Whether an object gets no member but those it must have.
    """

    def __init__(self, document: Document, variant: int = 0, *, least: bool = False) -> None:
        self._document = document
        self._variant = variant
        self._least = least

    def value(self, schema: Any) -> Any:
        """Make a value: `const`, an example, the default, the first of an enumeration, or one by type and limits."""
        made = self._made(schema, ())
        return None if made is _STOP else made

    def _made(self, schema: Any, above: tuple[str, ...]) -> Any:
        if not isinstance(schema, dict):
            return {}
        members, above = self._whole(cast("dict[str, Any]", schema), above)
        if len(above) > _DEEPEST or any(above.count(name) > 1 for name in above):
            return _STOP
        if "const" in members:
            return members["const"]
        said = _said(members)
        if said:
            return copy.deepcopy(said[0])
        for name in ("oneOf", "anyOf"):
            branches: list[Any] = members.get(name) or []
            if branches:
                return self._branch(members, name, branches, above)
        kind = self._kind(members)
        if kind == "object":
            return self._object(members, above)
        if kind == "array":
            return self._array(members, above)
        if kind == "string":
            return _text(members)
        if kind in {"integer", "number"}:
            return _number(members, whole=kind == "integer")
        if kind == "null":
            return None
        return True if kind == "boolean" else dict[str, Any]()

    def _whole(
        self, schema: _Schema, above: tuple[str, ...], laid: frozenset[str] = frozenset()
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Follow `$ref` and lay the parts of an `allOf` together, each once."""
        members = dict(schema)
        for _ in range(_DEEPEST):
            reference = members.pop("$ref", None)
            if not isinstance(reference, str) or reference in laid:
                break
            laid |= {reference}
            above = (*above, reference)
            found = self._document.at(reference) if reference.startswith("#/") else None
            members = _joined(cast("dict[str, Any]", found) if isinstance(found, dict) else {}, members)
        for part in members.pop("allOf", []):
            if isinstance(part, dict):
                inner, above = self._whole(cast("dict[str, Any]", part), above, laid)
                members = _joined(inner, members)
        return members, above

    def _branch(self, members: _Schema, name: str, branches: list[Any], above: tuple[str, ...]) -> Any:
        rest = {key: value for key, value in members.items() if key != name}
        chosen = min(self._variant, len(branches) - 1)
        made: Any = _STOP
        for branch in [*branches[chosen:], *branches[:chosen]]:
            if branch == {"type": "null"} and len(branches) > 1:
                continue
            inner, below = self._whole(cast("dict[str, Any]", branch) if isinstance(branch, dict) else {}, above)
            made = self._made(_joined(inner, rest), below)
            if made is not _STOP:
                return _discriminated(members, branch, inner, made)
        return None if {"type": "null"} in branches else made

    def _kind(self, members: _Schema) -> str:
        kind: Any = members.get("type")
        if isinstance(kind, list):
            kinds = [one for one in cast("list[str]", kind) if one != "null"]
            return kinds[min(self._variant, len(kinds) - 1)] if kinds else "null"
        if isinstance(kind, str):
            return kind
        return next((name for name, words in _KINDS if not words.isdisjoint(members)), "")

    def _object(self, members: _Schema, above: tuple[str, ...]) -> Any:
        made: dict[str, Any] = {}
        required: list[str] = members.get("required") or []
        properties: Mapping[str, Any] = members.get("properties") or {}
        for name, schema in properties.items():
            if schema is False or self._is_write_only(schema) or (self._least and name not in required):
                continue
            value = self._made(schema, above)
            if value is not _STOP:
                made[name] = value
            elif name in required:
                return _STOP
        others = members.get("additionalProperties", True)
        for name in required:
            if name not in made and name not in properties:
                made[name] = self._made(others, above) if isinstance(others, dict) else "example"
        most: float = members.get("maxProperties", inf)
        least: int = min(members.get("minProperties", 0), _MOST)
        if not properties and not made and isinstance(others, dict):
            least = max(least, 1)
        for pattern, schema in _mapping(members.get("patternProperties")).items():
            name = pattern_text(pattern)
            if len(made) < least and name is not None:
                made[name] = self._made(schema, above)
        for number in range(1, least + 1):
            if len(made) >= least or others is False:
                break
            made[self._key(members, number)] = self._made(others, above) if isinstance(others, dict) else "example"
        spare = [name for name in made if name not in required]
        while len(made) > most and spare:
            del made[spare.pop()]
        return {name: value for name, value in made.items() if value is not _STOP}

    def _is_write_only(self, schema: Any) -> bool:
        return isinstance(schema, dict) and self._whole(cast("_Schema", schema), ())[0].get("writeOnly") is True

    def _key(self, members: _Schema, number: int) -> str:
        names: Any = members.get("propertyNames")
        made = self._made({"type": "string", **cast("_Schema", names)}, ()) if isinstance(names, dict) else "key"
        return made if number == 1 else f"{made}{number}"

    def _array(self, members: _Schema, above: tuple[str, ...]) -> Any:
        first: list[Any] = members.get("prefixItems") or []
        made = [self._made(one, above) for one in first]
        if "contains" in members:
            made += [self._made(members["contains"], above)] * max(members.get("minContains", 1), 1)
        items = members.get("items", {} if not made else False)
        least, most = members.get("minItems", 0), members.get("maxItems")
        wanted = min(max(least, 0 if made else 1), _MOST)
        if most is not None:
            wanted = min(wanted, most)
        while len(made) < wanted and items is not False:
            item = self._made(items, above) if items else "example"
            if item is _STOP:
                break
            made.append(self._another(items, item, made) if members.get("uniqueItems") and item in made else item)
        return _STOP if len(made) < least or _STOP in made else made

    def _another(self, schema: Any, item: Any, made: list[Any]) -> Any:
        """Make an item that is not among those of a list yet; the same again where none is found."""
        whole = self._whole(cast("_Schema", schema), ())[0] if isinstance(schema, dict) else {}
        candidates: list[Any] = list(whole.get("enum") or [])
        if isinstance(item, bool):
            candidates.append(not item)
        elif isinstance(item, int | float):
            step = whole.get("multipleOf", 1)
            candidates += [item + step * len(made), item - step * len(made)]
        elif isinstance(item, str):
            candidates += [f"{item}{len(made)}", item[:-1] + str(len(made) % 10)]
        elif isinstance(item, dict):
            members = cast("dict[str, Any]", item)
            for name, value in members.items():
                inner = _mapping(whole.get("properties")).get(name)
                candidates.append({**members, name: self._another(inner, value, [value] * len(made))})
        return next((one for one in candidates if one not in made), cast("Any", item))


def _discriminated(members: _Schema, branch: Any, inner: _Schema, made: Any) -> Any:
    """Let a value say which branch of a `oneOf` it is of, where its schema leaves that open."""
    discriminator: Any = members.get("discriminator")
    reference: Any = cast("_Schema", branch).get("$ref") if isinstance(branch, dict) else None
    if not (isinstance(discriminator, dict) and isinstance(made, dict) and isinstance(reference, str)):
        return cast("Any", made)
    name: Any = _mapping(cast("Any", discriminator)).get("propertyName")
    mapping = _mapping(_mapping(cast("Any", discriminator)).get("mapping"))
    if {"const", "enum"} & _mapping(_mapping(inner.get("properties")).get(name)).keys():
        return cast("Any", made)
    plain = reference.rpartition("/")[2]
    value = next((key for key, target in mapping.items() if target in {reference, plain}), plain)
    return {**cast("dict[str, Any]", made), name: value}


def _mapping(value: Any) -> Mapping[str, Any]:
    """Give what is a mapping; an empty one for anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def _said(members: _Schema) -> list[Any]:
    """Give the values that a schema names itself: its examples, or its default, or what it enumerates."""
    examples: Any = members.get("examples")
    if isinstance(examples, list) and examples:
        return cast("list[Any]", examples)
    for name in ("example", "default"):
        if name in members:
            return [members[name]]
    return cast("list[Any]", members.get("enum") or [])


def _joined(first: _Schema, second: _Schema) -> dict[str, Any]:
    """Lay two schemas that both hold together; what the second says counts where they cannot both be said."""
    made = dict(first)
    for name, value in second.items():
        if name not in made:
            made[name] = value
            continue
        known: Any = made[name]
        if name in {"properties", "patternProperties"}:
            both = {key: {"allOf": [known[key], value[key]]} for key in known.keys() & value.keys()}
            made[name] = {**known, **value, **both}
        elif name == "required":
            made[name] = list(dict.fromkeys([*known, *value]))
        elif name == "enum":
            made[name] = [one for one in known if one in value] or value
        elif name in {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}:
            made[name] = max(known, value)
        elif name in {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}:
            made[name] = min(known, value)
        elif name == "type":
            kinds: list[list[str]] = [[one] if isinstance(one, str) else one for one in (known, value)]
            made[name] = [one for one in kinds[0] if one in kinds[1]] or value
        elif name == "additionalProperties" and value is True:
            continue
        else:
            made[name] = value
    return made


def _text(members: _Schema) -> str:
    least, most = members.get("minLength", 0), members.get("maxLength")
    if "pattern" in members:
        made = pattern_text(str(members["pattern"]), least)
        if made is not None:
            return made
    made = _FORMATS.get(str(members.get("format")))
    if made is None:
        made = "ZXhhbXBsZQ==" if members.get("contentEncoding") == "base64" else "string"
        while len(made) < min(least, _LONGEST):
            made += made
        made = made[: max(least, len("string"))] if least else made
    return made if most is None else made[:most]


def _number(members: _Schema, *, whole: bool) -> int | float:
    low, high = members.get("minimum"), members.get("maximum")
    above, below = members.get("exclusiveMinimum"), members.get("exclusiveMaximum")
    step = members.get("multipleOf") or (1 if whole else None)

    def fits(value: float) -> bool:
        return (
            (low is None or value >= low)
            and (high is None or value <= high)
            and (above is None or value > above)
            and (below is None or value < below)
            and (step is None or abs(value / step - round(value / step)) < 1e-9)
        )

    candidates: list[float] = [1, 0]
    limits = [one for one in (low, above, high, below) if one is not None]
    unit = step or 0.01
    for limit in limits:
        base = floor(limit / unit) * unit, ceil(limit / unit) * unit
        candidates += [limit, *base, base[1] + unit, base[0] - unit, base[0] + unit]
    if low is not None or above is not None:
        bottom = low if low is not None else above
        top = high if high is not None else below
        if top is not None and bottom is not None:
            candidates.append((bottom + top) / 2)
    if step is not None:
        candidates += [step, -step]
    found = next((one for one in candidates if fits(one)), candidates[-1])
    if isinstance(found, float):
        found = round(found, 10)
    return int(found) if found == int(found) else found
