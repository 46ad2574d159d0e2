"""The time of a rehearsal: from the machine's at its start, it goes on with each request and by all that is waited.

On a busy machine a rehearsal takes longer and gives the same: nothing in it reads the machine's clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from store_credit_jobs.systems.clock import Clock

__all__ = ["RehearsalClock", "RehearsalHalt"]

_REQUEST = 0.01
"""Seconds that a request takes."""


class RehearsalClock(Clock):
    """A clock on which every wait is over at once. The engine, the system and the mock share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Whole, since servers say what time it is in whole seconds.
        self._start = float(int(time.time()))
        self._passed = 0.0
        self._waited = 0.0

    def now(self) -> float:
        """Give the time in seconds since 1970, UTC."""
        return self._start + self._passed

    def monotonic(self) -> float:
        """Give seconds that only increase, waits included."""
        return self._passed

    def sent(self) -> None:
        """Let the time pass that a request takes."""
        with self._lock:
            self._passed += _REQUEST

    def wait(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass, unless it is told to stop; see `Clock.wait`."""
        if stopped():
            return False
        with self._lock:
            self._passed += max(seconds, 0.0)
            self._waited += max(seconds, 0.0)
        return True

    @property
    def waited(self) -> float:
        """Seconds that would have been waited."""
        return self._waited


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
