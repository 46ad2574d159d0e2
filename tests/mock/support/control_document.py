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
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def check(self, plane: ControlPlane, request: Request, response: Response) -> None:
        """Fail unless the document has the response, and its body fits."""
        content = orjson.loads(response.body) if response.body else None
        operation = self._operation(plane, request)
        if operation is None:
            self._schema(plane, "#/components/schemas/ControlProblem").validate(content)
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
        method, path = request.method.lower(), self._path(plane, request.path)
        place = place or f"#/paths/{quote(path.replace('/', '~1'))}/{method}/responses/{response.status}"
        validator = self._schema(plane, f"{place}/content/application~1json/schema")
        problems = [
            f"{identity}: {error.instance_path}: {error.message[:300]}" for error in validator.iter_errors(content)
        ]
        assert not problems, "\n".join(problems)

    def _operation(self, plane: ControlPlane, request: Request) -> dict[str, Any] | None:
        item: dict[str, Any] = plane.document["paths"].get(self._path(plane, request.path), {})
        return item.get(request.method.lower())

    def _path(self, plane: ControlPlane, path: str) -> str:
        fitting = (known for known in plane.document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path))
        return min(fitting, key=lambda known: known.count("{"), default="")

    def _schema(self, plane: ControlPlane, place: str) -> jsonschema_rs.Draft202012Validator:
        if place not in self._validators:
            whole = {**plane.document, "$ref": place}
            self._validators[place] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[place]
