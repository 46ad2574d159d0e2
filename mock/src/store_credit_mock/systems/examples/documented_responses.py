"""The responses that the document describes, as they are sent: status, headers and body, each from its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, cast

import orjson

from store_credit_mock.contract import Contract, Operation, Violation
from store_credit_mock.contract.body import is_json
from store_credit_mock.contract.document import join
from store_credit_mock.systems.call import SystemResponse
from store_credit_mock.systems.examples.encoded_bodies import encoded
from store_credit_mock.systems.examples.generated_values import ValueGenerator
from store_credit_mock.systems.examples.negotiation import acceptable, concrete

__all__ = ["DocumentedResponse", "DocumentedResponses", "NotOfferedError"]

_OF_TRANSPORT: Final = frozenset(
    {"connection", "content-encoding", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"}
)
"""Headers that whoever sends the response makes."""
_VARIANTS: Final = 4
"""How many ways of filling in a schema are tried."""


class NotOfferedError(Exception):
    """The document offers nothing of what was asked for.

    Args:
        status: 404 for a status or an example that it does not have, 406 for a media type.
        text: What it has.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class DocumentedResponse(SystemResponse):
    """A response from the document. What is wrong with it is the document's, and is reported; it is sent all the same.

    Attributes:
        found: What of it breaks the OpenAPI document.
    """

    __slots__ = ("found",)

    def __init__(
        self, status: int, body: bytes | None, media_type: str | None, headers: Sequence[tuple[str, str]],
        found: tuple[Violation, ...],
    ) -> None:  # fmt: skip
        super().__init__(status, body, media_type, headers, checked=False)
        self.found = found


class DocumentedResponses:
    """The responses of all operations of a document.

    Args:
        contract: The document, compiled.
    """

    def __init__(self, contract: Contract) -> None:
        self._document = contract.document
        self._made: dict[tuple[str, str, str, str, bool], DocumentedResponse] = {}

    @cached_property
    def _open(self) -> Contract:
        """What responses are validated against: an example may have members that no schema lists."""
        return Contract(self._document, closed=False)

    def success(self, operation: Operation) -> tuple[str, int]:
        """Choose the response of an operation that is asked for nothing else: its name, and the status that is sent.

        The lowest of 2xx, then `2XX`, `default`, and what else there is, in the order of statuses.
        """
        # An interim response (1xx) is none that could be sent in the end.
        names: list[str] = sorted(name for name in operation.responses if not name.startswith("1"))
        good = [name for name in names if name.startswith("2")]
        chosen = next(iter(sorted(good, key=lambda name: ("X" in name, name))), None)
        if chosen is None:
            chosen = "default" if "default" in names or not names else names[0]
        return chosen, _status(chosen, 200)

    def named(self, operation: Operation, status: int) -> str | None:
        """Find what the document says of a status: exactly, by its range, or by default; None if nothing."""
        return next(
            (name for name in (str(status), f"{status // 100}XX", "default") if name in operation.responses), None
        )

    def respond(
        self,
        operation: Operation,
        name: str,
        status: int,
        *,
        accept: str | None = None,
        example: str | None = None,
        dynamic: bool = False,
    ) -> DocumentedResponse:
        """Make a response; the same each time.

        Args:
            operation: Whose.
            name: Its name in the document: `200`, `4XX`, `default`.
            status: What is sent.
            accept: The header of the request.
            example: The name of the example to send; None takes the first.
            dynamic: Whether to make the body from its schema although there are examples.

        Raises:
            NotOfferedError: The document has no such example, or nothing that is acceptable.
        """
        pointer, definition = self._response(operation, name)
        content: Mapping[str, Any] = definition.get("content", {})
        media_type = ""
        if content and status not in {204, 205, 304}:
            chosen = acceptable(accept, list(content))
            if chosen is None:
                raise NotOfferedError(406, f"{operation.id} answers {status} with {', '.join(content)}")
            media_type = chosen
        key = (operation.id, f"{name} {status}", media_type, example or "", dynamic)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._respond(operation, pointer, status, media_type, example, dynamic=dynamic)
        # Whoever finalizes a response adds to it.
        return DocumentedResponse(made.status, made.body, made.media_type, made.headers, made.found)

    def _response(self, operation: Operation, name: str) -> tuple[str, Mapping[str, Any]]:
        if name not in operation.responses:
            return operation.pointer, {}
        pointer, definition = self._document.resolve(join(operation.pointer, "responses", name))
        return pointer, cast("Mapping[str, Any]", definition)

    def _respond(
        self, operation: Operation, pointer: str, status: int, media_type: str, example: str | None, *, dynamic: bool
    ) -> DocumentedResponse:
        headers = list(self._headers(pointer))
        opened = self._open.operations[operation.id]
        sent = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
        if not media_type:
            if example is not None:
                raise NotOfferedError(404, f"{operation.id} has no example {example!r} of {status}: it has no body")
            found = self._open.check_response(opened, status, sent, None, None) if operation.responses else ()
            return DocumentedResponse(status, None, None, headers, found)
        content_type = concrete(media_type)
        plain = content_type.partition(";")[0].strip().lower()
        best: tuple[Any, tuple[Violation, ...]] | None = None
        place = join(pointer, "content", media_type)
        for value in self._values(place, operation, example, dynamic=dynamic, json=is_json(plain)):
            found = self._open.check_response(opened, status, sent, plain, value)
            if best is None or len(found) < len(best[1]):
                best = value, found
            if not found:
                break
        value, found = best if best is not None else (None, ())
        return DocumentedResponse(status, encoded(content_type, value), content_type, headers, found)

    def _values(
        self, pointer: str, operation: Operation, example: str | None, *, dynamic: bool, json: bool
    ) -> Iterator[Any]:
        """Give what may be sent as a body: the first example of the media type, or else what its schema makes."""
        definition: Mapping[str, Any] = self._document.at(pointer)
        named = {name: self._resolved(join(pointer, "examples", name)) for name in definition.get("examples", {})}
        known = {name: one["value"] for name, one in named.items() if "value" in one}
        if example is not None:
            if example not in known:
                there = f"it has {', '.join(known)}" if known else "it has none with a name"
                raise NotOfferedError(404, f"{operation.id} has no example {example!r} here; {there}")
            yield known[example]
            return
        if not dynamic:
            said = [*known.values(), definition["example"]] if "example" in definition else [*known.values()]
            if said:
                # Also where it is wrong, which is reported: whoever wrote it wants to see it.
                yield said[0]
                return
        schema = definition.get("schema", {})
        if schema in ({}, True):
            yield {} if json else ""
            return
        for least in (False, True):
            for variant in range(_VARIANTS):
                yield ValueGenerator(self._document, variant, least=least).value(schema)

    def _resolved(self, pointer: str) -> Mapping[str, Any]:
        return cast("Mapping[str, Any]", self._document.resolve(pointer)[1])

    def _headers(self, pointer: str) -> Iterator[tuple[str, str]]:
        definition: Any = self._document.at(pointer) or {}
        headers: Mapping[str, Any] = definition.get("headers", {})
        for name in headers:
            if name.lower() in _OF_TRANSPORT:
                continue
            header = self._resolved(join(pointer, "headers", name))
            value = self._header(header)
            if value is not None:
                yield name.lower(), _simple(value, explode=header.get("explode") is True)

    def _header(self, header: Mapping[str, Any]) -> Any:
        if "example" in header:
            return header["example"]
        for example in cast("dict[str, Any]", header.get("examples", {})).values():
            if "value" in example:
                return example["value"]
        schema = header.get("schema", {})
        if schema in ({}, True):
            return "string" if header.get("required") else None
        return ValueGenerator(self._document).value(schema)


def _status(name: str, otherwise: int) -> int:
    """Give the status that is sent for a response by its name: 200 for `2XX`."""
    if name == "default":
        return otherwise
    return int(name.replace("XX", "00"))


def _simple(value: Any, *, explode: bool) -> str:
    """Write the value of a header in the style `simple`."""
    if isinstance(value, list):
        return ",".join(map(_text, cast("list[Any]", value)))
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        sign = "=" if explode else ","
        return ",".join(f"{name}{sign}{_text(one)}" for name, one in members.items())
    return _text(value)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text.replace("\r", " ").replace("\n", " ")
