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
"""How a call ended: with a result; with an error status from the server; without a usable response; with an
`OutcomeUnknownError`; or interrupted from outside (cancelled, stopped from the keyboard)."""


@public
class RequestSent(NamedTuple):
    """An attempt is about to be sent.

    `route` is the path with its parameters in braces, suitable for a metric's label; `path` has them filled in.
    `attempt` counts from 1. `idempotency_key` is None if the request has none.
    """

    operation: str
    method: str
    route: str
    path: str
    attempt: int
    idempotency_key: str | None


@public
class ResponseReceived(NamedTuple):
    """A response has been read. `elapsed` is in seconds, from sending this attempt until its body had been read."""

    operation: str
    method: str
    route: str
    attempt: int
    response: Response
    elapsed: float


@public
class AttemptFailed(NamedTuple):
    """An attempt ended without a usable response. Every `RequestSent` is followed by this event or `ResponseReceived`.

    `error` is the underlying exception, or describes what is wrong with the response's body; in the second case, this
    event follows the `ResponseReceived` of the same attempt. `elapsed` is in seconds, from sending the attempt.
    """

    operation: str
    method: str
    route: str
    attempt: int
    error: BaseException
    elapsed: float


@public
class RetryScheduled(NamedTuple):
    """The request will be sent again after `delay` seconds. `reason` is a status such as `503`, or the error's name."""

    operation: str
    method: str
    route: str
    attempt: int
    reason: str
    delay: float


@public
class CallEnded(NamedTuple):
    """A call has ended, in any way. There is one such event for every call that began.

    `attempts` counts the requests that were sent, `elapsed` is in seconds and includes all waits, and `error` is the
    exception that the caller gets, or None.
    """

    operation: str
    method: str
    route: str
    outcome: Outcome
    attempts: int
    elapsed: float
    error: BaseException | None


Event: TypeAlias = RequestSent | ResponseReceived | AttemptFailed | RetryScheduled | CallEnded
"""What a hook receives: one event for each step of a call."""
EventHook: TypeAlias = Callable[[Event], None]
"""A function with one event as its argument, for a client's `event_hooks`. If it raises an error, the error is logged
and the call continues."""
AsyncEventHook: TypeAlias = Callable[[Event], Awaitable[None]]
"""A hook of an async client; it is awaited before the call continues."""
