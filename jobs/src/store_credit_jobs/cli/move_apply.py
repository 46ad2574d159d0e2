"""`store-credit move apply PLAN`: take in the source, give in the target; running it again finishes what was begun.

Both halves are jobs of the journal, whose rows refer to each other. What is to be given is worked out from what was
taken, each time anew: so a process that dies between the two loses nothing, and nothing is given twice.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode, worst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from store_credit_jobs.config import Account, Configuration
    from store_credit_jobs.credit import Credit
    from store_credit_jobs.journal.journal import Job, Journal
    from store_credit_jobs.move.gives import Due
    from store_credit_jobs.move.pair import Part
    from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanSeal
    from store_credit_jobs.systems.system import AccountCheck

__all__ = ["command"]

_ENDS_ALL: Final = frozenset({ExitCode.INTERRUPTED, ExitCode.LOCKED, ExitCode.DEFECT})
"""After these nothing more is sent in this run. However else taking ended, what was taken is given."""
_GOES_ON: Final = frozenset({ExitCode.DONE, ExitCode.REFUSED, ExitCode.OPEN})
"""After these there may be more to give."""
_LONGEST_WAIT: Final = 300
"""Seconds that credits which expire are waited for; longer, and somebody has changed when they do."""


@click.command("apply")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--live", is_flag=True, help="Real money may be moved: needed where an account is live.")
@click.option(
    "--confirm", metavar="HASH", help="The plan's sha256, or its beginning, in the place of typing its total."
)
@click.option("--concurrency", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests in flight.")
@click.option("--rate", metavar="N/s", help="Requests a second at most to each server.")
@click.option("--grace", metavar="SECONDS", help="After which no request can be running any more; the accounts'.")
@click.option("--stop-after", type=click.IntRange(0), default=20, show_default=True, metavar="N",
              help="Stop after N equal refusals in a row; 0 for never.")  # fmt: skip
@click.option("--deadline", metavar="TIME", help="Stop at that time (ISO 8601 with a zone), or after 90s, 15m, 2h.")
@click.option("--retry-refused", is_flag=True, help="Send rows that were refused again, under new keys.")
@click.option("--max-age", metavar="TIME", default="24h", show_default=True, help="How old a new plan may be.")
@common_options
def command(common: Common, plan: Path, **options: Any) -> ExitCode:
    """Carry PLAN out, both halves. Running the same again goes on where it stopped.

    Only what was taken is given. Until `move verify` finds no difference, run it again: a shortfall is credit that was
    taken and not given yet.

    Exit codes: as `issue apply`, the worse of both halves; 3 also while something is taken and not given.
    """
    from store_credit_jobs.cli.apply_command import chosen_values
    from store_credit_jobs.config import read_config
    from store_credit_jobs.journal.sqlite_journal import SqliteJournal
    from store_credit_jobs.journal.workspace import find_workspace
    from store_credit_jobs.planning.plan_file import check_seal, read_head

    options = {**options, "max_total": (), "server_lock": False, "postgres": None}
    chosen = chosen_values(options)
    head = read_head(plan)
    seal = check_seal(plan)
    workspace = find_workspace(common.workspace)
    journal = SqliteJournal(workspace, write=True)
    try:
        move = _Move(common, read_config(common.config), workspace, journal, head, options, chosen)
        return move.carry_out(plan, seal)
    finally:
        journal.close()


class _Move:
    """One run of the command."""

    def __init__(
        self,
        common: Common,
        accounts: Configuration,
        workspace: Path,
        journal: Journal,
        head: PlanHead,
        options: dict[str, Any],
        chosen: dict[str, Any],
    ) -> None:
        from attrs import asdict

        from store_credit_jobs.cli.apply_command import account_with
        from store_credit_jobs.move.pair import Pair

        self.common, self.workspace, self.journal = common, workspace, journal
        self.head, self.options, self.chosen = head, options, chosen
        self.pair, self.part = Pair.read(asdict(head))
        self.target = account_with(self.pair.target.check(accounts.account(self.pair.target.name)), chosen)
        self.source: Account | None = None
        if self.pair.order != "give-only":
            self.source = account_with(self.pair.source.check(accounts.account(self.pair.source.name)), chosen)
        self.skew = 0.0

    def carry_out(self, plan: Path, seal: PlanSeal) -> ExitCode:
        """Carry out the plan's own half, then what follows from it."""
        from store_credit import StoreCreditError

        side = self.source if self.part == "take" else self.target
        assert side is not None
        self._allow(seal)
        codes: list[ExitCode] = []
        try:
            for half in self._halves(plan, seal, side):
                codes += half()
                if _ENDS_ALL.intersection(codes):
                    break
            codes.append(self._shortfall())
        except (JobsError, StoreCreditError) as error:
            if not codes:
                raise
            # Something was sent: that it is to be run again counts for more than why this run ended.
            click.echo(f"store-credit: {error}", err=True)
            click.echo("what was taken is not all given yet: run `store-credit move apply` again", err=True)
            codes.append(worst([ExitCode.OPEN, *([error.exit_code] if isinstance(error, JobsError) else [])]))
        return worst(codes)

    def _halves(self, plan: Path, seal: PlanSeal, side: Account) -> list[Callable[[], list[ExitCode]]]:
        from store_credit_jobs.engine.taking_up import take_up

        def own() -> list[ExitCode]:
            job = take_up(plan, self.head, seal, self.journal, side, max_age=self.chosen["max_age"])
            return [self._run(job, self.head, seal, side)]

        # Where a give was begun, money is missing: that comes first.
        halves = [lambda: self._finish_gives(seal), own]
        if self.part == "give" and self.pair.order == "give-first":
            halves.append(self._take_what_was_given)
        if self.part != "cut" and self.pair.order != "give-only":
            halves.append(self._give_what_was_taken)
        return halves

    def _allow(self, seal: PlanSeal) -> None:
        """Look at both accounts before anything is sent to either: half a move is worse than none."""
        from store_credit_jobs.cli.apply_command import allow

        confirm: str | None = self.options["confirm"]
        for account in (self.source, self.target):
            if account is None:
                continue
            check = self._check(account)
            if account is self.source:
                self.skew = check.skew or 0.0
            allow(check, account, self.head, seal, live=self.options["live"], confirm=confirm)
            if check.live:
                # Once is enough for both.
                confirm = seal.sha256

    def _check(self, account: Account) -> AccountCheck:
        from contextlib import closing

        from store_credit_jobs.credentials import read_credential
        from store_credit_jobs.systems import connect

        with closing(connect(account, read_credential(account))) as system:
            return system.check()

    def _run(self, job: Job, head: PlanHead, seal: PlanSeal, account: Account) -> ExitCode:
        from store_credit_jobs.cli.apply_command import Apply

        if not self.common.quiet and not self.common.json:
            does = "Taking from" if account is self.source else "Giving in"
            click.echo(f"{does} {account.name} ({account.host}):", err=True)
        # What follows from a plan was confirmed with it.
        options = {**self.options, "confirm": seal.sha256}
        if head is not self.head:
            options["retry_refused"] = False
        return Apply(
            self.common, account, self.workspace, self.journal, job, head, seal, options, self.chosen
        ).carry_out()

    def _finish_gives(self, plan: PlanSeal) -> list[ExitCode]:
        """Go on with gives that were begun and not ended, the oldest first."""
        from store_credit_jobs.journal.steps import State
        from store_credit_jobs.move.ledger import move_jobs
        from store_credit_jobs.planning.plan_file import PlanHead, PlanSeal

        codes: list[ExitCode] = []
        for job, part in reversed(list(move_jobs(self.journal, self.pair))):
            states = self.journal.totals(job.id).states
            open_rows = any(states.get(state) for state in (State.PLANNED, State.SENDING, State.UNKNOWN))
            if part != "give" or job.plan_sha == plan.sha256 or not open_rows:
                continue
            if not _GOES_ON.issuperset(codes):
                break
            seal = PlanSeal(sum(1 for _ in self.journal.rows(job.id)), 0, {}, job.plan_sha)
            codes.append(self._run(job, PlanHead(**job.head), seal, self.target))
        return codes

    def _follow(self, part: Part, rows: Iterable[PlanRow], account: Account) -> ExitCode:
        """Write and carry out a plan that follows from another."""
        from store_credit_jobs.engine.taking_up import take_up
        from store_credit_jobs.move.plan import head_of
        from store_credit_jobs.planning.plan_file import write_plan

        pair = self.pair
        side = pair.source if part == "take" else pair.target
        head = head_of(pair, part, side, {"name": self.head.id, "sha256": pair.snapshot}, time.time())
        path = self.workspace / f"{self.head.id}.{part}.plan.jsonl"
        seal = write_plan(path, head, rows)
        job = take_up(path, head, seal, self.journal, account)
        return self._run(job, head, seal, account)

    def _take_what_was_given(self) -> list[ExitCode]:
        from contextlib import closing

        from store_credit_jobs.credentials import read_credential
        from store_credit_jobs.move.late_takes import late_takes, to_be_taken
        from store_credit_jobs.move.ledger import Ledger
        from store_credit_jobs.move.reading import read_credits
        from store_credit_jobs.systems import connect

        assert self.source is not None
        ledger = Ledger.read(self.journal, self.pair)
        wanted = to_be_taken(ledger)
        if not wanted:
            return []
        with closing(connect(self.source, read_credential(self.source))) as system:
            now = read_credits(system, wanted)
            rows, left = late_takes(ledger, now, system.abilities, self.pair, self._server_now())
        for one in left:
            click.echo(f"credit {one.credit} was given for and cannot be taken: {one.text}", err=True)
        codes = [self._follow("take", rows, self.source)] if rows else []
        return [*codes, ExitCode.OPEN] if left else codes

    def _give_what_was_taken(self) -> list[ExitCode]:
        """Give until nothing is due; VINR's credits are waited for until they have expired."""
        from store_credit_jobs.engine.interrupts import Interrupts
        from store_credit_jobs.journal.steps import State
        from store_credit_jobs.move.gives import BEGUN, give_rows
        from store_credit_jobs.systems.clock import Clock

        codes: list[ExitCode] = []
        interrupts, clock = Interrupts(), Clock()
        counted = BEGUN - {State.REFUSED} if self.options["retry_refused"] else BEGUN
        while _GOES_ON.issuperset(codes):
            dues, wait = self._due(counted)
            if 0 < wait <= _LONGEST_WAIT:
                # For all of them, so that what a customer has several of can be one credit.
                if not self.common.quiet and not self.common.json:
                    click.echo(f"waiting {wait:.0f} s until what was taken has expired, to give what is left", err=True)
                with interrupts.caught():
                    if not clock.wait(wait, interrupts.halt.is_set):
                        return [*codes, ExitCode.INTERRUPTED]
                continue
            if not dues:
                break
            codes.append(self._follow("give", give_rows(dues, self.pair), self.target))
            # Once: what was refused again stays refused.
            counted = BEGUN
        return codes

    def _due(self, counted: Any) -> tuple[list[Due], float]:
        from contextlib import closing

        from store_credit_jobs.credentials import read_credential
        from store_credit_jobs.move.gives import due_gives, to_be_read
        from store_credit_jobs.move.ledger import Ledger
        from store_credit_jobs.move.reading import read_credits
        from store_credit_jobs.systems import connect

        ledger = Ledger.read(self.journal, self.pair)
        now: dict[str, Credit | None] = {}
        wanted = to_be_read(ledger, counted)
        if wanted and self.source is not None:
            with closing(connect(self.source, read_credential(self.source))) as system:
                now = read_credits(system, wanted)
        return due_gives(ledger, now, self._server_now(), counted)

    def _server_now(self) -> float:
        from store_credit_jobs.systems.clock import Clock

        return Clock().now() + self.skew

    def _shortfall(self) -> ExitCode:
        """Say what is taken and not given."""
        from collections import Counter

        from store_credit_jobs.cli.wording import money
        from store_credit_jobs.journal.steps import State

        dues, wait = self._due({State.DONE})
        missing = Counter[str]()
        for due in dues:
            missing[due.currency] += due.minor
        if missing:
            told = ", ".join(money(minor, currency) for currency, minor in sorted(missing.items()))
            text = "run `store-credit move apply` again, with --retry-refused if they were refused"
            click.echo(f"{len(dues):,} credits, {told}, are taken and not given yet: {text}", err=True)
        if wait > 0:
            text = "`store-credit move apply` gives what is left then"
            click.echo(f"some of what was taken has not expired yet, in {wait:,.0f} s it has: {text}", err=True)
        return ExitCode.OPEN if missing or wait > 0 else ExitCode.DONE
