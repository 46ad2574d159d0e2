"""The command `store-credit`: its groups, and how it ends.

Each command is an object `command` in a module of its own, which is imported when it is run. It takes the common
options (`store_credit_jobs.cli.common_options`), returns an `ExitCode` or None, and raises `JobsError` where it cannot
go on.

People read stderr, programs read stdout.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from store_credit_jobs.cli.common_options import with_options
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["command", "main"]

_HERE: Final = "store_credit_jobs.cli"
_ISSUE: Final = {
    "plan": (f"{_HERE}.plan_command", "read a file, check it against the account, and write a plan; only reads"),
    "rehearse": (f"{_HERE}.rehearse_command", "carry out a plan on a mock inside this process, with lost responses"),
    "apply": (f"{_HERE}.apply_command", "carry out a plan; run it again to continue where it stopped"),
    "undo": (f"{_HERE}.undo_command", "make a plan that undoes a job"),
    "settle": (f"{_HERE}.settle_command", "look up rows whose outcome is unknown; only reads"),
    "decide": (f"{_HERE}.decide_command", "record your decision about a row that a look-up could not decide"),
}
_COMMANDS: Final = {
    "init": (f"{_HERE}.init_command", "write store-credit.toml with one account, and check it"),
    "issue": (f"{_HERE}.main", "issue, change or take back credit from a file, each row exactly once"),
    "move": (f"{_HERE}.move_command", "move credit from one system to another"),
    "audit": (f"{_HERE}.audit_command", "report what is owed, and check the books"),
    "jobs": (
        f"{_HERE}.jobs_command",
        "read the journal: list, show or export jobs, and release what a dead runner left behind",
    ),
    "worker": (f"{_HERE}.worker_command", "carry out jobs from a queue in PostgreSQL, alongside other workers"),
}
_NAMES: Final = {ExitCode.DEFECT: "defect", ExitCode.STOPPED: "disk_full"}
"""What errors that are not ours are called, by the exit code."""
_SHOWN: Final = 200
"""How many problems are printed at most."""


class _Commands(click.Group):
    """Imports a command when it is run."""

    def __init__(self, *args: Any, modules: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (own := super().get_command(ctx, cmd_name)) is not None:
            return own
        if cmd_name not in self.modules:
            return None
        return import_module(self.modules[cmd_name][0]).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.modules.items()])


_help: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"]}


@click.group("store-credit", cls=_Commands, modules=_COMMANDS, context_settings=_help)
@with_options
@click.version_option(package_name="store-credit-jobs", prog_name="store-credit")
def command() -> None:
    """Issue, move and audit store credit from files, exactly once, on VINR and on Spree Commerce.

    Exit codes: 0 done, 1 rows refused, 2 refused before anything was sent, 3 outcomes left open, 4 stopped by a limit,
    5 a guarantee is broken, 6 locked by another runner, 7 credentials refused, 70 a defect of store-credit itself,
    130 interrupted; running the same command again continues.
    """


@command.group("issue", cls=_Commands, modules=_ISSUE)
def issue() -> None:
    """Issue, change or take back credit from a file, each row exactly once."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and exit."""
    for stream in (sys.stdout, sys.stderr):
        # A name that a terminal's encoding lacks must not end a job.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        if "_STORE_CREDIT_COMPLETE" in os.environ:
            command.main(given, "store-credit")
        # Not `command.main`, which ends with 1 where a pipe was closed, and that is for rows that were refused.
        with command.make_context("store-credit", list(given)) as ctx:
            code = command.invoke(ctx)
        if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] - it is, with >&-
            sys.stdout.flush()
    except click.exceptions.Exit as ended:
        code = ended.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("store-credit: interrupted; run the same command again to continue", err=True)
        code = ExitCode.INTERRUPTED
    except BrokenPipeError:
        code = _pipe_closed()
    except Exception as error:  # noqa: BLE001 - whatever it is, it ends in a sentence
        code = _told(error, given)
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _pipe_closed() -> int:
    # Whoever read us has enough: say nothing more, also not when Python flushes at its end.
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + 13


def _told(error: Exception, given: list[str]) -> int:
    """Say an error in a sentence; returns the exit code."""
    code, message, problems = _sentence(error)
    for problem in problems[:_SHOWN]:
        click.echo(str(problem), err=True)
    if len(problems) > _SHOWN:
        click.echo(f"... and {len(problems) - _SHOWN} more", err=True)
    click.echo(f"store-credit: {message}", err=True)
    if "--debug" in given and not isinstance(error, JobsError):
        import traceback

        traceback.print_exception(error)
    if "--json" in given:
        import json

        fields = [problem._asdict() for problem in problems]
        name = error.code if isinstance(error, JobsError) else _NAMES.get(code, "server")
        line = {"event": "error", "code": name, "message": message, "problems": fields, "exit_code": int(code)}
        with contextlib.suppress(BrokenPipeError):
            click.echo(json.dumps(line))
    return code


def _sentence(error: Exception) -> tuple[ExitCode, str, tuple[Any, ...]]:
    if isinstance(error, JobsError):
        return error.exit_code, error.message, error.problems
    from store_credit import AuthenticationError, PermissionDeniedError, StoreCreditError

    if isinstance(error, AuthenticationError | PermissionDeniedError):
        return ExitCode.CREDENTIALS, f"the server refused the credentials: {error}", ()
    if isinstance(error, StoreCreditError):
        # Only reading raises: what became of a write is in the journal.
        return ExitCode.USAGE, f"the server could not be read: {error}", ()
    from store_credit_jobs.temporary import is_full, no_room

    if isinstance(error, OSError) and is_full(error):
        full = no_room(error.strerror) if error.filename is None else error.strerror
        return ExitCode.STOPPED, f"{os.fsdecode(error.filename)}: {full}" if error.filename else str(full), ()
    if isinstance(error, OSError) and error.strerror is not None and error.filename is not None:
        return ExitCode.USAGE, f"{os.fsdecode(error.filename)}: {error.strerror}", ()
    # Its text may hold anything, also a credential: HTTP libraries quote headers that they refuse.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" at {os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}"  # noqa: PTH119
    said = f"{type(error).__name__}{where}: this is a defect of store-credit itself; what was sent is in the journal"
    return ExitCode.DEFECT, f"{said}. Run the command again with --debug for a traceback, and report it", ()
