"""What an event hook is told. One frozen record per event, with units in the field names' documentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from store_credit._core.public import public
from store_credit._core.response import Response

__all__ = ["Event", "EventHook", "RequestSent", "ResponseReceived", "RetryScheduled"]


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
    """An answer has been read. `elapsed` is in seconds, from sending this attempt to having read its body."""

    operation: str
    method: str
    route: str
    attempt: int
    response: Response
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


Event: TypeAlias = RequestSent | ResponseReceived | RetryScheduled
EventHook: TypeAlias = Callable[[Event], None]
