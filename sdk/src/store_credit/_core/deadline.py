"""A deadline in the middle of an attempt: waiting no longer, and what is known of an attempt that is cut off there."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from store_credit._core.faults import DeadlineError, Fault

__all__ = ["Stage", "Work", "at_deadline", "no_token"]

T = TypeVar("T")


class Stage:
    """How far an attempt has come, told by the HTTP library through its `trace` extension.

    One that is still connecting when the deadline passes has sent nothing, and never will. One of which the library
    says nothing, as with a custom transport, may have been sent.

    Attributes:
        stream: The library's stream to the server, while a TLS connection is being made over it; else None.
    """

    __slots__ = ("_connecting", "_over", "stream")

    def __init__(self) -> None:
        self._connecting = False
        self._over = False
        self.stream: Any = None

    def tell(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of the library, such as `connection.connect_tcp.started`, with what it says of it.

        Raises:
            DeadlineError: The request would go out now, when its call has ended.
        """
        if event.endswith(".send_request_headers.started"):
            # In this order, and the reverse in `end`, so that two threads cannot pass each other.
            self._connecting = False
            self.stream = None
            if self._over:
                raise DeadlineError("the call's deadline passed before the request was sent")
        elif event == "connection.connect_tcp.complete":
            self.stream = info["return_value"]
        elif event.startswith("connection.") and event.endswith(".started"):
            self._connecting = True

    async def tell_async(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of the library's async half."""
        self.tell(event, info)

    def end(self) -> Fault:
        """The deadline has passed, and the attempt is left to itself or was cut off: say what is known of it."""
        self._over = True
        return _late("connect" if self._connecting else "timeout")


def at_deadline(fault: Fault, now: float, expires: float) -> Fault:
    """Name the deadline as the cause where it was what cut a step short: its timeouts were set to what was left."""
    return fault if fault.kind == "broken" or now < expires else _late(fault.kind)


def no_token() -> Fault:
    """The fault of a call whose credential was not there in time."""
    late = DeadlineError("the call's deadline passed while its credential was being fetched")
    return Fault("connect", late, final=True)


def _late(kind: str) -> Fault:
    if kind == "connect":
        return Fault(
            "connect", DeadlineError("the call's deadline passed before a connection was established"), final=True
        )
    return Fault("timeout", DeadlineError("the call's deadline passed before the response arrived"), final=True)


class Work(Generic[T]):
    """Something that blocks, done in a thread of its own so that the thread of the call can go on without it.

    A blocking read can be bounded, but not one byte after another from a server that always sends the next in time.

    Raises:
        RuntimeError: The system has no thread left; nothing has been done.
    """

    __slots__ = ("_done", "_error", "_result")

    def __init__(self, work: Callable[[], T]) -> None:
        self._done = threading.Event()
        self._error: BaseException | None = None
        self._result: list[T] = []
        context = contextvars.copy_context()
        thread = threading.Thread(target=context.run, args=(self._run, work), name="store-credit-call", daemon=True)
        thread.start()

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self._result.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the call
            self._error = error
        finally:
            self._done.set()

    def wait(self, seconds: float) -> list[T]:
        """Wait so many seconds at most: a list with the result, or an empty one where there is none yet.

        Raises:
            BaseException: What the work raised.
        """
        self._done.wait(max(0.0, seconds))
        if self._error is not None:
            raise self._error
        return self._result
