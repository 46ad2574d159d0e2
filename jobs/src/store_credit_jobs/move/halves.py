"""Carries a move out: takes in the source, gives in the target; running it again finishes what was begun.

Both halves are jobs of the journal, whose rows refer to each other. What is to be given is worked out from what was
taken, each time anew: so a process that dies between the two loses nothing, and nothing is given twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Literal, Protocol

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.engine.taking_up import take_up
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Job, Journal
from store_credit_jobs.journal.steps import State
from store_credit_jobs.move.gives import BEGUN, Due, due_gives, give_rows, to_be_read
from store_credit_jobs.move.late_takes import late_takes, to_be_taken
from store_credit_jobs.move.ledger import Ledger, move_jobs
from store_credit_jobs.move.pair import Pair, Part
from store_credit_jobs.move.plan import head_of
from store_credit_jobs.move.reading import read_credits
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanSeal, write_plan
from store_credit_jobs.planning.undo_left import Left
from store_credit_jobs.systems.system import System

__all__ = ["Halves", "Hands", "Where"]

Where = Literal["source", "target"]

_ENDS_ALL: Final = frozenset({ExitCode.INTERRUPTED, ExitCode.LOCKED, ExitCode.DEFECT})
"""After these nothing more is sent in this run. However else taking ended, what was taken is given."""
_GOES_ON: Final = frozenset({ExitCode.DONE, ExitCode.REFUSED, ExitCode.OPEN})
"""After these there may be more to give."""
_LONGEST_WAIT: Final = 300
"""Seconds for which expiring credits are waited for; a longer wait means that somebody has changed their expiry."""


class Hands(Protocol):
    """What carries single jobs out, reads, and waits: the command, or a rehearsal."""

    def account(self, where: Where) -> Account:
        """Give one of the two accounts."""
        ...

    def system(self, where: Where) -> AbstractContextManager[System]:
        """Connect to one of the two, to read from it."""
        ...

    def run(self, where: Where, job: Job, head: PlanHead, seal: PlanSeal) -> ExitCode:
        """Carry a job out on one of the two, or go on with it."""
        ...

    def plan_file(self, name: str) -> Path:
        """Give the place of a plan that follows from another."""
        ...

    def server_now(self) -> float:
        """Give the time by the source's clock, seconds since 1970."""
        ...

    def wait(self, seconds: float) -> bool:
        """Wait until what was taken has expired; returns False if it is told to stop meanwhile."""
        ...

    def stays(self, left: Left) -> None:
        """Take a credit that was given for and cannot be taken."""
        ...


@attrs.frozen(slots=True)
class Halves:
    """The halves of one move.

    Attributes:
        journal: Where everything is remembered.
        pair: Between which accounts.
        part: What the plan itself does.
        head: The plan's head.
        seal: The plan's seal.
        hands: Carries jobs out.
        retry_refused: Whether what the target refused is given again, once.
    """

    journal: Journal
    pair: Pair
    part: Part
    head: PlanHead
    seal: PlanSeal
    hands: Hands
    retry_refused: bool = False

    def carry_out(self, own: Callable[[], Job], codes: list[ExitCode]) -> None:
        """Carry out the plan's own job, then what follows from it.

        Args:
            own: Gives the plan's own job.
            codes: Takes how each job ended, also of those before one that raises.

        Raises:
            JobsError: As the journal, the accounts and `own` say.
            StoreCreditError: A server could not be read.
        """
        pair = self.pair

        def plan() -> list[ExitCode]:
            return [self.hands.run("source" if self.part == "take" else "target", own(), self.head, self.seal)]

        # Where a give was begun, money is missing: that comes first.
        halves = [self._finish_gives, plan]
        if self.part == "give" and pair.order == "give-first":
            halves.append(self._take_what_was_given)
        if self.part != "cut" and pair.order != "give-only":
            halves.append(self._give_what_was_taken)
        for half in halves:
            codes += half()
            if _ENDS_ALL.intersection(codes):
                break

    def _finish_gives(self) -> list[ExitCode]:
        """Go on with gives that were begun and not ended, the oldest first."""
        codes: list[ExitCode] = []
        for job, part in reversed(list(move_jobs(self.journal, self.pair))):
            states = self.journal.totals(job.id).states
            open_rows = any(states.get(state) for state in (State.PLANNED, State.SENDING, State.UNKNOWN))
            if part != "give" or job.plan_sha == self.seal.sha256 or not open_rows:
                continue
            if not _GOES_ON.issuperset(codes):
                break
            seal = PlanSeal(sum(1 for _ in self.journal.rows(job.id)), 0, {}, job.plan_sha)
            codes.append(self.hands.run("target", job, PlanHead(**job.head), seal))
        return codes

    def _follow(self, part: Part, rows: Iterable[PlanRow], where: Where) -> ExitCode:
        """Write and carry out a plan that follows from another."""
        pair = self.pair
        side = pair.source if part == "take" else pair.target
        head = head_of(pair, part, side, {"name": self.head.id, "sha256": pair.snapshot}, time.time())
        path = self.hands.plan_file(f"{self.head.id}.{part}.plan.jsonl")
        seal = write_plan(path, head, rows)
        job = take_up(path, head, seal, self.journal, self.hands.account(where))
        return self.hands.run(where, job, head, seal)

    def _take_what_was_given(self) -> list[ExitCode]:
        ledger = Ledger.read(self.journal, self.pair)
        wanted = to_be_taken(ledger)
        if not wanted:
            return []
        with self.hands.system("source") as system:
            now = read_credits(system, wanted)
            rows, left = late_takes(ledger, now, system.abilities, self.pair, self.hands.server_now())
        for one in left:
            self.hands.stays(one)
        codes = [self._follow("take", rows, "source")] if rows else []
        return [*codes, ExitCode.OPEN] if left else codes

    def _give_what_was_taken(self) -> list[ExitCode]:
        """Give until nothing is due; VINR's credits are waited for until they have expired."""
        codes: list[ExitCode] = []
        counted = BEGUN - {State.REFUSED} if self.retry_refused else BEGUN
        while _GOES_ON.issuperset(codes):
            dues, wait = self.due(counted)
            if 0 < wait <= _LONGEST_WAIT:
                # For all of them, so that what a customer has several of can be one credit.
                if not self.hands.wait(wait):
                    return [*codes, ExitCode.INTERRUPTED]
                continue
            if not dues:
                break
            codes.append(self._follow("give", give_rows(dues, self.pair), "target"))
            # Once: what was refused again stays refused.
            counted = BEGUN
        return codes

    def due(self, counted: Collection[State]) -> tuple[list[Due], float]:
        """Find what was taken and is not given, and how long credits that expire are to be waited for.

        Args:
            counted: In which states a row counts as given; see `due_gives`.
        """
        ledger = Ledger.read(self.journal, self.pair)
        now: dict[str, Credit | None] = {}
        wanted = to_be_read(ledger, counted)
        if wanted and self.pair.order != "give-only":
            with self.hands.system("source") as system:
                now = read_credits(system, wanted)
        return due_gives(ledger, now, self.hands.server_now(), counted)
