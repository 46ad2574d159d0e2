"""`store-credit move`: from one account to another, while customers go on buying.

`export`, `map`, `plan`, `delta` and `verify` send nothing but GET; what they write are files.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.move_apply import command as apply_command
from store_credit_jobs.cli.move_check import delta, verify
from store_credit_jobs.cli.move_rehearse import command as rehearse_command
from store_credit_jobs.cli.opened_journal import postgres_option
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.config import Account, Configuration
    from store_credit_jobs.move.pair import Order, Pair, Side
    from store_credit_jobs.move.plan import MovePlan
    from store_credit_jobs.planning.plan_file import PlanSeal
    from store_credit_jobs.snapshots.snapshot_file import Snapshot
    from store_credit_jobs.systems.system import Abilities

__all__ = ["command"]

_SHOWN: Final = 20


class _InOrder(click.Group):
    """Lists its commands in the order in which they are run, each in a few words."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, _SHORTLY[name]) for name in self.commands])


_SHORTLY: Final = {
    "export": "write all credits of an account to a sealed file",
    "map": "match customers of the source with those of the target",
    "plan": "plan what to take and give; only reads",
    "rehearse": "carry out a plan on mocks of both sides inside this process",
    "apply": "carry out a plan; run it again to continue where it stopped",
    "delta": "plan to reduce what was given in excess; only reads",
    "verify": "compare both sides; only reads",
}


@click.group("move", cls=_InOrder)
def command() -> None:
    """Move credit from one account to another while customers continue to spend it.

    `plan` reads the source, `apply` takes credit there and gives it in the target, and `verify` compares both. If you
    run all of them again, only what is new is moved.
    """


_path: Any = click.Path(path_type=Path)


@command.command("export")
@click.option("-o", "--output", metavar="FILE", type=_path, required=True, help="Where to write the snapshot.")
@common_options
def export(common: Common, output: Path) -> ExitCode:
    """Write all credits of the account to a snapshot: a sealed file to map, plan and audit from."""
    from store_credit_jobs.cli.account_reading import reading
    from store_credit_jobs.config import read_config
    from store_credit_jobs.snapshots import export as snapshots

    account = read_config(common.config).account(common.account)
    with reading(common, account) as (system, how):
        made = snapshots.export(system, account, output, how)
    click.echo(f"{output}: {made.head.credits:,} credits of {account.name}, sealed {made.sha256}")
    return ExitCode.DONE


@command.command("map")
@click.argument("snapshot", metavar="SNAPSHOT", type=_path)
@click.option(
    "--from", "source", metavar="NAME", help="The source account; its customer list has the email addresses (Spree v3)."
)
@click.option("--to", "target", metavar="NAME", help="The target account; its customer list is read (Spree v3).")
@click.option(
    "--emails",
    metavar="FILE",
    type=_path,
    help="CSV with the columns email,customer, for a target that cannot list its customers.",
)
@click.option(
    "--ids", metavar="FILE", type=_path, help="CSV with the columns source,target; match by id, not by email address."
)
@click.option("-o", "--output", metavar="FILE", type=_path, default="map.csv", show_default=True, help="The map.")
@common_options
def map_(
    common: Common, snapshot: Path, source: str | None, target: str | None, emails: Path | None, ids: Path | None,
    output: Path,
) -> ExitCode:  # fmt: skip
    """Match the customers of SNAPSHOT with those of the target by email address or by a table of ids.

    Nothing is guessed: customers with no counterpart, or with several, are listed in a .left.csv file next to the map.

    Exit codes: 0 all customers are mapped, 1 some are not.
    """
    from store_credit_jobs.config import read_config
    from store_credit_jobs.move.customers import Unmatched, by_address, by_ids, read_columns, read_map, write_csv
    from store_credit_jobs.snapshots.snapshot_file import Snapshot

    owners: dict[str, str | None] = {}
    for credit in Snapshot.open(snapshot).credits():
        if credit.customer is not None and credit.minor > credit.used:
            owners[credit.customer] = credit.email or owners.get(credit.customer)
    if ids is not None:
        matched = by_ids(owners, read_map(ids))
    else:
        accounts = read_config(common.config)
        if source is not None and not all(owners.values()):
            told = dict(_customers(common, accounts.account(source)))
            owners = {customer: email or told.get(customer) for customer, email in owners.items()}
        there = [(customer, email) for email, customer in read_columns(emails, "email", "customer")] if emails else []
        if emails is None:
            if target is None:
                raise click.UsageError("select the target with --to, or pass --emails FILE or --ids FILE")
            there = _customers(common, accounts.account(target))
        matched = by_address(owners, there)
    write_csv(output, ("source", "target", "email"), matched.rows)
    left = output.with_name(f"{output.name}.left.csv")
    if matched.left:
        write_csv(left, Unmatched._fields, matched.left)
    else:
        left.unlink(missing_ok=True)
    click.echo(f"{output}: {len(matched.rows):,} customers mapped")
    if matched.left:
        click.echo(f"{left}: {len(matched.left):,} customers have no counterpart or several counterparts", err=True)
    return ExitCode.REFUSED if matched.left else ExitCode.DONE


def _customers(common: Common, account: Account) -> list[Any]:
    from store_credit_jobs.cli.account_reading import reading

    with reading(common, account) as (system, _):
        if not system.abilities.customers:
            text = (
                f"{account.system} has no list of customers: pass --emails FILE (with the columns email,customer) or "
                "--ids FILE"
            )
            raise JobsError("mode_unsupported", f"account {account.name}: {text}")
        return list(system.customer_ids())


@command.command("plan")
@click.option("--from", "source", metavar="NAME", help="The account to move from; by default, the snapshot's account.")
@click.option("--to", "target", metavar="NAME", required=True, help="The account to move to.")
@click.option(
    "--map",
    "mapped",
    metavar="FILE",
    type=_path,
    required=True,
    help="CSV with the columns source,target, which maps the source's customer ids to the target's.",
)
@click.option("--snapshot", metavar="FILE", type=_path, help="Plan from this snapshot instead of reading the source.")
@click.option("--take-first", "order", flag_value="take-first", default="take-first",
              help="Take credit from the source, then issue it in the target; nothing can be spent twice. "
              "The default.")  # fmt: skip
@click.option("--give-first", "order", flag_value="give-first",
              help="Issue credit in the target, then take it from the source. In between, it can be "
              "spent twice; see `move delta`.")  # fmt: skip
@click.option("--give-only", "order", flag_value="give-only",
              help="Issue credit from a snapshot and take nothing, for a source that no longer exists.")  # fmt: skip
@click.option("--sum", "summed", is_flag=True, help="Give each customer one credit per currency and expiry.")
@click.option("--partly-used", is_flag=True, help="From VINR: also move what is left of partly used credits.")
@click.option(
    "-o", "--output", metavar="PLAN", type=_path, default="move.plan.jsonl", show_default=True,
    help="The plan. Credit that stays in the source is listed in a .left.csv file next to the plan.",
)  # fmt: skip
@postgres_option
@common_options
def plan(
    common: Common, source: str | None, target: str, mapped: Path, snapshot: Path | None, order: Order, summed: bool,
    partly_used: bool, output: Path, postgres: str | None,
) -> ExitCode:  # fmt: skip
    """Plan a move; `store-credit move apply` carries it out. Credit that stays is listed in a .left.csv file.

    Exit codes: 0 everything is in the plan, 1 some credit stays in the source.
    """
    from contextlib import closing

    from store_credit_jobs.cli.opened_journal import open_journal
    from store_credit_jobs.config import read_config
    from store_credit_jobs.credentials import read_credential
    from store_credit_jobs.move.customers import read_map
    from store_credit_jobs.move.ledger import Ledger
    from store_credit_jobs.move.pair import Pair, Side
    from store_credit_jobs.move.plan import MovePlan
    from store_credit_jobs.systems import connect

    accounts = read_config(common.config)
    to = accounts.account(target)
    customers = read_map(mapped)
    found, side, can = _snapshot(common, accounts, source, snapshot, order)
    if _same(accounts, side, to):
        text = f"{side.name} and {to.name} are the same shop: credit that is given would be moved again and again"
        raise JobsError("same_account", f"{text}; nothing was planned")
    pair = Pair(side, Side.of(to), order, summed, partly_used, found.sha256)
    with (
        closing(connect(to, read_credential(to))) as system,
        closing(open_journal(common, postgres, write=False)) as journal,
    ):
        check = system.check()
        if check.problems:
            raise JobsError("account_unusable", f"no plan can be created for {to.name}", problems=check.problems)
        made = MovePlan(pair, found, can, system, customers, Ledger.read(journal, pair), to.currency)
        seal = made.write(output, time.time())
    _tell(common, pair, output, made, seal)
    return ExitCode.REFUSED if made.left else ExitCode.DONE


def _snapshot(
    common: Common, accounts: Configuration, source: str | None, path: Path | None, order: Order
) -> tuple[Snapshot, Side, Abilities | None]:
    """Open the snapshot that is planned from, or make one; with it the source, and what its system allows."""
    from contextlib import closing

    from store_credit_jobs.cli.account_reading import reading
    from store_credit_jobs.credentials import read_credential
    from store_credit_jobs.journal.workspace import find_workspace, make_workspace
    from store_credit_jobs.move.pair import Side
    from store_credit_jobs.snapshots.snapshot_file import Snapshot
    from store_credit_jobs.snapshots.store import SnapshotStore
    from store_credit_jobs.systems import connect

    if path is None:
        if source is None:
            raise click.UsageError("select the source with --from, or pass a snapshot of it with --snapshot")
        account = accounts.account(source)
        workspace = find_workspace(common.workspace)
        make_workspace(workspace)
        with reading(common, account) as (system, how):
            return SnapshotStore(workspace).add(system, account, how), Side.of(account), system.abilities
    found = Snapshot.open(path)
    if order == "give-only":
        head = found.head
        return found, Side(head.account, head.identity, head.system, head.host), None
    account = next((one for one in accounts.accounts.values() if one.identity == found.head.identity), None)
    if account is None or source not in (None, account.name):
        text = f"{path} is a snapshot of {found.head.identity}, not of {source or 'an account in the configuration'}"
        raise JobsError(
            "other_host", f"{text}. Pass the right account, or use --give-only to take nothing from the source"
        )
    with closing(connect(account, read_credential(account))) as system:
        return found, Side.of(account), system.abilities


def _same(accounts: Configuration, source: Side, target: Account) -> bool:
    """Whether what is given in the target is there in the source as well."""
    from store_credit_jobs.credentials import read_credential

    # A plan's host has the scheme in front, a snapshot's the path behind.
    if source.host.rpartition("://")[2].partition("/")[0] != target.host.rpartition("://")[2]:
        return False
    if source.system != target.system:
        # Both of Spree's APIs show the same credits.
        return source.system.startswith("spree") and target.system.startswith("spree")
    account = accounts.accounts.get(source.name)
    if account is None or account.identity == target.identity:
        return True
    return read_credential(account).fingerprint == read_credential(target).fingerprint


def _tell(common: Common, pair: Pair, path: Path, made: MovePlan, seal: PlanSeal) -> None:
    """Write what stays beside the plan, and say what is in both."""
    import json

    from store_credit_jobs.cli.wording import money, plain
    from store_credit_jobs.planning.undo_left import left_totals, write_left

    left_file = path.with_name(f"{path.name}.left.csv")
    if made.left:
        write_left(left_file, made.left)
    else:
        left_file.unlink(missing_ok=True)
    totals = left_totals(made.left)
    if common.json:
        line = {
            "event": "move.planned", "plan": str(path), "order": pair.order, "rows": seal.rows, "totals": seal.totals,
            "left": len(made.left), "left_totals": totals, "unexpiring": dict(made.unexpiring), "sha256": seal.sha256,
        }  # fmt: skip
        click.echo(json.dumps(line))
        return
    does = "to take" if pair.order == "take-first" else "to give"
    click.echo(f"Plan {path}: from {pair.source.name} to {pair.target.name}, {seal.rows:,} rows {does}")
    for currency, found in seal.totals.items():
        click.echo(f"  {money(found['minor'], currency)} in {found['rows']:,} rows")
    for currency, minor in sorted(made.unexpiring.items()):
        click.echo(
            f"  {money(minor, currency)} have an expiry that is lost in the target: {pair.target.system} has no expiry"
        )
    if made.left:
        click.echo(f"{len(made.left):,} credits stay ({left_file}):")
        for reason, by_currency in sorted(totals.items()):
            for currency, found in by_currency.items():
                click.echo(f"  {reason}: {found['rows']:,} credits, {money(found['minor'], currency)}")
        for one in made.left[:_SHOWN]:
            click.echo(f"  {plain(one.credit or '')} of {plain(one.customer)}: {plain(one.text)}")
    click.echo(f"To carry it out: store-credit move apply {path}")


command.add_command(rehearse_command, "rehearse")
command.add_command(apply_command, "apply")
command.add_command(delta, "delta")
command.add_command(verify, "verify")
