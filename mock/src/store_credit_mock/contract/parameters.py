"""Parameters, from the texts on the wire to the values the document's schemas speak of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

__all__ = ["NUMBER", "coerce", "read_query"]

_INTEGER = re.compile(r"-?\d{1,40}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)


def read_query(query: str) -> list[tuple[str, str]]:
    """Decode a query into its pairs, in order. What is not UTF-8 becomes U+FFFD; at most 1,000 pairs are read."""
    if not query:
        return []
    return parse_qsl(query, keep_blank_values=True, errors="replace")[:1000]


def coerce(text: str, types: frozenset[str]) -> Any:
    """What a text stands for under a schema with these types; the text itself where it fits none of them."""
    if "string" in types or not types:
        return text
    if ("integer" in types or "number" in types) and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    return text


class QueryPlan:
    """How the query of one operation is put together: each parameter by its style.

    Args:
        parameters: `(name, style, explode, types of the schema, types of its items)` of each.
    """

    def __init__(self, parameters: list[tuple[str, str, bool, frozenset[str], frozenset[str]]]) -> None:
        self._plain = {p[0]: p for p in parameters if p[1] != "deepObject"}
        self._deep = {p[0]: p for p in parameters if p[1] == "deepObject"}
        self._joined = frozenset(p[0] for p in parameters if p[1] != "deepObject" and not p[2] and "array" in p[3])

    def values(self, pairs: list[tuple[str, str]]) -> Mapping[str, Any]:
        """The query as one object. A scalar that is repeated is a list, so that its type refuses it."""
        found: dict[str, Any] = {}
        for name, text in pairs:
            plan = self._plain.get(name)
            if plan is not None:
                self._put(found, plan, text)
                continue
            head, bracket, rest = name.partition("[")
            if bracket and head in self._deep and _deep_key(rest) is not None:
                target = found.setdefault(head, {})
                if isinstance(target, dict):
                    self._put_deep(target, rest, text)
                else:
                    # Sent as a plain value before: this spelling is then no parameter anybody knows.
                    found[name] = text
            else:
                found[name] = text
        return found

    def repeated(self, pairs: list[tuple[str, str]]) -> list[str]:
        """The lists that are sent as one text, and were sent more than once."""
        if len(pairs) < 2 or not self._joined:
            return []
        names = [name for name, _ in pairs if name in self._joined]
        return sorted({name for name in names if names.count(name) > 1}) if len(names) > 1 else []

    @staticmethod
    def _put(found: dict[str, Any], plan: tuple[str, str, bool, frozenset[str], frozenset[str]], text: str) -> None:
        name, _, explode, types, items = plan
        if "array" in types:
            parts = [text] if explode else text.split(",")
            found.setdefault(name, []).extend(coerce(part, items) for part in parts)
        elif name in found:
            earlier = found[name]
            found[name] = [*earlier, text] if isinstance(earlier, list) else [earlier, text]
        else:
            found[name] = coerce(text, types)

    @staticmethod
    def _put_deep(target: Any, rest: str, text: str) -> None:
        key = _deep_key(rest)
        assert key is not None
        name, many = key
        if many:
            earlier = target.get(name)
            target[name] = [*earlier, text] if isinstance(earlier, list) else [text]
        elif name in target:
            earlier = target[name]
            target[name] = [*earlier, text] if isinstance(earlier, list) else [earlier, text]
        else:
            target[name] = text


_DEEP = re.compile(r"([^\[\]]+)\](\[\])?")


def _deep_key(rest: str) -> tuple[str, bool] | None:
    fit = _DEEP.fullmatch(rest)
    return None if fit is None else (fit[1], fit[2] is not None)
