"""What an event hook is told. One frozen record per event, with units in the field names' documentation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple, TypeAlias

from store_credit._core.public import public
from store_credit._core.response import Response

__all__ = [
    "AsyncEventHook",
    "AttemptFailed",
    "CallEnded",
    "Event",
    "EventHook",
    "Outcome",
    "RequestSent",
    "ResponseReceived",
    "RetryScheduled",
]

Outcome: TypeAlias = Literal["success", "refused", "failed", "unknown", "interrupted"]
"""How a call ended: with a result; with an error status of the server's; without a usable response; with an
`OutcomeUnknownError`; cut off from outside (cancelled, stopped from the keyboard)."""


@public
class RequestSent(NamedTuple):
    """An attempt is about to go on the wire.

    `route` is the path with its parameters in braces, fit for a metric's label; `path` has them filled in.
    `attempt` counts from 1. `idempotency_key` is None where the request has none.
    """

    operation: str
    method: str
    route: str
    path: str
    attempt: int
    idempotency_key: str | None


@public
class ResponseReceived(NamedTuple):
    """A response has been read. `elapsed` is in seconds, from sending this attempt to having read its body."""

    operation: str
    method: str
    route: str
    attempt: int
    response: Response
    elapsed: float


@public
class AttemptFailed(NamedTuple):
    """An attempt ended without a usable response: every `RequestSent` is followed by this or a `ResponseReceived`.

    `error` is what was raised underneath, or what is wrong with the response's body, which then follows a
    `ResponseReceived` of the same attempt. `elapsed` is in seconds, from sending the attempt.
    """

    operation: str
    method: str
    route: str
    attempt: int
    error: BaseException
    elapsed: float


@public
class RetryScheduled(NamedTuple):
    """The request will be sent again after `delay` seconds. `reason` is a status such as `503`, or the fault's name."""

    operation: str
    method: str
    route: str
    attempt: int
    reason: str
    delay: float


@public
class CallEnded(NamedTuple):
    """A call has ended, however: once for every call that began.

    `attempts` counts what went on the wire, `elapsed` is in seconds with all waits, and `error` is the exception the
    caller gets, or None.
    """

    operation: str
    method: str
    route: str
    outcome: Outcome
    attempts: int
    elapsed: float
    error: BaseException | None


Event: TypeAlias = RequestSent | ResponseReceived | AttemptFailed | RetryScheduled | CallEnded
"""What a hook gets: one of these for each step of a call."""
EventHook: TypeAlias = Callable[[Event], None]
"""A function that takes one event, for `event_hooks` of a client. An error in it is logged; the call goes on."""
AsyncEventHook: TypeAlias = Callable[[Event], Awaitable[None]]
"""A hook of an async client; it is awaited before the call goes on."""
