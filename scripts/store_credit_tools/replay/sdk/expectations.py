"""What the document promises about its operations, as replaying asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from store_credit_mock.contract import (
    Document,
    DocumentError,
    ExchangeValidator,
    OperationDefinition,
    OperationMatch,
    Violation,
)
from store_credit_mock.contract.document import join
from store_credit_mock.recording import ExchangeFile
from store_credit_tools.generate.methods import Method
from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.sdk import read_plan

__all__ = ["JSON", "Match", "Promises"]

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Match:
    """The operation of an exchange, and in what the request was spelled otherwise than the document does."""

    operation: OperationDefinition
    located: OperationMatch
    suffix: str | None
    """What Rails drops from the end of a path: `.json`, `.xml` or `/`."""

    @property
    def path_parameters(self) -> Mapping[str, str]:
        """The parameters in the path, decoded."""
        return {} if self.located.match is None else self.located.match.path

    @property
    def alias(self) -> str | None:
        """The method, in capitals, if it is one of the operation's aliases, or HEAD for a GET."""
        if self.located.head:
            return "HEAD"
        return None if self.located.match is None else self.located.match.alias


class Promises:
    """A document, and the SDK's methods as the generator reads them from it.

    Attributes:
        document: The document.
        validator: Validates exchanges against it.
        methods: The SDK's method of each operation, by operationId, with its arguments and where each goes.
        chains: The attributes that lead to each method's resource from a client, by operationId.
        credential_headers: Names of the headers that can carry a credential, in lower case.

    Raises:
        DocumentError: The document cannot be compiled, or something in it has no place in an SDK.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.validator = ExchangeValidator(document)
        try:
            plan = read_plan(Parsed(document.data, simplify=True))
        except (KeyError, TypeError, ValueError) as error:
            raise DocumentError(f"{document.source}: {error}") from error
        self.methods: Mapping[str, Method] = {
            method.operation_id: method
            for system in plan.systems
            for resource in system.resources
            for method in resource.methods
        }
        self.chains: Mapping[str, str] = {
            method.operation_id: resource.chain
            for system in plan.systems
            for resource in system.resources
            for method in resource.methods
        }
        self._clients = {system.name: system.class_name for system in plan.systems}
        schemes: Mapping[str, Any] = document.data.get("components", {}).get("securitySchemes", {})
        names = [scheme["name"] for scheme in schemes.values() if scheme.get("in") == "header"]
        self.credential_headers = frozenset(name.lower() for name in ["Authorization", *names])
        self._resources: dict[str, dict[str, str]] = {}

    def client(self, operation: str) -> str:
        """The stem of the names of the clients that an operation belongs to."""
        fitting = [name for name in self._clients if operation.startswith(f"{name}.")]
        return self._clients[max(fitting, key=len)]

    def find(self, method: str, path: str) -> Match | None:
        """Find the operation of a request; None if the OpenAPI document has none for it."""
        suffix = re.search(r"(\.json|\.xml|/)$", path)
        located = self.validator.locate(method, path if suffix is None else path[: suffix.start()])
        if located.operation is None:
            return None
        operation = self.document.operations[located.operation.id]
        return Match(operation, located, None if suffix is None else suffix[0])

    def check_request(self, exchange: ExchangeFile, match: Match) -> Iterator[Violation]:
        """Yield where a request breaks the OpenAPI document."""
        yield from self.validator.request(match.located, exchange.request()).violations

    def allows(self, exchange: ExchangeFile, match: Match) -> bool:
        """Whether nothing is wrong with a request, however it is spelled."""
        return self.validator.request(match.located, exchange.request()).violations == match.located.violations

    def check_response(self, exchange: ExchangeFile, match: Match) -> Iterator[Violation]:
        """Yield where a response breaks the OpenAPI document, or has a member that the document does not mention."""
        response = exchange.response()
        result = self.validator.response(match.located, response.status, response.headers, response.body)
        yield from (*result.violations, *result.notes)

    # Requests

    def compared_headers(self, operation: OperationDefinition) -> frozenset[str]:
        """Names of the request headers that mean something to an operation, in lower case."""
        documented = {parameter["name"].lower() for _, parameter in operation.parameters if parameter["in"] == "header"}
        return self.credential_headers | documented

    def moved(self, operation: OperationDefinition) -> frozenset[str]:
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

    def parameter_types(self, operation: OperationDefinition, name: str) -> set[str]:
        """The JSON types a query parameter may have."""
        for location, parameter in operation.parameters:
            if (parameter["in"], parameter["name"]) == ("query", name):
                return self.types(join(location, "schema"))
        return set()

    def knows(self, operation: OperationDefinition, name: str) -> bool:
        """Whether a query parameter in the form `q[amount_eq]` is one that its schema names."""
        outer, _, inner = name.partition("[")
        for location, parameter in operation.parameters:
            if (parameter["in"], parameter["name"]) == ("query", outer):
                return inner.partition("]")[0] in self.properties(join(location, "schema"))
        return False

    def body_fields(self, operation: OperationDefinition) -> Mapping[str, str]:
        """The fields of an operation's JSON body, below its root where it has one, with their schemas."""
        if "requestBody" not in operation.definition:
            return {}
        location, body = self.document.resolve(join(operation.pointer, "requestBody"))
        if JSON not in body["content"]:
            return {}
        schema, definition = self.document.resolve(join(location, "content", JSON, "schema"))
        root = self.methods[operation.id].root
        if root is not None:
            schema, definition = self.document.resolve(join(schema, "properties", root))
        return {name: join(schema, "properties", name) for name in definition.get("properties", {})}

    # Answers

    def answer_schema(self, operation: OperationDefinition, status: int) -> str | None:
        """Where the schema of a JSON answer stands, or None if the status has none."""
        if str(status) not in operation.definition["responses"]:
            return None
        location, response = self.document.resolve(join(operation.pointer, "responses", str(status)))
        for media_type in response.get("content", {}):
            if re.fullmatch(r"application/(.*\+)?json", media_type):
                return self.document.resolve(join(location, "content", media_type, "schema"))[0]
        return None

    def resources(self, answer: str) -> Mapping[str, str]:
        """The JSON:API resources that can stand in a response: the schema of each `type`."""
        if answer not in self._resources:
            self._resources[answer] = dict(self._find_resources(answer))
        return self._resources[answer]

    def _find_resources(self, answer: str) -> Iterator[tuple[str, str]]:
        members = self.properties(answer)
        # The primary records last: where both name a type, theirs is the schema that counts.
        for here in [members[name] for name in ("included", "data") if name in members]:
            item = join(here, "items") if "items" in self.document.at(here) else here
            for branch in self.branches(item):
                kind = self.properties(branch).get("type")
                definition: Mapping[str, Any] = {} if kind is None else self.document.at(kind)
                values: list[str] = [definition["const"]] if "const" in definition else definition.get("enum", [])
                for value in values:
                    yield value, branch

    # Schemas

    def properties(self, schema: str) -> dict[str, str]:
        """The documented members of an object schema, those of every branch of a union included."""
        found: dict[str, str] = {}
        for branch in self.branches(schema):
            for name in self.document.at(branch).get("properties", {}):
                found.setdefault(name, self.document.resolve(join(branch, "properties", name))[0])
        return found

    def branches(self, schema: str) -> list[str]:
        """The alternatives of a union, or the schema alone."""
        schema, definition = self.document.resolve(schema)
        for word in ("anyOf", "oneOf"):
            if word in definition:
                return [
                    branch
                    for number in range(len(definition[word]))
                    for branch in self.branches(join(schema, word, str(number)))
                ]
        return [schema]

    def types(self, schema: str) -> set[str]:
        """The JSON types a schema names."""
        kinds = cast("str | list[str]", self.document.resolve(schema)[1].get("type", []))
        return {kinds} if isinstance(kinds, str) else set(kinds)

    def format(self, schema: str) -> str | None:
        """The format a schema names, in its branches if need be; what has `x-decimal-places` is a decimal."""
        if "x-decimal-places" in self.document.resolve(schema)[1]:
            return "decimal"
        formats = [self.document.at(branch).get("format") for branch in self.branches(schema)]
        return next((form for form in formats if form is not None), None)
