"""Jobs on a pretended server, on pretended time, with a journal in memory."""

from __future__ import annotations

import threading
from collections import Counter

from jobs_support.memory_journal import Killed, MemoryJournal, create_rows
from jobs_support.pretend_server import PretendServer, PretendSystem
from jobs_support.pretend_time import PretendHalt, PretendTime
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.events import Event
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.result import Result
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.journal.steps import State, Step

__all__ = ["Kept", "PretendJob"]


class Kept:
    """Keeps events."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]


class PretendJob:
    """A job, its journal and its server.

    Args:
        rows: How many rows, or the steps.
        keyed: As of `PretendServer`.
        trouble: Likewise.
        seed: Likewise.
        grace: As of `PretendSystem`, and of the engine.
        look: As of `PretendSystem`.
    """

    def __init__(
        self,
        rows: int | list[Step] = 40,
        *,
        keyed: bool = True,
        trouble: float = 0.0,
        seed: int = 0,
        grace: float = 1.0,
        look: bool = True,
        mode: str = "add",
    ) -> None:
        self.time = PretendTime()
        self.steps = create_rows(rows) if isinstance(rows, int) else rows
        self.journal = MemoryJournal(self.steps, now=self.time.now, mode=mode)
        self.server = PretendServer(self.time, keyed=keyed, trouble=trouble, seed=seed)
        self.system = PretendSystem(self.server, grace=grace, look=look)
        self.grace = grace
        self.events = Kept()
        self.interrupts = Interrupts(PretendHalt(self.time))

    def run(self, **settings: object) -> Result:
        """Run it, or go on with it, as a new process would."""
        self.interrupts = Interrupts(PretendHalt(self.time))
        self.events = Kept()
        try:
            return run(
                self.journal.head,
                self.journal,
                self.system,
                Settings(**{"concurrency": 4, "grace": self.grace, **settings}),  # type: ignore[arg-type]
                self.events,
                interrupts=self.interrupts,
                clock=self.time.now,
                wall=self.time.now,
            )
        finally:
            join_workers()

    def run_with_kills(self, kills: list[tuple[int, str]]) -> Result:
        """Run it, killed at the given commits, each counted from the kill before; and then to its end."""
        for at, when in kills:
            left = at

            def die(now: str, when: str = when) -> None:
                nonlocal left
                if now == when:
                    left -= 1
                    if left < 0:
                        raise Killed

            self.journal.commit = die
            try:
                self.run()
            except Killed:
                continue
        self.journal.commit = lambda _: None
        return self.run()

    @property
    def state_of(self) -> Counter[State]:
        """Steps by state."""
        return Counter(step.state for step in self.journal.kept.values())

    def doubled(self) -> int:
        """How many credits there are too many, once nothing can be under way any more."""
        self.time.pass_by(3600)
        there = Counter((credit.customer, credit.minor) for credit in self.server.credits.values())
        return sum(number - 1 for number in there.values())

    def lost(self) -> int:
        """How many rows that are done have no credit."""
        there = {(credit.customer, credit.minor) for credit in self.server.credits.values()}
        done = [step for step in self.journal.kept.values() if step.state is State.DONE]
        return sum((step.customer, step.minor) not in there for step in done)


def join_workers() -> None:
    """Wait for workers of a run that was broken off: what they sent has arrived, or never will."""
    for thread in threading.enumerate():
        if thread.name.startswith("store-credit-worker"):
            thread.join(10)
            assert not thread.is_alive(), "a worker hangs"
