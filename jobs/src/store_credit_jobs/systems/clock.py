"""The time as systems see it: one place to read it from and to wait, which rehearsals and tests replace."""

from __future__ import annotations

import time
from collections.abc import Callable

from store_credit_jobs import steady_time

__all__ = ["Clock"]

_LOOK: float = 0.5
"""Seconds after which a wait asks again whether it is to stop."""


class Clock:
    """This machine's clock."""

    def now(self) -> float:
        """Give the time in seconds since 1970, UTC."""
        return steady_time.now()

    def monotonic(self) -> float:
        """Give seconds that only increase, whatever the time of day is set to."""
        return time.monotonic()

    def wait(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Wait, unless it is told to stop meanwhile.

        A change of the machine's time of day makes it neither longer nor shorter.

        Args:
            seconds: How long.
            stopped: Whether to stop waiting; asked before the wait begins and twice a second.

        Returns:
            Whether all of the time has passed.
        """
        until = time.monotonic() + seconds
        while not stopped():
            left = until - time.monotonic()
            if left <= 0:
                return True
            time.sleep(min(left, _LOOK))
        return False
