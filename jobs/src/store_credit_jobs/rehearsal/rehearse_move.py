"""Carries a move out on two mocks, both halves, and counts afterwards what is on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import Any

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.engine.engine import ended_before, run
from store_credit_jobs.engine.events import Events, Silent
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.result import Result, ended
from store_credit_jobs.exit_codes import ExitCode, worst
from store_credit_jobs.journal.journal import Job, Journal
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.move.halves import Halves, Where
from store_credit_jobs.move.ledger import Ledger
from store_credit_jobs.move.pair import Pair, Part
from store_credit_jobs.move.plan import head_of
from store_credit_jobs.move.reading import read_credits
from store_credit_jobs.move.verify import Difference, to_be_seen, verify
from store_credit_jobs.planning.plan_file import PlanHead, PlanSeal, check_seal, read_head, read_rows
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.planning.undo_left import Left
from store_credit_jobs.rehearsal.clock import RehearsalClock, RehearsalHalt
from store_credit_jobs.rehearsal.counting import Counted, count, ids
from store_credit_jobs.rehearsal.rehearse import SLOWEST, settings_of
from store_credit_jobs.rehearsal.stage import Stage
from store_credit_jobs.rehearsal.trouble import plan_trouble, struck
from store_credit_jobs.systems.system import System
from store_credit_jobs.temporary import folder as temporary_folder

__all__ = ["MoveRehearsal", "RehearsedSide", "rehearse_move"]


@attrs.frozen(slots=True)
class RehearsedSide:
    """What was played on one of the two sides.

    Attributes:
        account: The account's name.
        system: Its system.
        rows: How many rows were carried out on it.
        requests: How many requests were sent to its mock for them.
        trouble: How many requests went wrong, by what happened to them.
        credits: How many credits are on the mock that were not there before.
        doubled: How many of them no row explains.
        lost: How many credits of rows that are done are not there.
        sound: Whether the mock's own books are right.
    """

    account: str
    system: str
    rows: int
    requests: int
    trouble: Mapping[str, int]
    credits: int
    doubled: int
    lost: int
    sound: bool

    @property
    def broken(self) -> bool:
        """Whether something is there twice, or missing."""
        return bool(self.doubled or self.lost or not self.sound)


@attrs.frozen(slots=True)
class MoveRehearsal:
    """How a rehearsal of a move went.

    Attributes:
        sides: What was played on the source, where it is asked at all, and on the target.
        codes: How each job ended, in the order of the jobs.
        sums: Per currency and measure what the source and the target have; see `store_credit_jobs.move.verify`.
        differences: What is not equal.
        open: Rows whose outcome is open, or which are to be sent still.
        seed: What the trouble was drawn with.
        left_out: Rows that could not be rehearsed, see `Stage`.
        waited: Seconds that would have been waited.
    """

    sides: Mapping[Where, RehearsedSide]
    codes: tuple[ExitCode, ...]
    sums: Mapping[tuple[str, str], tuple[int, int]]
    differences: tuple[Difference, ...]
    open: int
    seed: int
    left_out: int
    waited: float

    @property
    def exit_code(self) -> ExitCode:
        """How the command ends."""
        broken = any(side.broken for side in self.sides.values()) or (self.differences and not self.open)
        open_ = ExitCode.OPEN if self.open else ExitCode.DONE
        return worst([*self.codes, open_, ExitCode.BROKEN if broken else ExitCode.DONE])

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON. Amounts are in minor units."""
        return {
            "sides": {where: attrs.asdict(side) for where, side in self.sides.items()},
            "sums": [
                {"currency": currency, "measure": measure, "source": here, "target": there}
                for (currency, measure), (here, there) in sorted(self.sums.items())
            ],
            "differences": [one._asdict() for one in self.differences],
            "open": self.open,
            "seed": self.seed,
            "left_out": self.left_out,
            "waited": round(self.waited, 3),
            "exit_code": int(self.exit_code),
        }


def rehearse_move(
    plan: Path, accounts: Mapping[Where, Account], *, trouble: float, seed: int, events: Events | None = None
) -> MoveRehearsal:
    """Carry a plan of a move out on mocks inside this process. Plan, workspace and servers are left alone.

    As `rehearse`; and both halves are played, with what follows from the plan.

    Args:
        plan: The plan's file.
        accounts: The accounts that it is between; of their credentials nothing is read.
        trouble: How many of the requests that change something go wrong, from 0 to 1.
        seed: What the trouble is drawn with.
        events: Takes what is to be shown.

    Raises:
        JobsError: `plan_missing` or `plan_changed`; or `extra_missing`, the mock is not installed.
    """
    seal, head = check_seal(plan), read_head(plan)
    with ExitStack() as stack:
        folder = stack.enter_context(temporary_folder("store-credit-rehearsal-"))
        return _Play(plan, head, seal, dict(accounts), seed, events or Silent(), folder, stack).play(trouble)


class _Play:
    """One rehearsal; the hands of both halves."""

    def __init__(
        self,
        plan: Path,
        head: PlanHead,
        seal: PlanSeal,
        accounts: dict[Where, Account],
        seed: int,
        events: Events,
        folder: Path,
        stack: ExitStack,
    ) -> None:
        self.plan, self.head, self.seal, self.seed = plan, head, seal, seed
        self.events, self.folder = events, folder
        self.part: Part
        self.pair, self.part = Pair.read(attrs.asdict(head))
        self.clock = RehearsalClock()
        self.stages: dict[Where, Stage] = {}
        for where in self._sides():
            self.stages[where] = Stage(self._head_of(where), accounts[where], self.clock, seed)
            stack.callback(self.stages[where].close)
        self.own: Where = "source" if self.part == "take" else "target"
        for where, stage in self.stages.items():
            stage.furnish(read_rows(plan) if where == self.own else self._across())
        self.systems: dict[Where, System] = {where: stage.connect() for where, stage in self.stages.items()}
        self.before = {where: ids(self.systems[where], stage) for where, stage in self.stages.items()}
        self.journal: Journal = SqliteJournal(folder / "workspace", write=True, clock=self.clock.now, durable=False)
        stack.callback(self.journal.close)
        self.results: dict[Where, list[Result]] = {where: [] for where in self.stages}

    def _sides(self) -> tuple[Where, ...]:
        # What is cut in the target, or given from a snapshot alone, has nothing to do with the source.
        alone = self.part == "cut" or self.pair.order == "give-only"
        return ("target",) if alone else ("source", "target")

    def _head_of(self, where: Where) -> PlanHead:
        part: Part = "take" if where == "source" else "give"
        if part == self.part or self.part == "cut":
            return self.head
        side = self.pair.source if where == "source" else self.pair.target
        return head_of(self.pair, part, side, self.head.source, self.clock.now())

    def _across(self) -> Iterator[PlanRow]:
        """Go through what the plan says of its other side: who is given something, or whose credit was given for."""
        for row in read_rows(self.plan):
            if self.part == "take":
                give: Any = (row.then or {})["give"]
                step = PlanStep("create", row.steps[0].wire, row.minor)
                yield PlanRow(row.n, row.key, "create", give["customer"], row.minor, row.currency, steps=(step,))
                continue
            was: Any = row.was or {}
            for credit, minor in was["credits"].items():
                before = {"minor": minor, "used": 0, "authorized": 0, "expires": row.expires}
                step = PlanStep("delete", row.steps[0].wire, minor, credit, before)
                yield PlanRow(row.n, row.key, "delete", was["owners"][credit], minor, row.currency, steps=(step,))

    def _rows(self) -> Iterator[dict[str, Any]]:
        """Give the plan's rows with the customers and credits of the mocks, also where they name the other side's."""
        other = self.stages.get("target" if self.own == "source" else "source")
        for line in self.stages[self.own].rows(read_rows(self.plan)):
            if other is not None and self.part == "take":
                give = line["then"]["give"]
                line["then"] = {"give": {**give, "customer": other.customer(give["customer"])}}
            elif other is not None:
                was: Any = line["was"]
                line["was"] = {
                    "credits": {other.credit(name): minor for name, minor in was["credits"].items()},
                    "owners": {other.credit(name): other.customer(whose) for name, whose in was["owners"].items()},
                }
            yield line

    def play(self, trouble: float) -> MoveRehearsal:
        """Play it, and count."""
        slow = {where: min(SLOWEST, stage.account.grace / 2) for where, stage in self.stages.items()}
        for where, stage in self.stages.items():
            plan_trouble(stage.mock, stage.account.system, trouble, slow[where])
        codes: list[ExitCode] = []
        halves = Halves(self.journal, self.pair, self.part, self.head, self.seal, self)
        halves.carry_out(self._own_job, codes)
        waited = self.clock.waited
        happened = {where: struck(stage.mock, slow[where]) for where, stage in self.stages.items()}
        # Whatever is still under way on the mocks comes to its end.
        for stage in self.stages.values():
            stage.mock.control.clear_faults()
        self.clock.wait(max(slow.values()))
        sides: dict[Where, RehearsedSide] = {where: self._side(where, happened[where]) for where in self.stages}
        sums, differences, open_ = self._compared()
        left_out = max(stage.left_out for stage in self.stages.values())
        return MoveRehearsal(sides, tuple(codes), sums, differences, open_, self.seed, left_out, waited)

    def _own_job(self) -> Job:
        return self.journal.begin(self.stages[self.own].head, self._rows(), self.seal.sha256)

    def _side(self, where: Where, trouble: Mapping[str, int]) -> RehearsedSide:
        stage, results = self.stages[where], self.results[where]
        jobs = [job.id for job in self.journal.jobs() if job.account == stage.account.identity]
        counted: Counted = count(self.journal, jobs, self.before[where], ids(self.systems[where], stage))
        return RehearsedSide(
            stage.account.name,
            stage.account.system,
            sum(result.rows for result in results),
            sum(result.requests for result in results),
            trouble,
            *counted,
            stage.mock.control.invariants().holds,
        )

    def _compared(self) -> tuple[Mapping[tuple[str, str], tuple[int, int]], tuple[Difference, ...], int]:
        """Compare both sides as `move verify` does."""
        if self.part == "cut":
            return {}, (), 0
        ledger, took = Ledger.read(self.journal, self.pair), "source" in self.stages
        there, here = to_be_seen(ledger, took=took)
        source = read_credits(self.systems["source"], there) if took else {}
        target = read_credits(self.systems["target"], here)
        verdict = verify(ledger, source, target, self.clock.now(), took=took)
        return verdict.sums, tuple(verdict.differences), verdict.open

    # The hands of both halves

    def account(self, where: Where) -> Account:
        """Give the account of a mock."""
        return self.stages[where].account

    def system(self, where: Where) -> AbstractContextManager[System]:
        """Give the way to a mock, which stays open."""
        return nullcontext(self.systems[where])

    def run(self, where: Where, job: Job, head: PlanHead, seal: PlanSeal) -> ExitCode:
        """Carry a job out on a mock."""
        del head, seal
        result = ended_before(job, self.journal) or run(
            job,
            self.journal,
            self.systems[where],
            settings_of(self.stages[where].account, self.seed),
            self.events,
            interrupts=Interrupts(RehearsalHalt(self.clock)),
            clock=self.clock.monotonic,
            wall=self.clock.now,
        )
        self.results[where].append(result)
        self.events.emit(ended(result))
        return result.exit_code

    def plan_file(self, name: str) -> Path:
        """Give a place that is gone with the rehearsal."""
        return self.folder / name

    def server_now(self) -> float:
        """Give the time on both mocks."""
        return self.clock.now()

    def wait(self, seconds: float) -> bool:
        """Let time pass."""
        return self.clock.wait(seconds)

    def stays(self, left: Left) -> None:
        """Leave it to the comparison at the end."""
