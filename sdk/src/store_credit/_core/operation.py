"""What a generated operation is, and one call of it."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Literal, NamedTuple, TypeAlias

from store_credit._core.credentials import Secret
from store_credit._core.errors import OutcomeUnknownError
from store_credit._core.keyring import Key
from store_credit._core.options import Timeout
from store_credit._core.response import Response
from store_credit._core.unset import UNSET, Unset

__all__ = ["AmountArgument", "Call", "Echo", "EchoKind", "IdArgument", "Operation", "VersionedArgument"]

EchoKind: TypeAlias = Literal["decimal", "integer", "id", "currency", "time", "text"]
"""How the two sides of an `Echo` are compared."""

_READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REPEATABLE = _READS | {"PUT", "DELETE"}


def raw(response: Response) -> Response:
    """Return the response itself, for calls that no operation of the OpenAPI document stands behind."""
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


class IdArgument(NamedTuple):
    """An id of a request (`x-id-prefixes` in the document).

    Attributes:
        name: The argument's name.
        place: Where it is sent, as `Echo.request` says it; bytes name a header.
        prefixes: What its text may begin with.
    """

    name: str
    place: tuple[str, ...] | int | bytes
    prefixes: tuple[str, ...]


class AmountArgument(NamedTuple):
    """An amount of a request that is sent as text (`x-currency` in the document).

    Attributes:
        name: The argument's name.
        place: The members that lead to it in `Call.body`.
        currency: Those that lead to its currency, or None where the request names none.
    """

    name: str
    place: tuple[str, ...]
    currency: tuple[str, ...] | None


class VersionedArgument(NamedTuple):
    """An argument that not all versions of the system have (`x-versions` in the document).

    Attributes:
        name: The argument's name.
        place: The name of the query parameter, that of the header as bytes, or the members that lead to it in
            `Call.body`.
        versions: Those that have it.
    """

    name: str
    place: tuple[str, ...] | str | bytes
    versions: tuple[str, ...]


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
        security: Of a system that only its document describes: the alternatives of credentials, of which one is sent;
            empty where `credential` says it.
        media_type: Of the body.
        root: The body's only member, in which the arguments stand, or None where they stand in the body itself.
        lookup: Where to look for a record whose create has no response: the list's operationId, the body members that
            it filters by (`<name>_eq`), and its filter by the time of creation, or None.
        if_lost: What to do about a call whose response was lost, in the document's words (`x-if-lost`), or None.
        walk: How a list is gone through by id: what to sort by, and the parameter that asks for what comes after an id.
        versions: Of a system that differs between its versions: those that have it; empty for all.
        versioned: Its arguments that not all versions have.
        ids: Its ids, each with what its text begins with.
        amounts: Its amounts that are sent as text.
        unlocked: Two requests under one idempotency key that are under way at once are both executed; a repeat is
            answered with the first response only once that has ended (`x-unlocked`).
        listing: The list on the same path, where a record is looked for whose create has no response: its operationId;
            None where there is none, or the record is looked for by `lookup`.
        serialize_by: Where a request names what no other call may change at the same time (`x-serialize-by`), in order
            of preference: `path` with the index of the segment in `route.split("/")`, `query` with the parameter's
            name, `header` with the header's in lower case.
    """

    __slots__ = (
        "accept",
        "amounts",
        "creates",
        "credential",
        "echoes",
        "id",
        "ids",
        "if_lost",
        "keyed",
        "listing",
        "lookup",
        "media_type",
        "method",
        "read",
        "reference",
        "repeatable",
        "root",
        "route",
        "security",
        "serialize_by",
        "statuses",
        "unlocked",
        "versioned",
        "versions",
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
        statuses: tuple[int, ...] = (),
        echoes: tuple[Echo, ...] = (),
        reference: tuple[str, ...] | None = None,
        read: Callable[[Response], Any] = raw,
        root: str | None = None,
        lookup: tuple[str, tuple[str, ...], str | None] | None = None,
        if_lost: str | None = None,
        walk: tuple[str, str] | None = None,
        serialize_by: tuple[tuple[str, str | int], ...] = (),
        security: tuple[tuple[Key, ...], ...] = (),
        media_type: bytes = b"application/json",
        versions: tuple[str, ...] = (),
        versioned: tuple[VersionedArgument, ...] = (),
        ids: tuple[IdArgument, ...] = (),
        amounts: tuple[AmountArgument, ...] = (),
        unlocked: bool = False,
        listing: str | None = None,
    ) -> None:
        self.id = id
        self.method = method
        self.route = route
        self.credential = credential
        self.accept = accept
        self.keyed = keyed
        # A write whose key does not lock may still be running, and what is sent after it need not come after it.
        late = unlocked and method not in _READS
        self.repeatable = idempotent or (method in _REPEATABLE and not late)
        self.creates = creates
        self.statuses = statuses
        self.echoes = echoes
        self.reference = reference
        self.read = read
        self.root = root
        self.lookup = lookup
        self.if_lost = if_lost
        self.walk = walk
        self.serialize_by = serialize_by
        self.security = security
        self.media_type = media_type
        self.versions = versions
        self.versioned = versioned
        self.ids = ids
        self.amounts = amounts
        self.unlocked = unlocked and not idempotent
        self.listing = listing

    @property
    def unknown_if_lost(self) -> bool:
        """Whether nothing is known of a call whose response was lost: it may have been executed, and a repeat counts.

        A create under an idempotency key is one as well: the key settles it, but until then its record may or may not
        exist. So is any write whose key does not lock while its first request runs.
        """
        return self.creates or not (self.repeatable or (self.keyed and not self.unlocked))


class Call:
    """One call of an operation, ready to be sent and sent again.

    Attributes:
        operation: What is called.
        path: The path with its parameters filled in and percent-encoded.
        query: Query parameters in order, not yet encoded.
        body: The JSON body as Python values, or None.
        content: The body's bytes; None until the JSON body is written, or without a body.
        headers: Headers of this call alone.
        timeout: Seconds for each step of an attempt; None for the client's.
        deadline: Seconds for the whole call, or None for no bound; UNSET for the client's.
        max_retries: How often it may be resent; None for the client's.
        key: The idempotency key, or None.
        refusals: How often its key was given up, since the server keeps a refusal under it.
        sent_key: The key as the last attempt carried it.
        secret: A credential for this call alone, in place of the client's; of a client that holds several, those that
            replace or complete them.
        response: The response it got in the end.
        settles: The error about an earlier call that this one repeats; None for any other.
        attempts: How many attempts have been started.
        started: When the call began, in seconds of the monotonic clock.
        attempt_started: When the last attempt began, likewise.
        on_wire: An attempt is under way.
        ended: Hooks have been told of the end.
        uncertain: An attempt may have been executed without a response to trust.
        by_id: It asks for a list in the order of ids, since its caller asked for no other.
    """

    __slots__ = (
        "attempt_started",
        "attempts",
        "body",
        "by_id",
        "content",
        "deadline",
        "ended",
        "headers",
        "key",
        "max_retries",
        "on_wire",
        "operation",
        "path",
        "query",
        "refusals",
        "response",
        "secret",
        "sent_key",
        "settles",
        "started",
        "timeout",
        "uncertain",
    )

    def __init__(
        self,
        operation: Operation,
        path: str,
        query: list[tuple[str, str]] | None = None,
        body: Any = None,
        headers: list[tuple[bytes, bytes]] | None = None,
        key: str | None = None,
        content: bytes | None = None,
        secret: Secret | None = None,
    ) -> None:
        self.operation = operation
        self.path = path
        self.query: list[tuple[str, str]] = query if query is not None else []
        self.body = body
        self.content = content
        self.headers: list[tuple[bytes, bytes]] = headers if headers is not None else []
        self.key = key
        self.refusals = 0
        self.sent_key: str | None = None
        self.timeout: Timeout | None = None
        self.deadline: float | Unset | None = UNSET
        self.max_retries: int | None = None
        self.secret = secret
        self.response: Response | None = None
        self.settles: OutcomeUnknownError | None = None
        self.attempts = 0
        self.started = 0.0
        self.attempt_started = 0.0
        self.on_wire = False
        self.ended = False
        self.uncertain = False
        self.by_id = False

    @property
    def shown_key(self) -> str | None:
        """The key as its caller knows it; what is settled is sent under the spelling that it was sent under before."""
        return self.key if self.settles is None else self.settles.idempotency_key

    def renewed(self, query: list[tuple[str, str]]) -> Call:
        """Make a call that asks the same with another query, and of which nothing has happened yet."""
        call = copy(self)
        call.query = query
        call.headers = list(self.headers)
        call.response = None
        call.attempts = 0
        call.on_wire = False
        call.ended = False
        call.uncertain = False
        return call
