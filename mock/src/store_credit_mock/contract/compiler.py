"""From the document to operations that can be checked: every schema compiled, or the start stopped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import jsonschema_rs

from store_credit_mock.contract.body import FORM
from store_credit_mock.contract.compile_errors import innermost_failing_schema
from store_credit_mock.contract.document import Document, DocumentError, OperationDefinition, join
from store_credit_mock.contract.keywords import KEYWORDS
from store_credit_mock.contract.operation import Operation, Parameters, ResponseSpec, Schema
from store_credit_mock.contract.parameters import QueryPlan
from store_credit_mock.contract.router import Paths
from store_credit_mock.contract.schema_variants import CLOSED, REQUEST, answer_copy, request_copy

__all__ = ["Compiler"]

_FREE: Final = frozenset({"allOf", "anyOf", "dependentSchemas", "if", "not", "oneOf", "patternProperties"})
_PLAIN_LIST: Final = frozenset({"description", "items", "maxItems", "title", "type"})


class Compiler:
    """Compiles a whole document when it is made.

    Args:
        document: What to compile.
        closed: Whether a member of a response that the document does not list breaks it.

    Attributes:
        operations: By operationId.
        paths: The same by method and path.
        webhooks: The schema of each webhook's payload, closed.

    Raises:
        DocumentError: Something cannot be compiled or checked.
    """

    def __init__(self, document: Document, *, closed: bool = True) -> None:
        self.document = document
        self.operations: dict[str, Operation] = {}
        self.paths = Paths()
        self.webhooks: dict[str, Schema] = {}
        try:
            self._compile_all(document, closed=closed)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise DocumentError(f"{document.source}: is not built as OpenAPI says ({reason}); lint it first") from error

    def _compile_all(self, document: Document, *, closed: bool) -> None:
        self._read_operations()
        roots = list(self._answer_roots()) if closed else []
        # One registry holds both copies; `$ref`s inside a copy lead to the same copy.
        try:
            self._registry = jsonschema_rs.Registry(
                [(REQUEST, request_copy(document)), (CLOSED, answer_copy(document, roots))],
                draft=jsonschema_rs.Draft202012,
            )
        except DocumentError:
            raise
        except Exception as error:
            raise DocumentError(f"{document.source}: schemas cannot be read: {error}") from error
        self._compiled: dict[tuple[str, str], Schema] = {}
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
        for media_type in definition.get("content", {}):
            yield join(pointer, "content", media_type, "schema")

    def schema(self, base: str, pointer: str) -> Schema:
        """The schema at a pointer, compiled once, of the copy for requests or of the one for responses."""
        known = self._compiled.get((base, pointer))
        if known is None:
            known = self._compiled[base, pointer] = self._build({"$ref": base + pointer}, pointer)
        return known

    def _build(self, schema: Mapping[str, Any], pointer: str) -> Schema:
        try:
            return Schema(self._validator(schema), pointer)
        except Exception as error:
            place = innermost_failing_schema(self.document, pointer, self._compiles)
            reason = str(error).partition("\n")[0].partition(". Adjust")[0]
            raise DocumentError(f"{self.document.place(place)}: this schema cannot be compiled: {reason}") from error

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

    def _types(self, pointer: str) -> frozenset[str]:
        _, schema = self.document.resolve(pointer)
        types: set[str] = set()
        kinds: str | list[str] = cast("dict[str, Any]", schema).get("type", []) if isinstance(schema, dict) else []
        types.update([kinds] if isinstance(kinds, str) else kinds)
        return frozenset(types)

    def _compile_operation(self, operation: Operation) -> None:
        document = self.document
        plans: list[tuple[str, str, bool, frozenset[str], frozenset[str]]] = []
        headers: list[tuple[str, bytes, frozenset[str]]] = []
        path_types: dict[str, frozenset[str]] = {}
        shape: dict[str, tuple[dict[str, Any], list[str]]] = {"path": ({}, []), "query": ({}, []), "header": ({}, [])}
        for pointer, parameter in document.operations[operation.id].parameters:
            name, place = parameter["name"], parameter["in"]
            if place not in shape:
                raise DocumentError(f"{document.place(pointer)}: parameters in {place} are not checked")
            properties, required = shape[place]
            schema = f"{pointer}/schema"
            types = self._types(schema)
            if place == "query":
                style = parameter.get("style", "form")
                if style not in {"form", "deepObject"}:
                    raise DocumentError(f"{document.place(pointer)}: style {style} is not known")
                resolved, _ = document.resolve(schema)
                items = self._types(f"{resolved}/items") if "array" in types else frozenset[str]()
                plans.append((name, style, parameter.get("explode", style == "form"), types, items))
            elif place == "header":
                headers.append((name.lower(), name.lower().encode(), types))
            elif types and "string" not in types:
                path_types[name] = types
            key = name.lower() if place == "header" else name
            properties[key] = {"$ref": REQUEST + schema}
            if parameter.get("required"):
                required.append(key)
        combined: dict[str, Any] = {"type": "object", "properties": {}}
        for place, (properties, required) in shape.items():
            part: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
            if place == "query":
                part["additionalProperties"] = False
            combined["properties"][place] = part
        all_optional = not shape["query"][1] and not shape["header"][1]
        operation.parameters = Parameters(
            QueryPlan(plans),
            headers,
            self._build(combined, operation.pointer),
            self._build(combined["properties"]["path"], operation.pointer),
            path_types,
            all_optional=all_optional,
        )
        self._compile_request_body(operation)
        for status in operation.definition["responses"]:
            operation.responses[status] = self._compile_response(f"{operation.pointer}/responses/{status}")

    def _compile_request_body(self, operation: Operation) -> None:
        if "requestBody" not in operation.definition:
            return
        pointer, definition = self.document.resolve(f"{operation.pointer}/requestBody")
        operation.body_required = bool(definition.get("required"))
        for media_type in definition["content"]:
            schema = join(pointer, "content", media_type, "schema")
            operation.request_bodies[media_type] = self.schema(REQUEST, schema)
            if media_type == FORM:
                operation.form_types = self._form_types(schema)

    def _form_types(self, pointer: str) -> dict[str, frozenset[str]]:
        """What a field's text is read as: a number wherever its schema or one of its branches takes a number."""
        pointer, schema = self.document.resolve(pointer)
        types: dict[str, frozenset[str]] = {}
        for name in schema.get("properties", {}):
            member, definition = self.document.resolve(f"{pointer}/properties/{name}")
            kinds = set(self._types(member))
            for number in range(len(definition.get("anyOf", []))):
                kinds |= self._types(f"{member}/anyOf/{number}")
            # Text that is a number is read as one even where a string is allowed too: that is for the empty value.
            types[name] = frozenset(kinds - {"string"}) if kinds & {"integer", "number"} else frozenset(kinds)
        return types

    def _compile_response(self, pointer: str) -> ResponseSpec:
        pointer, definition = self.document.resolve(pointer)
        response = ResponseSpec(pointer)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for name in definition.get("headers", {}):
            found, header = self.document.resolve(join(pointer, "headers", name))
            key = name.lower()
            response.headers.append((key, key.encode(), self._types(f"{found}/schema")))
            properties[key] = {"$ref": f"{CLOSED}{found}/schema"}
            if header.get("required"):
                required.append(key)
        if properties:
            schema = {"type": "object", "properties": properties, "required": required}
            response.header_schema = self._build(schema, pointer)
        for media_type in definition.get("content", {}):
            place = join(pointer, "content", media_type, "schema")
            response.bodies[media_type] = schema = self.schema(CLOSED, place)
            plain = self._plain_items(place)
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
