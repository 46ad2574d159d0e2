"""The state machine of a step, against a model, with the process killed before any statement that it runs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from jobs_support.journal_model import OPEN, Expected, Model
from jobs_support.plan_lines import IDENTITY, changed, created, head
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.database import Database
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step

KEYS = ["k1", "k2", "k3", "k4", "k5", "k6", "m1", "m2"]
"""Rows of those that begin with m have two steps."""
CREDITS = [f"sc_{number}" for number in range(8)]


class Killed(BaseException):
    """The process is gone."""


class Mortal:
    """A database whose process is killed before one of its statements, before a commit or right after it.

    Args:
        db: The database.
        left: How many statements it lives for.
        die: What is done at its death, with the transaction still open.
    """

    def __init__(self, db: Database, left: int, die: Callable[[], None]) -> None:
        self.db = db
        self.left = left
        self.die = die
        self.committed = False
        self.by_planned, self.by_open, self.lock_claimed = db.by_planned, db.by_open, db.lock_claimed
        self.lock, self.owner = db.lock, db.owner

    def _live(self) -> None:
        self.left -= 1
        if self.left == -1:
            self.die()
            raise Killed

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        self._live()
        return self.db.all(sql, values)

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        self._live()
        return self.db.run(sql, values)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._live()
        self.db.many(sql, rows)

    @contextmanager
    def transaction(self) -> Generator[None]:
        with self.db.transaction():
            yield
            self._live()
        self.committed = True
        self._live()

    def serialize(self) -> None:
        self.db.serialize()

    def has(self, account: int) -> bool:
        return self.db.has(account)

    def close(self) -> None:
        self.db.close()


def some_of(steps: list[Step]) -> st.SearchStrategy[list[Step]]:
    """Choose some of these steps, four at most."""
    return st.lists(st.sampled_from(steps), min_size=1, max_size=4, unique_by=_place) if steps else st.just([])


def may_come(draw: Callable[..., Any], step: Step, *, looked_up: bool) -> Outcome:
    """Draw what may become of a step."""
    likely = [State.PLANNED, State.PLANNED] if looked_up else [State.DONE, State.DONE, State.UNKNOWN]
    rest = [State.DONE, State.UNKNOWN, State.PLANNED, State.REFUSED, State.HELD]
    state = draw(st.sampled_from([*likely, *rest]))
    made = draw(st.sampled_from(CREDITS)) if state is State.DONE and step.action == "create" else None
    how = draw(st.sampled_from(["absent", None])) if state is State.PLANNED and looked_up else None
    later = state is State.PLANNED and draw(st.sampled_from([False, False, True]))
    sent = None if looked_up else RequestSent(1.0, None, None)
    return Outcome(step, state, made=made, how=how, next_generation=later, sent=sent)


class Steps(RuleBasedStateMachine):
    """Does to a journal and to the model the same, kills the first now and then, and compares them."""

    def __init__(self) -> None:
        super().__init__()
        # In memory where that can be: what a power cut leaves is not tried here, and the disk would take all the time.
        memory = "/dev/shm"
        self.folder = Path(tempfile.mkdtemp(prefix="journal", dir=memory if os.access(memory, os.W_OK) else None))
        self.lives = 0
        self.plans = 0
        self.model = Model()
        self.jobs: list[str] = []
        self.seen: list[Step] = []
        """Steps as they were claimed: outcomes of all of them may still come."""
        self.journal = self.opened()

    def opened(self) -> SqliteJournal:
        # Without its marks: a copy that was made while another process was at work is one of a killed process here.
        return SqliteJournal(self.folder / str(self.lives), write=True, durable=False)

    def teardown(self) -> None:
        self.journal.close()
        shutil.rmtree(self.folder)

    def both(self, draw: Callable[..., Any], call: Callable[[], Any], expect: Callable[[], Any]) -> Any:
        """Do something to the journal, and to the model unless the journal was killed before it was done.

        Returns:
            What the journal gave, and what the model; `Killed` of the first where it was killed.
        """
        dies = draw(st.sampled_from([False, False, True]), label="dies")
        db = self.journal._db
        mortal = Mortal(db, draw(st.integers(0, 12), label="after") if dies else 10_000, self.die)
        self.journal._db = mortal
        try:
            given = call()
        except JobsError as error:
            given = error.code
        except Killed:
            self.journal._db = db
            self.journal.close()
            self.journal = self.opened()
            return Killed, expect() if mortal.committed else None
        self.journal._db = db
        return given, expect()

    def die(self) -> None:
        # The files as they are now are what is left of a process that is killed.
        shutil.copytree(self.folder / str(self.lives), self.folder / str(self.lives + 1))
        self.lives += 1

    @initialize(data=st.data())
    def first_plan(self, data: st.DataObject) -> None:
        while not self.jobs:
            self.begin(data)

    @precondition(lambda self: len(self.jobs) < 4)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Take a plan over, of keys that may have been used."""
        keys = data.draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=6, unique=True), label="keys")
        amounts = [data.draw(st.sampled_from([1, 1, 1, 2]), label="amount") for _ in keys]
        rows = [
            created(n, key, minor=amount, customer="c")
            if key.startswith("k")
            else {**changed(n, f"{key}-1", f"{key}-2", key=key), "minor": amount, "customer": "c"}
            for n, (key, amount) in enumerate(zip(keys, amounts, strict=True), 1)
        ]
        self.plans += 1
        seal = str(self.plans)
        given, expected = self.both(
            data.draw,
            lambda: self.journal.begin(head(), rows, seal).id,
            lambda: self.model.begin(next(iter(self.journal.jobs())).id, rows),
        )
        if expected:
            self.jobs.append(next(iter(self.journal.jobs())).id)
            assert given in (Killed, self.jobs[-1])
            assert self.journal.begin(head(), [], seal).id == self.jobs[-1]
        elif expected is False:
            assert given in ("key_conflict", "key_used", Killed)

    @rule(data=st.data(), claim=st.integers(0, 4), credential=st.sampled_from(["c1", "c1", "c1", "c2"]))
    def advance(self, data: st.DataObject, claim: int, credential: str) -> None:
        """Write outcomes of what was sent at any time, and claim more."""
        job = data.draw(st.sampled_from(self.jobs), label="job")
        sending = list(self.journal.open_steps(job, states=OPEN))
        late = [step for step in self.seen if step.job == job]
        steps = data.draw(some_of(sending), label="steps")
        if late and data.draw(st.integers(0, 9)) == 0:
            steps.append(data.draw(st.sampled_from(late), label="late"))
        outcomes = [may_come(data.draw, step, looked_up=False) for step in steps]
        given, expected = self.both(
            data.draw,
            lambda: self.journal.advance(job, outcomes, claim, owner="me", credential=credential),
            lambda: self.model.advance(job, outcomes, claim, credential),
        )
        if expected is None or given is Killed:
            assert given in ("step_moved", Killed)
            return
        assert [(one.n, one.s, one.generation, one.attempt, one.state) for one in given] == [
            (one.n, one.s, one.generation, one.attempt, State.SENDING) for one in expected
        ]
        self.seen += given

    @rule(data=st.data())
    def run(self, data: st.DataObject) -> None:
        """Let the newest job go on for a while, as it mostly does."""
        job, credential = self.jobs[-1], data.draw(st.sampled_from(["c1", "c1", "c2"]), label="credential")
        for _ in range(3):
            sending = list(self.journal.open_steps(job, states=[State.SENDING]))
            outcomes = [may_come(data.draw, step, looked_up=False) for step in sending[:3]]

            def go_on(advance: Any, outcomes: list[Outcome] = outcomes, **more: str) -> Any:
                return advance(job, outcomes, 2, credential=credential, **more)

            self.both(
                data.draw,
                lambda go_on=go_on: go_on(self.journal.advance, owner="me"),
                lambda go_on=go_on: go_on(self.model.advance),
            )

    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        """Write what looking up found."""
        job = data.draw(st.sampled_from(self.jobs), label="job")
        found = list(self.journal.open_steps(job, states=OPEN))
        steps = data.draw(some_of(found), label="steps")
        outcomes = [may_come(data.draw, step, looked_up=True) for step in steps]
        given, expected = self.both(
            data.draw, lambda: self.journal.settled(outcomes), lambda: self.model.settle(outcomes)
        )
        assert given in (Killed, "step_moved" if expected is False else None)

    @rule(data=st.data())
    def adopt(self, data: st.DataObject) -> None:
        """A runner is gone, and another goes on."""
        job = data.draw(st.sampled_from(self.jobs), label="job")
        given, expected = self.both(
            data.draw, lambda: self.journal.adopt(job, owner="me"), lambda: self.model.adopt(job)
        )
        assert given in (expected, Killed)

    @rule(data=st.data())
    def retry_refused(self, data: st.DataObject) -> None:
        """Refused rows are wanted again."""
        job = data.draw(st.sampled_from(self.jobs), label="job")
        given, expected = self.both(data.draw, lambda: self.journal.retry_refused(job), lambda: self.model.retry(job))
        assert given in (expected, Killed)

    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """A person says what became of a row, whether or not it waits for that."""
        job = data.draw(st.sampled_from(self.jobs), label="job")
        held = [step.n for step in self.journal.open_steps(job, states=[State.HELD])]
        n = data.draw(st.sampled_from([*held, *held, 1]), label="row")
        made = data.draw(st.sampled_from([None, *CREDITS, "m1-1", "m1-2"]), label="made")
        given, expected = self.both(
            data.draw,
            lambda: self.journal.decide(job, n, who="ada", word=str(made), made=made),
            lambda: self.model.decide(job, n, made),
        )
        refusals = ("not_held", "not_the_target", "explained_already")
        assert given is Killed or (given in refusals) is (expected is False)

    @rule()
    def again(self) -> None:
        """The process ends and another begins."""
        self.journal.close()
        self.journal = self.opened()

    @invariant()
    def as_it_ought_to_be(self) -> None:
        """Every step, key and credit is as in the model; rows add up; no wire key is there twice."""
        wires: list[str] = []
        for job in self.jobs:
            steps = list(self.journal.steps(job))
            wires += [step.wire for step in steps]
            assert [
                (_place(one), one.state, one.generation, one.attempt, one.credential, one.made, one.first_sent is None)
                for one in steps
            ] == [
                (_place(one), one.state, one.generation, one.attempt, one.credential, one.made, one.first is None)
                for one in sorted(self.model.of(job), key=_place)
            ]
            assert [int(step.wire.rpartition(".")[2]) for step in steps] == [step.generation for step in steps]
            totals = self.journal.totals(job)
            assert sum(totals.states.values()) + totals.nothing == self.model.rows[job]
            assert totals.nothing == self.model.nothing[job]
        assert len(wires) == len({*wires})
        for key, (job, n, _) in self.model.used.items():
            use = self.journal.key_use(IDENTITY, "nov", key)
            assert use is not None
            assert (use.job, use.n, use.state) == (job, n, self.model.standing(key))
        for credit in CREDITS:
            assert self.journal.explained(IDENTITY, credit) is (credit in self.model.explains)


def _place(step: Step | Expected) -> tuple[str, int, int]:
    return step.job, step.n, step.s


Steps.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
test_every_way_between_the_states = pytest.mark.slow(Steps.TestCase)
