"""`store-credit issue decide`: a person's word about a row that looking up could not decide."""

from __future__ import annotations

from contextlib import closing

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import open_journal, postgres_option
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["command"]


@click.command("decide")
@click.argument("job")
@click.argument("row", type=click.IntRange(min=1))
@click.argument("word", metavar="done=ID|absent")
@click.option("--who", metavar="NAME", help="Who made the decision; by default, the user who runs the command.")
@postgres_option
@common_options
def command(common: Common, job: str, row: int, word: str, who: str | None, postgres: str | None) -> ExitCode:
    """Record your decision about a held ROW of JOB, with your name and the time.

    `done=ID`: the row was done by the credit ID, and is never sent again. `absent`: the row was not done; the next
    `issue apply` sends it under a new key. Check on the server first: if the row was done, `absent` issues it twice.
    `absent` is refused until the grace period after the row's last request has passed.
    """
    from store_credit_jobs.errors import JobsError

    done, equals, made = word.partition("=")
    made = made.strip()
    if word != "absent" and (done != "done" or not equals or not made):
        raise JobsError(
            "word_invalid", f"{word!r} is not a valid decision: use done=ID with the credit's id, or absent"
        )
    name = (who or _user()).strip()
    with closing(open_journal(common, postgres, write=True)) as journal:
        found = journal.job(job)
        journal.decide(found.id, row, who=name, word=word, made=made or None)
    if common.json:
        import json

        click.echo(json.dumps({"event": "decided", "job": found.id, "n": row, "word": word, "who": name}))
    elif made:
        click.echo(f"Row {row} of job {found.id} is recorded as done by credit {made}; decided by {name}.")
    else:
        click.echo(
            f"Row {row} of job {found.id} is planned again; decided by {name}. To send it, run `issue apply` with "
            "its plan."
        )
    return ExitCode.DONE


def _user() -> str:
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container whose user has no name.
        return f"uid {os.getuid()}"
