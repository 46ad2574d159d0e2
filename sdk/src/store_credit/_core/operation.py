"""What a generated operation is, and one call of it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

from store_credit._core.options import Timeout
from store_credit._core.response import Response

__all__ = ["Call", "Operation"]


def raw(response: Response) -> Response:
    """Give the answer itself, for calls no operation stands behind."""
    return response


class Operation:
    """One operation of `openapi.yaml`.

    Attributes:
        id: Its operationId.
        method: HTTP method.
        route: The path with its parameters in braces, for logs, hooks and traces.
        credential: How the client's own credential is sent (`X-Api-Key`, `Bearer`), or None where it must not be.
        accept: The media type of its answers.
        keyed: It takes an idempotency key, so that a repeat is answered and not executed.
        creates: It makes a new record: an answer that is lost leaves the outcome unknown.
        repeatable: Executing it twice leaves what executing it once does.
        read: Makes the result of a successful answer; raises ValueError where the answer is not what it should be.
        lookup: Where to look for a record whose create has no answer: the method, and the body fields it filters by.
        walk: How a list is gone through by id: what to sort by, and the parameter that asks for what comes after an id.
    """

    __slots__ = (
        "accept",
        "creates",
        "credential",
        "id",
        "keyed",
        "lookup",
        "method",
        "read",
        "repeatable",
        "route",
        "walk",
    )

    def __init__(
        self,
        id: str,
        method: str,
        route: str,
        *,
        credential: str | None = None,
        accept: bytes = b"application/json",
        keyed: bool = False,
        idempotent: bool = False,
        creates: bool = False,
        read: Callable[[Response], Any] = raw,
        lookup: tuple[str, tuple[str, ...]] | None = None,
        walk: tuple[str, str] | None = None,
    ) -> None:
        self.id = id
        self.method = method
        self.route = route
        self.credential = credential
        self.accept = accept
        self.keyed = keyed
        self.repeatable = idempotent or method != "POST"
        self.creates = creates
        self.read = read
        self.lookup = lookup
        self.walk = walk


class Call:
    """One call of an operation, ready to be sent and sent again.

    Attributes:
        operation: What is called.
        path: The path with its parameters filled in and percent-encoded.
        query: Query parameters in order, not yet encoded.
        body: The JSON body as Python values, or None.
        headers: Headers of this call alone.
        timeout: Seconds for each attempt.
        max_retries: How often it may be resent.
        key: The idempotency key, or None.
        response: The answer it got in the end.
        on_wire: An attempt has been started.
        by_id: It asks for a list in the order of ids, since its caller asked for no other.
    """

    __slots__ = (
        "body",
        "by_id",
        "content",
        "headers",
        "key",
        "max_retries",
        "on_wire",
        "operation",
        "path",
        "query",
        "response",
        "timeout",
    )

    def __init__(
        self,
        operation: Operation,
        path: str,
        query: list[tuple[str, str]] | None = None,
        body: Any = None,
        headers: list[tuple[bytes, bytes]] | None = None,
        key: str | None = None,
    ) -> None:
        self.operation = operation
        self.path = path
        self.query: list[tuple[str, str]] = query if query is not None else []
        self.body = body
        self.content: bytes | None = None
        self.headers: list[tuple[bytes, bytes]] = headers if headers is not None else []
        self.key = key
        self.timeout: Timeout | None = None
        self.max_retries: int | None = None
        self.response: Response | None = None
        self.on_wire = False
        self.by_id = False

    def renewed(self, query: list[tuple[str, str]]) -> Call:
        """Make a call that asks the same with another query, and of which nothing has happened yet."""
        call = copy(self)
        call.query = query
        call.headers = list(self.headers)
        call.response = None
        call.on_wire = False
        return call
