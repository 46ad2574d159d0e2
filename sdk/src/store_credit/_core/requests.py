"""What both transports do with an attempt before and after it is on the wire."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from store_credit._core import observers
from store_credit._core.actions import Await, WireRequest
from store_credit._core.errors import InvalidArgumentError, StoreCreditError
from store_credit._core.httplib import Library
from store_credit._core.operation import Call
from store_credit._core.settings import Settings

__all__ = ["give_up", "interrupted", "library_request"]

_KNOWN: Final = 256
_urls: dict[tuple[str, str], Any] = {}
"""URLs already parsed, by library and text. A create always goes to the same one, and parsing it took 18 of a call's
160 microseconds when it was measured (2026-11-28, httpx 0.28.1)."""


def library_request(library: Library, settings: Settings, wire: WireRequest, now: float, trace: Any = None) -> Any:
    """Make the library's own request of an attempt. No timeout in it is longer than what is left of the deadline.

    Args:
        library: Whose.
        settings: Of the client.
        wire: The attempt.
        now: Seconds of the monotonic clock.
        trace: A function that the library tells how far the attempt has come, or None.

    Raises:
        InvalidArgumentError: The path and query cannot be sent.
    """
    module = library.module
    text = settings.origin + wire.target
    url = _urls.get((library.name, text))
    if url is None:
        try:
            url = module.URL(text)
        except module.InvalidURL as error:
            raise InvalidArgumentError(f"the path and query cannot be sent: {error}") from error
        if len(_urls) < _KNOWN:
            _urls[library.name, text] = url
    timeout = wire.timeout
    seconds = {"connect": timeout.connect, "read": timeout.read, "write": timeout.write, "pool": timeout.pool}
    if wire.expires is not None:
        left = max(0.001, wire.expires - now)
        seconds = {name: left if value is None else min(value, left) for name, value in seconds.items()}
    extensions: dict[str, Any] = {
        "timeout": seconds,
        "store_credit": {"operation": wire.operation, "route": wire.route},
    }
    if trace is not None:
        extensions["trace"] = trace
    return module.Request(
        wire.method,
        url,
        headers=wire.headers,
        stream=module.ByteStream(wire.content or b""),
        extensions=extensions,
    )


def give_up(wire: WireRequest) -> None:
    """Have the connection not used again on which a response to something else came.

    The HTTP libraries take what they have read already for the response to the next request (against RFC 9112, 9.2),
    so that one response too many makes all that follow on its connection those of other requests.
    """
    stream, wire.connection = wire.connection, None
    # Not closed, but shut down: on every event loop it looks to the library as if the server had done it.
    found = None if stream is None else stream.get_extra_info("socket")
    if found is not None:
        with suppress(OSError):
            found.shutdown(socket.SHUT_RDWR)


def interrupted(call: Call, settings: Settings, error: BaseException) -> Iterator[Await]:
    """Tell what became of a call that was cut off from outside: cancelled, stopped from the keyboard, or by its driver.

    The exception gets a note with the key to repeat it under; hooks and the log hear of it as of any other end.
    """
    if call.ended:
        return
    # What the driver itself refuses to send has not been sent.
    perhaps_executed = call.uncertain or (call.on_wire and not isinstance(error, StoreCreditError))
    unknown = call.operation.unknown_if_lost and perhaps_executed
    if unknown:
        key = (
            f"repeat it with idempotency_key={str(call.key)!r}"
            if call.key
            else "check whether it took effect before you repeat it"
        )
        if call.key and call.operation.unlocked:
            key = (
                "check whether it took effect; repeat it only after two minutes, with "
                f"idempotency_key={str(call.key)!r}"
            )
        error.add_note(f"{call.operation.id} was interrupted, and its outcome is unknown: {key}")
    yield from observers.interrupted(settings, call, error, unknown=unknown)
