"""Validate the responses of a live server against the document."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from store_credit_mock.contract import Contract, Document, Match, Violation, read_body, read_query
from store_credit_mock.http import Request, Response

__all__ = ["Judged", "ResponseValidator"]


@dataclass(frozen=True)
class Judged:
    """What was found of an exchange.

    Attributes:
        match: The operation; None if the document has none.
        request: What is wrong with the request, often on purpose.
        answer: What is wrong with the response.
        notes: What the response has that the document does not know, and does not forbid.
    """

    match: Match | None = None
    request: tuple[Violation, ...] = ()
    answer: tuple[Violation, ...] = ()
    notes: tuple[Violation, ...] = ()

    @property
    def operation(self) -> str:
        """The operationId, or nothing."""
        return "" if self.match is None else self.match.operation.id


class ResponseValidator:
    """Validates exchanges against the document, closed and open: a member that only the closed copy refuses is a note.

    Args:
        document: The document.

    Raises:
        DocumentError: It cannot be compiled.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.closed = Contract(document)
        self._open = Contract(document, closed=False)

    def find(self, method: str, path: str) -> Match | None:
        """The operation of a request."""
        return self.closed.find(method, path)

    def request(self, request: Request) -> tuple[Violation, ...]:
        """What is wrong with a request; that the document lacks it is nothing wrong here."""
        match = self.closed.find(request.method, request.path)
        if match is None:
            return ()
        return self.closed.check_request(
            match.operation, match.path, read_query(request.query), request, read_body(request)
        )

    def exchange(self, request: Request, response: Response) -> Judged:
        """What is wrong with an exchange."""
        match = self.closed.find(request.method, request.path)
        if match is None or match.alias is not None:
            return Judged()
        asked = self.closed.check_request(
            match.operation, match.path, read_query(request.query), request, read_body(request)
        )
        operation = match.operation
        sent = response.header("content-type")
        kind = None if sent is None else sent.partition(";")[0].strip().lower()
        value: object = None
        if not response.body:
            # A content type without a body describes nothing.
            kind = None
        elif kind is not None and (kind == "application/json" or kind.endswith("+json")):
            try:
                value = orjson.loads(response.body)
            except orjson.JSONDecodeError as error:
                text = f"the body is not valid JSON: {error}"
                line = self.document.line(operation.pointer)
                broken = Violation("response", operation.id, "/body", "json", kind, str(error), text, line)
                return Judged(match, asked, (broken,))
        else:
            value = response.body.decode("utf-8", "replace")
            kind = kind or ""
        found = self.closed.check_response(operation, response.status, response.headers, kind, value)
        if not found:
            return Judged(match, asked)
        same = self._open.operations[operation.id]
        wrong = self._open.check_response(same, response.status, response.headers, kind, value)
        return Judged(match, asked, wrong) if wrong else Judged(match, asked, (), found)
