"""`store-credit jobs accept-restored`: go on with a journal that does not know all that was sent."""

from __future__ import annotations

from contextlib import closing

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["command"]


@click.command("accept-restored")
@click.option("--campaign", metavar="NAME", help="A campaign that was issued from a lost workspace.")
@common_options
def command(common: Common, campaign: str | None) -> ExitCode:
    """Continue with a workspace that was restored from a backup, or without one that has been lost. Sends nothing.

    Every row that the journal does not record as done is looked up before it is sent, by its mark or by what the
    customer has: open rows, planned rows, and all rows planned later. With --campaign, a campaign of the account is
    issued from this workspace instead of the one that has been lost.
    """
    import json

    from store_credit_jobs.cli.wording import plain
    from store_credit_jobs.config import read_config
    from store_credit_jobs.journal.sqlite_journal import SqliteJournal
    from store_credit_jobs.journal.steps import RESTORED, State
    from store_credit_jobs.journal.workspace import find_workspace

    folder = find_workspace(common.workspace)
    account = None if campaign is None else read_config(common.config).account(common.account)
    with closing(SqliteJournal(folder, write=True, accept_restored=True)) as journal:
        if campaign is not None and account is not None:
            journal.take_campaign(account.identity, campaign)
        rows = {
            job.id: sum(step.code == RESTORED for step in journal.open_steps(job.id, states=[State.UNKNOWN]))
            for job in journal.jobs()
        }
    to_look_up = {job: number for job, number in rows.items() if number}
    if common.json:
        click.echo(json.dumps({"event": "restored", "workspace": str(folder), "rows": to_look_up}))
        return ExitCode.DONE
    for job, number in to_look_up.items():
        click.echo(
            f"Job {job}: {number:,} rows must be looked up before they are sent; to do both, run `issue apply` "
            "with its plan."
        )
    click.echo(
        f"The journal in {plain(str(folder))} is in use from now on. Rows planned later are also looked up before "
        "they are sent; to avoid this for new campaigns, use a new workspace."
    )
    return ExitCode.DONE
