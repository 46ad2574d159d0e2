"""`store-credit move delta` and `move verify`: what both servers have, against the books of the move. GET alone."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import postgres_option
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.credit import Credit
    from store_credit_jobs.move.ledger import Ledger
    from store_credit_jobs.move.pair import Pair
    from store_credit_jobs.systems.system import Abilities

__all__ = ["delta", "verify"]

_SHOWN = 20
_path: Any = click.Path(path_type=Path)


class _Seen(NamedTuple):
    """Both sides of a move as they are now: credits by id, and the time by the source's clock."""

    pair: Pair
    ledger: Ledger
    source: dict[str, Credit | None]
    target: dict[str, Credit | None]
    server_now: float
    can: Abilities


@contextmanager
def _seen(common: Common, plan: Path, postgres: str | None) -> Generator[_Seen]:
    import attrs

    from store_credit_jobs.cli.account_reading import reading
    from store_credit_jobs.cli.opened_journal import open_journal
    from store_credit_jobs.config import read_config
    from store_credit_jobs.move.ledger import Ledger
    from store_credit_jobs.move.pair import Pair
    from store_credit_jobs.move.reading import read_credits
    from store_credit_jobs.move.verify import to_be_seen
    from store_credit_jobs.planning.plan_file import check_seal, read_head
    from store_credit_jobs.systems.clock import Clock

    def announce(customers: int) -> None:
        if not common.quiet:
            click.echo(f"{customers:,} customers to read, at least one request each", err=True)

    pair, _ = Pair.read(attrs.asdict(read_head(plan)))
    check_seal(plan)
    accounts = read_config(common.config)
    target = pair.target.check(accounts.account(pair.target.name))
    took = pair.order != "give-only"
    journal = open_journal(common, postgres, write=False)
    try:
        ledger = Ledger.read(journal, pair)
    finally:
        journal.close()
    there, here = to_be_seen(ledger, took=took)
    source: dict[str, Credit | None] = {}
    now = Clock().now()
    with reading(common, target) as (system, _):
        # The target first: what is spent there while the source is read was spent after all the same.
        made = read_credits(system, here, announce)
        can = system.abilities
    if took:
        account = pair.source.check(accounts.account(pair.source.name))
        with reading(common, account) as (system, how):
            source = read_credits(system, there, announce)
            now = how.clock()
    yield _Seen(pair, ledger, source, made, now, can)


@click.command("verify")
@click.argument("plan", metavar="PLAN", type=_path)
@click.option(
    "--waive",
    metavar="FILE",
    type=_path,
    help="A file of known differences: lines copied from the output of an earlier run.",
)
@click.option(
    "-o", "--output", metavar="FILE", type=_path, default="move.differences.csv", show_default=True,
    help="Where to write the differences, if there are any.",
)  # fmt: skip
@postgres_option
@common_options
def verify(common: Common, plan: Path, waive: Path | None, output: Path, postgres: str | None) -> ExitCode:
    """Compare source and target by customer and currency, over all moves between the accounts of PLAN.

    Three pairs of figures must be equal: the numbers of credits taken and given; the amounts taken and given; and what
    is owed now and what was owed before, less what has been spent since. Differences are written to a file.

    Exit codes: 0 all is equal or waived, 3 rows are open, 5 something differs.
    """
    import json

    from store_credit_jobs.cli.wording import money, plain
    from store_credit_jobs.move.customers import read_columns, write_csv
    from store_credit_jobs.move.verify import Difference, without
    from store_credit_jobs.move.verify import verify as compare

    waived = set[tuple[str, ...]]() if waive is None else set(read_columns(waive, *Difference._fields))
    with _seen(common, plan, postgres) as seen:
        took = seen.pair.order != "give-only"
        verdict = compare(seen.ledger, seen.source, seen.target, seen.server_now, took=took)
    left = without(verdict.differences, waived)
    write_csv(output, Difference._fields, left)
    code = ExitCode.BROKEN if left else ExitCode.OPEN if verdict.open else ExitCode.DONE
    if common.json:
        sums = [
            {"currency": currency, "measure": measure, "source": here, "target": there}
            for (currency, measure), (here, there) in sorted(verdict.sums.items())
        ]
        line = {
            "event": "move.verified", "differences": [one._asdict() for one in left], "open": verdict.open,
            "waived": len(verdict.differences) - len(left), "sums": sums, "customers": verdict.customers,
        }  # fmt: skip
        click.echo(json.dumps(line))
        return code
    click.echo(f"{seen.pair.source.name} and {seen.pair.target.name}, {verdict.customers:,} customers:")
    for (currency, measure), (here, there) in sorted(verdict.sums.items()):
        told = [f"{one:,}" if measure == "count" else money(one, currency) for one in (here, there)]
        sign = "=" if here == there else "DIFFERS FROM"
        click.echo(f"  {currency} {measure}: {told[0]} {sign} {told[1]}")
    for one in left[:_SHOWN]:
        click.echo(
            f"  {plain(one.customer)} {one.currency} {one.measure}: {one.source:,} in the source,"
            f" {one.target:,} in the target"
        )
    if left:
        click.echo(
            f"{len(left):,} differences, written to {output}; to accept the expected ones, use --waive", err=True
        )
    if verdict.open:
        click.echo(f"{verdict.open:,} rows are open: run `store-credit move apply` again", err=True)
    return code


@click.command("delta")
@click.argument("plan", metavar="PLAN", type=_path)
@click.option(
    "-o", "--output", metavar="FILE", type=_path, default="delta.plan.jsonl", show_default=True,
    help="Where to write the plan.",
)  # fmt: skip
@postgres_option
@common_options
def delta(common: Common, plan: Path, output: Path, postgres: str | None) -> ExitCode:
    """Plan to reduce what was given in excess in the target because customers continued to spend in the source.

    `store-credit move apply` carries it out. The overhang is what cannot be reduced: it was spent twice, or the target
    cannot reduce it (VINR cannot reduce any credit, Spree v3 none that is partly used). It is listed in a .left.csv
    file next to the plan.

    Exit codes: 0 the plan reduces all of it, 1 there is an overhang, or credits have grown since.
    """
    import json

    from store_credit_jobs.cli.wording import money
    from store_credit_jobs.move.delta import cuts, overhangs
    from store_credit_jobs.move.plan import head_of
    from store_credit_jobs.planning.plan_file import write_plan
    from store_credit_jobs.planning.undo_left import left_totals, write_left

    with _seen(common, plan, postgres) as seen:
        if seen.pair.order == "give-only":
            raise click.UsageError("a --give-only plan has no delta: nothing can be spent in its source")
        over, under = overhangs(seen.ledger, seen.source, seen.server_now)
        rows, left = cuts(seen.ledger, over, seen.target, seen.can, seen.pair)
    source = {"name": plan.name, "sha256": seen.pair.snapshot}
    seal = write_plan(output, head_of(seen.pair, "cut", seen.pair.target, source, time.time()), rows)
    left_file = output.with_name(f"{output.name}.left.csv")
    if left:
        write_left(left_file, left)
    else:
        left_file.unlink(missing_ok=True)
    totals = left_totals(left)
    code = ExitCode.REFUSED if left or under else ExitCode.DONE
    if common.json:
        line = {
            "event": "move.delta", "plan": str(output), "rows": seal.rows, "totals": seal.totals, "left": len(left),
            "left_totals": totals, "became_more": len(under), "sha256": seal.sha256,
        }  # fmt: skip
        click.echo(json.dumps(line))
        return code
    click.echo(f"Plan {output}: {seal.rows:,} credits of {seen.pair.target.name} to reduce")
    for currency, found in seal.totals.items():
        click.echo(f"  {money(found['minor'], currency)} in {found['rows']:,} rows")
    for by_currency in totals.values():
        for currency, found in by_currency.items():
            click.echo(f"  overhang: {found['rows']:,} credits, {money(found['minor'], currency)} ({left_file})")
    if under:
        click.echo(f"{len(under):,} credits have grown since; to move the rest, run `store-credit move plan`")
    return code
