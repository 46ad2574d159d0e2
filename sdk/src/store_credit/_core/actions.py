"""What the flow of a call asks its driver to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Iterable
from typing import Any, NamedTuple, TypeAlias

from store_credit._core.credentials import Secret
from store_credit._core.operation import Call
from store_credit._core.options import Timeout
from store_credit._core.rate_gate import Ticket
from store_credit._core.turns import Turn

__all__ = ["AskToken", "Await", "Flow", "Held", "Wait", "WireRequest"]


class WireRequest:
    """One attempt, as bytes. `target` is path and query, `operation` and `route` name it for traces.

    `expires` is when the call's deadline passes, in seconds of the monotonic clock; None without one. `ticket` lets it
    through the gate of the server's rate limit: the driver asks once it has a connection for it, and calls `begin` as
    soon as it may go, which tells hooks and logs. `connection` is where its response came from, as the HTTP library
    names it; set by the driver, None where it is not known.
    """

    __slots__ = (
        "begin",
        "connection",
        "content",
        "expires",
        "headers",
        "method",
        "operation",
        "route",
        "target",
        "ticket",
        "timeout",
    )

    def __init__(
        self,
        call: Call,
        headers: list[tuple[bytes, bytes]],
        target: str,
        timeout: Timeout,
        expires: float | None,
        ticket: Ticket,
        begin: Callable[[WireRequest], Iterable[Await]],
    ) -> None:
        self.method = call.operation.method
        self.operation = call.operation.id
        self.route = call.operation.route
        self.content = call.content
        self.headers = headers
        self.target = target
        self.timeout = timeout
        self.expires = expires
        self.ticket = ticket
        self.begin = begin
        self.connection: Any = None


class Held(NamedTuple):
    """The driver's word that the gate holds an attempt back; nothing was sent. Ask again after `seconds`."""

    seconds: float


class Wait(NamedTuple):
    """Sleep for this many seconds."""

    seconds: float


class AskToken(NamedTuple):
    """Fetch the client's credential.

    Attributes:
        refused: The one that the server has just refused with 401, or None at first.
        left: Seconds until the call's deadline, or None without one. Where they are over, the flow is sent a `Fault`.
    """

    refused: Secret | None
    left: float | None = None


class Await(NamedTuple):
    """Await what an async event hook returned, with `observers.finish`."""

    awaitable: Awaitable[Any]
    event: Any


Flow: TypeAlias = Generator[WireRequest | Wait | AskToken | Turn | Await, Any, Any]
