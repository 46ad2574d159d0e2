"""What a generated operation is, and one call of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeAlias

from store_credit._core.options import Timeout
from store_credit._core.response import Response

__all__ = ["Call", "Echo", "EchoKind", "Operation"]

EchoKind: TypeAlias = Literal["decimal", "integer", "id", "currency", "time", "text"]
"""How the two sides of an `Echo` are compared."""

_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


def raw(response: Response) -> Response:
    """Return the response itself, for calls that no operation of the document stands behind."""
    return response


class Echo(NamedTuple):
    """A value of the request that the response repeats (`x-echoes` in the document).

    Attributes:
        name: The argument's name, for messages.
        request: Where the value was sent: the members that lead to it in `Call.body`, or for a path parameter the
            index of its segment in `route.split("/")`.
        response: Where it comes back: the members that lead to it in the record's JSON object. For a JSON:API document
            the record is the object under `data`.
        kind: How the two are compared.
    """

    name: str
    request: tuple[str, ...] | int
    response: tuple[str, ...]
    kind: EchoKind


class Operation:
    """One operation of `openapi.yaml`.

    Attributes:
        id: Its operationId.
        method: HTTP method.
        route: The path with its parameters in braces, for logs, hooks and traces.
        credential: How the client's own credential is sent (`X-Api-Key`, `Bearer`), or None where it must not be.
        accept: The media type of its responses.
        keyed: It takes an idempotency key: a repeat under the same key is not executed again.
        creates: It makes a new record (`x-creates`).
        repeatable: A repeat leaves what one request does, also while the first one is still running: by its method
            (RFC 9110, 9.2.2) or because the document says so (`x-idempotent`).
        statuses: The success statuses the document names; empty where any 2xx is a success.
        echoes: What the response repeats of the request.
        reference: The members that lead in `Call.body` to the caller's own reference of a create (`x-reference`), or
            None.
        read: Makes the result of a successful response; raises ValueError where the response is not valid.
        lookup: Where to look for a record whose create has no response: the method, and the body members it filters
            by.
    """

    __slots__ = (
        "accept",
        "creates",
        "credential",
        "echoes",
        "id",
        "keyed",
        "lookup",
        "method",
        "read",
        "reference",
        "repeatable",
        "route",
        "statuses",
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
        statuses: tuple[int, ...] = (),
        echoes: tuple[Echo, ...] = (),
        reference: tuple[str, ...] | None = None,
        read: Callable[[Response], Any] = raw,
        lookup: tuple[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.id = id
        self.method = method
        self.route = route
        self.credential = credential
        self.accept = accept
        self.keyed = keyed
        self.repeatable = idempotent or method in _REPEATABLE
        self.creates = creates
        self.statuses = statuses
        self.echoes = echoes
        self.reference = reference
        self.read = read
        self.lookup = lookup

    @property
    def unknown_if_lost(self) -> bool:
        """Whether nothing is known of a call whose response was lost: it may have been executed, and a repeat counts.

        An idempotency key settles such a call, and does not change that its outcome is unknown until then.
        """
        return self.creates or not self.repeatable


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
        response: The response it got in the end.
        on_wire: An attempt has been started.
    """

    __slots__ = (
        "body",
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
