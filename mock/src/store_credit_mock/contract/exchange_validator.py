"""Validate both sides of an exchange that somebody else's client and server had."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from store_credit_mock.contract.body import body_text, is_json, media_type, read_body
from store_credit_mock.contract.content_encoding import BrokenBodyError, UnknownCodingError, decoded
from store_credit_mock.contract.contract import BODILESS, Contract
from store_credit_mock.contract.document import Document
from store_credit_mock.contract.operation import Match, Operation
from store_credit_mock.contract.parameters import read_query
from store_credit_mock.contract.reasons import Side
from store_credit_mock.contract.violation import Violation
from store_credit_mock.http import Header, Request, Response

__all__ = ["ExchangeValidator", "OperationMatch", "ValidationResult"]


@dataclass(slots=True)
class OperationMatch:
    """What the document has for a request.

    Attributes:
        match: The operation; None if the OpenAPI document has none.
        head: Whether the request is HEAD, whose response has no body, be the operation GET or HEAD.
        violations: What is wrong with the method.
        notes: That the document does not know the path.
    """

    match: Match | None
    head: bool = False
    violations: tuple[Violation, ...] = ()
    notes: tuple[Violation, ...] = ()

    @property
    def operation(self) -> Operation | None:
        """The operation, if there is one."""
        return None if self.match is None else self.match.operation


@dataclass(slots=True)
class ValidationResult:
    """What was found of one side.

    Attributes:
        violations: What broke the OpenAPI document, or what the headers said of the body.
        notes: What the document does not mention, and does not forbid.
        unchecked: Why the body was not validated; empty if it was.
        content: The body with its Content-Encoding undone, where it could be.
    """

    violations: tuple[Violation, ...] = ()
    notes: tuple[Violation, ...] = ()
    unchecked: str = ""
    content: bytes | None = field(default=None, repr=False)


class ExchangeValidator:
    """Validates against the closed copy first, then against the open one.

    Nearly every response fits the closed copy, and is then neither wrong nor worth a note. A member that only the
    closed copy refuses is a note: a live server may add members at any time.

    Args:
        document: The document.
        limit: Bytes a body may have, decoded, to be validated.
        only_documented: Whether a path the document does not know breaks it.

    Attributes:
        before: What a server's address puts before the paths that are sent to it by way of a proxy.
        closed: The contract that refuses members of a response that the OpenAPI document does not list.
        open: The one that takes them.

    Raises:
        DocumentError: The document cannot be compiled.
    """

    def __init__(self, document: Document, limit: int = sys.maxsize - 1, *, only_documented: bool = False) -> None:
        self.document = document
        self.before = ""
        self.closed = Contract(document)
        self.open = Contract(document, closed=False)
        self._limit = limit
        self._only_documented = only_documented

    def locate(self, method: str, path: str) -> OperationMatch:
        """Find the operation of a request."""
        contract = self.closed
        if self.before and not contract.allowed(path) and contract.allowed(self.before + path):
            path = self.before + path
        match = contract.find(method, path)
        if match is not None:
            if match.alias is None:
                return OperationMatch(match, head=method == "HEAD")
            return OperationMatch(match, violations=(contract.alias_violation(match.operation, method),))
        if method == "HEAD":
            # RFC 9110: whoever answers GET answers HEAD; no client of the document breaks it by asking.
            match = contract.find("GET", path)
            if match is not None:
                return OperationMatch(match, head=True)
        allowed = contract.allowed(path)
        text = f"the OpenAPI document has no {method} {path}"
        if allowed:
            # A browser asks before it sends; that is between it and the server.
            if method == "OPTIONS":
                return OperationMatch(None)
            wrong = Violation("request", "", "/method", "method", ", ".join(allowed), method, text)
            return OperationMatch(None, violations=(wrong,))
        unknown = (Violation("request", "", "/path", "path", "a path of the OpenAPI document", path[:200], text),)
        if self._only_documented:
            return OperationMatch(None, violations=unknown)
        return OperationMatch(None, notes=unknown)

    def exchange(self, request: Request, response: Response) -> tuple[ValidationResult, ValidationResult]:
        """Validate both sides of a whole exchange."""
        located = self.locate(request.method, request.path)
        return self.request(located, request), self.response(located, response.status, response.headers, response.body)

    def request(self, located: OperationMatch, request: Request, *, unread: str = "") -> ValidationResult:
        """Validate a request.

        Args:
            located: Its operation.
            request: The request, its body as it came.
            unread: Why the body is not there to be validated; empty if it is.
        """
        match = located.match
        if match is None:
            return ValidationResult(located.violations, located.notes)
        coding = request.header("content-encoding") or ""
        content, broken, unchecked = self._decoded("request", match.operation, request.body, coding, unread)
        if content is not request.body:
            # Without its body, the rest of the request can still be validated.
            request = Request(request.method, request.path, request.query, request.headers, content or b"")
        body = read_body(request)
        found = self.closed.check_request(match.operation, match.path, read_query(request.query), request, body)
        if content is None:
            found = tuple(one for one in found if not one.pointer.startswith("/body"))
        unchecked = unchecked or self.closed.unread_request(match.operation, body)
        return ValidationResult((*located.violations, *broken, *found), located.notes, unchecked, content)

    def response(
        self, located: OperationMatch, status: int, headers: Sequence[Header], body: bytes, *, unread: str = ""
    ) -> ValidationResult:
        """Validate a response.

        Args:
            located: The operation of its request.
            status: HTTP status.
            headers: As they came.
            body: As it came; all of it.
            unread: Why the body is not there to be validated; empty if it is.
        """
        operation = located.operation
        index = {name.lower(): value for name, value in headers}
        coding = "" if located.head else index.get(b"content-encoding", b"").decode("latin-1")
        content, broken, unchecked = self._decoded("response", operation, body, coding, unread)
        if operation is None:
            return ValidationResult(broken, (), unchecked, content)
        sent = index.get(b"content-type")
        kind = None if sent is None else media_type(sent)
        value: Any = None
        skip = content is None or located.head
        if skip:
            pass
        elif not content and status in BODILESS:
            # A content type without a body describes nothing.
            kind = None
        elif is_json(kind or ""):
            try:
                value = orjson.loads(content or b"")
            except orjson.JSONDecodeError as error:
                text = f"the body is not valid JSON: {error if content else 'it is empty'}"
                broken = (*broken, self._broken("response", operation, "json", kind or "", text))
                skip = True
        elif content or kind is not None:
            value = body_text(content or b"", "" if sent is None else sent.decode("latin-1"))
            kind = kind or ""
            unchecked = unchecked or self.closed.unread_response(operation, status, kind)
        sent_headers = [(name.lower(), value) for name, value in headers]
        found, notes = self._validate_response(operation, status, sent_headers, kind, value, head=skip)
        return ValidationResult((*broken, *found), notes, unchecked, content)

    def truncated(self, side: Side, located: OperationMatch, expected: str, got: int) -> Violation:
        """A body that ended before its headers said it would."""
        message = f"the body ends after {got} bytes, although {expected} were announced"
        return self._broken(side, located.operation, "content-length", expected, message, f"{got} bytes")

    def _decoded(
        self, side: Side, operation: Operation | None, body: bytes, coding: str, unread: str
    ) -> tuple[bytes | None, tuple[Violation, ...], str]:
        """Undo the Content-Encoding. Returns the body, what is wrong with it, and why it could not be decoded."""
        if unread:
            return None, (), unread
        if not coding:
            return body, (), ""
        try:
            return decoded(body, coding, self._limit), (), ""
        except BrokenBodyError as error:
            return None, (self._broken(side, operation, "content-encoding", coding, str(error)),), ""
        except UnknownCodingError as error:
            return None, (), str(error)

    def _validate_response(
        self,
        operation: Operation,
        status: int,
        headers: list[Header],
        kind: str | None,
        value: Any,
        *,
        head: bool,
    ) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
        """Return the violations of a response, and the members that the document does not mention."""
        found = self.closed.check_response(operation, status, headers, kind, value, head=head)
        if not found:
            return (), ()
        opened = self.open.operations[operation.id]
        wrong = self.open.check_response(opened, status, headers, kind, value, head=head)
        return (wrong, self._unknown(found, wrong)) if wrong else ((), found)

    def _unknown(self, found: tuple[Violation, ...], wrong: tuple[Violation, ...]) -> tuple[Violation, ...]:
        """Give the members that no schema of the document lists.

        Where something is wrong, the closed copy also calls members unknown that stand beside it.
        """
        notes: list[Violation] = []
        told = {(one.pointer, name) for one in wrong for name in one.got.split(", ")}
        for one in found:
            if one.keyword in {"additionalProperties", "unevaluatedProperties"}:
                names = [
                    name
                    for name in one.got.split(", ")
                    if name not in self.document.member_names and (one.pointer, name) not in told
                ]
                if names:
                    text = f"the OpenAPI document does not list {', '.join(names)}"
                    notes.append(replace(one, got=", ".join(names), message=text))
        return tuple(notes)

    def _broken(
        self, side: Side, operation: Operation | None, keyword: str, expected: str, message: str, got: str = ""
    ) -> Violation:
        line = None if operation is None else self.document.line(operation.pointer)
        name = "" if operation is None else operation.id
        return Violation(side, name, "/body", keyword, expected, got or message, message, line)
