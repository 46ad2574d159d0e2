"""The control plane of the mock, page by page, from its own OpenAPI document: that of `/_mock/openapi.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from store_credit_mock.contract import Document
from store_credit_mock.contract.document import fragment, join
from store_credit_mock.factory import Engine
from store_credit_tools.docs_site.anchors import Register
from store_credit_tools.docs_site.control_samples import control_samples
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.placement import references_below
from store_credit_tools.docs_site.reference.sheet import Sheet, group_of
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.schema_text import Shapes, as_json, target_name, words_of
from store_credit_tools.docs_site.view_model import Attribute, AttributeGroup, Page

__all__ = ["GROUP", "control_document", "control_pages"]

GROUP: Final = "Mock control plane"
_EXCHANGES: Final = frozenset({"exchanges", "coverage", "invariants", "operations"})
"""Routes about what came, on a page of their own."""
_MOST_IN_PLACE: Final = 5
"""Members of a body that has an entry of its own and is shown with its route, too; longer ones are linked to."""
_DEEPEST: Final = 4
"""How many objects inside one another are shown."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The routes of one page."""

    slug: str
    title: str
    lead: str
    client: str
    """How the typed client of Python is reached."""


_PARTS: Final = {
    "": _Part(
        "mock-control",
        "Control plane of the mock",
        "Routes under `/_mock/` with which a test sets up and inspects a sandbox: faults, clock, snapshots, exchanges.",
        "control",
    ),
    "exchanges": _Part(
        "mock-control-exchanges",
        "Control plane: exchanges and coverage",
        "Routes that list the exchanges and their violations, and report the coverage.",
        "control",
    ),
    "vinr": _Part(
        "mock-control-vinr",
        "Control plane: VINR",
        "Routes with which a test sets up VINR on the mock: customers, keys, purchases, webhooks.",
        "control.vinr",
    ),
    "spree_v3": _Part(
        "mock-control-spree-v3",
        "Control plane: Spree API v3",
        "Routes with which a test sets up Spree's API v3 on the mock: customers, staff, keys, carts, webhooks.",
        "control.spree_v3",
    ),
    "spree": _Part(
        "mock-control-spree",
        "Control plane: Spree API v2",
        "Routes with which a test sets up Spree's API v2 on the mock: users, tokens, carts, orders.",
        "control.spree",
    ),
}

_HEAD: Final = """\
Every route except `GET /_mock/health` and `GET /_mock/openapi.json` requires the header `Authorization: Bearer` with
the control token. `store-credit-mock serve` prints this token at startup; to choose it yourself, use `--control-token`.
The header `X-Mock-Sandbox` names the sandbox to use, if it is not the default one. Bodies and responses are JSON. If
the mock refuses a request, it responds with 4xx and `{"error": "..."}`, and changes nothing; 5xx means that the mock
itself failed.

In Python, each route is a method of `control`: an attribute of the fixtures and of `Server`, or a client of its own for
a mock that runs elsewhere. Every method raises `ControlError` if the mock refuses the request. The routes are described
as an OpenAPI document at `GET /_mock/openapi.json`.

```python
import os
from store_credit_mock.control import Control

control = Control.connect("http://127.0.0.1:4010", os.environ["STORE_CREDIT_MOCK_CONTROL_TOKEN"])
```

The samples run against `store-credit-mock serve --samples`, which prints an `export` line for the token. The responses
come from a mock with `--seed 1` as well, so that generated ids and times differ on yours. A sample that begins with
"First" names the requests that it needs before it."""


@cache
def control_document() -> Document:
    """The control plane's OpenAPI document, as the mock serves it."""
    # A handler for each operation is not needed to describe the routes.
    engine = Engine(partial=True)
    try:
        text = json.dumps(engine.control.document)
    finally:
        engine.close()
    return Document(json.loads(text), Path("openapi.json"), "", text.encode())


def control_pages(register: Register) -> Iterator[Page]:
    """Make the pages, one for the sandbox itself and one for each system.

    Raises:
        PagesError: The document cannot be read, or a route has no sample that the mock takes.
    """
    yield from _Reader(Source(control_document()), register).pages()


class _Reader:
    def __init__(self, source: Source, register: Register) -> None:
        self.source = source
        self.register = register
        try:
            self.samples = control_samples(source.document.data)
        except SampleError as error:
            raise PagesError(str(error)) from error
        self.shapes = Shapes(source)
        self.schemas = source.section("components", "schemas")

    def pages(self) -> Iterator[Page]:
        routes: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {name: [] for name in _PARTS}
        for path, item in self.source.document.data["paths"].items():
            for method, route in item.items():
                first = path.split("/")[2]
                first = "exchanges" if first in _EXCHANGES else first
                routes[first if first in _PARTS else ""].append((method, path, route))
        homes = self._homes(routes)
        for name, part in _PARTS.items():
            sheet = Sheet(part.slug, part.title, GROUP, part.lead, self.register)
            if not name:
                others = [f"- [{one.title}](page:{one.slug}): {one.lead}" for one in _PARTS.values() if one is not part]
                sheet.prose(f"{_HEAD}\n\nThe other routes are on these pages:\n\n" + "\n".join(others))
            for method, path, route in routes[name]:
                self._route(sheet, part, method, path, route)
            for schema in sorted(homes):
                if homes[schema] == name:
                    self._schema(sheet, schema)
            yield sheet.page()

    def _homes(self, routes: Mapping[str, list[tuple[str, str, Mapping[str, Any]]]]) -> Mapping[str, str]:
        """The page of each schema: the first one with a route that leads to it."""
        homes: dict[str, str] = {}
        for name, found in routes.items():
            waiting = [schema for _, _, route in found for schema in self._below(route)]
            while waiting:
                schema = waiting.pop()
                if schema not in homes:
                    homes[schema] = name
                    waiting += references_below(self.schemas[schema])
        homes.setdefault("ControlProblem", "")
        return homes

    def _below(self, route: Mapping[str, Any]) -> Iterator[str]:
        # What a refusal holds is said once, above all routes.
        successes = {status: one for status, one in route["responses"].items() if status[0] == "2"}
        yield from references_below([route.get("requestBody", {}), successes, route.get("parameters", [])])

    def _route(self, sheet: Sheet, part: _Part, method: str, path: str, route: Mapping[str, Any]) -> None:
        name = str(route["operationId"])
        summary = str(route["summary"])
        anchor = sheet.heading(summary)
        pointer = fragment("paths", path, method)
        status, response = next(iter(route["responses"].items()))
        parameters = [
            self._parameter(pointer, number, anchor, sheet) for number in range(len(route.get("parameters", [])))
        ]
        content = response.get("content", {}).get("application/json")
        result = "no body"
        if content is not None:
            result = self._type(
                join(pointer, "responses", status, "content", "application/json", "schema"), any_value="any JSON value"
            )
        sample = self.samples[name]
        sheet.entry(
            summary,
            anchor,
            [("route", name)],
            code=path,
            method=method.upper(),
            text=str(route.get("description", "")).strip(),
            parts=[
                ("Parameters", group_of(parameters)),
                ("Body", self._body(pointer, route, anchor, sheet)),
                ("Response", f"{status}: {result}."),
                ("Names", f"`{part.client}.{route['x-method']}` in Python, `{name}` in the OpenAPI document."),
            ],
            samples=[
                SampleSet(
                    operation=name,
                    title=summary,
                    curl=sample.curl,
                    python=sample.python,
                    python_async="",
                    fetch="",
                    status=sample.status,
                    response=sample.response,
                    response_media_type="application/json" if sample.response else "",
                )
            ],
            sample_note=sample.note,
        )

    def _parameter(self, pointer: str, number: int, anchor: str, sheet: Sheet) -> Attribute:
        place, definition = self.source.resolve(join(pointer, "parameters", str(number)))
        marks = (f"in the {definition['in']}", *(("required",) if definition.get("required") else ()))
        described = str(definition.get("description", ""))
        name = str(definition["name"])
        return self._attribute(sheet, anchor, name, join(place, "schema"), marks, described)

    def _body(self, pointer: str, route: Mapping[str, Any], anchor: str, sheet: Sheet) -> AttributeGroup | str:
        if "requestBody" not in route:
            return ""
        schema = join(pointer, "requestBody", "content", "application/json", "schema")
        members = self._members(sheet, anchor, schema, 0)
        has_name = target_name(self.source.document.at(schema)) is not None
        # Who writes a body needs its members here, also those of a schema that has an entry of its own; only what
        # would fill the page is linked to.
        is_long = members is not None and (
            len(members.all) > _MOST_IN_PLACE or any(member.children for member in members.all)
        )
        if members is None or (has_name and is_long):
            return f"{self._type(schema)}."
        return members

    def _schema(self, sheet: Sheet, name: str) -> None:
        location = fragment("components", "schemas", name)
        schema = self.schemas[name]
        # `Fault` and `faults.create` are two headings; so are the objects of two systems with one word.
        title = f"{name} (object)"
        anchor = sheet.heading(title)
        members = self._members(sheet, name, location, 0)
        text = str(schema.get("description", "")).strip()
        if members is None:
            kind = self._type(location, any_value="Any JSON value", own=True)
            text = "\n\n".join(filter(None, (text, "" if kind in text else f"Type: {kind}.")))
        parts = [("Members", members)] if members is not None else []
        sheet.entry(title, anchor, [("control", name)], text=text, parts=parts)

    def _members(self, sheet: Sheet, prefix: str, location: str, depth: int) -> AttributeGroup | None:
        place, schema = self.source.resolve(location)
        if "properties" not in schema or depth > _DEEPEST:
            return None
        required = set(schema.get("required", ()))
        return group_of(
            self._attribute(
                sheet,
                prefix,
                name,
                join(place, "properties", name),
                ("required",) if name in required else (),
                str(member.get("description", "")),
                depth,
            )
            for name, member in schema["properties"].items()
        )

    def _attribute(
        self,
        sheet: Sheet,
        prefix: str,
        name: str,
        location: str,
        marks: tuple[str, ...],
        text: str,
        depth: int = 0,
    ) -> Attribute:
        schema = self.source.document.at(location)
        place, resolved = self.source.resolve(location)
        values, _ = self.shapes.values(location)
        path = f"{prefix}.{name}"
        inner = location if target_name(schema) is None else ""
        if resolved.get("type") == "array" and inner:
            inner = join(place, "items")
            inner = "" if target_name(self.source.document.at(inner)) else inner
        anchor = sheet.anchors.member(path)
        return Attribute(
            name=name,
            anchor=anchor,
            type=self._type(location),
            description=text,
            marks=(*marks, *(("nullable",) if self.shapes.nullable(location) else ())),
            values=values,
            limits=self.shapes.limits(resolved),
            default=None if resolved.get("default") is None else as_json(resolved["default"]),
            children=self._members(sheet, path, inner, depth + 1) if inner else None,
        )

    def _type(self, location: str, *, any_value: str = "any value", own: bool = False) -> str:
        """The type in words; a schema that has a name is a link."""
        schema = cast("Mapping[str, Any]", self.source.document.at(location))
        name = None if own else target_name(schema)
        if name is not None:
            return f"[{'any JSON value' if name == 'JsonValue' else words_of(name)}](control:{name})"
        for keyword in ("oneOf", "anyOf"):
            if keyword in schema:
                kinds = [self._type(join(location, keyword, str(n))) for n in range(len(schema[keyword]))]
                return " or ".join(kind for kind in dict.fromkeys(kinds) if kind != "null")
        if "const" in schema or "enum" in schema:
            kinds = [schema["const"]] if "const" in schema else schema["enum"]
            return "string" if all(isinstance(one, str | None) for one in kinds) else "value"
        if "type" not in schema:
            return any_value
        kinds = cast("list[str]", schema["type"] if isinstance(schema["type"], list) else [schema["type"]])
        return " or ".join(self._kind(location, schema, kind) for kind in kinds if kind != "null") or "null"

    def _kind(self, location: str, schema: Mapping[str, Any], kind: str) -> str:
        if kind == "array" and "items" in schema:
            inner = self._type(join(location, "items"))
            return f"array of {inner}s" if inner.isalpha() else f"array of {inner}"
        if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
            return f"object of {self._type(join(location, 'additionalProperties'))} by name"
        return kind
