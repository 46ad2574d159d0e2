"""Counts what becomes of rows while a job runs, for people to watch; the journal has the last word."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Final

from store_credit_jobs.engine.events import Event, Events, LimitWaiting, Phase, Progress, RowHeld, RowRefused, Waiting
from store_credit_jobs.journal.journal import Journal
from store_credit_jobs.journal.steps import Outcome, State, Step

__all__ = ["Tally"]

_OFTEN: Final = 0.25
_OVER: Final = 10.0
"""Seconds over which the rate is taken."""
_A_WHILE: Final = 1.0
"""Seconds of a wait that is worth an event of its own."""
_SHARE: Final = 20.0
"""Reading the totals from the journal may take a twentieth of the time."""


class Tally:
    """What became of a job's rows, as far as this run knows.

    Rows of several steps cannot be counted by their steps; for a job that may have some, the journal is asked from time
    to time.

    Args:
        job: The job's id.
        journal: Has the totals.
        events: Where progress goes.
        simple: Whether each row has one step at most, which creates.
        clock: Monotonic seconds.
    """

    def __init__(
        self, job: str, journal: Journal, events: Events, *, simple: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._job = job
        self._journal = journal
        self._events = events
        self._simple = simple
        self._clock = clock
        self.began = clock()
        self.requests = 0
        self.checked = 0
        self.phase: Phase = "settling"
        self.skew: float | None = None
        self._shown = self._read_again = self.began
        self._waits_until = self.began
        self._ended = 0
        self._samples: deque[tuple[float, int]] = deque([(self.began, 0)])
        self.read()

    def read(self) -> None:
        """Take the totals from the journal."""
        began = self._clock()
        totals = self._journal.totals(self._job)
        self.states: Counter[State] = Counter(dict(totals.states))
        self.planned: Mapping[str, int] = dict(totals.planned)
        self.done: Counter[str] = Counter(dict(totals.done))
        self.nothing = totals.nothing
        now = self._clock()
        self._read_again = now + max(1.0, _SHARE * (now - began))

    @property
    def rows(self) -> int:
        """Rows of the plan."""
        return self.nothing + sum(self.states.values())

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return self._clock() - self.began

    def claimed(self, steps: int) -> None:
        """Count steps that were claimed."""
        if self._simple:
            self.states[State.PLANNED] -= steps
            self.states[State.SENDING] += steps

    def written(self, outcomes: list[Outcome]) -> None:
        """Count outcomes that are in the journal, and tell of those that people have to know."""
        for outcome in outcomes:
            step, state = outcome.step, outcome.state
            if outcome.sent is not None:
                self.requests += 1
            if outcome.server_time is not None and outcome.sent is not None:
                self.skew = outcome.server_time - outcome.sent.at
            if self._simple:
                self.states[step.state] -= 1
                self.states[state] += 1
                if state is State.DONE:
                    self.done[step.currency] += step.minor
            if state is State.DONE:
                self._ended += 1
            elif state is State.REFUSED:
                self._ended += 1
                self._events.emit(_told(RowRefused, outcome))
            elif state is State.HELD:
                self._events.emit(_told(RowHeld, outcome))

    def show(self, in_flight: int, waiting: tuple[Waiting, float] | None, *, now: bool = False) -> None:
        """Tell how far the job is, unless that was told a moment ago."""
        at = self._clock()
        if waiting is not None:
            self._waits(*waiting, at)
        if not now and at - self._shown < _OFTEN:
            return
        if not self._simple and at >= self._read_again:
            self.read()
        self._shown = at
        self._samples.append((at, self._ended))
        while len(self._samples) > 2 and at - self._samples[0][0] > _OVER:
            self._samples.popleft()
        since, ended = self._samples[0]
        rate = (self._ended - ended) / (at - since) if at > since else 0.0
        open_rows = sum(self.states[state] for state in (State.PLANNED, State.SENDING, State.UNKNOWN))
        self._events.emit(
            Progress(
                job=self._job,
                phase=self.phase,
                rows=self.rows,
                nothing=self.nothing,
                states=dict(self.states),
                planned=self.planned,
                done=dict(self.done),
                requests=self.requests,
                in_flight=in_flight,
                rate=rate,
                left=open_rows / rate if rate > 0 else None,
                waiting=None if waiting is None else waiting[0],
                waiting_left=None if waiting is None else waiting[1],
                checked=self.checked,
                seconds=at - self.began,
            )
        )

    def _waits(self, reason: Waiting, seconds: float, at: float) -> None:
        """Tell once of a wait that takes a while."""
        if seconds < _A_WHILE or at < self._waits_until:
            return
        self._waits_until = at + seconds
        self._events.emit(LimitWaiting(self._job, reason, seconds))


def _told(kind: type[RowRefused] | type[RowHeld], outcome: Outcome) -> Event:
    step: Step = outcome.step
    return kind(
        job=step.job,
        n=step.n,
        key=step.key,
        customer=step.customer,
        minor=step.minor,
        currency=step.currency,
        code=outcome.code,
        text=outcome.said,
    )
