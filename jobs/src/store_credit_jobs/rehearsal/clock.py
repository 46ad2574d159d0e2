"""The time of a rehearsal: the machine's, and ahead of it by all that was waited."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from store_credit_jobs.systems.clock import Clock

__all__ = ["RehearsalClock", "RehearsalHalt"]


class RehearsalClock(Clock):
    """A clock on which every wait is over at once. The engine, the system and the mock share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ahead = 0.0

    def now(self) -> float:
        """Give the time in seconds since 1970, UTC."""
        return time.time() + self._ahead

    def monotonic(self) -> float:
        """Give seconds that only increase, waits included."""
        return time.monotonic() + self._ahead

    def wait(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass, unless it is told to stop; see `Clock.wait`."""
        if stopped():
            return False
        with self._lock:
            self._ahead += max(seconds, 0.0)
        return True

    @property
    def waited(self) -> float:
        """Seconds that would have been waited."""
        return self._ahead


class RehearsalHalt(threading.Event):
    """What tells the engine to stop; waiting for it takes the clock's time, not the machine's."""

    def __init__(self, clock: RehearsalClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, or let so many seconds pass."""
        if timeout is None:
            return super().wait()
        self._clock.wait(timeout, self.is_set)
        return self.is_set()
