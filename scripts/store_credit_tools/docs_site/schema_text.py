"""A schema in words: what type it has, which limits, which values."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, cast

from store_credit_mock.contract.document import join
from store_credit_tools.docs_site.document import Schema, Source
from store_credit_tools.docs_site.version_ranges import VersionRange, range_of

__all__ = ["Shapes", "as_json", "target_name", "words_of"]

_KINDS = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_FORMATS = {
    "unix-time": "Unix seconds",
    "decimal": "decimal",
    "date-time": "ISO 8601 time",
    "password": "secret",
}
_NO_LIMIT = 2147483647
"""The largest number a column of the server holds; nobody comes near."""
_SYSTEM = re.compile(r"^(Vinr|Spree(?:V\d+)?)(Cart(?=[A-Z]))?")


def as_json(value: Any) -> str:
    """Write a value on one line."""
    return json.dumps(value, ensure_ascii=False)


def target_name(schema: Schema) -> str | None:
    """Name of the shared schema a `$ref` leads to."""
    target = schema.get("$ref")
    return target.rsplit("/", 1)[1] if isinstance(target, str) else None


def words_of(schema: str) -> str:
    """The name of a schema in words: `SpreeStoreCreditCategory` is a store credit category."""
    name = _SYSTEM.sub(lambda found: "cart " if found[2] else "", schema)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower().replace("  ", " ")


def _branches(location: str, schema: Schema) -> Sequence[str]:
    """The places of the schemas of which what is described has to match one."""
    return [
        join(location, keyword, str(number))
        for keyword in ("oneOf", "anyOf")
        for number in range(len(schema.get(keyword, ())))
    ]


class Shapes:
    """Puts schemas into words."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def type(self, location: str, *, every: bool = True) -> str:
        """The type as Markdown; a shared schema is a link.

        Args:
            location: The place of the schema.
            every: Whether types that only some versions have are named, too; `of_versions` has them alone.

        Raises:
            PagesError: The schema has no type this module knows a word for.
        """
        schema = self.source.document.at(location)
        name = target_name(schema)
        if name is None:
            return self.plain(location, every=every)
        target, definition = self.source.resolve(location)
        # What can be sent for an amount says more than that it is an amount.
        is_amount = "x-decimal-places" in definition
        named = "properties" in definition or "oneOf" in definition or ("anyOf" in definition and not is_amount)
        if definition.get("type") == "array":
            return self.plain(target)
        return f"[{words_of(name) if named else self.plain(target, every=every)}](schema:{name})"

    def of_versions(self, location: str) -> tuple[tuple[str, VersionRange], ...]:
        """The types that only some versions accept or return here, beside those that all do."""
        place, schema = self.source.resolve(location)
        return tuple(
            (self.type(branch), found)
            for branch in _branches(place, schema)
            if (found := range_of(self.source.document.data, self.source.document.at(branch)))
        )

    def plain(self, location: str, *, every: bool = True) -> str:
        """The type of what stands at a location itself, even if it has a name.

        Raises:
            PagesError: The schema has no type this module knows a word for.
        """
        schema = self.source.document.at(location)
        if branches := _branches(location, schema):
            some = self.of_versions(location)
            kinds = [self.type(branch) for branch in branches]
            common = [kind for kind in dict.fromkeys(kinds) if kind != "null" and kind not in dict(some)]
            found = " or ".join([*common, *(f"{kind} ({versions.phrase})" for kind, versions in some if every)])
            return f"{found} (decimal)" if "x-decimal-places" in schema and found.endswith("string") else found
        if "const" in schema:
            return f"`{as_json(schema['const'])}`"
        if "type" not in schema:
            raise self.source.fault(location, "the schema says nothing the pages could show as its type; give `type`")
        kinds = cast("list[str]", schema["type"] if isinstance(schema["type"], list) else [schema["type"]])
        if not _KINDS.issuperset(map(str, kinds)):
            raise self.source.fault(location, f"`type` is none of JSON Schema's: {as_json(schema['type'])}")
        return " or ".join(self._kind(location, schema, kind) for kind in kinds if kind != "null") or "null"

    def _kind(self, location: str, schema: Schema, kind: str) -> str:
        if kind == "array":
            inner = self.type(join(location, "items"))
            return f"array of {inner}s" if re.fullmatch(r"[a-z]+", inner) else f"array of {inner}"
        if kind == "string" and schema.get("maxLength") == 0:
            return "empty string"
        note = _FORMATS.get(str(schema.get("format")))
        if note is None or (note == "decimal" and kind == "number"):
            return kind
        return f"{kind} ({note})"

    def limits(self, schema: Schema) -> tuple[str, ...]:
        """Lengths, ranges and patterns as phrases."""
        found = [*self._range(schema), *self._lengths(schema)]
        if "pattern" in schema:
            found.append(f"must match `{schema['pattern']}`")
        if "x-decimal-places" in schema:
            # An amount is a number or a string; their limits are told once, here.
            found += [limit for branch in schema.get("anyOf", []) for limit in self.limits(branch)]
        if "x-decimal-places" in schema:
            found.append(f"at most {schema['x-decimal-places']} decimals")
        if "minProperties" in schema:
            found.append(
                "at least one member" if schema["minProperties"] == 1 else f"at least {schema['minProperties']} members"
            )
        return tuple(found)

    def _range(self, schema: Schema) -> list[str]:
        low, high, above, below = (
            schema.get(name) for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        )
        if schema.get("format") == "unix-time":
            return []
        if high == _NO_LIMIT:
            high = None
        if low is not None and high is not None:
            return [f"{low} to {high}"]
        phrases = (
            (low, f"{low} or more"),
            (above, f"more than {above}"),
            (high, f"at most {high}"),
            (below, f"less than {below}"),
        )
        return [phrase for limit, phrase in phrases if limit is not None]

    def _lengths(self, schema: Schema) -> list[str]:
        found: list[str] = []
        for low, high, unit in (("minLength", "maxLength", "character"), ("minItems", "maxItems", "item")):
            least, most = schema.get(low), schema.get(high)
            if most == 0:
                continue
            if least is not None and most is not None:
                found.append(f"{least} to {most} {unit}s")
            elif most is not None:
                found.append(f"at most {most} {unit}{'' if most == 1 else 's'}")
            elif least is not None and least > 1:
                found.append(f"at least {least} {unit}s")
        return found

    def values(self, location: str) -> tuple[tuple[str, ...], bool]:
        """The values a string, or an item of a list, may have, and whether others may come."""
        place, schema = self.source.resolve(location)
        if "enum" in schema:
            return tuple(map(str, schema["enum"])), False
        if "x-extensible-enum" in schema:
            return tuple(map(str, schema["x-extensible-enum"])), True
        return self.values(join(place, "items")) if "items" in schema else ((), False)

    def nullable(self, location: str) -> bool:
        """Whether null is allowed, here or where a reference leads."""
        place, schema = self.source.resolve(location)
        if isinstance(schema.get("type"), list):
            return "null" in schema["type"]
        return any(
            schema[keyword][number].get("type") == "null"
            for keyword in ("oneOf", "anyOf")
            for number in range(len(schema.get(keyword, [])))
        ) or (place != location and schema.get("type") == "null")
