"""What the flow of a call asks its driver to do."""

from __future__ import annotations

from collections.abc import Awaitable, Generator
from typing import Any, NamedTuple, TypeAlias

from store_credit._core.credentials import Secret
from store_credit._core.operation import Call
from store_credit._core.options import Timeout

__all__ = ["AskToken", "Await", "Flow", "Wait", "WireRequest"]


class WireRequest:
    """One attempt, as bytes. `target` is path and query, `operation` and `route` name it for traces.

    `expires` is when the call's deadline passes, in seconds of the monotonic clock; None without one.
    """

    __slots__ = ("content", "expires", "headers", "method", "operation", "route", "target", "timeout")

    def __init__(
        self,
        call: Call,
        headers: list[tuple[bytes, bytes]],
        target: str,
        timeout: Timeout,
        expires: float | None,
    ) -> None:
        self.method = call.operation.method
        self.operation = call.operation.id
        self.route = call.operation.route
        self.content = call.content
        self.headers = headers
        self.target = target
        self.timeout = timeout
        self.expires = expires


class Wait(NamedTuple):
    """Sleep for this many seconds."""

    seconds: float


class AskToken(NamedTuple):
    """Fetch the client's credential. `refused` is the one the server has just answered 401 to, or None at first."""

    refused: Secret | None


class Await(NamedTuple):
    """Await what an async event hook returned."""

    awaitable: Awaitable[Any]


Flow: TypeAlias = Generator[WireRequest | Wait | AskToken | Await, Any, Any]
