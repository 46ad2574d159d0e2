"""The document compiled: operations found, and both sides of an exchange checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

from store_credit_mock.contract.body import FORM, Body, body_text, is_json
from store_credit_mock.contract.compiler import Compiler
from store_credit_mock.contract.document import Document, escape
from store_credit_mock.contract.multipart import MULTIPART, FormError, multipart_pairs
from store_credit_mock.contract.nearest_path import nearest_path
from store_credit_mock.contract.operation import Operation, ResponseSpec, Schema, unreadable
from store_credit_mock.contract.reasons import Side, explain
from store_credit_mock.contract.repeated_members import repeated_members
from store_credit_mock.contract.schema_variants import CLOSED, REQUEST
from store_credit_mock.contract.serialization_cache import SerializedPage, SerializedRecord
from store_credit_mock.contract.violation import Violation
from store_credit_mock.http import Header, Request

__all__ = ["BODILESS", "Contract"]

BODILESS: Final = frozenset({204, 205, 304})
"""Statuses that RFC 9110 gives no content."""


def _unread(media_type: str) -> str:
    return f"bodies of the type {media_type or 'no media type'} are not validated"


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
        bundled = document is None
        self.document = document = document or Document.read()
        # That the bundled one compiles is tested where it is made. At the start of each process, compiling all of its
        # schemas would take 0.1 s and 20 MB, and most are of systems that it is not asked for.
        compiler = Compiler(document, closed=closed, known_good=bundled)
        self.operations = compiler.operations
        self.webhooks = compiler.webhooks
        self.find = compiler.paths.find
        self.allowed = compiler.paths.allowed
        self._schema = compiler.schema
        self._closed = closed

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
        sent = request.first_headers
        if parameters.headers.lists:
            sent = parameters.headers.joined(request.headers, sent)
        good = parameters.is_valid(path, pairs, sent)
        asks = body.kind != "none" or operation.body_required
        wrong = self._check_body(operation, body, request) if asks else ()
        if twice := parameters.plan.repeated(pairs):
            wrong = (*(self._repeated(operation, f"/query/{name}", "parameter") for name in twice), *wrong)
        if good:
            return wrong
        values = parameters.values(path, pairs, sent)
        return (*self._explain_values("request", operation, parameters.schema, values), *wrong)

    def _explain_values(
        self, side: Side, operation: Operation, schema: Schema, values: dict[str, dict[str, Any]], whole: str = ""
    ) -> Iterable[Violation]:
        """Say what is wrong with values that were texts, also with those that could not be read at all.

        Args:
            side: Whose fault.
            operation: Of which operation.
            schema: What all of them are validated against.
            values: By their place, then by their name.
            whole: The one place that `schema` is of; empty if it is of all.
        """
        failed = unreadable(values)
        line = self.document.line(operation.pointer)
        for place, name, why in failed:
            got, text = why.got[:200], why.reason
            if place == "cookie" or self.document.secret_names.is_secret(name):
                got, text = "<token>", f"violates {why.keyword}; the value is a secret and is not shown"
            yield Violation(side, operation.id, f"/{place}/{escape(name)}", why.keyword, why.expected, got, text, line)
            del values[place][name]
        missing = {(f"/{place}", name) for place, name, _ in failed}
        given, start = (values[whole], f"/{whole}") if whole else (values, "")
        for one in self._explain(side, operation.id, schema, given, start):
            if one.keyword != "required" or (one.pointer, one.expected) not in missing:
                yield one

    def _check_body(self, operation: Operation, body: Body, request: Request) -> tuple[Violation, ...]:
        schema = operation.request_bodies.get(body.media_type)
        if schema is None:
            schema = operation.request_bodies.find(body.media_type)
        twice = repeated_members(body) if schema is not None else []
        if not twice and body.kind == "json" and schema is not None:
            if schema.is_valid(body.value):
                return ()
            return tuple(self._explain("request", operation.id, schema, body.value, "/body"))
        repeated = (self._repeated(operation, f"/body{pointer}", "member") for pointer in twice)
        return (*repeated, *self._explain_body(operation, body, schema, request))

    def _repeated(self, operation: Operation, pointer: str, what: str) -> Violation:
        line = self.document.line(operation.pointer + ("/requestBody" if what == "member" else ""))
        text = f"{pointer.rpartition('/')[2]} was sent more than once; send it once"
        if what == "parameter":
            text += ", with its values separated by commas"
        return Violation("request", operation.id, pointer, "unique", f"one {what} of this name", "several", text, line)

    def _explain_body(
        self, operation: Operation, body: Body, schema: Schema | None, request: Request
    ) -> Iterable[Violation]:
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
                "request", operation.id, "/body", "content", "no body", "a body", "this operation has no request body",
                self.document.line(operation.pointer),
            )  # fmt: skip
            return
        if schema is None:
            text = f"{body.media_type or 'a body without a content type'} is not accepted; use {known}"
            yield Violation(
                "request", operation.id, "/header/content-type", "content-type", known, body.media_type, text, line
            )
            return
        kind, problem = {FORM: "form", MULTIPART: "form"}.get(body.media_type, "JSON"), body.problem
        pairs: list[tuple[str, str]] = body.value if body.kind == "form" else []
        if body.media_type == MULTIPART:
            try:
                pairs = multipart_pairs(request)
            except FormError as error:
                problem = str(error)
        if problem:
            text = f"invalid {kind} body: {problem}"
            yield Violation("request", operation.id, "/body", "json", body.media_type, problem, text, line)
        elif kind == "form":
            if schema.form is not None:
                values = {"body": schema.form.values(pairs)}
                if unreadable(values) or not schema.is_valid(values["body"]):
                    yield from self._explain_values("request", operation, schema, values, "body")
        elif body.kind == "json":
            if not schema.is_valid(body.value):
                yield from self._explain("request", operation.id, schema, body.value, "/body")
        elif schema.reads(body.media_type):
            value = schema.read(body_text(body.content or b"", request.header("content-type") or ""))
            if not schema.is_valid(value):
                yield from self._explain("request", operation.id, schema, value, "/body")

    def unread_request(self, operation: Operation, body: Body) -> str:
        """Say why the body of a request was not validated; empty if it was, or if there is none."""
        schema = operation.request_bodies.find(body.media_type)
        if schema is None or body.kind != "text" or body.media_type == MULTIPART:
            return ""
        return "" if schema.reads(body.media_type) else _unread(body.media_type)

    def unread_response(self, operation: Operation, status: int, media_type: str) -> str:
        """Say why the body of a response was not validated; empty if it was."""
        schema = operation.schema(status, media_type)
        if schema is None or is_json(media_type) or schema.reads(media_type):
            return ""
        return _unread(media_type)

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
            text = f"{status} is not documented; documented are {known}"
            return (Violation("response", operation.id, "/status", "status", known, str(status), text, line),)
        wrong: tuple[Violation, ...] = ()
        if response.header_schema is not None:
            sent = dict(headers)
            if response.headers.lists:
                sent = response.headers.joined(headers, sent)
            given = {"header": response.headers.values(sent)}
            failed = response.headers.may_fail and unreadable(given)
            if failed or not response.header_schema.is_valid(given["header"]):
                wrong = tuple(self._explain_values("response", operation, response.header_schema, given, "header"))
        if head:
            return wrong
        schema = None if status in BODILESS else response.bodies.get(media_type or "")
        if schema is None and status not in BODILESS and media_type is not None:
            schema = response.bodies.find(media_type)
        if schema is not None and media_type is not None and value.__class__ is str and not is_json(media_type):
            if not schema.reads(media_type):
                return wrong
            value = schema.read(value)
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
        text = f"{method} is an alias that the OpenAPI document does not list as an operation; use {operation.method}"
        line = self.document.line(operation.pointer)
        return Violation("request", operation.id, "/method", "method", operation.method, method, text, line)

    def check_webhook(self, name: str, value: Any) -> tuple[Violation, ...]:
        """Say what is wrong with the payload of a webhook (`store_credit.created`), against the closed copy."""
        schema = self.webhooks.get(name)
        if schema is None:
            text = f"the OpenAPI document has no webhook {name}"
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
            # A live server may send one all the same: nothing is said of it.
            if media_type is not None and (self._closed or status in BODILESS):
                text = f"the OpenAPI document has no body for {status}"
                yield Violation("response", operation.id, "/body", "content", "no body", media_type, text, line)
            return
        known, got = ", ".join(response.bodies), media_type or ""
        told = got or ("no body" if media_type is None else "a body without a content type")
        text = f"{told} is not documented for {status}; documented are {known}"
        yield Violation("response", operation.id, "/header/content-type", "content-type", known, got, text, line)

    def _explain(self, side: Side, identity: str, schema: Schema, value: Any, place: str) -> Iterable[Violation]:
        return explain(self.document, side, identity, schema, value, place)
