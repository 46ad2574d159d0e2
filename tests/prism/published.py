"""Requests to documents that others have published, made of their own schemas, one for each status Prism can give."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from store_credit_mock import Contract, Document
from store_credit_mock.contract import Operation
from store_credit_mock.contract.parameter_compiler import IGNORED_HEADERS, schema_place
from store_credit_mock.systems.examples.generated_values import ValueGenerator

__all__ = ["PACKAGES", "PUBLISHED", "Asked", "requests"]

PACKAGES = ("@readme/oas-examples", "@scalar/galaxy")
PUBLISHED = (
    "@readme/oas-examples/3.0/json/discriminators.json",
    "@readme/oas-examples/3.0/json/file-uploads.json",
    "@readme/oas-examples/3.0/json/form-data.json",
    "@readme/oas-examples/3.0/json/petstore.json",
    "@readme/oas-examples/3.0/json/petstore-expanded.json",
    "@readme/oas-examples/3.0/json/polymorphism.json",
    "@readme/oas-examples/3.0/json/response-multiple-mediatypes.json",
    "@readme/oas-examples/3.0/json/schema-types.json",
    "@readme/oas-examples/3.0/json/star-trek.json",
    "@readme/oas-examples/3.0/json/uspto.json",
    "@readme/oas-examples/3.1/json/petstore.json",
    "@readme/oas-examples/3.1/json/train-travel.json",
    "@scalar/galaxy/dist/3.1.json",
)
"""Documents by package and place in it."""


@dataclass(frozen=True)
class Asked:
    """A request.

    Attributes:
        operation: What it is for.
        status: What Prism is asked to answer with.
        method: In capitals.
        target: Path and query.
        headers: With `Prefer`, which tells Prism the status.
        body: The bytes of the body.
    """

    operation: str
    status: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def requests(contract: Contract) -> Iterator[Asked]:
    """Make two requests for each documented status of each operation: for what is shown and for what is made up."""
    generator = ValueGenerator(contract.document)
    for operation in contract.operations.values():
        for status in operation.responses:
            if status.isdigit():
                asked = _request(contract, generator, operation, status)
                yield asked
                yield replace(asked, headers={**asked.headers, "Prefer": f"code={status}, dynamic=true"})


def _request(contract: Contract, generator: ValueGenerator, operation: Operation, status: str) -> Asked:
    document = contract.document
    definition = document.operations[operation.id]
    path, query, cookies = operation.template, list[tuple[str, str]](), list[str]()
    headers = {"Prefer": f"code={status}", "Authorization": "Bearer x"}
    for pointer, parameter in definition.parameters:
        place = schema_place(pointer, parameter)
        text = _text(generator.value({"$ref": place}) if place else "x")
        name = str(parameter["name"])
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(text, safe=""))
        elif parameter.get("required"):
            if parameter["in"] == "query":
                query.append((name, text))
            elif parameter["in"] == "cookie":
                cookies.append(f"{name}={text}")
            elif name.lower() not in IGNORED_HEADERS:
                headers[name] = text
    query += _keys(document, definition.definition, headers, cookies)
    body = b""
    kinds = [
        kind for kind in operation.request_bodies if re.fullmatch(r"application/(json|x-www-form-urlencoded)", kind)
    ]
    if kinds:
        pointer = operation.request_bodies[kinds[0]].pointer
        value = _sent(contract, generator.value({"$ref": pointer}), pointer)
        if kinds[0] == "application/json":
            body = json.dumps(value).encode()
        else:
            body = urlencode([(name, _text(one)) for name, one in value.items()]).encode()
        headers["Content-Type"] = kinds[0]
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    target = path + (f"?{urlencode(query)}" if query else "")
    return Asked(operation.id, status, operation.method, target, headers, body)


def _sent(contract: Contract, value: Any, pointer: str) -> Any:
    """Leave out what a request may not carry: the generator makes whole objects, those of responses."""
    found = contract.check_value(pointer, value, request=True)
    unwanted = {one.pointer.split("/")[1] for one in found if one.keyword == "readOnly"}
    return {name: one for name, one in value.items() if name not in unwanted} if unwanted else value


def _keys(
    document: Document, definition: Mapping[str, Any], headers: dict[str, str], cookies: list[str]
) -> Iterator[tuple[str, str]]:
    """Send every key that the document knows where it belongs; gives those of the query."""
    needed = definition.get("security", document.data.get("security", []))
    schemes = document.data.get("components", {}).get("securitySchemes", {})
    for name in dict.fromkeys(name for one in needed for name in one):
        scheme = schemes.get(name, {})
        if scheme.get("type") == "http" and scheme["scheme"].lower() == "basic":
            headers["Authorization"] = "Basic eDp5"
        if scheme.get("type") == "apiKey":
            if scheme["in"] == "query":
                yield scheme["name"], "x"
            elif scheme["in"] == "cookie":
                cookies.append(f"{scheme['name']}=x")
            else:
                headers[scheme["name"]] = "x"


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return json.dumps(value) if isinstance(value, dict) else str(value)
