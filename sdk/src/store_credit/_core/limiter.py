"""How many attempts of one client are under way at one time: as many as it has connections.

The waiting is done here and not in the HTTP library's pool, whose work for each waiting request grows with their number
(encode/httpcore#1035): a thousand calls at once took twenty times as long there.
"""

from __future__ import annotations

import sys
from queue import Empty, SimpleQueue
from typing import Any

from store_credit._core.faults import DeadlineError, PoolFullError

__all__ = ["AsyncLimiter", "Limiter", "running_loop"]


def _full(size: int, waited: float) -> PoolFullError:
    return PoolFullError(
        f"all {size} connections of this client were in use for {waited:g} seconds (Timeout.pool); increase "
        "Timeout.pool or max_connections=, or make fewer calls at the same time"
    )


class Limiter:
    """The bound of a sync client."""

    __slots__ = ("_free", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        # A queue of free places: threading's Semaphore is written in Python, and took two percent of a call.
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(size):
            self._free.put(None)

    def acquire(self, longest: float | None, left: float | None) -> None:
        """Wait for a place.

        Args:
            longest: Seconds to wait at most (`Timeout.pool`), or None.
            left: Seconds until the call's deadline, or None.

        Raises:
            PoolFullError: The wait was too long.
            DeadlineError: The deadline came first.
        """
        waits = [seconds for seconds in (longest, left) if seconds is not None]
        try:
            self._free.get(timeout=max(0.0, min(waits)) if waits else None)
        except Empty:
            raise _late(self.size, longest, left) from None

    def release(self) -> None:
        """Give the place back."""
        self._free.put(None)


class AsyncLimiter:
    """The bound of an async client; places belong to the event loop they were taken on."""

    __slots__ = ("_free", "_loop", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        self._free: Any = None
        self._loop: Any = None

    def _semaphore(self) -> Any:
        loop = running_loop()
        if self._free is None or loop is not self._loop:
            from anyio import Semaphore

            # fast_acquire: a call that need not wait does not yield to the event loop first.
            self._free, self._loop = Semaphore(self.size, fast_acquire=True), loop
        return self._free

    async def acquire(self, longest: float | None, left: float | None) -> Any:
        """Wait for a place, as `Limiter.acquire` does, and return what has to be released."""
        semaphore = self._semaphore()
        waits = [seconds for seconds in (longest, left) if seconds is not None]
        if not waits or semaphore.value:
            await semaphore.acquire()
            return semaphore
        from anyio import move_on_after

        with move_on_after(max(0.0, min(waits))):
            await semaphore.acquire()
            return semaphore
        raise _late(self.size, longest, left)


def _late(size: int, longest: float | None, left: float | None) -> TimeoutError:
    if longest is not None and (left is None or longest < left):
        return _full(size, longest)
    return DeadlineError(f"the call's deadline passed while all {size} connections of this client were in use")


def running_loop() -> Any:
    """The event loop of asyncio that runs in this thread, or None; on trio there is none."""
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio and asyncio.get_running_loop()
    except RuntimeError:
        return None
