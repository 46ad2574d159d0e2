"""Every response of a control plane, validated against the plane's own document while tests use it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import orjson

from store_credit_mock import Request, Response
from store_credit_mock.control.dispatcher import ControlPlane

__all__ = ["ResponseValidator"]


class ResponseValidator:
    """Validates responses against the document.

    Attributes:
        seen: The statuses that each operation responded with.
    """

    def __init__(self) -> None:
        self.seen: dict[str, set[int]] = defaultdict(set)
        self._described: dict[frozenset[str], _Described] = {}

    def check(self, plane: ControlPlane, request: Request, response: Response) -> None:
        """Fail unless the document has the response, and its body fits."""
        content = orjson.loads(response.body) if response.body else None
        # The document follows from the systems; making it for every engine would take longer than the tests.
        systems = frozenset(plane.engine.systems)
        if systems not in self._described:
            self._described[systems] = _Described(plane.document)
        document = self._described[systems]
        path = document.path(request.path)
        operation: Any = document.data["paths"].get(path, {}).get(request.method.lower())
        if operation is None:
            document.validator("#/components/schemas/ControlProblem").validate(content)
            return
        identity = operation["operationId"]
        self.seen[identity].add(response.status)
        described = operation["responses"].get(str(response.status)) or operation["responses"].get(
            f"{response.status // 100}XX"
        )
        assert described is not None, f"{identity} has no response {response.status}"
        place = described.get("$ref", "")
        if not place and "content" not in described:
            assert content is None, f"{identity} has no body with {response.status}"
            return
        method = request.method.lower()
        place = place or f"#/paths/{quote(path.replace('/', '~1'))}/{method}/responses/{response.status}"
        validator = document.validator(f"{place}/content/application~1json/schema")
        problems = [
            f"{identity}: {error.instance_path}: {error.message[:300]}" for error in validator.iter_errors(content)
        ]
        assert not problems, "\n".join(problems)


class _Described:
    """A document, with the patterns of its paths and the schemas that were compiled of it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        # Those with the fewest parameters first.
        known = sorted(data["paths"], key=lambda path: path.count("{"))
        self._paths = {path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in known}
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def path(self, path: str) -> str:
        """The path of the document that one fits; empty if there is none."""
        return next((known for known, pattern in self._paths.items() if pattern.fullmatch(path)), "")

    def validator(self, place: str) -> jsonschema_rs.Draft202012Validator:
        """What validates against the schema at a place."""
        if place not in self._validators:
            whole = {**self.data, "$ref": place}
            self._validators[place] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[place]
