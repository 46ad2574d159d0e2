"""The command `store-credit-mock`: its subcommands are in `server/`, `proxy/`, `verify/` and `coverage/`.

Every option is also an environment variable: `--port` of `serve` is STORE_CREDIT_MOCK_SERVE_PORT.

People read stderr, programs read stdout. Exit codes: what each subcommand says; 2 for arguments that cannot be used and
for a defect of the command itself.
"""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import Any, Final, NoReturn

import click

__all__ = ["main"]

_COMMANDS: Final = {
    "serve": ("store_credit_mock.server.command", "serve every system over HTTP"),
    "proxy": (
        "store_credit_mock.proxy.command",
        "pass requests on to a server and validate both sides against openapi.yaml",
    ),
    "verify": (
        "store_credit_mock.verify.command",
        "validate a live server against openapi.yaml, with scenarios and generated requests",
    ),
    "drift": (
        "store_credit_mock.proxy.drift_command",
        "show where a recorded server responds differently from the mock",
    ),
    "document": (
        "store_credit_mock.document_command",
        "print the OpenAPI document, or an export of it for other tools",
    ),
    "coverage": ("store_credit_mock.coverage.command", "merge coverage files, and report on them"),
    "versions": (
        "store_credit_mock.versions_command",
        "show which versions of the systems the mock has, and how each operation was verified",
    ),
}


# STORE_CREDIT_MOCK_VERSION is a good name for a variable of somebody else's.
_version: Final = click.version_option(
    package_name="store-credit-mock", prog_name="store-credit-mock", allow_from_autoenv=False
)


class _Commands(click.Group):
    """Imports a subcommand when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        return _dressed(import_module(_COMMANDS[cmd_name][0]).command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


def _dressed(command: click.Command) -> click.Command:
    """Give a command, and those below it, what all have: `--version`, and its variables in `--help`."""
    if not any(parameter.name == "version" for parameter in command.params):
        _version(command)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.show_envvar = parameter.allow_from_autoenv
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _dressed(below)
    return command


_settings: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "STORE_CREDIT_MOCK"}


@click.group("store-credit-mock", cls=_Commands, context_settings=_settings)
@_version
def command() -> None:
    """A stateful mock of store credit on VINR and on Spree Commerce."""


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command and exit."""
    try:
        code = command.main(arguments, "store-credit-mock", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except Exception:  # noqa: BLE001 - whatever it is, it is not what the command is about
        # Python would end with 1, which is for what was found.
        traceback.print_exc()
        click.echo(
            "store-credit-mock: this is a defect of store-credit-mock itself; please report it with the lines above",
            err=True,
        )
        code = 2
    sys.exit(code)
