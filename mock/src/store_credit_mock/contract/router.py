"""From a method and a path to the operation that is meant."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from store_credit_mock.contract.operation import Match, Operation

__all__ = ["Paths"]

KNOWN: Final = 1024
"""How many requests' methods and paths are remembered with what they lead to."""
LONGEST: Final = 200
"""Characters of a path that is remembered."""


class Paths:
    """The document's paths: those without parameters, those with one at the end, and the rest."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Operation]] = {}
        self._templates: list[tuple[re.Pattern[str], dict[str, Operation]]] = []
        self._tails: dict[str, tuple[str, dict[str, Operation]]] = {}
        self._found: dict[tuple[str, str], Match] = {}

    def add(self, path: str, methods: dict[str, Operation]) -> None:
        """Take in a path of the document with its operations by method, aliases among them."""
        if "{" not in path:
            self._exact[path] = methods
            return
        head, _, last = path.rpartition("/")
        if "{" not in head:
            self._tails[head + "/"] = (last.strip("{}"), methods)
            return
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._templates.append((re.compile(pattern), methods))

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
        if found is not None:
            operation = found.get(method)
            if operation is None:
                return None
            return Match(operation, {}, None if operation.method == method else method)
        cut = path.rfind("/") + 1
        tail = self._tails.get(path[:cut])
        if tail is not None and cut < len(path):
            operation = tail[1].get(method)
            if operation is None:
                return None
            text = path[cut:]
            return Match(
                operation,
                {tail[0]: unquote(text) if "%" in text else text},
                None if operation.method == method else method,
            )
        for pattern, methods in self._templates:
            if fit := pattern.fullmatch(path):
                operation = methods.get(method)
                if operation is None:
                    return None
                values = {name: unquote(text) for name, text in fit.groupdict().items()}
                return Match(operation, values, None if operation.method == method else method)
        return None

    def allowed(self, path: str) -> tuple[str, ...]:
        """The methods the document has for a path, in capitals, aliases left out; empty if it lacks the path."""
        found = self._exact.get(path)
        if found is None:
            cut = path.rfind("/") + 1
            tail = self._tails.get(path[:cut]) if cut < len(path) else None
            if tail is not None:
                found = tail[1]
            else:
                none: dict[str, Operation] = {}
                found = next((methods for pattern, methods in self._templates if pattern.fullmatch(path)), none)
        return tuple(method for method, operation in found.items() if operation.method == method)
