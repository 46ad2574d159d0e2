"""Checks the two sides of an exchange against the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from urllib.parse import parse_qsl

import jsonschema_rs

from store_credit_tools.contract.document import Document, Operation, pointer
from store_credit_tools.contract.exchange import Exchange, Match
from store_credit_tools.contract.formats import FORMATS, KEYWORDS

__all__ = ["Checker", "Violation"]

_BASE = "urn:store-credit:openapi"
_FORM = "application/x-www-form-urlencoded"
# RFC 9110 gives these no content.
_BODILESS = {204, 205, 304}


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which an exchange departs from the document."""

    where: str
    """Place in the exchange, such as `request.query.page` or `response.body.data.0.attributes.amount`."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Checker:
    """Compiles the schemas of a document when they are first needed, and checks exchanges against them.

    Pass the closed copy (`contract.close`) to have unknown members of responses reported.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self._registry = jsonschema_rs.Registry([(_BASE, dict(document.data))], draft=jsonschema_rs.Draft202012)
        self._compiled: dict[tuple[str, ...], jsonschema_rs.Draft202012Validator] = {}

    def check_value(self, location: tuple[str, ...], value: Any, where: str = "value") -> list[Violation]:
        """Check a value against the schema at a location of the document.

        Raises:
            ValueError: The schema names a format that nobody checks, or cannot be compiled.
        """
        location, _ = self.document.resolve(location)
        if location not in self._compiled:
            self._compiled[location] = jsonschema_rs.Draft202012Validator(
                {"$ref": _BASE + pointer(*location)},
                registry=self._registry,
                formats=dict(FORMATS),
                keywords=dict(KEYWORDS),
                validate_formats=True,
                ignore_unknown_formats=False,
                offline=True,
            )
        validator = self._compiled[location]
        if validator.is_valid(value):
            return []
        return list(_explain(validator.iter_errors(value), where))

    # The response

    def check_response(self, exchange: Exchange, match: Match) -> list[Violation]:
        """Say what is wrong with a response: its status, content type, documented headers, and body."""
        operation = match.operation
        responses: Mapping[str, Any] = operation.definition["responses"]
        status = str(exchange.status)
        key = status if status in responses else "default"
        if key not in responses:
            return [
                Violation(
                    "response.status", f"{status} is not documented for {operation.id}; {', '.join(responses)} are"
                )
            ]
        location, definition = self.document.resolve((*operation.location, "responses", key))
        return [
            *self._check_response_headers(exchange, location, definition),
            *self._check_response_body(exchange, location, definition, bodiless=match.alias == "HEAD"),
        ]

    def _check_response_headers(
        self, exchange: Exchange, location: tuple[str, ...], definition: Mapping[str, Any]
    ) -> Iterator[Violation]:
        for name in definition.get("headers", {}):
            where = f"response.headers.{name}"
            found, header = self.document.resolve((*location, "headers", name))
            value = exchange.response_header(name)
            if value is not None:
                yield from self.check_value((*found, "schema"), self._typed(value, (*found, "schema")), where)
            elif header.get("required"):
                yield Violation(where, "is missing")

    def _check_response_body(
        self, exchange: Exchange, location: tuple[str, ...], definition: Mapping[str, Any], *, bodiless: bool
    ) -> list[Violation]:
        content: Mapping[str, Any] = definition.get("content", {})
        body = exchange.response_body
        sent = exchange.response_header("Content-Type")
        if not content or exchange.status in _BODILESS:
            return [] if body is None else [Violation("response.body", f"{exchange.status} has none in the document")]
        media_type = _media_type(sent)
        if media_type not in content:
            return [Violation("response.headers.Content-Type", f"{sent} is not documented; {', '.join(content)} are")]
        if bodiless:
            return [] if body is None else [Violation("response.body", "a response to HEAD has none")]
        if body is None and media_type.startswith("text/"):
            body = ""
        return self.check_value((*location, "content", media_type, "schema"), body, "response.body")

    # The request

    def check_request(self, exchange: Exchange, match: Match) -> list[Violation]:
        """Say what is wrong with a request: path, query, headers, credentials, and body.

        How it is spelled otherwise (`Match.alias`, `Match.suffix`) is not counted as wrong here.
        """
        operation = match.operation
        return [
            *self._check_parameters(exchange, match),
            *self._check_credentials(exchange, operation),
            *self._check_request_body(exchange, operation),
        ]

    def _check_parameters(self, exchange: Exchange, match: Match) -> Iterator[Violation]:
        left = dict(exchange.query)
        for location, parameter in match.operation.parameters:
            name, place = parameter["name"], parameter["in"]
            schema = (*location, "schema")
            where = f"request.{place}.{name}"
            if place == "path":
                value: Any = match.path_parameters.get(name)
            elif place == "header":
                value = exchange.request_header(name)
            elif parameter.get("style") == "deepObject":
                value = _take_deep_object(left, name)
            else:
                value = left.pop(name, None)
            if value is None:
                if parameter.get("required"):
                    yield Violation(where, "is missing")
                continue
            yield from self.check_value(schema, self._parsed(value, parameter, schema), where)
        for name in left:
            yield Violation(f"request.query.{name}", "is not a parameter of this operation")

    def _parsed(self, value: Any, parameter: Mapping[str, Any], schema: tuple[str, ...]) -> Any:
        if self._types(schema) == {"array"}:
            if isinstance(value, str):
                return [value] if parameter.get("explode", parameter["in"] == "query") else value.split(",")
            return value
        return self._typed(value, schema)

    def _typed(self, value: Any, schema: tuple[str, ...]) -> Any:
        """What a text stands for in a parameter or header whose schema has no place for a string."""
        types = self._types(schema)
        if not isinstance(value, str) or not types or "string" in types:
            return value
        if types & {"integer", "number"} and re.fullmatch(r"-?\d+", value, re.ASCII):
            return int(value)
        if "number" in types and re.fullmatch(r"-?\d+\.\d+", value, re.ASCII):
            return Decimal(value)
        if "boolean" in types and value in {"true", "false"}:
            return value == "true"
        return value

    def _types(self, schema: tuple[str, ...]) -> set[str]:
        _, definition = self.document.resolve(schema)
        kinds = cast("str | list[str]", definition.get("type", []))
        return {kinds} if isinstance(kinds, str) else set(kinds)

    def _check_credentials(self, exchange: Exchange, operation: Operation) -> list[Violation]:
        choices: list[dict[str, list[str]]] = operation.definition.get("security", [])
        if not choices or any(all(self._has(exchange, operation, scheme) for scheme in choice) for choice in choices):
            return []
        wanted = " or ".join(" with ".join(choice) for choice in choices)
        return [Violation("request.headers", f"has no credentials; {wanted} is needed")]

    def _has(self, exchange: Exchange, operation: Operation, scheme: str) -> bool:
        _, definition = self.document.resolve(("components", "securitySchemes", scheme))
        if definition["type"] == "apiKey":
            # The query may hold what had better stand in the header.
            stand_ins = {p["name"] for _, p in operation.parameters if p.get("x-alternative") == "header"}
            argument = definition.get("x-argument")
            in_query = argument in stand_ins and exchange.query.get(argument)
            return bool(exchange.request_header(definition["name"]) or in_query)
        return (exchange.request_header("Authorization") or "").lower().startswith(definition["scheme"] + " ")

    def _check_request_body(self, exchange: Exchange, operation: Operation) -> list[Violation]:
        body = exchange.request_body
        if "requestBody" not in operation.definition:
            return [] if body is None else [Violation("request.body", "this operation takes none")]
        location, definition = self.document.resolve((*operation.location, "requestBody"))
        if body is None:
            return [Violation("request.body", "is missing")] if definition.get("required") else []
        sent = exchange.request_header("Content-Type")
        media_type = _media_type(sent)
        if media_type not in definition["content"]:
            known = ", ".join(definition["content"])
            return [Violation("request.headers.Content-Type", f"{sent} is not documented; {known} are")]
        schema = (*location, "content", media_type, "schema")
        try:
            parsed = self._parsed_form(body, schema) if media_type == _FORM else _parsed_json(body)
        except ValueError as error:
            return [Violation("request.body", str(error))]
        return self.check_value(schema, parsed, "request.body")

    def _parsed_form(self, body: Any, schema: tuple[str, ...]) -> Any:
        if not isinstance(body, str):
            return body
        schema, definition = self.document.resolve(schema)
        pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body))
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("the form has a field twice")
        return {
            name: self._typed_field(text, (*schema, "properties", name)) if name in definition["properties"] else text
            for name, text in pairs
        }

    def _typed_field(self, text: str, schema: tuple[str, ...]) -> Any:
        schema, definition = self.document.resolve(schema)
        branches = [(*schema, "anyOf", str(number)) for number in range(len(definition.get("anyOf", [])))]
        values = [self._typed(text, branch) for branch in branches or [schema]]
        return next((value for value in values if not isinstance(value, str)), text)


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _take_deep_object(query: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Take `name[key]=value` and `name[key][]=value` out of a query; None if there is nothing of the kind."""
    taken: dict[str, Any] = {}
    for full in list(query):
        found = re.fullmatch(re.escape(name) + r"\[([^\[\]]+)\](\[\])?", full)
        if found is None:
            continue
        value = query.pop(full)
        taken[found[1]] = [value] if found[2] and isinstance(value, str) else value
    return taken or None


def _parsed_json(body: Any) -> Any:
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body, parse_float=Decimal, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not valid JSON: {error}") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for name, value in pairs:
        if name in taken:
            raise ValueError(f"has the member {name} twice")
        taken[name] = value
    return taken


def _explain(errors: Iterable[jsonschema_rs.ValidationError], where: str) -> Iterator[Violation]:
    """Give the reasons at the deepest place: of a union, those of the branch the value was meant for."""
    for error in errors:
        kind = error.kind
        if isinstance(kind, jsonschema_rs.ValidationErrorKind.AnyOf | jsonschema_rs.ValidationErrorKind.OneOfNotValid):
            branches = [branch for branch in kind.context if not _is_of_another_type(branch)]
            if len(branches) == 1:
                yield from _explain(branches[0], where)
                continue
        place = ".".join([where, *(str(name) for name in error.instance_path)])
        yield Violation(place, error.message)


def _is_of_another_type(branch: list[jsonschema_rs.ValidationError]) -> bool:
    """Whether a branch was refused for its `type` alone tells it is another kind of thing."""
    return any(
        error.kind.name in {"const", "enum", "not", "type"}
        and (not error.instance_path or error.instance_path[-1] == "type")
        for error in branch
    )
