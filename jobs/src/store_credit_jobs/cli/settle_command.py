"""`store-credit issue settle JOB`: look up what became of rows whose outcome is unknown. Sends nothing."""

from __future__ import annotations

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import postgres_option
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["command"]

_SHOWN = 20
"""How many rows of a kind are told one by one."""


@click.command("settle")
@click.argument("job")
@postgres_option
@common_options
def command(common: Common, job: str, postgres: str | None) -> ExitCode:
    """Look up on the server the rows of JOB that are held or have an unknown outcome. Only reads.

    The command waits until no request can still be running, and records what it finds in the journal. Rows that are
    proven not to have been done are planned again, and `issue apply` sends them.

    Exit codes: 3 the outcome of some rows is still unknown, 5 a credit was created twice.
    """
    import json
    import os
    import secrets
    import signal
    from contextlib import suppress
    from threading import Event

    from store_credit_jobs.cli.opened_job import opened_job
    from store_credit_jobs.cli.wording import money, plain, rows
    from store_credit_jobs.exit_codes import worst
    from store_credit_jobs.journal.steps import Outcome, State

    looked_at = (State.SENDING, State.UNKNOWN, State.HELD)
    stop = Event()

    def asked(_number: int, _frame: object) -> None:
        if stop.is_set():
            # The second Ctrl-C ends the process, which loses nothing.
            os._exit(ExitCode.INTERRUPTED)
        stop.set()

    before = signal.getsignal(signal.SIGINT)
    with opened_job(common, job, write=True, dsn=postgres) as opened:
        with suppress(ValueError):
            # Only the main thread may.
            signal.signal(signal.SIGINT, asked)
        journal = opened.journal
        journal.adopt(opened.job.id, owner=f"settle-{os.getpid()}-{secrets.token_hex(4)}")
        steps = list(journal.open_steps(opened.job.id, states=looked_at))
        outcomes: list[Outcome] = []
        if steps and not common.quiet and not common.json:
            longest = max(step.longest_grace(opened.account.grace) for step in steps)
            grace = f"{longest:.0f} seconds after the last one was sent"
            click.echo(f"Looking up {rows(len(steps))}, once no request can still be running ({grace}).", err=True)

        def explained(credit: str) -> bool:
            return journal.explained(opened.account.identity, credit)

        for outcome in opened.system.settle(steps, explained, stop.is_set):
            journal.settled([outcome])
            outcomes.append(outcome)
        states = journal.totals(opened.job.id).states
        with suppress(ValueError):
            signal.signal(signal.SIGINT, before)
    counts = {state: sum(1 for one in outcomes if one.state is state) for state in State}
    doubles = [one for one in outcomes if one.also_made]
    left = sum(states.get(state, 0) for state in looked_at)
    found = counts[State.DONE]
    if common.json:
        line = {
            "event": "job.settled", "job": opened.job.id, "looked_at": len(steps), "done": found,
            "planned": counts[State.PLANNED], "refused": counts[State.REFUSED], "left": left,
            "doubles": [{"key": one.step.key, "credits": [one.made, *one.also_made]} for one in doubles],
        }  # fmt: skip
        click.echo(json.dumps(line))
    else:
        click.echo(
            f"Job {opened.job.id}: {rows(len(steps))} looked up; {found:,} had been done, {counts[State.PLANNED]:,} "
            f"had not and will be sent by `issue apply`, {left:,} are still unknown"
        )
        for one in doubles[:_SHOWN]:
            what = f"{money(one.step.minor, one.step.currency)} for {plain(one.step.customer)}"
            click.echo(f"made twice: key {plain(one.step.key)} ({what}): {', '.join((one.made or '', *one.also_made))}")
        held = [one for one in outcomes if one.state is State.HELD]
        for one in held[:_SHOWN]:
            click.echo(f"row {one.step.n} key {plain(one.step.key)}: held, {plain(one.said or one.code or '')}")
        if held:
            click.echo("To decide what became of a held row: store-credit issue decide JOB ROW done=ID, or absent")
    return worst(
        [
            ExitCode.BROKEN if doubles else ExitCode.DONE,
            ExitCode.INTERRUPTED if stop.is_set() else ExitCode.DONE,
            ExitCode.OPEN if left else ExitCode.DONE,
            ExitCode.REFUSED if counts[State.REFUSED] else ExitCode.DONE,
        ]
    )
