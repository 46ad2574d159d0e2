"""Shows a running job: on a terminal, as JSON lines, or as a line each ten seconds; and in a log, if there is one.

What shows must never hurt what it shows: a reader that is gone, a full disk behind a redirection, a terminal that
cannot write a name end the showing, and the job goes on.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import IO, Final, Protocol

import click

from store_credit_jobs.cli.common_options import Common
from store_credit_jobs.cli.log_file import LogFile
from store_credit_jobs.cli.summary import ended_lines, progress_line, row_line, started_line, waiting_text
from store_credit_jobs.engine.events import (
    Event,
    Events,
    JobEnded,
    JobStarted,
    LimitWaiting,
    Progress,
    RowHeld,
    RowRefused,
    as_json,
)

__all__ = ["JsonLines", "Lines", "Results", "open_screen"]

_LINES_EVERY: Final = 10.0
_JSON_EVERY: Final = 1.0
_ROWS_SHOWN: Final = 20
"""How many rows that were refused or are held are told one by one; `jobs export` has all."""


class _Shows(Protocol):
    def show(self, event: Event) -> None: ...


class JsonLines:
    """Prints each event as a JSON object on a line of its own; of those of progress one a second."""

    def __init__(self, stdout: IO[str]) -> None:
        self._stdout = stdout
        self._told = -_JSON_EVERY

    def show(self, event: Event) -> None:
        """Print an event."""
        if isinstance(event, Progress):
            if event.seconds - self._told < _JSON_EVERY:
                return
            self._told = event.seconds
        self._stdout.write(json.dumps(as_json(event)) + "\n")
        self._stdout.flush()


class Rows:
    """Says of the first rows that were refused or are held which they are.

    Args:
        say: Prints a line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown = 0

    def show(self, event: Event) -> None:
        """Print an event if it is one about a row."""
        if isinstance(event, RowRefused | RowHeld) and self._shown <= _ROWS_SHOWN:
            self._shown += 1
            self._say(
                row_line(event)
                if self._shown <= _ROWS_SHOWN
                else "more rows; to see them all, run `store-credit jobs export`"
            )


class Lines:
    """Prints a line each ten seconds, for logs of a system and for pipes.

    Args:
        say: Prints a line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._told = 0.0
        self._rows = Rows(say)

    def show(self, event: Event) -> None:
        """Print an event, or leave it out."""
        self._rows.show(event)
        if isinstance(event, JobStarted):
            self._say(started_line(event))
        elif isinstance(event, LimitWaiting) and event.seconds >= _LINES_EVERY:
            self._say(waiting_text(event.reason, event.seconds))
        elif isinstance(event, Progress) and event.seconds - self._told >= _LINES_EVERY:
            self._told = event.seconds
            self._say(progress_line(event))


class Results:
    """Prints how a job ended.

    Args:
        say: Prints a line.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def show(self, event: Event) -> None:
        """Print an event if it is the last."""
        if isinstance(event, JobEnded):
            for line in ended_lines(event):
                self._say(line)


class _Together:
    """Shows events in several ways. One that fails is left alone from then on."""

    def __init__(self, ways: list[_Shows], log: LogFile | None) -> None:
        self._ways = ways
        self._log = log

    def emit(self, event: Event) -> None:
        """Show an event."""
        for way in list(self._ways):
            try:
                way.show(event)
            except (OSError, ValueError):
                self._ways.remove(way)
        if self._log is not None:
            self._log.write(event)


def _on_terminal(stderr: IO[str]) -> bool:
    return stderr.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def open_screen(common: Common, *, stdout: IO[str] | None = None, stderr: IO[str] | None = None) -> Generator[Events]:
    """Show what a job tells as the common options ask for; see `store_credit_jobs.engine.events`.

    Progress goes to stderr, how the job ended to stdout. With `--json` all of it goes to stdout, as JSON lines alone.

    Args:
        common: The common options.
        stdout: In the place of the process's.
        stderr: Likewise.

    Raises:
        JobsError: `log_unwritable`.
    """
    # A program that was started with one of them closed has None in its place.
    out = stdout or sys.stdout or io.StringIO()
    err = stderr or sys.stderr or io.StringIO()

    def say(line: str) -> None:
        err.write(line + "\n")
        err.flush()

    def tell(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    log = None if common.log is None else LogFile(common.log)
    try:
        if common.json:
            yield _Together([JsonLines(out)], log)
        elif common.quiet:
            yield _Together([Rows(say), Results(tell)], log)
        elif _on_terminal(err):
            from store_credit_jobs.cli.terminal import Terminal

            with Terminal(err) as terminal:
                yield _Together([terminal, Rows(terminal.say), Results(tell)], log)
        else:
            yield _Together([Lines(say), Results(tell)], log)
    finally:
        if log is not None:
            log.close()
            if log.failed is not None:
                click.echo(f"store-credit: --log {common.log}: {log.failed}; later events are not in the log", err=True)
