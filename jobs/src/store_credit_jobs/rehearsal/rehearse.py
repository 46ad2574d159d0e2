"""Carries a plan out on a mock, with the engine that `issue apply` uses, and counts afterwards what is there."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.engine.engine import run
from store_credit_jobs.engine.events import Events
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.result import Result
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.exit_codes import ExitCode, worst
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.planning.plan_file import check_seal, read_head, read_rows
from store_credit_jobs.rehearsal.clock import RehearsalClock, RehearsalHalt
from store_credit_jobs.rehearsal.counting import count, ids
from store_credit_jobs.rehearsal.stage import Stage
from store_credit_jobs.rehearsal.trouble import plan_trouble, struck
from store_credit_jobs.temporary import folder as temporary_folder

__all__ = ["SLOWEST", "Rehearsal", "rehearse", "settings_of"]

SLOWEST: Final = 45.0
"""Seconds for which a slow request goes on after its response was lost, where the grace is longer than twice that."""
_ROUNDS: Final = 50
"""How often the engine sends and looks up; much trouble is no reason to leave rows open here."""


@attrs.frozen(slots=True)
class Rehearsal:
    """How a rehearsal went.

    Attributes:
        result: How the run ended, by the engine.
        trouble: How many requests went wrong, by what happened to them.
        seed: What the trouble was drawn with.
        credits: How many credits are on the mock that were not there before.
        doubled: How many of them no row explains.
        lost: How many credits of rows that are done are not there.
        sound: Whether the mock's own books are right.
        left_out: Rows that could not be rehearsed, see `Stage`.
        waited: Seconds that would have been waited.
    """

    result: Result
    trouble: Mapping[str, int]
    seed: int
    credits: int
    doubled: int
    lost: int
    sound: bool
    left_out: int
    waited: float

    @property
    def exit_code(self) -> ExitCode:
        """How the command ends."""
        broken = self.doubled or self.lost or not self.sound
        return worst([self.result.exit_code, ExitCode.BROKEN if broken else ExitCode.DONE])

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {**attrs.asdict(self, recurse=False), "result": self.result.as_json(), "exit_code": int(self.exit_code)}


def rehearse(plan: Path, account: Account, *, trouble: float, seed: int, events: Events | None = None) -> Rehearsal:
    """Carry a plan out on a mock inside this process. Plan, workspace and server are left alone.

    Trouble and ids follow the seed, and one request is sent at a time, so that the same seed gives the same rehearsal.
    Waits take no time.

    Args:
        plan: The plan's file.
        account: The account that it is for; of its credential nothing is read.
        trouble: How many of the requests that change something go wrong, from 0 to 1.
        seed: What the trouble is drawn with.
        events: Takes what is to be shown.

    Raises:
        JobsError: `plan_missing` or `plan_changed`; or `extra_missing`, the mock is not installed.
    """
    seal = check_seal(plan)
    head = read_head(plan)
    clock = RehearsalClock()
    slow = min(SLOWEST, account.grace / 2)
    stage = Stage(head, account, clock, seed)
    with temporary_folder("store-credit-rehearsal-") as folder:
        try:
            stage.furnish(read_rows(plan))
            system = stage.connect()
            before = ids(system, stage)
            journal = SqliteJournal(folder / "workspace", write=True, clock=clock.now, durable=False)
            try:
                job = journal.begin(stage.head, stage.rows(read_rows(plan)), seal.sha256)
                plan_trouble(stage.mock, head.system, trouble, slow)
                result = run(
                    job,
                    journal,
                    system,
                    settings_of(account, seed),
                    events,
                    interrupts=Interrupts(RehearsalHalt(clock)),
                    clock=clock.monotonic,
                    wall=clock.now,
                )
                happened = struck(stage.mock, slow)
                waited = clock.waited
                # Whatever is still under way on the mock comes to its end.
                stage.mock.control.clear_faults()
                clock.wait(slow)
                there, doubled, lost = count(journal, [job.id], before, ids(system, stage))
            finally:
                journal.close()
            sound = stage.mock.control.invariants().holds
            return Rehearsal(result, happened, seed, there, doubled, lost, sound, stage.left_out, waited)
        finally:
            stage.close()


def settings_of(account: Account, seed: int) -> Settings:
    """Say how a job is rehearsed: one request at a time, at no pace, and the same each time."""
    jitter = random.Random(seed).random  # noqa: S311 - not for secrets
    return Settings(concurrency=1, paced=False, grace=account.grace, stop_after=0, rounds=_ROUNDS, jitter=jitter)
