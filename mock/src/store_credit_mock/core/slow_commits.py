"""Requests that go on although their response is lost: a scheduled fault with `commit_after` has put them off."""

from __future__ import annotations

import heapq

from store_credit_mock.core.faults import Fault
from store_credit_mock.http import Request

__all__ = ["SlowCommit", "SlowCommits"]


class SlowCommit:
    """One of them.

    Attributes:
        due: When it is carried out, in Unix milliseconds by the sandbox's clock.
        request: The request.
        fault: What lost its response.
        mark: Its claim in `Sandbox.in_flight`, or None.
        arrived: The number of the last request handled when it arrived.
    """

    __slots__ = ("arrived", "due", "fault", "mark", "number", "request")

    def __init__(self, due: int, number: int, request: Request, fault: Fault, mark: object, arrived: int) -> None:
        self.arrived = arrived
        self.due = due
        self.number = number
        self.request = request
        self.fault = fault
        self.mark = mark

    def __lt__(self, other: SlowCommit) -> bool:
        return (self.due, self.number) < (other.due, other.number)


class SlowCommits:
    """All of them, the next one due first. They live with the engine: a process that ends takes them along."""

    def __init__(self) -> None:
        self._heap: list[SlowCommit] = []
        self._number = 0

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, due: int, request: Request, fault: Fault, mark: object, arrived: int) -> None:
        """Put a request off, see `SlowCommit`; those due at one time keep the order in which they came."""
        self._number += 1
        heapq.heappush(self._heap, SlowCommit(due, self._number, request, fault, mark, arrived))

    def take(self, now: int | None = None) -> SlowCommit | None:
        """Take out the next one that is due by a time, in Unix milliseconds; without a time whichever comes next."""
        if not self._heap or (now is not None and self._heap[0].due > now):
            return None
        return heapq.heappop(self._heap)
