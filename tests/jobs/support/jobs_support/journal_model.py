"""A model of a journal: what its steps, keys and credits ought to be after all that was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from store_credit_jobs.journal.steps import Outcome, State

__all__ = ["OPEN", "Expected", "Model"]

OPEN = (State.SENDING, State.UNKNOWN, State.HELD)
RANKED = (State.HELD, State.SENDING, State.UNKNOWN, State.REFUSED, State.PLANNED, State.DONE)
"""Of a row with several steps, the state that stands first here is the row's."""


@attrs.define
class Expected:
    """What a step ought to be."""

    job: str
    n: int
    s: int
    key: str
    action: str
    state: State = State.PLANNED
    generation: int = 1
    attempt: int = 0
    first: int | None = None
    """The attempt of this generation that may have arrived."""
    credential: str | None = None
    made: str | None = None
    target: str | None = None


@attrs.define
class Model:
    """All that ought to be in a journal."""

    steps: dict[tuple[str, int, int], Expected] = attrs.field(factory=dict)
    used: dict[str, tuple[str, int, int]] = attrs.field(factory=dict)
    """By key: job, row and amount."""
    explains: dict[str, tuple[str, int, int]] = attrs.field(factory=dict)
    rows: Counter[str] = attrs.field(factory=Counter)
    nothing: Counter[str] = attrs.field(factory=Counter)

    def of(self, job: str) -> list[Expected]:
        """Give the steps of a job."""
        return [step for step in self.steps.values() if step.job == job]

    def row(self, job: str, n: int) -> list[Expected]:
        return [step for step in self.steps.values() if (step.job, step.n) == (job, n)]

    def standing(self, key: str) -> State:
        """Where the row that used a key stands, for one that wants to use it."""
        job, n, _ = self.used[key]
        steps = self.row(job, n)
        told = [
            State.UNKNOWN if step.state is State.PLANNED and step.first is not None else step.state for step in steps
        ]
        worst = min(told, key=RANKED.index)
        return State.HELD if State.DONE in told and worst in (State.REFUSED, State.PLANNED) else worst

    def begin(self, job: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Take rows over; returns False, and changes nothing, where one is in conflict."""
        verdicts: list[str] = []
        for row in rows:
            state = self.standing(row["key"]) if row["key"] in self.used else State.REFUSED
            if state in (State.REFUSED, State.PLANNED):
                verdicts.append("free")
            elif self.used[row["key"]][2] != row["minor"] or state is not State.DONE:
                return False
            else:
                verdicts.append("done")
        for row, verdict in zip(rows, verdicts, strict=True):
            self.rows[job] += 1
            if verdict == "done":
                self.nothing[job] += 1
                continue
            generation = 1
            if row["key"] in self.used:
                old = self.row(*self.used[row["key"]][:2])
                generation = 1 + max(step.generation for step in old)
                for step in old:
                    step.state = State.REFUSED
            self.used[row["key"]] = (job, row["n"], row["minor"])
            for s, step in enumerate(row["steps"], 1):
                self.steps[job, row["n"], s] = Expected(
                    job, row["n"], s, row["key"], step["action"], generation=generation, target=step.get("target")
                )
        return True

    def write(self, outcome: Outcome, *, looked_up: bool) -> bool:
        """Write an outcome; returns False where the step is not open in that attempt."""
        key = (outcome.step.job, outcome.step.n, outcome.step.s)
        step = self.steps[key]
        if step.state not in OPEN or step.attempt != outcome.step.attempt:
            return False
        step.state = outcome.state
        if outcome.state is State.PLANNED:
            if outcome.next_generation:
                step.generation += 1
                step.first = None
            elif (looked_up and outcome.how == "absent") or (not looked_up and step.first == step.attempt):
                step.first = None
        if outcome.state is State.DONE:
            step.made = outcome.made or step.target
            if step.action == "create":
                assert step.made is not None
                if self.explains.setdefault(step.made, key) != key:
                    step.state, step.made = State.HELD, None
        return True

    def write_all(self, outcomes: Sequence[Outcome], *, looked_up: bool) -> bool:
        """Write all of them, also those behind one that is refused."""
        written = [self.write(outcome, looked_up=looked_up) for outcome in outcomes]
        return all(written)

    def settle(self, outcomes: Sequence[Outcome]) -> bool:
        """Write outcomes of looking up."""
        return self.write_all(outcomes, looked_up=True)

    def adopt(self, job: str) -> int:
        """Make unknown what may have been sent."""
        return sum(
            self._unknown(step)
            for step in self.steps.values()
            if step.job == job
            and (step.state is State.SENDING or (step.state is State.PLANNED and step.first is not None))
        )

    def _unknown(self, step: Expected) -> bool:
        step.state = State.UNKNOWN
        return True

    def retry(self, job: str) -> int:
        """Plan again what was refused and has not been taken over."""
        again = [
            step
            for step in self.steps.values()
            if step.job == job and step.state is State.REFUSED and self.used[step.key][:2] == (job, step.n)
        ]
        for step in again:
            step.state, step.generation, step.first = State.PLANNED, step.generation + 1, None
        return len(again)

    def decide(self, job: str, n: int, made: str | None) -> bool:
        """Take a person's word; returns False where that cannot be."""
        step = next((step for step in self.row(job, n) if step.state is State.HELD), None)
        if step is None or (made is not None and step.target not in (None, made)):
            return False
        if made is None:
            step.state, step.generation, step.first, step.made = State.PLANNED, step.generation + 1, None, None
            return True
        key = (job, n, step.s)
        if step.action == "create" and self.explains.setdefault(made, key) != key:
            return False
        step.state, step.made = State.DONE, made
        return True

    def advance(self, job: str, outcomes: Sequence[Outcome], claim: int, credential: str) -> list[Expected] | None:
        """Write outcomes and claim; returns None where an outcome was refused."""
        if not self.write_all(outcomes, looked_up=False):
            return None
        claimed: list[Expected] = []
        for step in sorted(self.steps.values(), key=lambda one: (one.n, one.s)):
            if len(claimed) == claim:
                break
            before = (one.state for one in self.row(step.job, step.n) if one.s < step.s)
            if step.job != job or step.state is not State.PLANNED or {*before} - {State.DONE}:
                continue
            if step.first is not None and step.credential != credential:
                step.state = State.UNKNOWN
                continue
            step.state, step.attempt, step.credential = State.SENDING, step.attempt + 1, credential
            step.first = step.attempt if step.first is None else step.first
            claimed.append(step)
        return claimed
