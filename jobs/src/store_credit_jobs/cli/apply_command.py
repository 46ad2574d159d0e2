"""`store-credit issue apply PLAN`: carries a plan out; running it again goes on where it stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import lease_of, make_journal, postgres_option
from store_credit_jobs.cli.sending_options import sending_options
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from store_credit_jobs.config import Account
    from store_credit_jobs.engine.interrupts import Interrupts
    from store_credit_jobs.engine.result import Result
    from store_credit_jobs.engine.settings import Settings
    from store_credit_jobs.journal.journal import Job, Journal
    from store_credit_jobs.planning.plan_file import PlanHead, PlanSeal
    from store_credit_jobs.systems.system import AccountCheck, System

__all__ = ["Apply", "account_with", "allow", "chosen_values", "command"]

_SHORTEST_HASH: Final = 8
"""Digits of a plan's hash that `--confirm` needs at least."""


@click.command("apply")
@click.argument("plan", metavar="PLAN")
@click.option("--live", is_flag=True, help="Allow real money to be moved; required if the account is live.")
@click.option(
    "--confirm", metavar="HASH", help="Confirm with the plan's SHA-256 hash, or its beginning, instead of the total."
)
@click.option("--concurrency", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests in flight.")
@click.option(
    "--rate", metavar="N/s", help="Send at most N requests a second, instead of following the server's own limit."
)
@click.option(
    "--grace",
    metavar="SECONDS",
    help="Assume that a request has ended after this many seconds; by default, the account's setting.",
)
@click.option(
    "--max-total", multiple=True, metavar="AMOUNT:CUR", help="Stop before the total issued exceeds this amount."
)
@sending_options
@click.option(
    "--server-lock", is_flag=True, help="Spree v2: lock the campaign on the server, so that no other machine issues it."
)
@postgres_option
@common_options
def command(common: Common, plan: str, **options: Any) -> ExitCode:
    """Carry out PLAN. To resume, run it again: it first looks up what was sent, and sends nothing twice.

    With --postgres, the plan is handed over to workers (`store-credit worker`), and this command sends nothing.

    Ctrl-C waits for requests in flight; a second one exits at once, which is safe. The outcome of each row is written
    to JOB.result.json and JOB.rows.csv in the workspace.

    Exit codes: 0 all rows are done, 1 some rows were refused, 2 nothing was sent, 3 the outcome of some rows is
    unknown, 4 stopped by a limit, 5 a guarantee is broken, 6 another runner is using the account, 7 the server refused
    the credentials, 130 interrupted.
    """
    from pathlib import Path

    from store_credit_jobs.config import read_config
    from store_credit_jobs.engine.taking_up import account_of_plan, take_up
    from store_credit_jobs.errors import JobsError
    from store_credit_jobs.journal.workspace import find_workspace
    from store_credit_jobs.planning.plan_file import check_seal, read_head

    path = Path(plan)
    chosen = chosen_values(options)
    if options["postgres"] is not None and options["server_lock"]:
        raise click.UsageError(
            "--server-lock cannot be combined with --postgres, which already limits an account to one worker at a time"
        )
    head = read_head(path)
    if head.kind == "move":
        raise JobsError("move_plan", f"{plan} is a move plan; run `store-credit move apply` instead")
    seal = check_seal(path)
    account = account_of_plan(head, read_config(common.config).account(common.account or head.account))
    account = account_with(account, chosen)
    workspace = find_workspace(common.workspace)
    journal = make_journal(workspace, options["postgres"])
    try:
        job = take_up(path, head, seal, journal, account, max_age=chosen["max_age"])
        return Apply(common, account, workspace, journal, job, head, seal, options, chosen).carry_out()
    finally:
        journal.close()


def chosen_values(options: dict[str, Any]) -> dict[str, Any]:
    """Read the values of options before anything else is done."""
    from store_credit_jobs.quantities import duration, rate

    def read(name: str, how: Callable[[object], float]) -> float | None:
        value = options[name.replace("-", "_")]
        try:
            return None if value is None else how(value)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=f"--{name}") from None

    return {
        "rate": read("rate", rate),
        "grace": read("grace", _grace),
        "max_age": read("max-age", duration),
        "deadline": read("deadline", _moment),
        "max_total": _totals(options["max_total"]),
    }


def _grace(value: object) -> float:
    from store_credit_jobs.quantities import duration

    seconds = duration(value)
    if seconds < 1:
        raise ValueError(
            "must be at least 1: if a row is looked up before a slow request has ended, credit can be issued twice"
        )
    return seconds


def _moment(value: object) -> float:
    import time
    from datetime import datetime

    from store_credit_jobs.quantities import duration

    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return time.time() + duration(value)
    if moment.tzinfo is None:
        raise ValueError('add a time zone, as in "2026-11-28T18:00:00Z"')
    return moment.timestamp()


def _totals(given: tuple[str, ...]) -> dict[str, int]:
    from store_credit import MoneyError, to_minor_units

    totals: dict[str, int] = {}
    for one in given:
        amount, _, currency = one.rpartition(":")
        try:
            if currency in totals or not amount.replace(".", "", 1).isdecimal() or not amount.isascii():
                raise MoneyError(one)
            totals[currency] = to_minor_units(amount, currency)
        except MoneyError:
            why = f"{one!r}: write AMOUNT:CUR, such as 100.00:USD, at most once for each currency"
            raise click.BadParameter(why, param_hint="--max-total") from None
    return totals


def account_with(account: Account, chosen: dict[str, Any]) -> Account:
    """Give an account with the grace and the rate that were chosen."""
    import attrs

    said = {name: chosen[name] for name in ("grace", "rate") if chosen[name] is not None}
    return attrs.evolve(account, **said)


class Apply:
    """One run of the command, once its plan is in the journal."""

    def __init__(
        self,
        common: Common,
        account: Account,
        workspace: Path,
        journal: Journal,
        job: Job,
        head: PlanHead,
        seal: PlanSeal,
        options: dict[str, Any],
        chosen: dict[str, Any],
    ) -> None:
        self.common = common
        self.account = account
        self.workspace = workspace
        self.journal = journal
        self.job = job
        self.head = head
        self.seal = seal
        self.options = options
        self.chosen = chosen

    def carry_out(self) -> ExitCode:
        """Run the job, or say again how it ended."""
        from store_credit_jobs.credentials import read_credential
        from store_credit_jobs.engine.engine import ended_before
        from store_credit_jobs.engine.interrupts import Interrupts
        from store_credit_jobs.planning.earlier_keys import refuse_other_name
        from store_credit_jobs.systems import connect

        if self.options["retry_refused"]:
            self.journal.retry_refused(self.job.id)
        before = ended_before(self.job, self.journal)
        if before is not None:
            return self._end(before)
        interrupts = Interrupts()
        concurrency: int = self.options["concurrency"]
        system = connect(self.account, read_credential(self.account), connections=concurrency + 1)
        try:
            check = system.check()
            refuse_other_name(self.journal, self.job.account, self.job.campaign, system.credential)
            allow(check, self.account, self.head, self.seal, live=self.options["live"], confirm=self.options["confirm"])
            if self.options.get("postgres") is not None:
                return self._hand_over()
            with interrupts.caught(), self._server_lock(system, interrupts):
                return self._run(system, self._settings(check), interrupts)
        finally:
            system.close()

    def _hand_over(self) -> ExitCode:
        """Leave the job to workers."""
        from store_credit_jobs.worker.order import Order
        from store_credit_jobs.worker.queue import hand_over

        order = Order(
            job=self.job.id,
            account=self.account.name,
            identity=self.account.identity,
            live=self.options["live"],
            concurrency=self.options["concurrency"],
            rate=self.chosen["rate"],
            grace=self.chosen["grace"],
            stop_after=self.options["stop_after"],
            max_total=self.chosen["max_total"],
            deadline=self.chosen["deadline"],
            plan_rows=self.seal.rows,
        )
        new = hand_over(self.options["postgres"], order)
        if self.common.json:
            import json

            click.echo(json.dumps({"event": "job.handed_over", "job": self.job.id, "new": new}))
        else:
            click.echo(
                f"Job {self.job.id}, {self.seal.rows:,} rows, {'is' if new else 'was already'} handed over to be "
                "carried out by a `store-credit worker`; to see its progress, run `store-credit jobs show "
                f"{self.job.id} --postgres ...`."
            )
        return ExitCode.DONE

    def _end(self, result: Result) -> ExitCode:
        """Say again how a job has ended; no server is asked."""
        import attrs

        from store_credit_jobs.cli.screen import open_screen
        from store_credit_jobs.engine.result import ended, files_of, write_files
        from store_credit_jobs.journal.workspace import make_workspace

        files = files_of(result, make_workspace(self.workspace))
        kept = self.journal.result(self.job.id)
        proof = (kept or {}).get("proof")
        if not _tells(files[0], kept) or not files[1].exists():
            # Also where the run that ended the job was killed before it wrote them: then they are of a run before.
            files = write_files(result, self.journal, self.workspace, kept=kept)
        with open_screen(self.common) as events:
            events.emit(attrs.evolve(ended(result, files), proof=proof))
        return result.exit_code

    def _settings(self, check: AccountCheck) -> Settings:
        from store_credit_jobs.engine.settings import Settings

        return Settings(
            concurrency=self.options["concurrency"],
            rate=self.account.rate,
            per_minute=check.limit,
            grace=self.account.grace,
            stop_after=self.options["stop_after"],
            max_total=self.chosen["max_total"],
            deadline=self.chosen["deadline"],
            skew=check.skew or 0.0,
            plan_rows=self.seal.rows,
        )

    def _run(self, system: System, settings: Settings, interrupts: Interrupts) -> ExitCode:
        from store_credit_jobs.cli.screen import open_screen
        from store_credit_jobs.engine.engine import run
        from store_credit_jobs.engine.result import ended, write_files
        from store_credit_jobs.journal.workspace import make_workspace

        # A journal in PostgreSQL has made none.
        workspace = make_workspace(self.workspace)
        with open_screen(self.common) as events:
            lease = lease_of(self.journal)
            result = run(self.job, self.journal, system, settings, events, interrupts=interrupts, **lease)
            files = write_files(result, self.journal, workspace)
            events.emit(ended(result, files))
        return result.exit_code

    def _server_lock(self, system: System, interrupts: Interrupts) -> AbstractContextManager[object]:
        from contextlib import nullcontext

        if not self.options["server_lock"]:
            return nullcontext()
        lock = getattr(system, "server_lock", None)
        if lock is None:
            raise click.UsageError(
                f"--server-lock works only with spree-v2, but account {self.account.name} is on {self.account.system}"
            )
        return lock(self.job.campaign, interrupts.halt.is_set)


def _tells(file: Path, kept: Mapping[str, Any] | None) -> bool:
    import json

    try:
        return json.loads(file.read_text(encoding="utf-8")) == kept
    except (OSError, ValueError):
        return False


def allow(
    check: AccountCheck, account: Account, head: PlanHead, seal: PlanSeal, *, live: bool, confirm: str | None
) -> None:
    """Refuse what must not be, and have a person say that it is meant where real money is moved.

    Args:
        check: What was found out about the account.
        account: Which one.
        head: The plan's head.
        seal: The plan's seal.
        live: Whether `--live` was passed.
        confirm: What `--confirm` says, or None to have the total typed.

    Raises:
        JobsError: What stands against the account; `live_account` or `not_confirmed`. Nothing was sent.
    """
    from store_credit_jobs.errors import JobsError

    if check.problems:
        text = f"account {account.name} cannot be used until its problems are corrected. Nothing was sent."
        raise JobsError(check.problems[0].code, text, problems=check.problems)
    if confirm is not None and (len(confirm) < _SHORTEST_HASH or not seal.sha256.startswith(confirm.lower())):
        raise JobsError(
            "not_confirmed",
            f"--confirm {confirm} does not match this plan's hash, which begins with {seal.sha256[:16]}; pass at least"
            f" its first {_SHORTEST_HASH} digits. Nothing was sent.",
        )
    if not check.live:
        return
    if not live:
        raise JobsError(
            "live_account",
            f"account {account.name} ({account.host}) is live: this would move real money. To continue, pass --live. "
            "Nothing was sent.",
        )
    if confirm is None:
        _type_total(head, seal, account)


def _type_total(head: PlanHead, seal: PlanSeal, account: Account) -> None:
    """Have a person at a terminal type what is to be issued."""
    import sys

    from store_credit import from_minor_units
    from store_credit_jobs.cli.wording import money
    from store_credit_jobs.errors import JobsError

    if not sys.stdin.isatty():
        raise JobsError(
            "not_confirmed",
            f"account {account.name} is live, but there is no terminal on which to type the total; pass --confirm"
            f" {seal.sha256[:16]}. Nothing was sent.",
        )
    rows = seal.rows - seal.nothing
    click.echo(f"LIVE: {rows:,} rows of campaign {head.campaign} on {account.name} ({account.host}).", err=True)
    for currency, total in sorted(seal.totals.items()):
        told = money(total["minor"], currency)
        typed = click.prompt(f"{told} in {total['rows']:,} rows. Type the total", err=True)
        plain = str(typed).upper().replace(currency, "").replace(",", "").replace(" ", "")
        if plain != f"{from_minor_units(total['minor'], currency):f}":
            raise JobsError("not_confirmed", f"{typed!r} is not {told}. Nothing was sent.")
