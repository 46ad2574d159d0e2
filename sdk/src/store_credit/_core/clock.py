"""The clock of a client: one place to read time from, which tests replace."""

from __future__ import annotations

import time
from datetime import UTC, datetime

__all__ = ["Clock"]


class Clock:
    """Reads the machine's clocks. Sleeping is the transport's part, since it differs between sync and async."""

    __slots__ = ()

    def monotonic(self) -> float:
        """Seconds that never go back, for durations and deadlines."""
        return time.monotonic()

    def now(self) -> datetime:
        """The time of day, aware and in UTC."""
        return datetime.now(UTC)
