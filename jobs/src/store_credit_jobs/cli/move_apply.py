"""`store-credit move apply PLAN`: takes in the source, gives in the target; running it again finishes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import postgres_option
from store_credit_jobs.cli.sending_options import sending_options
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode, worst

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from store_credit_jobs.config import Account, Configuration
    from store_credit_jobs.journal.journal import Job, Journal
    from store_credit_jobs.move.halves import Where
    from store_credit_jobs.planning.plan_file import PlanHead, PlanSeal
    from store_credit_jobs.planning.undo_left import Left
    from store_credit_jobs.systems.system import AccountCheck, System

__all__ = ["command"]


@click.command("apply")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--live", is_flag=True, help="Allow real money to be moved; required if an account is live.")
@click.option(
    "--confirm", metavar="HASH", help="Confirm with the plan's SHA-256 hash, or its beginning, instead of the total."
)
@click.option("--concurrency", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests in flight.")
@click.option("--rate", metavar="N/s", help="Send at most N requests a second to each server.")
@click.option(
    "--grace",
    metavar="SECONDS",
    help="Assume that a request has ended after this many seconds (default: each account's own setting).",
)
@sending_options
@postgres_option
@common_options
def command(common: Common, plan: Path, **options: Any) -> ExitCode:
    """Carry out both halves of PLAN. To continue after a stop, run the same command again.

    Only credit that was taken is given. Run the command again until `move verify` finds no difference: a shortfall is
    credit that was taken but not yet given.

    With --postgres, several machines share the journal. The move is carried out by this command, not by a worker; any
    machine that has PLAN can finish it.

    Exit codes: those of `issue apply`, the worse of both halves; 3 also while credit has been taken but not given.
    """
    from store_credit_jobs.cli.apply_command import chosen_values
    from store_credit_jobs.cli.opened_journal import make_journal
    from store_credit_jobs.config import read_config
    from store_credit_jobs.journal.workspace import find_workspace
    from store_credit_jobs.planning.plan_file import check_seal, read_head

    dsn: str | None = options.pop("postgres")
    # What is handed over to workers is one job; a move is several, of two accounts.
    options = {**options, "max_total": (), "server_lock": False, "postgres": None}
    chosen = chosen_values(options)
    head = read_head(plan)
    seal = check_seal(plan)
    workspace = find_workspace(common.workspace)
    journal = make_journal(workspace, dsn)
    try:
        move = _Move(common, read_config(common.config), workspace, journal, head, seal, options, chosen)
        return move.carry_out(plan)
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
        seal: PlanSeal,
        options: dict[str, Any],
        chosen: dict[str, Any],
    ) -> None:
        from attrs import asdict

        from store_credit_jobs.cli.apply_command import account_with
        from store_credit_jobs.move.halves import Halves
        from store_credit_jobs.move.pair import Pair

        self.common, self.workspace, self.journal = common, workspace, journal
        self.head, self.seal, self.options, self.chosen = head, seal, options, chosen
        self.pair, self.part = Pair.read(asdict(head))
        self.accounts: dict[str, Account] = {}
        for where, side in (("source", self.pair.source), ("target", self.pair.target)):
            if where == "target" or self.pair.order != "give-only":
                self.accounts[where] = account_with(side.check(accounts.account(side.name)), chosen)
        self.skew = 0.0
        self.halves = Halves(
            journal, self.pair, self.part, head, seal, self, retry_refused=self.options["retry_refused"]
        )

    def carry_out(self, plan: Path) -> ExitCode:
        """Carry out the plan's own half, then what follows from it."""
        from store_credit import StoreCreditError
        from store_credit_jobs.cli.opened_journal import hold_accounts
        from store_credit_jobs.engine.taking_up import take_up

        self._allow()
        # Both before anything is sent: another machine that moves between them is refused as a whole.
        hold_accounts(self.journal, [account.identity for account in self.accounts.values()])
        side = self.account("source" if self.part == "take" else "target")

        def own() -> Job:
            return take_up(plan, self.head, self.seal, self.journal, side, max_age=self.chosen["max_age"])

        codes: list[ExitCode] = []
        try:
            self.halves.carry_out(own, codes)
            codes.append(self._shortfall())
        except (JobsError, StoreCreditError) as error:
            if not codes:
                raise
            # Something was sent: that it is to be run again counts for more than why this run ended.
            click.echo(f"store-credit: {error}", err=True)
            click.echo(
                "not all credit that was taken has been given yet: run `store-credit move apply` again", err=True
            )
            codes.append(worst([ExitCode.OPEN, *([error.exit_code] if isinstance(error, JobsError) else [])]))
        return worst(codes)

    def _allow(self) -> None:
        """Look at both accounts before anything is sent to either: half a move is worse than none."""
        from store_credit_jobs.cli.apply_command import allow

        confirm: str | None = self.options["confirm"]
        for where, account in self.accounts.items():
            check = self._check(account)
            if where == "source":
                self.skew = check.skew or 0.0
            allow(check, account, self.head, self.seal, live=self.options["live"], confirm=confirm)
            if check.live:
                # Once is enough for both.
                confirm = self.seal.sha256

    def _check(self, account: Account) -> AccountCheck:
        from contextlib import closing

        from store_credit_jobs.credentials import read_credential
        from store_credit_jobs.systems import connect

        with closing(connect(account, read_credential(account))) as system:
            return system.check()

    # The hands of both halves

    def account(self, where: Where) -> Account:
        """Give one of the two accounts."""
        return self.accounts[where]

    def system(self, where: Where) -> AbstractContextManager[System]:
        """Connect to one of the two."""
        from contextlib import closing

        from store_credit_jobs.credentials import read_credential
        from store_credit_jobs.systems import connect

        account = self.accounts[where]
        return closing(connect(account, read_credential(account)))

    def run(self, where: Where, job: Job, head: PlanHead, seal: PlanSeal) -> ExitCode:
        """Carry a job out as `issue apply` does."""
        from store_credit_jobs.cli.apply_command import Apply

        account = self.accounts[where]
        does = "Taking from" if where == "source" else "Giving in"
        self._say(f"{does} {account.name} ({account.host}):")
        # What follows from a plan was confirmed with it.
        options = {**self.options, "confirm": seal.sha256}
        if head is not self.head:
            options["retry_refused"] = False
        return Apply(
            self.common, account, self.workspace, self.journal, job, head, seal, options, self.chosen
        ).carry_out()

    def plan_file(self, name: str) -> Path:
        """Give a place in the workspace."""
        from store_credit_jobs.journal.workspace import make_workspace

        return make_workspace(self.workspace) / name

    def server_now(self) -> float:
        """Give the time by the source's clock."""
        from store_credit_jobs.systems.clock import Clock

        return Clock().now() + self.skew

    def wait(self, seconds: float) -> bool:
        """Wait until what was taken has expired."""
        from store_credit_jobs.engine.interrupts import Interrupts
        from store_credit_jobs.systems.clock import Clock

        self._say(f"waiting {seconds:.0f} s until the credit that was taken has expired; then its rest is given")
        interrupts = Interrupts()
        with interrupts.caught():
            return Clock().wait(seconds, interrupts.halt.is_set)

    def stays(self, left: Left) -> None:
        """Say that a credit was given for and cannot be taken."""
        click.echo(
            f"credit {left.credit} was given in the target but cannot be taken from the source: {left.text}", err=True
        )

    def _say(self, line: str) -> None:
        if not self.common.quiet and not self.common.json:
            click.echo(line, err=True)

    def _shortfall(self) -> ExitCode:
        """Say what is taken and not given."""
        from collections import Counter

        from store_credit_jobs.cli.wording import money
        from store_credit_jobs.journal.steps import State

        dues, wait = self.halves.due({State.DONE})
        missing = Counter[str]()
        for due in dues:
            missing[due.currency] += due.minor
        if missing:
            told = ", ".join(money(minor, currency) for currency, minor in sorted(missing.items()))
            text = "run `store-credit move apply` again, with --retry-refused if they were refused"
            click.echo(f"{len(dues):,} credits, {told}, were taken but not yet given: {text}", err=True)
        if wait > 0:
            text = f"in {wait:,.0f} s, `store-credit move apply` gives what is left of it"
            click.echo(f"some of what was taken has not expired yet: {text}", err=True)
        return ExitCode.OPEN if missing or wait > 0 else ExitCode.DONE
