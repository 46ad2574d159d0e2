"""The document compiled: operations found, and both sides of an exchange checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from store_credit_mock.contract.body import FORM, Body
from store_credit_mock.contract.compiler import Compiler
from store_credit_mock.contract.document import Document
from store_credit_mock.contract.nearest_path import nearest_path
from store_credit_mock.contract.operation import Operation, ResponseSpec, Schema
from store_credit_mock.contract.parameters import coerce
from store_credit_mock.contract.reasons import Side, explain
from store_credit_mock.contract.repeated_members import repeated_members
from store_credit_mock.contract.schema_variants import CLOSED, REQUEST
from store_credit_mock.contract.serialization_cache import SerializedPage, SerializedRecord
from store_credit_mock.contract.violation import Violation
from store_credit_mock.http import Header, Request

__all__ = ["BODILESS", "Contract"]

BODILESS: Final = frozenset({204, 205, 304})
"""Statuses that RFC 9110 gives no content."""


def _is_valid(schema: Schema, value: Any) -> bool:
    """Whether a body is right; what was written before has been checked before."""
    if value.__class__ is SerializedRecord:
        return value.schema is schema
    if value.__class__ is SerializedPage:
        fits = schema.max_items is None or len(value.items) <= schema.max_items
        return fits and value.schema is schema.items and schema.is_valid(value.envelope)
    return schema.is_valid(value)


class Contract:
    """A document compiled.

    Args:
        document: What to compile; without it the one this package was made with.
        closed: Whether a member of a response that the document does not list breaks it: right for answers of one's own
            and for recordings, wrong for a live server, which may add members at any time.

    Attributes:
        operations: By operationId.
        find: The operation of a method and a path, see `Paths.find`.
        allowed: The methods of a path, see `Paths.allowed`.

    Raises:
        DocumentError: Something in it cannot be compiled or checked: the mock must not start.
    """

    def __init__(self, document: Document | None = None, *, closed: bool = True) -> None:
        self.document = document = document or Document.read()
        compiler = Compiler(document, closed=closed)
        self.operations = compiler.operations
        self.webhooks = compiler.webhooks
        self.find = compiler.paths.find
        self.allowed = compiler.paths.allowed
        self._schema = compiler.schema

    def nearest(self, path: str) -> str | None:
        """The path of the document that was meant by one that it does not have; None if nothing is near."""
        for prefix in self.document.prefixes:
            if self.allowed(prefix + path):
                return prefix + path
        return nearest_path(path, dict.fromkeys(operation.template for operation in self.operations.values()))

    def check_request(
        self,
        operation: Operation,
        path: Mapping[str, str],
        pairs: list[tuple[str, str]],
        request: Request,
        body: Body,
    ) -> tuple[Violation, ...]:
        """Say what is wrong with a request: path, query, headers and body, not credentials."""
        parameters = operation.parameters
        good = parameters.is_valid(path, pairs, request.first_headers)
        asks = body.kind != "none" or operation.body_required
        wrong = self._check_body(operation, body) if asks else ()
        if twice := parameters.plan.repeated(pairs):
            wrong = (*(self._repeated(operation, f"/query/{name}", "parameter") for name in twice), *wrong)
        if good:
            return wrong
        values = parameters.values(path, pairs, request.first_headers)
        return (*self._explain("request", operation.id, parameters.schema, values, ""), *wrong)

    def _check_body(self, operation: Operation, body: Body) -> tuple[Violation, ...]:
        schema = operation.request_bodies.get(body.media_type)
        twice = repeated_members(body) if schema is not None else []
        if not twice and body.kind == "json" and schema is not None and schema.is_valid(body.value):
            return ()
        repeated = (self._repeated(operation, f"/body{pointer}", "member") for pointer in twice)
        return (*repeated, *self._explain_body(operation, body))

    def _repeated(self, operation: Operation, pointer: str, what: str) -> Violation:
        line = self.document.line(operation.pointer + ("/requestBody" if what == "member" else ""))
        text = f"{pointer.rpartition('/')[2]} was sent more than once; send one"
        if what == "parameter":
            text += ", whose values are separated by commas"
        return Violation("request", operation.id, pointer, "unique", f"one {what} of this name", "several", text, line)

    def _explain_body(self, operation: Operation, body: Body) -> Iterable[Violation]:
        pointer = operation.pointer + "/requestBody"
        line = self.document.line(pointer)
        known = ", ".join(operation.request_bodies)
        if body.kind == "none":
            if operation.body_required:
                yield Violation(
                    "request", operation.id, "/body", "required", "body", "none", "the body is missing", line
                )
            return
        if not operation.request_bodies:
            yield Violation(
                "request", operation.id, "/body", "content", "no body", "a body", "this operation takes no body",
                self.document.line(operation.pointer),
            )  # fmt: skip
            return
        schema = operation.request_bodies.get(body.media_type)
        if schema is None:
            text = f"{body.media_type or 'a body without a content type'} is not taken; {known} are"
            yield Violation(
                "request", operation.id, "/header/content-type", "content-type", known, body.media_type, text, line
            )
        elif body.kind == "malformed":
            text = f"the body is no {'form' if body.media_type == FORM else 'JSON'}: {body.problem}"
            yield Violation("request", operation.id, "/body", "json", body.media_type, body.problem, text, line)
        else:
            value = self._form_value(operation, body.value) if body.kind == "form" else body.value
            if not schema.is_valid(value):
                yield from self._explain("request", operation.id, schema, value, "/body")

    def _form_value(self, operation: Operation, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for name, text in pairs:
            new = coerce(text, operation.form_types.get(name, frozenset()))
            # A field that comes twice becomes a list, which its type refuses.
            value[name] = [value[name], new] if name in value else new
        return value

    def check_response(
        self,
        operation: Operation,
        status: int,
        headers: Sequence[Header],
        media_type: str | None,
        value: Any,
        *,
        head: bool = False,
    ) -> tuple[Violation, ...]:
        """Say what is wrong with a response, against the closed copy unless this contract is open.

        Args:
            operation: What was asked for.
            status: HTTP status.
            headers: Names in lower case.
            media_type: Content type without parameters; None if there is no body.
            value: The body's JSON value, written or not, or its text.
            head: The response to HEAD, whose body is left out.
        """
        response = operation.answered(status)
        if response is None:
            known = ", ".join(operation.responses)
            line = self.document.line(operation.pointer + "/responses")
            text = f"{status} is not documented; {known} are"
            return (Violation("response", operation.id, "/status", "status", known, str(status), text, line),)
        wrong: tuple[Violation, ...] = ()
        if response.header_schema is not None:
            given = response.header_values(dict(headers))
            if not response.header_schema.is_valid(given):
                wrong = tuple(self._explain("response", operation.id, response.header_schema, given, "/header"))
        if head:
            return wrong
        schema = None if status in BODILESS else response.bodies.get(media_type or "")
        if schema is not None and _is_valid(schema, value):
            return wrong
        return (*wrong, *self._explain_answer(operation, response, status, media_type, schema, value))

    def check_value(self, pointer: str, value: Any, *, request: bool = False) -> tuple[Violation, ...]:
        """Say what is wrong with a value, against the schema at a pointer.

        Args:
            pointer: Where the schema stands.
            value: The JSON value.
            request: Whether it is sent to a server, which may not get what is `readOnly`; else it comes from one.
        """
        side: Side = "request" if request else "response"
        schema = self._schema(REQUEST if request else CLOSED, self.document.resolve(pointer)[0])
        return () if schema.is_valid(value) else tuple(self._explain(side, "", schema, value, ""))

    def alias_violation(self, operation: Operation, method: str) -> Violation:
        """Say that a request was sent with an alias of the operation's method."""
        text = f"{method} is an alias that the document does not have as an operation; use {operation.method}"
        line = self.document.line(operation.pointer)
        return Violation("request", operation.id, "/method", "method", operation.method, method, text, line)

    def check_webhook(self, name: str, value: Any) -> tuple[Violation, ...]:
        """Say what is wrong with the payload of a webhook (`store_credit.created`), against the closed copy."""
        schema = self.webhooks.get(name)
        if schema is None:
            text = f"the document has no webhook {name}"
            return (Violation("webhook", name, "", "path", ", ".join(self.webhooks), name, text),)
        if schema.is_valid(value):
            return ()
        return tuple(self._explain("webhook", name, schema, value, "/body"))

    def _explain_answer(
        self,
        operation: Operation,
        response: ResponseSpec,
        status: int,
        media_type: str | None,
        schema: Schema | None,
        value: Any,
    ) -> Iterable[Violation]:
        """Say what is wrong with the body of a response; `schema` is None where the document has none for it."""
        if schema is not None:
            whole = orjson.loads(value.text()) if isinstance(value, SerializedPage | SerializedRecord) else value
            yield from self._explain("response", operation.id, schema, whole, "/body")
            return
        line = self.document.line(response.pointer)
        if not response.bodies or status in BODILESS:
            if media_type is not None:
                text = f"{status} has no body in the document"
                yield Violation("response", operation.id, "/body", "content", "no body", media_type, text, line)
            return
        known, got = ", ".join(response.bodies), media_type or ""
        text = f"{got or 'no body'} is not documented for {status}; {known} are"
        yield Violation("response", operation.id, "/header/content-type", "content-type", known, got, text, line)

    def _explain(self, side: Side, identity: str, schema: Schema, value: Any, place: str) -> Iterable[Violation]:
        return explain(self.document, side, identity, schema, value, place)
