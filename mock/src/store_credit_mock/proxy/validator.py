"""Validate both sides of a foreign exchange against the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from store_credit_mock.contract import Contract, Document, Match, Operation, Violation, read_body, read_query
from store_credit_mock.http import Header, Request
from store_credit_mock.proxy.content_encoding import BrokenBodyError, UnknownCodingError, decoded

__all__ = ["ExchangeValidator", "OperationMatch", "ValidationResult", "is_json", "media_type"]


class OperationMatch:
    """What the document has for a request.

    Attributes:
        match: The operation; None if the document has none.
        head: Whether the request is HEAD for an operation that is GET.
        violations: What is wrong with the method.
        notes: That the document does not know the path.
    """

    __slots__ = ("head", "match", "notes", "violations")

    def __init__(
        self,
        match: Match | None,
        *,
        head: bool = False,
        violations: tuple[Violation, ...] = (),
        notes: tuple[Violation, ...] = (),
    ) -> None:
        self.match = match
        self.head = head
        self.violations = violations
        self.notes = notes


class ValidationResult:
    """What was found of one side.

    Attributes:
        violations: What broke the document, or what the headers said of the body.
        notes: What the document does not know, and does not forbid.
        unchecked: Why the body was not checked; empty if it was.
        content: The body with its Content-Encoding undone, where it could be.
    """

    __slots__ = ("content", "notes", "unchecked", "violations")

    def __init__(
        self,
        violations: tuple[Violation, ...] = (),
        notes: tuple[Violation, ...] = (),
        unchecked: str = "",
        content: bytes | None = None,
    ) -> None:
        self.violations = violations
        self.notes = notes
        self.unchecked = unchecked
        self.content = content


class ExchangeValidator:
    """Checks exchanges that somebody else's client and server had.

    Args:
        document: The document.
        limit: Bytes a body may have, decoded, to be checked.
        only_documented: Whether a path the document does not know breaks it.

    Raises:
        DocumentError: The document cannot be compiled.
    """

    def __init__(self, document: Document, limit: int, *, only_documented: bool = False) -> None:
        self.document = document
        self.limit = limit
        self._only_documented = only_documented
        # Nearly every response fits the closed copy, and is then neither wrong nor worth a note.
        self.closed = Contract(document)
        self._open = Contract(document, closed=False)

    def locate(self, method: str, path: str) -> OperationMatch:
        """Find the operation of a request."""
        contract = self.closed
        match = contract.find(method, path)
        if match is not None:
            if match.alias is None:
                return OperationMatch(match)
            return OperationMatch(match, violations=(_method(contract, match.operation, method),))
        if method == "HEAD":
            # RFC 9110: whoever answers GET answers HEAD; no client of the document breaks it by asking.
            match = contract.find("GET", path)
            if match is not None:
                return OperationMatch(match, head=True)
        allowed = contract.allowed(path)
        text = f"the document has no {method} {path}"
        if allowed:
            # A browser asks before it sends; that is between it and the server.
            if method == "OPTIONS":
                return OperationMatch(None)
            return OperationMatch(
                None, violations=(Violation("request", "", "/method", "method", ", ".join(allowed), method, text),)
            )
        unknown = (Violation("request", "", "/path", "path", "a path of the document", path[:200], text),)
        return (
            OperationMatch(None, violations=unknown) if self._only_documented else OperationMatch(None, notes=unknown)
        )

    def request(self, located: OperationMatch, request: Request, *, unread: str = "") -> ValidationResult:
        """Check a request.

        Args:
            located: Its operation.
            request: The request, its body as it came.
            unread: Why the body is not there to be checked; empty if it is.
        """
        match = located.match
        if match is None:
            return ValidationResult(located.violations, located.notes)
        violations, notes, unchecked = located.violations, located.notes, unread
        content: bytes | None = None
        broken: tuple[Violation, ...] = ()
        coding = request.header("content-encoding")
        if unread:
            pass
        elif coding:
            try:
                content = decoded(request.body, coding, self.limit)
            except BrokenBodyError as error:
                broken = (self._broken("request", match.operation, "content-encoding", coding, str(error)),)
            except UnknownCodingError as error:
                unchecked = str(error)
        else:
            content = request.body
        if content is None:
            # The rest of the request can still be checked; what is said of its body cannot.
            request = Request(request.method, request.path, request.query, request.headers, b"")
        elif content is not request.body:
            request = Request(request.method, request.path, request.query, request.headers, content)
        contract = self.closed
        found = contract.check_request(
            match.operation, match.path, read_query(request.query), request, read_body(request)
        )
        if content is None:
            found = tuple(one for one in found if not one.pointer.startswith("/body"))
        return ValidationResult((*violations, *broken, *found), notes, unchecked, content)

    def response(
        self,
        located: OperationMatch,
        status: int,
        headers: Sequence[Header],
        body: bytes,
        *,
        unread: str = "",
    ) -> ValidationResult:
        """Check a response.

        Args:
            located: The operation of its request.
            status: HTTP status.
            headers: As they came.
            body: As it came; all of it.
            unread: Why the body is not there to be checked; empty if it is.
        """
        match = located.match
        index = {name.lower(): value for name, value in headers}
        kind = media_type(index.get(b"content-type"))
        coding = index.get(b"content-encoding", b"").decode("latin-1")
        content: bytes | None = body
        unchecked = unread
        broken: list[Violation] = []
        operation = None if match is None else match.operation
        if unread:
            content = None
        elif coding and not located.head:
            try:
                content = decoded(body, coding, self.limit)
            except BrokenBodyError as error:
                content = None
                broken.append(self._broken("response", operation, "content-encoding", coding, str(error)))
            except UnknownCodingError as error:
                content = None
                unchecked = str(error)
        if operation is None:
            return ValidationResult(tuple(broken), (), unchecked, content)
        value: Any = None
        if content is None or located.head:
            found, notes = self._answer(operation, status, index, kind, None, head=True)
            return ValidationResult((*broken, *found), notes, unchecked, content)
        if not content:
            kind = None if status in {204, 205, 304} else kind
            if kind is not None and is_json(kind):
                text = "the body is not valid JSON: it is empty"
                broken.append(self._broken("response", operation, "json", kind, text))
        elif is_json(kind or ""):
            try:
                value = orjson.loads(content)
            except orjson.JSONDecodeError as error:
                text = f"the body is not valid JSON: {error}"
                broken.append(self._broken("response", operation, "json", kind or "", text))
        else:
            value = content.decode("utf-8", "replace")
            kind = kind or ""
        found, notes = self._answer(operation, status, index, kind, value, head=bool(broken))
        return ValidationResult((*broken, *found), notes, unchecked, content)

    def _answer(
        self, operation: Operation, status: int, index: dict[bytes, bytes], kind: str | None, value: Any, *, head: bool
    ) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
        """Return the violations of a response, and the members that the document does not mention."""
        headers = list(index.items())
        found = self.closed.check_response(operation, status, headers, kind, value, head=head)
        if not found:
            return (), ()
        wrong = self._open.check_response(self._open.operations[operation.id], status, headers, kind, value, head=head)
        # Where something is wrong, the closed copy also calls members unknown that stand beside it.
        return (wrong, ()) if wrong else ((), found)

    def _broken(
        self, side: Any, operation: Operation | None, keyword: str, expected: str, message: str, got: str = ""
    ) -> Violation:
        line = None if operation is None else self.document.line(operation.pointer)
        return Violation(
            side, "" if operation is None else operation.id, "/body", keyword, expected, got or message, message, line
        )

    def truncated(self, side: Any, located: OperationMatch, expected: str, got: int) -> Violation:
        """A body that ended before its headers said it would."""
        operation = None if located.match is None else located.match.operation
        message = f"the body ends after {got} bytes; {expected} were announced"
        return self._broken(side, operation, "content-length", expected, message, f"{got} bytes")


def _method(contract: Contract, operation: Operation, method: str) -> Violation:
    text = f"{method} is an alias that the document does not have as an operation; use {operation.method}"
    line = contract.document.line(operation.pointer)
    return Violation("request", operation.id, "/method", "method", operation.method, method, text, line)


def media_type(value: bytes | None) -> str | None:
    """A content type without parameters, in lower case."""
    return None if value is None else value.partition(b";")[0].strip().lower().decode("latin-1")


def is_json(kind: str) -> bool:
    """Whether a media type is JSON."""
    return kind == "application/json" or kind.endswith("+json")
