"""Telling hooks and logs what a call does. Each function yields what an async hook returned, to be awaited."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from store_credit._core import logs
from store_credit._core.actions import Await
from store_credit._core.errors import APIStatusError, OutcomeUnknownError, StoreCreditError
from store_credit._core.hooks import (
    AttemptFailed,
    CallEnded,
    Event,
    Outcome,
    RequestSent,
    ResponseReceived,
    RetryScheduled,
)

if TYPE_CHECKING:
    from store_credit._core.actions import WireRequest
    from store_credit._core.operation import Call
    from store_credit._core.response import Response
    from store_credit._core.settings import Settings

__all__ = [
    "attempt_failed",
    "ended",
    "finish",
    "interrupted",
    "request_sent",
    "response_received",
    "retry_scheduled",
]


def _tell(settings: Settings, event: Event) -> Iterator[Await]:
    for hook in settings.hooks:
        try:
            waiting: Any = hook(event)
        except Exception:  # noqa: BLE001 - see below
            # A created credit must not get lost because somebody's metrics failed.
            logs.logger.exception("an event hook failed on %s of %s", type(event).__name__, event.operation)
        else:
            if isawaitable(waiting):
                yield Await(waiting, event)


async def finish(waiting: Await) -> None:
    """Await what an async hook returned; an error in it is logged."""
    try:
        await waiting.awaitable
    except Exception:  # noqa: BLE001 - as above
        event = waiting.event
        logs.logger.exception("an event hook failed on %s of %s", type(event).__name__, event.operation)


def request_sent(settings: Settings, call: Call, request: WireRequest) -> Iterator[Await]:
    """An attempt goes on the wire."""
    operation = call.operation
    # Without its query: a token may stand there.
    path = call.path.partition("?")[0]
    if logs.logger.isEnabledFor(logs.logging.DEBUG):
        headers = logs.only_plain(request.headers)
        if settings.system.shares_keys(operation.route):
            # Whoever reads such a key and knows the request is given its response, another's cart.
            headers |= {name: "***" for name in headers if name.lower() == "idempotency-key"}
        logs.logger.debug("%s attempt %d: %s %s %s", operation.id, call.attempts, operation.method, path, headers)
    if settings.hooks:
        sent = RequestSent(operation.id, operation.method, operation.route, path, call.attempts, call.key)
        yield from _tell(settings, sent)


def response_received(settings: Settings, call: Call, response: Response) -> Iterator[Await]:
    """A response has been read."""
    operation = call.operation
    logs.logger.info(
        "%s attempt %d: %d in %.0f ms, request id %s",
        operation.id,
        call.attempts,
        response.status_code,
        response.elapsed * 1000,
        logs.cut(logs.shown(response.request_id or "none"), 200),
    )
    if settings.hooks:
        yield from _tell(
            settings,
            ResponseReceived(
                operation.id, operation.method, operation.route, call.attempts, response, response.elapsed
            ),
        )


def attempt_failed(settings: Settings, call: Call, error: BaseException, elapsed: float) -> Iterator[Await]:
    """An attempt ended without a usable response. `elapsed` is in seconds."""
    operation = call.operation
    logs.logger.info(
        "%s attempt %d: %s after %.0f ms", operation.id, call.attempts, type(error).__name__, elapsed * 1000
    )
    if settings.hooks:
        failed = AttemptFailed(operation.id, operation.method, operation.route, call.attempts, error, elapsed)
        yield from _tell(settings, failed)


def retry_scheduled(settings: Settings, call: Call, reason: str, delay: float) -> Iterator[Await]:
    """The request will be sent again after `delay` seconds."""
    operation = call.operation
    logs.logger.info("%s attempt %d: %s, sending again in %.2f s", operation.id, call.attempts, reason, delay)
    if settings.hooks:
        again = RetryScheduled(operation.id, operation.method, operation.route, call.attempts, reason, delay)
        yield from _tell(settings, again)


def ended(settings: Settings, call: Call, error: BaseException | None) -> Iterator[Await]:
    """A call has ended with a result or an error of ours."""
    outcome: Outcome = "success"
    if isinstance(error, OutcomeUnknownError):
        outcome = "unknown"
        # Somebody has to look at it, whoever handles the exception.
        logs.logger.warning("%s", error)
    elif isinstance(error, APIStatusError):
        outcome = "refused"
    elif error is not None:
        outcome = "failed"
    yield from _ended(settings, call, outcome, error)


def interrupted(settings: Settings, call: Call, error: BaseException, *, unknown: bool) -> Iterator[Await]:
    """A call was cut off from outside, perhaps during an attempt. `unknown`: what became of it is not known."""
    if call.on_wire:
        yield from attempt_failed(settings, call, error, settings.clock.monotonic() - call.attempt_started)
        call.on_wire = False
    if unknown:
        logs.logger.warning("%s was interrupted (%s): outcome unknown", call.operation.id, type(error).__name__)
    yield from _ended(settings, call, "failed" if isinstance(error, StoreCreditError) else "interrupted", error)


def _ended(settings: Settings, call: Call, outcome: Outcome, error: BaseException | None) -> Iterator[Await]:
    call.ended = True
    if settings.hooks:
        operation = call.operation
        elapsed = settings.clock.monotonic() - call.started
        end = CallEnded(operation.id, operation.method, operation.route, outcome, call.attempts, elapsed, error)
        yield from _tell(settings, end)
