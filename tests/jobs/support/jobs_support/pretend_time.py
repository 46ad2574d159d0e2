"""Time that passes only where somebody waits for it."""

from __future__ import annotations

import threading


class PretendTime:
    """A clock for engines, systems and servers of one test."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._lock = threading.Lock()
        self._now = start

    def now(self) -> float:
        return self._now

    def pass_by(self, seconds: float) -> None:
        with self._lock:
            self._now += max(seconds, 0.0)


class PretendHalt(threading.Event):
    """What stops an engine; waiting for it takes pretended time."""

    def __init__(self, time: PretendTime) -> None:
        super().__init__()
        self._time = time

    def wait(self, timeout: float | None = None) -> bool:
        if not self.is_set():
            self._time.pass_by(timeout or 0.0)
        return self.is_set()
