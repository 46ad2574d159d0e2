"""One operation of the document with what it takes and what it answers, each part ready to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import jsonschema_rs

from store_credit_mock.contract.parameters import QueryPlan, typed
from store_credit_mock.contract.serialization_cache import SerializationCache

__all__ = ["Match", "Operation", "Parameters", "ResponseHeaderSpec", "ResponseSpec", "Schema"]

_KNOWN: Final = 256
"""How many right values of one header, or of the parameters in a path, are remembered."""


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
        by_status: What `answered` was asked for before.
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
        self.by_status: dict[int, ResponseSpec] = {}

    def answered(self, status: int) -> ResponseSpec | None:
        """What the document says of answers with a status; None if nothing."""
        response = self.by_status.get(status)
        if response is None:
            response = self.responses.get(str(status)) or self.responses.get("default")
            if response is not None:
                self.by_status[status] = response
        return response

    def schema(self, status: int, media_type: str) -> Schema | None:
        """What the body of a response is checked against."""
        response = self.by_status.get(status) or self.answered(status)
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
        most: How many items that list may have; None is any number.
        cache: Its serialized records.
    """

    __slots__ = ("cache", "is_valid", "items", "most", "pointer", "validator")

    def __init__(self, validator: jsonschema_rs.Draft202012Validator, pointer: str) -> None:
        self.validator = validator
        self.is_valid = validator.is_valid
        self.pointer = pointer
        self.items: Schema | None = None
        self.most: int | None = None
        self.cache = SerializationCache(self)


class Parameters:
    """The parameters of one operation, checked as one object `{path, query, header}`.

    `bare` says whether neither query nor headers are required; then `path` checks a request that has none of them.
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
        bare: bool,
    ) -> None:
        self.path_types = path_types
        self.plan = plan
        self.headers = headers
        self.schema = schema
        self.path = path
        self.bare = bare
        self._right: set[tuple[str, ...]] = set()

    def good(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> bool:
        """Whether nothing is wrong, in the cheapest way there is."""
        if self.bare and not pairs:
            for _, wire, _ in self.headers:
                if wire in sent:
                    break
            else:
                return not path or self._good_path(path)
        return self.schema.is_valid(self.values(path, pairs, sent))

    def _good_path(self, path: Mapping[str, str]) -> bool:
        texts = tuple(path.values())
        if texts in self._right:
            return True
        if not self.path.is_valid(self._typed(path)):
            return False
        if len(self._right) >= _KNOWN:
            self._right.clear()
        self._right.add(texts)
        return True

    def values(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> Any:
        """The one object that all parameters of a request make up."""
        values: dict[str, Any] = {"path": self._typed(path), "query": self.plan.values(pairs) if pairs else {}}
        header: dict[str, Any] = {}
        for name, wire, types in self.headers:
            value = sent.get(wire)
            if value is not None:
                header[name] = typed(value.decode("latin-1"), types)
        values["header"] = header
        return values

    def _typed(self, path: Mapping[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = dict(path)
        for name, types in self.path_types.items():
            if name in made:
                made[name] = typed(made[name], types)
        return made


class ResponseHeaderSpec:
    """One documented header of a response, with values that are known to be right."""

    __slots__ = ("check", "known", "name", "plain", "required", "types", "wire")

    def __init__(self, name: str, types: frozenset[str], check: Schema, *, required: bool) -> None:
        self.name = name
        self.wire = name.encode()
        self.types = types
        self.plain = "string" in types
        self.check = check.is_valid
        self.required = required
        self.known: set[bytes] = set()

    def good(self, value: bytes | None) -> bool:
        """Whether a value that is not among the known ones is right, or may be absent."""
        if value is None:
            return not self.required
        text = value.decode("latin-1")
        if not self.check(text if self.plain else typed(text, self.types)):
            return False
        if len(self.known) >= _KNOWN:
            # What was seen first, such as the time of a limit, will not come again.
            self.known.clear()
        self.known.add(value)
        return True


class ResponseSpec:
    """One documented status of an operation.

    Attributes:
        pointer: Where it stands in the document.
        headers: The documented headers.
        header_checks: Of each its name, the values known to be right, and what says whether another one is.
        header_schema: What all of them are checked against at once, to say what is wrong.
        bodies: By content type.
    """

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        self.headers: list[ResponseHeaderSpec] = []
        self.header_checks: list[tuple[bytes, set[bytes], Callable[[bytes | None], bool]]] = []
        self.header_schema: Schema | None = None
        self.bodies: dict[str, Schema] = {}
