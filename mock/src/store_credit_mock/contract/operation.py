"""One operation of the document with what it takes and what it answers, each part ready to check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import jsonschema_rs

from store_credit_mock.contract.media_types import MediaTypes
from store_credit_mock.contract.parameter_styles import Reader, Unreadable
from store_credit_mock.contract.parameters import QueryPlan, read_cookies
from store_credit_mock.contract.serialization_cache import SerializationCache
from store_credit_mock.contract.text_schema import TextSchema
from store_credit_mock.http import Header

__all__ = ["HeaderPlan", "Match", "Operation", "Parameters", "ResponseSpec", "Schema", "unreadable"]


class Operation:
    """One operation of the document.

    Attributes:
        id: operationId, such as `vinr.store_credit.create`.
        system: Its first part; empty where it has but one, or is a method and a path.
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
        self.system = identity.partition(".")[0] if "." in identity and " " not in identity else ""
        self.method = method
        self.template = template
        self.aliases = aliases
        self.pointer = pointer
        self.definition: Mapping[str, Any] = definition
        self.writes = method not in {"GET", "HEAD", "OPTIONS"}
        # Filled by the contract
        self.parameters: Parameters
        self.request_bodies: MediaTypes[Schema] = MediaTypes()
        self.body_required = False
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
        return None if response is None else response.bodies.find(media_type)

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
    """A schema, compiled when it is first needed, and where it came from.

    Args:
        compiled: Compiles it.
        pointer: Where it stands in the document.

    Attributes:
        is_valid: Whether a value fits.
        items: Of an object whose `data` is a plain list, the schema of that list's items.
        max_items: How many items that list may have; None is any number.
        cache: Its serialized records.
        text: Of a body, what its text is read by where that is neither JSON nor a form.
        form: Of a body, how the fields of a form are read; None if it cannot be a form.
    """

    __slots__ = ("_compiled", "_validator", "cache", "form", "is_valid", "items", "max_items", "pointer", "text")

    def __init__(self, compiled: Callable[[], jsonschema_rs.Draft202012Validator], pointer: str) -> None:
        self._compiled = compiled
        self._validator: jsonschema_rs.Draft202012Validator | None = None
        self.is_valid = self._compile_and_validate
        self.pointer = pointer
        self.items: Schema | None = None
        self.max_items: int | None = None
        self.text: TextSchema | None = None
        self.form: QueryPlan | None = None
        self.cache = SerializationCache(self)

    @property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """What also tells what is wrong with a value. Two threads may compile it at once; either result will do."""
        if self._validator is None:
            self._validator = self._compiled()
            self.is_valid = self._validator.is_valid
        return self._validator

    def _compile_and_validate(self, value: Any) -> bool:
        return self.validator.is_valid(value)

    def reads(self, media_type: str) -> bool:
        """Whether a body of a media type that is neither JSON nor a form is read: text, where a value may be one."""
        return media_type.startswith("text/") and self.text is not None and self.text.takes_scalars

    def read(self, text: str) -> Any:
        """Return what the text of a body stands for."""
        return text if self.text is None else self.text.scalar(text)


class HeaderPlan:
    """How the headers of a request or a response are read.

    Attributes:
        headers: Name, name on the wire, and what reads the value, of each; None leaves the text as it is.
        lists: The names on the wire of those that may be sent several times, as one list.
        may_fail: Whether a value may be one that cannot be read at all.
    """

    def __init__(
        self,
        headers: list[tuple[str, bytes, Reader | None]],
        lists: frozenset[bytes] = frozenset(),
        *,
        may_fail: bool = False,
    ) -> None:
        self.headers = headers
        self.lists = lists
        self.may_fail = may_fail

    def joined(self, headers: Iterable[Header], first: Mapping[bytes, bytes]) -> Mapping[bytes, bytes]:
        """Return the value of each header by its name in lower case; where a list was sent in parts, all of it."""
        if not self.lists:
            return first
        parts: dict[bytes, list[bytes]] = {}
        for name, value in headers:
            if (name := name.lower()) in self.lists:
                parts.setdefault(name, []).append(value)
        return {**first, **{name: b", ".join(values) for name, values in parts.items()}}

    def values(self, sent: Mapping[bytes, bytes]) -> dict[str, Any]:
        """Return the headers that were sent as one object, each value by its schema."""
        found: dict[str, Any] = {}
        for name, wire, read in self.headers:
            if wire in sent:
                text = sent[wire].decode("latin-1")
                found[name] = text if read is None else read(text)
        return found


class Parameters:
    """The parameters of one operation, checked as one object `{path, query, header}`, and `cookie` where there are any.

    Attributes:
        plan: How the query is put together.
        headers: How headers are read.
        cookies: How cookies are put together; None without any.
        schema: What the whole object is validated against.
        path: What the path alone is validated against.
        path_readers: What reads the names in the path that are not plain text.
        all_optional: Whether neither query nor headers nor cookies are required; then `path` checks a request without.
        may_fail: Whether a value may be one that cannot be read at all.
    """

    def __init__(
        self,
        plan: QueryPlan,
        headers: HeaderPlan,
        cookies: QueryPlan | None,
        schema: Schema,
        path: Schema,
        path_readers: Mapping[str, Reader],
        *,
        all_optional: bool,
        may_fail: bool,
    ) -> None:
        self.plan = plan
        self.headers = headers
        self.cookies = cookies
        self.schema = schema
        self.path = path
        self.path_readers = path_readers
        self.all_optional = all_optional and cookies is None and not may_fail
        self.may_fail = may_fail

    def is_valid(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> bool:
        """Whether nothing is wrong, in the cheapest way there is."""
        if self.all_optional and not pairs:
            for _, wire, _ in self.headers.headers:
                if wire in sent:
                    break
            else:
                return not path or self.path.is_valid(self._typed(path))
        values = self.values(path, pairs, sent)
        return not (self.may_fail and any(unreadable(values))) and self.schema.is_valid(values)

    def values(
        self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]
    ) -> dict[str, dict[str, Any]]:
        """The one object that all parameters of a request make up; what cannot be read is an `Unreadable`."""
        values: dict[str, dict[str, Any]] = {
            "path": self._typed(path),
            "query": self.plan.values(pairs) if pairs else {},
            "header": self.headers.values(sent),
        }
        if self.cookies is not None:
            values["cookie"] = self.cookies.values(read_cookies(sent.get(b"cookie", b"").decode("latin-1")))
        return values

    def _typed(self, path: Mapping[str, str]) -> dict[str, Any]:
        made: dict[str, Any] = dict(path)
        for name, read in self.path_readers.items():
            if name in made:
                made[name] = read(made[name])
        return made


def unreadable(values: Mapping[str, Mapping[str, Any]]) -> Sequence[tuple[str, str, Unreadable]]:
    """Place, name and reason of each parameter that could not be read."""
    return [
        (place, name, value)
        for place, members in values.items()
        for name, value in members.items()
        if value.__class__ is Unreadable
    ]


class ResponseSpec:
    """One documented status of an operation.

    Attributes:
        pointer: Where it stands in the document.
        headers: How the documented headers are read.
        header_schema: What all of them are validated against at once, to say what is wrong.
        bodies: By content type.
    """

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        self.headers = HeaderPlan([])
        self.header_schema: Schema | None = None
        self.bodies: MediaTypes[Schema] = MediaTypes()
