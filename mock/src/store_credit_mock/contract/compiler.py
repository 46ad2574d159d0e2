"""From the document to operations that can be checked: every schema compiled, or the start stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, cast

import jsonschema_rs

from store_credit_mock.contract.body import FORM
from store_credit_mock.contract.compile_errors import innermost_failing_schema
from store_credit_mock.contract.document import Document, DocumentError, OperationDefinition, join
from store_credit_mock.contract.keywords import KEYWORDS
from store_credit_mock.contract.media_types import MediaTypes, plain_media_type
from store_credit_mock.contract.multipart import MULTIPART
from store_credit_mock.contract.operation import Operation, ResponseSpec, Schema
from store_credit_mock.contract.parameter_compiler import ParameterCompiler
from store_credit_mock.contract.router import Paths
from store_credit_mock.contract.schema_variants import CLOSED, REQUEST, variants
from store_credit_mock.contract.text_schema import TextSchemas

__all__ = ["Compiler"]

_FREE: Final = frozenset({"allOf", "anyOf", "dependentSchemas", "if", "not", "oneOf", "patternProperties"})
_PLAIN_LIST: Final = frozenset({"description", "items", "maxItems", "title", "type"})


class Compiler:
    """Compiles a whole document when it is made.

    Args:
        document: What to compile.
        closed: Whether a member of a response that the OpenAPI document does not list breaks it.
        known_good: Whether each schema is known to compile: then it is compiled when it is first needed.

    Attributes:
        operations: By operationId.
        paths: The same by method and path.
        webhooks: The schema of each webhook's payload, closed.

    Raises:
        DocumentError: Something cannot be compiled or checked.
    """

    def __init__(self, document: Document, *, closed: bool = True, known_good: bool = False) -> None:
        self.document = document
        self._known_good = known_good
        self.operations: dict[str, Operation] = {}
        self.paths = Paths()
        self.webhooks: dict[str, Schema] = {}
        try:
            self._compile_all(document, closed=closed)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise DocumentError(f"{document.source} is not valid OpenAPI ({reason}); lint the file first") from error

    def _compile_all(self, document: Document, *, closed: bool) -> None:
        self._read_operations()
        roots = list(self._answer_roots()) if closed else []
        # One registry holds all copies; most `$ref`s inside a copy lead to the same copy.
        try:
            self._registry = jsonschema_rs.Registry(variants(document, roots), draft=jsonschema_rs.Draft202012)
        except DocumentError:
            raise
        except Exception as error:
            raise DocumentError(f"{document.source}: the schemas cannot be read: {error}") from error
        self._compiled: dict[tuple[str, str], Schema] = {}
        self._texts = TextSchemas(document, lambda pointer: self.schema(REQUEST, pointer).is_valid)
        self._parameters = ParameterCompiler(document, self._texts, self._build)
        for operation in self.operations.values():
            self._compile_operation(operation)
        self._compile_webhooks()

    def _read_operations(self) -> None:
        paths: dict[str, dict[str, Operation]] = {}
        for name, found in self.document.operations.items():
            operation = Operation(name, found.method, found.template, found.aliases, found.pointer, found.definition)
            self.operations[name] = operation
            for place in (found.template, *found.also):
                paths.setdefault(place, {})[found.method] = operation
        for template, methods in paths.items():
            for operation in list(methods.values()):
                for alias in operation.aliases:
                    methods.setdefault(alias, operation)
            self.paths.add(template, methods)

    def _answer_roots(self) -> Iterable[str]:
        for operation in self.operations.values():
            for status in operation.definition.get("responses", {}):
                yield from self._contents(join(operation.pointer, "responses", status))
        for webhook in self._webhooks_with_a_body():
            yield from self._contents(join(webhook.pointer, "requestBody"))

    def _webhooks_with_a_body(self) -> Iterable[OperationDefinition]:
        return (one for one in self.document.webhooks.values() if "requestBody" in one.definition)

    def _contents(self, pointer: str) -> Iterable[str]:
        pointer, definition = self.document.resolve(pointer)
        content: Mapping[str, Mapping[str, Any]] = definition.get("content") or {}
        for media_type, given in content.items():
            if "schema" in given:
                yield join(pointer, "content", media_type, "schema")

    def schema(self, base: str, pointer: str) -> Schema:
        """The schema at a pointer, compiled once, of the copy for requests or of the one for responses."""
        known = self._compiled.get((base, pointer))
        if known is None:
            known = self._compiled[base, pointer] = self._build({"$ref": base + pointer}, pointer)
        return known

    def _build(self, schema: Mapping[str, Any], pointer: str) -> Schema:
        made = Schema(partial(self._validator, schema), pointer)
        if self._known_good:
            return made
        try:
            made.validator  # noqa: B018
        except Exception as error:
            place = innermost_failing_schema(self.document, pointer, self._compiles)
            reason = str(error).partition("\n")[0].partition(". Adjust")[0]
            raise DocumentError(f"{self.document.place(place)}: this schema cannot be compiled: {reason}") from error
        return made

    def _validator(self, schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
        return jsonschema_rs.Draft202012Validator(
            dict(schema),
            registry=self._registry,
            keywords=dict(KEYWORDS),
            validate_formats=True,
            ignore_unknown_formats=True,
            offline=True,
        )

    def _compiles(self, pointer: str) -> bool:
        try:
            self._validator({"$ref": REQUEST + pointer})
        except Exception:  # noqa: BLE001 - whatever the reason
            return False
        return True

    def _compile_operation(self, operation: Operation) -> None:
        operation.parameters = self._parameters.parameters(operation)
        self._compile_request_body(operation)
        for status in operation.definition.get("responses", {}):
            operation.responses[status] = self._compile_response(f"{operation.pointer}/responses/{status}")

    def _compile_request_body(self, operation: Operation) -> None:
        if "requestBody" not in operation.definition:
            return
        pointer, definition = self.document.resolve(f"{operation.pointer}/requestBody")
        operation.body_required = bool(definition.get("required"))
        self._compile_content(REQUEST, pointer, operation.request_bodies)

    def _compile_content(self, base: str, pointer: str, found: MediaTypes[Schema]) -> None:
        """Compile the schema of each media type; where none is given, anything fits."""
        content: Mapping[str, Any] = self.document.at(pointer).get("content") or {}
        for listed in content:
            place, name = join(pointer, "content", listed, "schema"), plain_media_type(listed)
            given = "schema" in content[listed]
            schema = self.schema(base, place) if given else self._build({}, join(pointer, "content", listed))
            if name in found:
                # Those that differ in their parameters alone, such as a version, cannot be told apart.
                either = [{"$ref": base + one} for one in (found[name].pointer, place) if one.endswith("/schema")]
                schema = self._build({"anyOf": either}, place)
            schema.text = self._texts.at(*([place] if given else []))
            if given and (name in {FORM, MULTIPART} or "*" in name):
                schema.form = self._parameters.form(place, content[listed].get("encoding") or {})
            found[name] = schema

    def _compile_response(self, pointer: str) -> ResponseSpec:
        pointer, definition = self.document.resolve(pointer)
        response = ResponseSpec(pointer)
        response.headers, places, required = self._parameters.headers(pointer, definition.get("headers") or {})
        if response.headers.headers:
            properties = {name: {"$ref": CLOSED + place} for name, place in places.items()}
            schema = {"type": "object", "properties": properties, "required": required}
            response.header_schema = self._build(schema, pointer)
        self._compile_content(CLOSED, pointer, response.bodies)
        for schema in response.bodies.values():
            plain = self._plain_items(schema.pointer) if schema.pointer.endswith("/schema") else None
            if plain is not None:
                schema.items, schema.max_items = self.schema(CLOSED, plain[0]), plain[1]
        return response

    def _plain_items(self, pointer: str) -> tuple[str, int | None] | None:
        """Where the schema of the items of `data` stands and how many there may be.

        None if checking the items one by one would not be the same as checking the whole.
        """
        pointer, whole = self.document.resolve(pointer)
        if not isinstance(whole, dict) or not _FREE.isdisjoint(cast("dict[str, Any]", whole)):
            return None
        if "data" not in cast("dict[str, Any]", whole).get("properties", {}):
            return None
        pointer, data = self.document.resolve(f"{pointer}/properties/data")
        if data.get("type") != "array" or "items" not in data or data.keys() - _PLAIN_LIST:
            return None
        return self.document.resolve(f"{pointer}/items")[0], data.get("maxItems")

    def _compile_webhooks(self) -> None:
        for webhook in self._webhooks_with_a_body():
            for pointer in self._contents(join(webhook.pointer, "requestBody")):
                self.webhooks[webhook.template] = self.schema(CLOSED, pointer)
