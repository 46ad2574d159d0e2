"""`store-credit worker`: carries out jobs that were handed over by `issue apply --postgres`, with others like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.cli.log_file import LogFile
    from store_credit_jobs.engine.events import Event, Events

__all__ = ["command"]

_SHORTEST: Final = 1.0


@click.command("worker")
@click.option(
    "--postgres", metavar="DSN", required=True, envvar="STORE_CREDIT_POSTGRES", show_envvar=True,
    help="The database with the journal and the queue: postgresql://user@host/database.",
)  # fmt: skip
@click.option(
    "--at-once",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="The number of accounts that the worker serves at the same time.",
)
@click.option(
    "--lease", metavar="TIME", default="60s", show_default=True,
    help="Time after which a silent worker's jobs are taken over; use the same time for all workers.",
)  # fmt: skip
@common_options
def command(common: Common, postgres: str, at_once: int, lease: str) -> ExitCode:
    """Carry out jobs that `issue apply --postgres` handed over, alongside other workers.

    Each worker carries out jobs of the accounts in its own store-credit.toml. An account has one worker at a time. When
    a worker dies, another one takes over, and first looks up what the dead worker was sending.

    After SIGTERM or Ctrl-C, the worker finishes requests in flight and leaves the rest to other workers. A second
    signal ends it at once.
    """
    from contextlib import closing, nullcontext

    from store_credit_jobs.cli.log_file import LogFile
    from store_credit_jobs.config import read_config
    from store_credit_jobs.quantities import duration
    from store_credit_jobs.worker.worker import Worker

    try:
        seconds = duration(lease)
        if seconds < _SHORTEST:
            raise ValueError(f"must be at least {_SHORTEST:g} seconds, so that leases can be renewed in time")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--lease") from None
    configuration = read_config(common.config)
    with nullcontext() if common.log is None else closing(LogFile(common.log)) as log:
        show = _Show(common, log)
        if not common.quiet:
            show.say(
                f"Waiting for jobs of {', '.join(configuration.accounts)}; Ctrl-C finishes requests in flight "
                "and stops."
            )
        return Worker(postgres, configuration, show.order, lease=seconds, at_once=at_once).run()


class _Show:
    """Shows what the orders of a worker tell, in whole lines; its log, on stderr.

    Args:
        common: The common options.
        log: Where events are added, too.
    """

    def __init__(self, common: Common, log: LogFile | None) -> None:
        import logging
        import sys
        import threading

        self._common, self._log = common, log
        self._out, self._err = sys.stdout, sys.stderr
        self._alone = threading.Lock()

        class Named(logging.Formatter):
            """Tells of an error what it is; the rest of a traceback may hold anything."""

            def formatException(self, ei: Any) -> str:  # noqa: N802 - as logging calls it
                return super().formatException(ei) if common.debug else ei[0].__name__

        handler = logging.StreamHandler(self._err)
        handler.setFormatter(Named("%(asctime)s %(message)s"))
        logging.basicConfig(level=logging.WARNING, handlers=[handler])
        logging.getLogger("store_credit_jobs").setLevel(logging.WARNING if common.quiet else logging.INFO)

    def order(self) -> Events:
        """Give what shows one order."""
        from store_credit_jobs.cli.screen import JsonLines, Lines, Results

        if self._common.json:
            return _Order(self, [JsonLines(self._out)])
        return _Order(self, [Results(self.tell), *([] if self._common.quiet else [Lines(self.say)])])

    def emit(self, event: Event, ways: list[Any]) -> None:
        """Show an event; what cannot be shown does not stop a job."""
        with self._alone:
            for way in list(ways):
                try:
                    way.show(event)
                except (OSError, ValueError):
                    ways.remove(way)
        if self._log is not None:
            self._log.write(event)

    def say(self, line: str) -> None:
        """Print a line for people."""
        self._err.write(line + "\n")
        self._err.flush()

    def tell(self, line: str) -> None:
        """Print a line of a result."""
        self._out.write(line + "\n")
        self._out.flush()


class _Order:
    def __init__(self, show: _Show, ways: list[Any]) -> None:
        self._show, self._ways = show, ways

    def emit(self, event: Event) -> None:
        """Show an event of this order."""
        self._show.emit(event, self._ways)
