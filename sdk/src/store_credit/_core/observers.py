"""Telling hooks and logs what a call does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_credit._core import logs
from store_credit._core.hooks import Event, RequestSent, ResponseReceived, RetryScheduled

if TYPE_CHECKING:
    from store_credit._core.flow import WireRequest
    from store_credit._core.operation import Call
    from store_credit._core.response import Response
    from store_credit._core.settings import Settings

__all__ = ["tell_request", "tell_response", "tell_retry"]


def _tell(settings: Settings, event: Event) -> None:
    for hook in settings.hooks:
        try:
            hook(event)
        except Exception:  # noqa: BLE001 - see below
            # A created credit must not get lost because somebody's metrics failed.
            logs.logger.exception("an event hook failed on %s of %s", type(event).__name__, event.operation)


def tell_request(settings: Settings, call: Call, request: WireRequest, attempt: int) -> None:
    operation = call.operation
    # Without its query: a token may stand there.
    path = call.path.partition("?")[0]
    if logs.logger.isEnabledFor(logs.logging.DEBUG):
        headers = logs.only_plain(request.headers)
        logs.logger.debug("%s attempt %d: %s %s %s", operation.id, attempt, operation.method, path, headers)
    if settings.hooks:
        _tell(settings, RequestSent(operation.id, operation.method, operation.route, path, attempt, call.key))


def tell_response(settings: Settings, call: Call, response: Response, attempt: int) -> None:
    operation = call.operation
    logs.logger.info(
        "%s attempt %d: %d in %.0f ms, request id %s",
        operation.id,
        attempt,
        response.status_code,
        response.elapsed * 1000,
        response.request_id,
    )
    if settings.hooks:
        _tell(
            settings,
            ResponseReceived(operation.id, operation.method, operation.route, attempt, response, response.elapsed),
        )


def tell_retry(settings: Settings, call: Call, attempt: int, reason: str, delay: float) -> None:
    operation = call.operation
    logs.logger.info("%s attempt %d: %s, sending again in %.2f s", operation.id, attempt, reason, delay)
    if settings.hooks:
        _tell(settings, RetryScheduled(operation.id, operation.method, operation.route, attempt, reason, delay))
