"""What a handler takes and returns: the call, its response, and the exception that rolls its writes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import md5
from typing import Any

from store_credit_mock.contract import Body, Contract, Operation, Violation
from store_credit_mock.contract.serialization_cache import SerializedPage, SerializedRecord, serialize
from store_credit_mock.http import Header, Request
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.storage import Storage

__all__ = ["Abort", "Call", "FixturesError", "Handler", "SystemResponse", "WriteNeeded"]


class FixturesError(ValueError):
    """Fixtures are not understood, or name what is not there; nothing of them was kept.

    Args:
        pointer: JSON pointer to the member concerned: `/vinr/customers/0/email`.
        text: What is wrong.
    """

    def __init__(self, pointer: str, text: str) -> None:
        super().__init__(f"{pointer or 'fixtures'}: {text}")
        self.pointer = pointer


class SystemResponse:
    """A handler's response before serialization. Returning one commits, whatever its status; `Abort` rolls back.

    Attributes:
        status: HTTP status.
        body: A JSON value, or one that was written before; `bytes` are sent as they are; None for no body.
        media_type: Content type of the body; None takes the system's own.
        headers: Further headers as text. Names in lower case.
        raw: Further headers as bytes, for what is on every response.
        checked: False for a response that stands outside the document by design (a Rails error page).
    """

    __slots__ = ("_bytes", "body", "checked", "headers", "media_type", "raw", "status")

    found: tuple[Violation, ...] = ()
    """What is known to be wrong with a response that is not checked, as it is the document's own."""

    def __init__(
        self,
        status: int,
        body: Any = None,
        media_type: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
        *,
        checked: bool = True,
    ) -> None:
        self.status = status
        self.body = body
        self.media_type = media_type
        self.headers: list[tuple[str, str]] = list(headers)
        self.raw: list[Header] = []
        self.checked = checked
        self._bytes: tuple[Any, bytes] | None = None

    def bytes(self) -> bytes:
        """The body as bytes; made once as long as `body` stays the same object."""
        body = self.body
        if body is None:
            return b""
        if body.__class__ is bytes:
            return body
        if body.__class__ is SerializedRecord:
            return body.bytes
        made = self._bytes
        if made is None or made[0] is not body:
            made = self._bytes = (body, body.text() if body.__class__ is SerializedPage else serialize(body))
        return made[1]

    def digest(self) -> str:
        """32 hexadecimal digits that stand for the body."""
        body = self.body
        if body.__class__ is SerializedPage or body.__class__ is SerializedRecord:
            return body.digest().hex()
        return md5(self.bytes(), usedforsecurity=False).hexdigest()

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"


class Abort(Exception):  # noqa: N818 - what it is, a response; not an error of anybody's
    """Raised by a handler to roll its transaction back and return this response."""

    def __init__(self, answer: SystemResponse) -> None:
        self.answer = answer

    def __str__(self) -> str:
        return f"refused with {self.answer.status}"


class WriteNeeded(Exception):  # noqa: N818 - a request to the engine; not an error of anybody's
    """Raised by `System.authenticate` in a read that has to write: the engine begins anew, in a write transaction."""


class Call:
    """One request, as its handler sees it.

    Attributes:
        request: The bytes that came in.
        operation: The operation of the document; None on a route of the system's own (`System.locate`).
        path: Path parameters, decoded.
        alias: The method sent, in capitals, if it is not the operation's own.
        body: The decoded body; reading it never raises.
        sandbox: Clock, ids, options and extras of this sandbox.
        db: The storage, inside this request's transaction.
        now: The sandbox's time in Unix milliseconds; the same throughout the request.
        caller: Whatever `System.authenticate` put here.
        request_id: This request's id, without prefix: 16 hexadecimal digits.
        writes: Whether the transaction may write.
        extra: Free for the system.
    """

    __slots__ = (
        "alias",
        "body",
        "caller",
        "contract",
        "db",
        "extra",
        "now",
        "operation",
        "path",
        "query_pairs",
        "request",
        "request_id",
        "sandbox",
        "writes",
    )

    def __init__(
        self,
        request: Request,
        operation: Operation | None,
        path: Mapping[str, str],
        alias: str | None,
        body: Body,
        query_pairs: list[tuple[str, str]],
        sandbox: Sandbox,
        db: Storage,
        contract: Contract,
        now: int,
        request_id: str,
    ) -> None:
        self.request = request
        self.operation = operation
        self.path = path
        self.alias = alias
        self.body = body
        self.query_pairs = query_pairs
        self.sandbox = sandbox
        self.db = db
        self.contract = contract
        self.now = now
        self.request_id = request_id
        self.caller: Any = None
        self.writes = True
        self.extra: Any = None

    def query(self, name: str) -> str | None:
        """The last value of a query parameter, decoded, as Rails and most servers take it."""
        for key, value in reversed(self.query_pairs):
            if key == name:
                return value
        return None


Handler = Callable[[Call], SystemResponse]
"""Handles one operation inside its transaction; raises `Abort` to roll back."""
