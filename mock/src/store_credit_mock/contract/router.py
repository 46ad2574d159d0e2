"""From a method and a path to the operation that is meant."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

from store_credit_mock.contract.operation import Match, Operation

__all__ = ["Paths"]

KNOWN: Final = 1024
"""How many requests' methods and paths are remembered with what they lead to."""
LONGEST: Final = 200
"""Characters of a path that is remembered."""

_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")
_SAFE: Final = "/:@!$&'()*+,;=~%"
"""What needs no encoding in a path; a percent sign begins what is encoded."""


class _Template:
    """A path of the document with parameters in it.

    Attributes:
        path: As the document has it.
        names: Its parameters.
        pattern: What matches a path of a request, with a group for each parameter.
        methods: Its operations by method, aliases among them.
        order: What is tried first: literal segments before those with parameters, from left to right.
    """

    __slots__ = ("methods", "names", "order", "path", "pattern")

    def __init__(self, path: str, methods: dict[str, Operation]) -> None:
        self.path = path
        self.methods = methods
        parts = _PARAMETER.split(path)
        self.names = parts[1::2]
        self.pattern = re.compile("([^/]+?)".join(_literal(part) for part in parts[::2]))
        segments = path.split("/")
        self.order = [(one.count("{"), -len(_PARAMETER.sub("", one))) if "{" in one else (0, 0) for one in segments]

    def overlaps(self, head: str) -> bool:
        """Whether it may match a path of one segment more than a head without parameters."""
        segments = self.path.split("/")
        return len(segments) == head.count("/") + 1 and all(
            _Template(one, {}).pattern.fullmatch(given) if "{" in one else one == given
            for one, given in zip(segments[:-1], head.split("/"), strict=False)
        )


class Paths:
    """The document's paths: those without parameters, those with one as their last segment, and the rest.

    A path without parameters goes before one with, and a literal segment before a parameter; but where the closer one
    lacks the method, the next that has it is meant.
    """

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Operation]] = {}
        self._templates: list[_Template] = []
        self._tails: dict[str, tuple[str, dict[str, Operation], list[_Template]]] = {}
        self._found: dict[tuple[str, str], Match] = {}

    def add(self, path: str, methods: dict[str, Operation]) -> None:
        """Take in a path of the document with its operations by method, aliases among them."""
        if "{" not in path:
            for spelling in (quote(path, safe=_SAFE), unquote(path), path):
                self._exact.setdefault(spelling, methods)
            self._exact[path] = methods
            return
        head, _, last = path.rpartition("/")
        whole = _PARAMETER.fullmatch(last)
        if "{" not in head and "%" not in quote(head, safe=_SAFE) and whole and head + "/" not in self._tails:
            self._tails[head + "/"] = (whole[1], methods, [])
        else:
            self._templates.append(_Template(path, methods))
            self._templates.sort(key=lambda template: template.order)
        for place, (name, own, _) in self._tails.items():
            tail = _Template(f"{place}{{{name}}}", own)
            closer = [one for one in self._templates if one.order < tail.order and one.overlaps(place)]
            self._tails[place] = (name, own, closer)

    def find(self, method: str, path: str) -> Match | None:
        """The operation of a request; None if neither an operation nor an alias has this method and path."""
        place = (method, path)
        match = self._found.get(place)
        if match is None:
            match = self._match(method, path)
            if match is not None and len(path) <= LONGEST:
                if len(self._found) >= KNOWN:
                    self._found.clear()
                self._found[place] = match
        return match

    def _match(self, method: str, path: str) -> Match | None:
        found = self._exact.get(path)
        if found is not None and (operation := found.get(method)) is not None:
            return Match(operation, {}, None if operation.method == method else method)
        cut = path.rfind("/") + 1
        tail = self._tails.get(path[:cut])
        if tail is not None and cut < len(path):
            name, methods, closer = tail
            if closer and (match := _first(closer, method, path)) is not None:
                return match
            operation = methods.get(method)
            if operation is not None:
                text = path[cut:]
                value = unquote(text) if "%" in text else text
                return Match(operation, {name: value}, None if operation.method == method else method)
        return _first(self._templates, method, path)

    def allowed(self, path: str) -> tuple[str, ...]:
        """The methods the document has for a path, in capitals, aliases left out; empty if it lacks the path."""
        found = [self._exact[path]] if path in self._exact else []
        cut = path.rfind("/") + 1
        tail = self._tails.get(path[:cut]) if cut < len(path) else None
        if tail is not None:
            found.append(tail[1])
        found += [one.methods for one in self._templates if one.pattern.fullmatch(path)]
        known = {method: operation for methods in found for method, operation in methods.items()}
        return tuple(method for method, operation in known.items() if operation.method == method)


def _first(templates: list[_Template], method: str, path: str) -> Match | None:
    for template in templates:
        operation = template.methods.get(method)
        if operation is not None and (fit := template.pattern.fullmatch(path)):
            values = {name: unquote(text) for name, text in zip(template.names, fit.groups(), strict=True)}
            return Match(operation, values, None if operation.method == method else method)
    return None


def _literal(text: str) -> str:
    """Make a pattern for a part of a path that is no parameter, percent-encoded or not."""
    spellings = dict.fromkeys((text, quote(text, safe=_SAFE), unquote(text)))
    return "|".join(map(re.escape, spellings)) if len(spellings) == 1 else f"(?:{'|'.join(map(re.escape, spellings))})"
