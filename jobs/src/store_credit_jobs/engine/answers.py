"""Outcomes on their way from workers to the feeder, who is woken for many at once."""

from __future__ import annotations

import threading
from collections import deque

from store_credit_jobs.journal.steps import Outcome

__all__ = ["Answers"]


class Answers:
    """A queue whose reader waits for several.

    To wake a thread costs more than anything else that becomes of a response, and with many workers the reader would
    have to wait for its turn among them each time.
    """

    def __init__(self) -> None:
        self._kept: deque[Outcome] = deque()
        self._ready = threading.Event()
        self._enough = 1

    def put(self, outcome: Outcome) -> None:
        """Hand an outcome over. Called by any thread."""
        self._kept.append(outcome)
        if len(self._kept) >= self._enough:
            self._ready.set()

    def take(self, enough: int, seconds: float) -> list[Outcome]:
        """Take all there are, once there are enough or the time is over. Called by one thread."""
        self._ready.clear()
        self._enough = enough
        if len(self._kept) < enough:
            self._ready.wait(seconds)
        return [self._kept.popleft() for _ in range(len(self._kept))]
