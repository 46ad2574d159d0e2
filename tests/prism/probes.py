"""One request of the corpus, and what an operation's document gives to put requests together."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from store_credit_mock.contract import Document, OperationDefinition
from store_credit_mock.contract.document import fragment, join

from .traffic import FORM, JSON

__all__ = ["RIGHT", "Draft", "Names", "Probe", "Source"]

RIGHT = "right: "
"""How the kinds begin in which nothing is wrong."""

Names = Mapping[str, str]
"""Secrets by their security scheme, and ids by the document's example of them: whatever the state behind has."""


@dataclass(frozen=True)
class Probe:
    """One request.

    Attributes:
        operation: Whose request was changed.
        kind: What was done.
        what: To what, with what.
        query: The pairs of the query, decoded.
    """

    operation: str
    kind: str
    what: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: bytes | None

    @property
    def target(self) -> str:
        """Path and query as on the wire."""
        return self.path + ("?" + urlencode(self.query) if self.query else "")

    def __str__(self) -> str:
        body = "" if self.body is None else f" {self.body[:120]!r}"
        return f"[{self.operation} / {self.kind}: {self.what[:80]}] {self.method} {self.target[:160]}{body}"


@dataclass(frozen=True)
class Draft:
    """A request that is still being put together; `body` is a JSON value, or the fields of a form."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    media_type: str | None = None
    body: Any = None
    raw: bytes | None = None

    def asking(self, *pairs: tuple[str, str]) -> Draft:
        return replace(self, query=(*self.query, *pairs))

    def saying(self, **headers: str | None) -> Draft:
        """With headers, whose underscores are hyphens; None leaves one out."""
        changed = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return replace(self, headers={name: value for name, value in changed.items() if value is not None})

    def content(self) -> bytes | None:
        if self.raw is not None or self.media_type is None:
            return self.raw
        return urlencode(self.body).encode() if self.media_type == FORM else json.dumps(self.body).encode()


class Source:
    """What the document says about the requests of one operation."""

    def __init__(self, document: Document, operation: OperationDefinition, names: Names) -> None:
        self.document = document
        self.operation = operation
        self.names = names
        self.random = random.Random(operation.id)

    def probe(self, draft: Draft, kind: str, what: Any = "") -> Probe:
        headers = dict(draft.headers)
        if draft.media_type is not None:
            headers.setdefault("Content-Type", draft.media_type)
        text = what if isinstance(what, str) else json.dumps(what)
        method, path = draft.method, draft.path
        return Probe(self.operation.id, kind, text, method, path, draft.query, tuple(headers.items()), draft.content())

    @cached_property
    def bodies(self) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
        """Location and examples of the body by media type."""
        if "requestBody" not in self.operation.definition:
            return {}
        location, body = self.document.resolve(join(self.operation.pointer, "requestBody"))
        found: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for media_type, content in body["content"].items():
            place = join(location, "content", media_type)
            examples = {
                name: self.document.resolve(join(place, "examples", name))[1]["value"]
                for name in content.get("examples", {})
            }
            found[media_type] = (join(place, "schema"), examples)
        return found

    @cached_property
    def body_required(self) -> bool:
        """Whether a request without a body is wrong."""
        if not self.bodies:
            return False
        return bool(self.document.resolve(join(self.operation.pointer, "requestBody"))[1].get("required"))

    @cached_property
    def answers_plain_json(self) -> bool:
        """Whether what it answers if all is well is `application/json`, or nothing."""
        responses = self.operation.definition["responses"]
        return all(
            JSON in content or not content
            for status in responses
            if status.startswith("2")
            for content in [
                self.document.resolve(join(self.operation.pointer, "responses", status))[1].get("content", {})
            ]
        )

    def parameters(self, place: str) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Definition and schema of each parameter in a place."""
        for location, parameter in self.operation.parameters:
            if parameter["in"] == place:
                yield parameter, self.resolved(self.document.at(join(location, "schema")))

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a schema says that may be a reference only."""
        said = self.document.resolve(schema["$ref"])[1] if "$ref" in schema else schema
        if sorted(str(one.get("type")) for one in said.get("anyOf", [])) != ["number", "string"]:
            return said
        # An amount: neither branch says anything of the other's type, so that both are one schema of two types.
        one, other = said["anyOf"]
        return {**said, **one, **other, "type": ["number", "string"], "format": "decimal"}

    def schemes(self) -> list[dict[str, str]]:
        """The headers of each of the ways to authenticate."""
        ways: list[dict[str, str]] = []
        for choice in self.operation.definition.get("security") or [{}]:
            headers: dict[str, str] = {}
            for name in choice:
                scheme = self.document.at(fragment("components", "securitySchemes", name))
                secret = self.names[name]
                if scheme["type"] == "apiKey":
                    headers[scheme["name"]] = secret
                else:
                    headers["Authorization"] = f"Bearer {secret}"
            ways.append(headers)
        return ways

    @cached_property
    def plain(self) -> Draft:
        """The request with no more than it needs."""
        path = self.operation.template
        for parameter, _ in self.parameters("path"):
            example = str(parameter["example"])
            path = path.replace(f"{{{parameter['name']}}}", self.names.get(example, example))
        draft = Draft(self.operation.method, path, (), self.schemes()[0])
        for media_type, (_, examples) in self.bodies.items():
            return replace(draft, media_type=media_type, body=next(iter(examples.values())))
        return draft
