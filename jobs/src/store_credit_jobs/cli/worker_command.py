"""`store-credit worker`: carries out jobs that were handed over by `issue apply --postgres`, with others like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.engine.events import Event, Events

__all__ = ["command"]


@click.command("worker")
@click.option(
    "--postgres", metavar="DSN", required=True, envvar="STORE_CREDIT_POSTGRES", show_envvar=True,
    help="The database with journal and queue: postgresql://user@host/database.",
)  # fmt: skip
@click.option("--at-once", type=click.IntRange(1, 64), default=4, show_default=True, help="Accounts at one time.")
@click.option(
    "--lease", metavar="TIME", default="60s", show_default=True,
    help="After which the jobs of a worker that is not heard of are taken over; the same for all workers.",
)  # fmt: skip
@common_options
def command(common: Common, postgres: str, at_once: int, lease: str) -> ExitCode:
    """Carry out jobs that were handed over by `issue apply --postgres`, together with other workers.

    Each takes jobs of the accounts in its own store-credit.toml; an account has one worker at a time, whose pace is the
    account's. When a worker is gone, another goes on: what it was sending is looked up first.

    SIGTERM and Ctrl-C wait for what is in flight, and leave the rest to the others; a second one leaves at once.
    """
    import logging
    import threading

    from store_credit_jobs.cli.screen import JsonLines, Lines, Results
    from store_credit_jobs.config import read_config
    from store_credit_jobs.quantities import duration
    from store_credit_jobs.worker.worker import Worker

    try:
        seconds = duration(lease)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--lease") from None
    configuration = read_config(common.config)
    out, err = click.get_text_stream("stdout"), click.get_text_stream("stderr")
    # What several orders tell is whole lines.
    alone = threading.Lock()

    def say(line: str) -> None:
        err.write(line + "\n")
        err.flush()

    def tell(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    class Shown:
        """Shows one order."""

        def __init__(self) -> None:
            self._ways = [JsonLines(out)] if common.json else [Results(tell), *([] if common.quiet else [Lines(say)])]

        def emit(self, event: Event) -> None:
            """Show an event; what cannot be shown does not stop a job."""
            with alone:
                for way in list(self._ways):
                    try:
                        way.show(event)
                    except (OSError, ValueError):
                        self._ways.remove(way)

    def events_of() -> Events:
        return Shown()

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", stream=err)
    logging.getLogger("store_credit_jobs").setLevel(logging.WARNING if common.quiet else logging.INFO)
    if not common.quiet:
        names = ", ".join(configuration.accounts)
        say(f"Waiting for jobs of {names}; Ctrl-C stops in order.")
    return Worker(postgres, configuration, events_of, lease=seconds, at_once=at_once).run()
