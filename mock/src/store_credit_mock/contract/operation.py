"""One operation of the document with what it takes and what it answers, each part ready to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from store_credit_mock.contract.parameters import QueryPlan, coerce
from store_credit_mock.contract.serialization_cache import SerializationCache

__all__ = ["Match", "Operation", "Parameters", "ResponseSpec", "Schema"]


class Operation:
    """One operation of the document.

    Attributes:
        id: operationId, such as `vinr.store_credit.create`.
        system: Its first part.
        method: In capitals.
        template: The path as the document has it.
        aliases: Other methods, in capitals, that do the same (`x-aliases`); not operations themselves.
        pointer: Where it stands in the document.
        definition: What stands there.
        writes: Whether its method may change something.
    """

    def __init__(
        self, identity: str, method: str, template: str, aliases: tuple[str, ...], pointer: str, definition: Any
    ) -> None:
        self.id = identity
        self.system = identity.partition(".")[0]
        self.method = method
        self.template = template
        self.aliases = aliases
        self.pointer = pointer
        self.definition: Mapping[str, Any] = definition
        self.writes = method not in {"GET", "HEAD", "OPTIONS"}
        # Filled by the contract
        self.parameters: Parameters
        self.request_bodies: dict[str, Schema] = {}
        self.body_required = False
        self.form_types: dict[str, frozenset[str]] = {}
        self.responses: dict[str, ResponseSpec] = {}

    def response_name(self, status: int) -> str | None:
        """Return what the document calls responses with a status: `200`, a range such as `2XX`, `default`; or None."""
        exact, family = str(status), f"{status // 100}XX"
        return next((name for name in (exact, family, family.lower(), "default") if name in self.responses), None)

    def answered(self, status: int) -> ResponseSpec | None:
        """Return what the document says of responses with a status; None if nothing."""
        found = self.responses.get(str(status))
        if found is None and (name := self.response_name(status)) is not None:
            return self.responses[name]
        return found

    def schema(self, status: int, media_type: str) -> Schema | None:
        """Return the schema that the body of a response is validated against."""
        response = self.answered(status)
        return None if response is None else response.bodies.get(media_type)

    def __repr__(self) -> str:
        return f"<Operation {self.id}>"


class Match:
    """The operation a request is for.

    Attributes:
        operation: The operation.
        path: Path parameters, decoded.
        alias: The method sent, in capitals, if it is one of the operation's aliases.
    """

    __slots__ = ("alias", "operation", "path")

    def __init__(self, operation: Operation, path: Mapping[str, str], alias: str | None) -> None:
        self.operation = operation
        self.path = path
        self.alias = alias


class Schema:
    """A compiled schema and where it came from.

    Attributes:
        items: Of an object whose `data` is a plain list, the schema of that list's items.
        max_items: How many items that list may have; None is any number.
        cache: Its serialized records.
    """

    __slots__ = ("cache", "is_valid", "items", "max_items", "pointer", "validator")

    def __init__(self, validator: jsonschema_rs.Draft202012Validator, pointer: str) -> None:
        self.validator = validator
        self.is_valid = validator.is_valid
        self.pointer = pointer
        self.items: Schema | None = None
        self.max_items: int | None = None
        self.cache = SerializationCache(self)


class Parameters:
    """The parameters of one operation, checked as one object `{path, query, header}`.

    `all_optional` says whether neither query nor headers are required; then `path` checks a request without them.
    `path_types` has the names in the path that are not plain text, with their types.
    """

    def __init__(
        self,
        plan: QueryPlan,
        headers: list[tuple[str, bytes, frozenset[str]]],
        schema: Schema,
        path: Schema,
        path_types: Mapping[str, frozenset[str]],
        *,
        all_optional: bool,
    ) -> None:
        self.path_types = path_types
        self.plan = plan
        self.headers = headers
        self.schema = schema
        self.path = path
        self.all_optional = all_optional

    def is_valid(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> bool:
        """Whether nothing is wrong, in the cheapest way there is."""
        if self.all_optional and not pairs:
            for _, wire, _ in self.headers:
                if wire in sent:
                    break
            else:
                return not path or self.path.is_valid(self._typed(path))
        return self.schema.is_valid(self.values(path, pairs, sent))

    def values(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> Any:
        """The one object that all parameters of a request make up."""
        values: dict[str, Any] = {"path": self._typed(path), "query": self.plan.values(pairs) if pairs else {}}
        header: dict[str, Any] = {}
        for name, wire, types in self.headers:
            value = sent.get(wire)
            if value is not None:
                header[name] = coerce(value.decode("latin-1"), types)
        values["header"] = header
        return values

    def _typed(self, path: Mapping[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = dict(path)
        for name, types in self.path_types.items():
            if name in made:
                made[name] = coerce(made[name], types)
        return made


class ResponseSpec:
    """One documented status of an operation.

    Attributes:
        pointer: Where it stands in the document.
        headers: The documented headers: name, name on the wire, types of its schema.
        header_schema: What all of them are validated against at once, to say what is wrong.
        bodies: By content type.
    """

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        self.headers: list[tuple[str, bytes, frozenset[str]]] = []
        self.header_schema: Schema | None = None
        self.bodies: dict[str, Schema] = {}

    def header_values(self, sent: Mapping[bytes, bytes]) -> dict[str, Any]:
        """Return the documented headers that were sent as one object, each value by its type."""
        return {name: coerce(sent[wire].decode("latin-1"), types) for name, wire, types in self.headers if wire in sent}
