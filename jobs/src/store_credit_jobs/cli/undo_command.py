"""`store-credit issue undo JOB`: make a plan that undoes a job. Reads only."""

from __future__ import annotations

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import postgres_option
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["command"]

_SHOWN = 20
"""How many rows that are not undone are told one by one; the file has all."""


@click.command("undo")
@click.argument("job")
@click.option(
    "-o", "--output", metavar="FILE", default="undo.plan.jsonl", show_default=True,
    help="Where to write the plan. Rows that are not undone are listed in a .left.csv file next to the plan.",
)  # fmt: skip
@click.option("--partly-used", is_flag=True, help="Also take back what is left of partly used credits.")
@postgres_option
@common_options
def command(common: Common, job: str, output: str, partly_used: bool, postgres: str | None) -> ExitCode:
    """Make a plan that undoes JOB. `store-credit issue apply` carries it out, and the undo can itself be undone.

    On Spree, unused credit is deleted. VINR cannot delete credit: there, it is set to expire two minutes after the
    request. Spent credit stays, and is listed with the reason and totals.

    Exit codes: 0 everything is in the plan, 1 some of the job's credit stays.
    """
    import json
    import time
    from pathlib import Path

    from store_credit_jobs.cli.opened_job import opened_job
    from store_credit_jobs.cli.wording import duration, money, plain, rows
    from store_credit_jobs.planning.plan_file import write_plan
    from store_credit_jobs.planning.undo import Undo, head_of
    from store_credit_jobs.planning.undo_left import left_totals, write_left

    plan = Path(output)
    with opened_job(common, job, write=False, dsn=postgres) as opened:
        if opened.job.kind == "move":
            # Taking back one half of a move alone would leave the credit twice, or not at all.
            text = (
                f"job {opened.job.id} is half of a move; to undo the move, plan one in the opposite direction with "
                "`store-credit move plan`"
            )
            raise JobsError("move_plan", text)
        now = time.time()
        server_now = now + (opened.check.skew or 0.0)
        undo = Undo(opened.journal, opened.job, opened.system, partly_used=partly_used, now=server_now)
        requests = undo.requests()
        if not common.quiet and not common.json and requests > 100:
            minutes = (
                ""
                if opened.check.limit is None
                else f", at {opened.check.limit:,} a minute " + duration(60 * requests / opened.check.limit)
            )
            click.echo(f"Reading takes about {requests:,} requests{minutes}.", err=True)
        head = head_of(opened.job, opened.account, partly_used=partly_used, now=now)
        seal = write_plan(plan, head, undo.rows())
    left_file = plan.with_name(f"{plan.name}.left.csv")
    if undo.left:
        write_left(left_file, undo.left)
    else:
        left_file.unlink(missing_ok=True)
    totals = left_totals(undo.left)
    if common.json:
        line = {
            "event": "undo.planned", "job": opened.job.id, "plan": str(plan), "rows": seal.rows,
            "nothing": seal.nothing, "totals": seal.totals, "left": len(undo.left), "left_totals": totals,
            "sha256": seal.sha256,
        }  # fmt: skip
        click.echo(json.dumps(line))
        return ExitCode.REFUSED if undo.left else ExitCode.DONE
    click.echo(f"Plan {plan}: {rows(seal.rows - seal.nothing)} to undo, {seal.nothing:,} with nothing to do")
    for currency, found in seal.totals.items():
        click.echo(f"  {money(found['minor'], currency)} in {rows(found['rows'])}")
    if undo.left:
        click.echo(f"Not undone: {rows(len(undo.left))} ({left_file}):")
        for reason, by_currency in totals.items():
            for currency, found in by_currency.items():
                click.echo(f"  {reason}: {rows(found['rows'])}, {money(found['minor'], currency)}")
        for one in undo.left[:_SHOWN]:
            click.echo(f"  key {plain(one.key)}: {plain(one.text)}")
    return ExitCode.REFUSED if undo.left else ExitCode.DONE
