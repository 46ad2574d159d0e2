"""Where workers wait for their turn: one at a time, for the pace and for a server in trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from store_credit_jobs.engine.circuit import Circuit
from store_credit_jobs.engine.events import Waiting
from store_credit_jobs.engine.pacer import Pacer
from store_credit_jobs.journal.steps import Outcome, State

__all__ = ["Gate"]

_LOOK_UP: float = 0.25
"""Seconds after which who waits looks whether it is still worth it."""


class Gate:
    """Lets requests through, one after another; the first in the queue waits for the clock, the others for it.

    Args:
        pacer: The pace of the credential.
        circuit: Whether the server is worth asking.
        halt: Set once nothing more is to be sent.
        clock: Monotonic seconds, the same as the pacer's.
    """

    def __init__(
        self, pacer: Pacer, circuit: Circuit, halt: threading.Event, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.pacer = pacer
        self.circuit = circuit
        self._halt = halt
        self._clock = clock
        self._first = threading.Lock()

    def enter(self, until: float) -> float | None:
        """Wait for a turn.

        Args:
            until: When to give up, by the clock.

        Returns:
            When the turn came, by the clock; None where it did not, or nothing more is to be sent.
        """
        if not self._first.locked() and not self._halt.is_set():
            # Nobody waits: most of the time nothing limits a job but the server itself.
            now = self._enter()
            if now is not None:
                return now
        if not self._first.acquire(timeout=max(0.0, until - self._clock())):
            return None
        try:
            while not self._halt.is_set():
                wait = self.circuit.wait() or self.pacer.ask()
                now = self._clock()
                if not wait:
                    self.circuit.enter()
                    return now
                if now + wait > until + _LOOK_UP or now > until:
                    return None
                self._halt.wait(min(wait, _LOOK_UP))
        finally:
            self._first.release()
        return None

    def _enter(self) -> float | None:
        if not self.circuit.closed or self.pacer.ask():
            return None
        return self._clock()

    def cancel(self) -> None:
        """Give a turn back: nothing was sent."""
        self.pacer.cancel()
        self.circuit.ended(failed=None)

    def leave(self, asked: float, outcome: Outcome) -> None:
        """Learn from what became of a request."""
        status = None if outcome.sent is None else outcome.sent.status
        refused = status == 429
        self.pacer.ended(asked, limit=outcome.limit, wait=outcome.wait, refused=refused)
        self.circuit.ended(failed=None if refused else _failed(outcome, status))

    def waiting(self) -> tuple[Waiting, float] | None:
        """Tell what requests wait for, and for how many seconds; None where one may go."""
        wait = self.circuit.wait()
        if wait > 0:
            return "circuit", wait
        found = self.pacer.waiting()
        return None if found is None else ("retry_after" if found[0] == "retry_after" else "limit", found[1])


def _failed(outcome: Outcome, status: int | None) -> bool | None:
    """Whether the server failed or could not be reached; None where the response was about something else."""
    if outcome.sent is None or outcome.stop is not None:
        return None
    if outcome.state in (State.DONE, State.REFUSED):
        return False
    return status is None or status >= 500 or outcome.state is State.UNKNOWN
