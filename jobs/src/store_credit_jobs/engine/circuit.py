"""A breaker for a server in trouble: after ten failures in a row nothing is sent for a while, and then one probe."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import inf
from typing import Final

__all__ = ["Circuit"]

_IN_A_ROW: Final = 10
_PAUSE: Final = 30.0
_LOOK_AGAIN: Final = 0.25
"""Seconds after which others ask whether the probe has come back."""


class Circuit:
    """Whether a server is worth asking. Shared by all threads; waits for nothing itself.

    Args:
        in_a_row: Failures in a row that open it.
        pause: Seconds before a probe is sent.
        clock: Monotonic seconds.

    Attributes:
        closed: Whether all is well; false while it is open, probes included.
    """

    def __init__(
        self, *, in_a_row: int = _IN_A_ROW, pause: float = _PAUSE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = in_a_row
        self._pause = pause
        self._clock = clock
        self._lock = threading.Lock()
        self.closed = True
        self._failures = 0
        self._open_until = -inf
        self._opened: float | None = None
        self._probing = False

    @property
    def open_for(self) -> float:
        """Seconds since it opened for the first time without a success since; 0.0 while it is closed."""
        with self._lock:
            return 0.0 if self._opened is None else self._clock() - self._opened

    def wait(self) -> float:
        """Seconds until the next request may go, 0.0 for now. Changes nothing."""
        with self._lock:
            if self._opened is None:
                return 0.0
            wait = self._open_until - self._clock()
            return wait if wait > 0 else _LOOK_AGAIN if self._probing else 0.0

    def enter(self) -> None:
        """Count a request that goes now."""
        with self._lock:
            self._probing = self._opened is not None

    def ended(self, *, failed: bool | None) -> None:
        """Learn how a request ended.

        Args:
            failed: Whether the server failed or could not be reached; None where the request says nothing about that,
                as one that was refused for the rate limit or was not sent after all.
        """
        if failed is False and self.closed and not self._failures:
            # Most of the time, and with many threads each lock is felt.
            return
        with self._lock:
            if failed is None:
                self._probing = False
            elif not failed:
                self._failures, self._opened, self._probing, self.closed = 0, None, False, True
            else:
                self._failures += 1
                if self._failures >= self._most and (self._opened is None or self._probing):
                    now = self._clock()
                    self._opened = now if self._opened is None else self._opened
                    self.closed = False
                    self._open_until = now + self._pause
                    self._probing = False
