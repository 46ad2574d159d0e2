"""Parameters, from the texts on the wire to the values the document's schemas speak of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from store_credit_mock.contract.parameter_styles import Reader, Unreadable
from store_credit_mock.contract.text_schema import TextSchema, coerce

__all__ = ["QueryParameter", "QueryPlan", "coerce", "read_cookies", "read_query"]


def read_query(query: str) -> list[tuple[str, str]]:
    """Decode a query into its pairs, in order. What is not UTF-8 becomes U+FFFD; at most 1,000 pairs are read."""
    if not query:
        return []
    return parse_qsl(query, keep_blank_values=True, errors="replace")[:1000]


def read_cookies(header: str) -> list[tuple[str, str]]:
    """Decode a `Cookie` header into its pairs, in order, at most 1,000."""
    found: list[tuple[str, str]] = []
    for part in header.split(";")[:1000]:
        name, mark, value = part.strip().partition("=")
        if mark:
            found.append((name.strip(), unquote(value.strip().strip('"'))))
    return found


@dataclass(frozen=True, slots=True)
class QueryParameter:
    """One parameter of the query, one cookie, or one field of a form.

    Attributes:
        name: Its name.
        schema: What it is read by.
        style: `form` or `deepObject`.
        split: Takes apart a text that holds a whole array or object; None if each item comes as a text of its own.
        read: Reads each text, of a deepObject one that stands under its own name; None leaves it to the style.
        empty: Whether a text of no characters is right whatever the schema says.
    """

    name: str
    schema: TextSchema
    style: str = "form"
    split: Callable[[str], list[str]] | None = None
    read: Reader | None = None
    empty: bool = False

    @property
    def spreads(self) -> bool:
        """Whether members of an object come under their own names."""
        return self.style == "form" and self.split is None and self.read is None and self.schema.takes_objects

    def value(self, texts: Sequence[str]) -> Any:
        """Read what was sent under its name. A scalar that is repeated is a list, so that its type refuses it."""
        if self.empty and len(texts) == 1 and not texts[0]:
            return ""
        if self.read is not None:
            read = [self.read(text) for text in texts]
            failed = next((one for one in read if one.__class__ is Unreadable), None)
            if failed is not None:
                return failed
            # Of an array each item may come as a text of its own.
            whole = len(read) == 1 and (read[0].__class__ is list or not self.schema.takes_lists)
            return read[0] if whole else read
        return self.schema.value(texts, self.split)


_Deep = list[tuple[tuple[str, ...], str, str]]
"""Keys, text and name of each member as they were sent: `(("a", "b"), "1", "filter[a][b]")`."""
_KEYS: Final = re.compile(r"(?:\[[^\[\]]*\])+")
_DEEPEST: Final = 20


class QueryPlan:
    """How a query, the cookies or a form are put together: each parameter by its style.

    Args:
        parameters: What the document lists.
        others: What reads fields that it does not list; without it they stay texts.
    """

    def __init__(self, parameters: Iterable[QueryParameter], others: TextSchema | None = None) -> None:
        self._listed = {parameter.name: parameter for parameter in parameters}
        self._plain: dict[str, QueryParameter] = {}
        self._spread: dict[str, str] = {}
        self._rest: str | None = None
        for name, one in self._listed.items():
            if one.style != "deepObject" and (not one.spreads or one.schema.takes_lists or one.schema.takes_scalars):
                self._plain[name] = one
        for name, one in self._listed.items():
            if one.spreads:
                self._spread |= dict.fromkeys(one.schema.listed - self._plain.keys(), name)
                self._rest = name if one.schema.is_open else self._rest
        self._others = others
        self._scalars: dict[str, Callable[[str], Any]] = {
            name: one.schema.scalar
            for name, one in self._plain.items()
            if one.read is None and not one.empty and not (one.schema.takes_lists or one.schema.takes_objects)
        }
        self._joined = frozenset(
            name for name, one in self._plain.items() if one.split is not None and one.schema.takes_lists
        )

    def values(self, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """The query as one object. A scalar that is repeated is a list, so that its type refuses it."""
        plain = self._plain
        texts: dict[str, list[str]] = {}
        rest: list[tuple[str, str]] = []
        for pair in pairs:
            name = pair[0]
            if name not in plain:
                rest.append(pair)
            elif name in texts:
                texts[name].append(pair[1])
            else:
                texts[name] = [pair[1]]
        found: dict[str, Any] = {}
        for name, many in texts.items():
            scalar = self._scalars.get(name)
            found[name] = scalar(many[0]) if scalar is not None and len(many) == 1 else plain[name].value(many)
        if rest:
            self._add(rest, found, texts)
        return found if self._others is None else self._others.of_members(found, texts)

    def _add(self, pairs: list[tuple[str, str]], found: dict[str, Any], texts: dict[str, list[str]]) -> None:
        """Add to what was found what does not stand under the name of a parameter."""
        deep: dict[str, _Deep] = {}
        spread: dict[str, list[tuple[str, str]]] = {}
        unlisted: dict[str, list[str]] = {}
        for name, text in pairs:
            head, bracket, _ = name.partition("[")
            listed = self._listed.get(head) if bracket else None
            owner = self._spread.get(name)
            if owner is not None:
                spread.setdefault(owner, []).append((name, text))
            elif listed is not None and listed.style == "deepObject" and (keys := _keys(name[len(head) :])):
                deep.setdefault(head, []).append((keys, text, name))
            elif self._rest is not None and name not in self._listed:
                spread.setdefault(self._rest, []).append((name, text))
            else:
                unlisted.setdefault(name, []).append(text)
        for name, many in unlisted.items():
            texts[name] = many
            found[name] = self._value(name, many)
        for name, members in spread.items():
            found[name] = self._listed[name].schema.object(members)
        for name, entries in deep.items():
            # What the schema has no place for is a parameter that nobody knows; so is all of it beside a plain text.
            unknown: dict[str, str] = {}
            if name in found or (value := _deep_value(self._listed[name].schema, entries, unknown)) is _NOTHING:
                unknown = {wire: text for _, text, wire in entries}
            else:
                found[name] = value
            found |= unknown

    def _value(self, name: str, texts: list[str]) -> Any:
        parameter = self._listed.get(name)
        if parameter is not None:
            return parameter.value(texts)
        if self._others is not None:
            return self._others.member(name).value(texts)
        return texts[0] if len(texts) == 1 else texts

    def repeated(self, pairs: list[tuple[str, str]]) -> list[str]:
        """The lists that are sent as one text, and were sent more than once."""
        if len(pairs) < 2 or not self._joined:
            return []
        names = [name for name, _ in pairs if name in self._joined]
        return sorted({name for name in names if names.count(name) > 1}) if len(names) > 1 else []


def _leaf(schema: TextSchema, texts: list[str]) -> Any:
    """Read the texts of one member. One alone is no list, whose items stand behind brackets."""
    return texts[0] if len(texts) == 1 and not schema.takes_scalars else schema.value(texts)


_NOTHING: Final = object()


def _keys(rest: str) -> tuple[str, ...] | None:
    """Read `[a][b]` as its keys; None if it is not of this form, or of an unreasonable depth."""
    if rest.rfind("[") == 0 and rest.find("]") == len(rest) - 1:
        return (rest[1:-1],)
    if not _KEYS.fullmatch(rest):
        return None
    keys = tuple(rest[1:-1].split("]["))
    return keys if len(keys) <= _DEEPEST else None


def _deep_value(schema: TextSchema, entries: _Deep, unknown: dict[str, str]) -> Any:
    """Build the value of a deepObject; what the schema has no place for goes to `unknown`."""
    if schema.takes_objects and not schema.takes_lists:
        flat: dict[str, list[str]] = {}
        for keys, text, _ in entries:
            if len(keys) != 1 or not keys[0]:
                break
            flat.setdefault(keys[0], []).append(text)
        else:
            return schema.of_members({key: _leaf(schema.member(key), many) for key, many in flat.items()}, flat)
    texts = [text for keys, text, _ in entries if not keys]
    deeper = [(keys[0], (keys[1:], text, wire)) for keys, text, wire in entries if keys]
    listing = bool(deeper) and all(not key or key.isdecimal() for key, _ in deeper)
    as_list = listing and (schema.takes_lists or (not schema.types and not any(key for key, _ in deeper)))
    if texts or not (as_list or schema.takes_objects or not schema.types):
        unknown |= {wire: text for _, (_, text, wire) in deeper}
        return _leaf(schema, texts) if texts else _NOTHING
    groups: dict[str, _Deep] = {}
    for number, (key, entry) in enumerate(deeper):
        # Each `[]` is an item of its own.
        if not key and not as_list:
            unknown[entry[2]] = entry[1]
        else:
            groups.setdefault(key or f"[{number}]", []).append(entry)
    read = {
        key: _deep_value(schema.items if as_list else schema.member(key), group, unknown)
        for key, group in groups.items()
    }
    made = {key: value for key, value in read.items() if value is not _NOTHING}
    if not made:
        return _NOTHING
    if as_list:
        return list(made.values())
    return schema.of_members(made, {key: [group[0][1]] for key, group in groups.items() if not group[0][0]})
