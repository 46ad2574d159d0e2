"""What the document promises about its operations, as replaying asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from store_credit_tools.contract import Checker, Document, DocumentError, Exchange, Match, Operation, Violation, close
from store_credit_tools.generate.methods import Method
from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.sdk import read_plan

__all__ = ["JSON", "Location", "Promises"]

Location = tuple[str, ...]
"""Where something stands in the document, as names from the root."""

JSON = "application/json"


class Promises:
    """A document, and the SDK's methods as the generator reads them from it.

    Attributes:
        document: The document.
        closed: Checks answers: an unknown member is a violation.
        open: Checks requests, and picks the branch of a union.
        methods: The SDK's method of each operation, by operationId, with its arguments and where each goes.
        credential_headers: Names of the headers that can carry a credential, in lower case.

    Raises:
        DocumentError: The document cannot be closed, or something in it has no place in an SDK.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.closed = Checker(close(document))
        self.open = Checker(document)
        try:
            plan = read_plan(Parsed(document.data))
        except (KeyError, TypeError, ValueError) as error:
            raise DocumentError(f"{document.source}: {error}") from error
        self.methods: Mapping[str, Method] = {
            method.operation_id: method
            for system in plan.systems
            for resource in system.resources
            for method in resource.methods
        }
        schemes: Mapping[str, Any] = document.data.get("components", {}).get("securitySchemes", {})
        names = [scheme["name"] for scheme in schemes.values() if scheme.get("in") == "header"]
        self.credential_headers = frozenset(name.lower() for name in ["Authorization", *names])
        self._resources: dict[Location, dict[str, Location]] = {}

    def check_answer(self, exchange: Exchange, match: Match) -> list[Violation]:
        """Check a response against the closed copy.

        Raises:
            DocumentError: The schema of the response cannot be used.
        """
        try:
            return self.closed.check_response(exchange, match)
        except ValueError as error:
            raise DocumentError(f"{self.document.source}: a response of {match.operation.id}: {error}") from error

    # Requests

    def compared_headers(self, operation: Operation) -> frozenset[str]:
        """Names of the request headers that mean something to an operation, in lower case."""
        documented = {parameter["name"].lower() for _, parameter in operation.parameters if parameter["in"] == "header"}
        return self.credential_headers | documented

    def moved(self, operation: Operation) -> frozenset[str]:
        """Inputs that have a better place (`x-alternative`), each with its place before it: `query.amount`."""
        parameters = {
            f"{parameter['in']}.{parameter['name']}"
            for _, parameter in operation.parameters
            if "x-alternative" in parameter
        }
        fields = {
            f"body.{name}"
            for name, schema in self.body_fields(operation).items()
            # A reference may have words beside it, and they count as well.
            if "x-alternative" in {**self.document.resolve(schema)[1], **self.document.at(schema)}
        }
        return frozenset(parameters | fields)

    def parameter_types(self, operation: Operation, name: str) -> set[str]:
        """The JSON types a query parameter may have."""
        for location, parameter in operation.parameters:
            if (parameter["in"], parameter["name"]) == ("query", name):
                return self.types((*location, "schema"))
        return set()

    def body_fields(self, operation: Operation) -> Mapping[str, Location]:
        """The fields of an operation's JSON body, below its root where it has one, with their schemas."""
        if "requestBody" not in operation.definition:
            return {}
        location, body = self.document.resolve((*operation.location, "requestBody"))
        if JSON not in body["content"]:
            return {}
        schema, definition = self.document.resolve((*location, "content", JSON, "schema"))
        root = self.methods[operation.id].root
        if root is not None:
            schema, definition = self.document.resolve((*schema, "properties", root))
        return {name: (*schema, "properties", name) for name in definition.get("properties", {})}

    # Answers

    def answer_schema(self, operation: Operation, status: int) -> Location | None:
        """Where the schema of a JSON answer stands, or None if the status has none."""
        if str(status) not in operation.definition["responses"]:
            return None
        location, response = self.document.resolve((*operation.location, "responses", str(status)))
        for media_type in response.get("content", {}):
            if re.fullmatch(r"application/(.*\+)?json", media_type):
                return self.document.resolve((*location, "content", media_type, "schema"))[0]
        return None

    def resources(self, answer: Location) -> Mapping[str, Location]:
        """The JSON:API resources that can stand in a response: the schema of each `type`."""
        if answer not in self._resources:
            self._resources[answer] = dict(self._find_resources(answer))
        return self._resources[answer]

    def _find_resources(self, answer: Location) -> Iterator[tuple[str, Location]]:
        members = self.properties(answer)
        # The primary records last: where both name a type, theirs is the schema that counts.
        for here in [members[name] for name in ("included", "data") if name in members]:
            item = (*here, "items") if "items" in self.document.at(here) else here
            for branch in self.branches(item):
                kind = self.properties(branch).get("type")
                definition: Mapping[str, Any] = {} if kind is None else self.document.at(kind)
                values: list[str] = [definition["const"]] if "const" in definition else definition.get("enum", [])
                for value in values:
                    yield value, branch

    # Schemas

    def properties(self, schema: Location) -> dict[str, Location]:
        """The documented members of an object schema, those of every branch of a union included."""
        found: dict[str, Location] = {}
        for branch in self.branches(schema):
            for name in self.document.at(branch).get("properties", {}):
                found.setdefault(name, self.document.resolve((*branch, "properties", name))[0])
        return found

    def branches(self, schema: Location) -> list[Location]:
        """The alternatives of a union, or the schema alone."""
        schema, definition = self.document.resolve(schema)
        for word in ("anyOf", "oneOf"):
            if word in definition:
                return [
                    branch
                    for number in range(len(definition[word]))
                    for branch in self.branches((*schema, word, str(number)))
                ]
        return [schema]

    def types(self, schema: Location) -> set[str]:
        """The JSON types a schema names."""
        kinds = cast("str | list[str]", self.document.resolve(schema)[1].get("type", []))
        return {kinds} if isinstance(kinds, str) else set(kinds)

    def format(self, schema: Location) -> str | None:
        """The format a schema names, in its branches if need be."""
        formats = [self.document.at(branch).get("format") for branch in self.branches(schema)]
        return next((form for form in formats if form is not None), None)
