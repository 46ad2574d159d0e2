"""Sends planned steps: one feeder claims and writes, workers each send one request at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from store_credit_jobs import steady_time
from store_credit_jobs.engine.answers import Answers
from store_credit_jobs.engine.gate import Gate
from store_credit_jobs.engine.limits import Limits
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.engine.tally import Tally
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Journal
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step
from store_credit_jobs.systems.system import System

__all__ = ["Sender"]

_LOOK_UP: Final = 0.25
"""Seconds after which the feeder looks at the clock where nothing is under way."""
_GATHER: Final = 0.1
"""Seconds for which a response may wait to be written together with others, and after which the feeder looks around."""
_FEWEST: Final = 16
"""Steps that are claimed at a time where looking them up costs nothing, however few workers there are."""
_AHEAD: Final = 1.0
"""Seconds' worth of steps that are claimed at most: after a crash each of them has to be looked up."""


class Sender:
    """One phase of sending.

    Args:
        job: The job's id.
        owner: Who claims.
        journal: Used by the caller's thread alone.
        system: Used by all workers at once.
        settings: How many, how fast.
        gate: Where workers wait for their turn.
        limits: What may stop the job.
        tally: Counts.
        halt: Set once nothing more is to be sent.
        may_send: Asked right before each request, for a lease that several machines share; False gives the step back.
        clock: Monotonic seconds.
        wall: Seconds since 1970.
    """

    def __init__(
        self,
        job: str,
        owner: str,
        journal: Journal,
        system: System,
        settings: Settings,
        gate: Gate,
        limits: Limits,
        tally: Tally,
        halt: threading.Event,
        *,
        may_send: Callable[[], bool] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = steady_time.now,
    ) -> None:
        self._job = job
        self._owner = owner
        self._journal = journal
        self._system = system
        self._settings = settings
        self._gate = gate
        self._limits = limits
        self._tally = tally
        self._halt = halt
        self._may_send = may_send
        self._clock = clock
        self._wall = wall
        self._work: SimpleQueue[tuple[Step, float] | None] = SimpleQueue()
        self._answers = Answers()
        self._written: list[Outcome] = []
        self._failure: BaseException | None = None
        self._full = False
        workers = settings.concurrency
        # Where each claimed step costs a request to look up after a crash, none waits in a queue. Elsewhere commits are
        # for many, which is what they cost the least by.
        costly = system.abilities.settle_each or not system.abilities.keyed
        self._batch = workers if costly else max(_FEWEST, 4 * workers)
        self._together = max(1, self._batch - 2 * workers)

    def send(self) -> None:
        """Send what is planned until nothing is left or the job is to stop; returns once all is written.

        Raises:
            JobsError: The journal could not be written. What was in flight then has ended, and is `sending` in it.
        """
        threads = [
            threading.Thread(target=self._worker, name=f"store-credit-worker-{number}", daemon=True)
            for number in range(self._settings.concurrency)
        ]
        for thread in threads:
            thread.start()
        try:
            self._feed()
        except BaseException:
            # Also when the second Ctrl-C came: nothing more is sent, and nobody waits for what workers are at.
            self._halt.set()
            raise
        finally:
            for _ in threads:
                self._work.put(None)
        if self._failure is not None:
            raise self._failure

    def _feed(self) -> None:
        out = 0
        stopped_at: float | None = None
        while True:
            self._limits.look(self._gate.circuit.open_for)
            if self._halt.is_set():
                if stopped_at is None:
                    stopped_at = self._clock()
                out -= self._take_back()
            wanted = 0 if stopped_at is not None else self._wanted(out)
            if self._written or wanted:
                claimed = self._advance(wanted, out)
                if wanted and not claimed and not out and not self._written:
                    return
                out += claimed
            if stopped_at is not None and not self._written and (not out or self._patience_ended(stopped_at)):
                return
            out -= self._gather(out)

    def _patience_ended(self, stopped_at: float) -> bool:
        return self._clock() - stopped_at > self._settings.leave_within

    def _wanted(self, out: int) -> int:
        """How many steps to claim: a batch at most, and no more than can be sent soon."""
        if self._full and out:
            # Whether the next one fits into the total depends on what becomes of those under way.
            return 0
        waiting = self._gate.waiting()
        if waiting is not None and waiting[1] > self._settings.fresh:
            return 0
        room = 1 if not self._gate.circuit.closed else self._gate.pacer.room(min(_AHEAD, self._settings.fresh))
        return max(0, int(min(self._batch, room)) - out)

    def _advance(self, wanted: int, out: int) -> int:
        """Write outcomes and claim, in one transaction; how many steps went to the workers."""
        written, self._written = self._written, []
        try:
            steps = self._journal.advance(
                self._job,
                written,
                wanted,
                owner=self._owner,
                credential=self._system.credential,
                grace=self._settings.grace,
            )
        except Exception:
            # Nothing of the transaction is kept. What is in flight ends as it ends, and is looked up next time.
            self._halt.set()
            self._wait_for(out - self._take_back())
            raise
        self._tally.written(written)
        self._tally.claimed(len(steps))
        allowed, given_back = self._limits.allow(steps, out)
        if steps:
            self._full = bool(given_back)
        self._written += given_back
        at = self._clock()
        for step in allowed:
            self._work.put((step, at))
        return len(allowed)

    def _gather(self, out: int) -> int:
        """Wait for outcomes, for more of them if some come at once; how many came."""
        waiting = self._gate.waiting()
        self._tally.show(self._gate.pacer.in_flight, waiting)
        if not out:
            self._halt.wait(_LOOK_UP if waiting is None else min(max(waiting[1], 0.001), _LOOK_UP))
            return 0
        got = self._answers.take(min(self._together, out), _GATHER)
        self._limits.saw(got)
        self._written += got
        return len(got)

    def _take_back(self) -> int:
        """Take what no worker has begun out of the queue, to be written as planned again; how many steps that were."""
        taken = 0
        try:
            while True:
                found = self._work.get_nowait()
                assert found is not None
                self._written.append(Outcome(found[0], State.PLANNED))
                taken += 1
        except Empty:
            return taken

    def _wait_for(self, out: int) -> None:
        until = self._clock() + self._settings.leave_within
        while out > 0 and self._clock() < until:
            out -= len(self._answers.take(out, _GATHER))

    def _worker(self) -> None:
        while (found := self._work.get()) is not None:
            self._answers.put(self._send(*found))

    def _send(self, step: Step, claimed: float) -> Outcome:
        """Send one step; or give it back if its turn does not come in time."""
        fresh = self._settings.fresh
        asked = self._gate.enter(claimed + fresh)
        if asked is None:
            return Outcome(step, State.PLANNED)
        # By both clocks: one stands while the machine sleeps, the other may be set. Between here and the first byte
        # there are microseconds; a process that is frozen in them is what the closing scan is for.
        late = asked - claimed > fresh or (step.last_sent is not None and self._wall() - step.last_sent > fresh)
        lost = not late and self._may_send is not None and not self._may_send()
        if lost:
            self._limits.because(
                ExitCode.LOCKED, "lease_lost", "Another runner has taken over the account, so this one has stopped."
            )
        if late or lost:
            self._gate.cancel()
            return Outcome(step, State.PLANNED)
        try:
            outcome = self._system.execute(step)
        except BaseException as error:  # noqa: BLE001 - a defect of ours: it is raised in the feeder, once all is written
            self._failure = error
            self._halt.set()
            sent = RequestSent(self._wall(), None, None)
            outcome = Outcome(step, State.UNKNOWN, code="internal_error", said=type(error).__name__, sent=sent)
        if outcome.stop is not None:
            self._halt.set()
        self._gate.leave(asked, outcome)
        return outcome
