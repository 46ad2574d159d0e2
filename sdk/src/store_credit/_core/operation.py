"""What a generated operation is, and one call of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from store_credit._core.credentials import Secret
from store_credit._core.options import Timeout
from store_credit._core.response import Response
from store_credit._core.unset import UNSET, Unset

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


class Call:
    """One call of an operation, ready to be sent and sent again.

    Attributes:
        operation: What is called.
        path: The path with its parameters filled in and percent-encoded.
        query: Query parameters in order, not yet encoded.
        body: The JSON body as Python values, or None.
        headers: Headers of this call alone.
        timeout: Seconds for each step of an attempt; None for the client's.
        deadline: Seconds for the whole call, or None for no bound; UNSET for the client's.
        max_retries: How often it may be resent; None for the client's.
        key: The idempotency key, or None.
        secret: A credential for this call alone, in place of the client's.
        response: The response it got in the end.
        first_started: When the call that this one settles began; None for any other.
        attempts: How many attempts have been started.
        started: When the call began, in seconds of the monotonic clock.
        attempt_started: When the last attempt began, likewise.
        on_wire: An attempt is under way.
        ended: Hooks have been told of the end.
    """

    __slots__ = (
        "attempt_started",
        "attempts",
        "body",
        "content",
        "deadline",
        "ended",
        "first_started",
        "headers",
        "key",
        "max_retries",
        "on_wire",
        "operation",
        "path",
        "query",
        "response",
        "secret",
        "started",
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
        self.deadline: float | Unset | None = UNSET
        self.max_retries: int | None = None
        self.secret: Secret | None = None
        self.response: Response | None = None
        self.first_started: datetime | None = None
        self.attempts = 0
        self.started = 0.0
        self.attempt_started = 0.0
        self.on_wire = False
        self.ended = False
