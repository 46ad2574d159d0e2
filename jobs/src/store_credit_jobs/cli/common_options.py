"""The options that every command of `store-credit` takes, before or after its name.

A command takes them by a decorator, and returns its exit code:

```python
@click.command("plan")
@click.argument("file")
@common_options
def command(common: Common, file: str) -> ExitCode: ...
```
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, Final, NamedTuple, ParamSpec, TypeVar, cast

import click

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Common", "common_of", "common_options", "with_options"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_F = TypeVar("_F", bound=Callable[..., Any])
_KEY: Final = "store_credit_jobs.common"


class Common(NamedTuple):
    """What was said by the common options.

    Attributes:
        account: The account's name in the configuration, or None for the only one there is.
        workspace: The folder with the journal, or None to look for `.store-credit/` here and above.
        config: The configuration's file, or None to look for it here and above.
        json: Events as JSON lines on stdout in the place of a display.
        log: Where a log is added, or None.
        quiet: Neither display nor lines of progress; errors and results are printed.
        debug: A traceback for an unexpected error.
    """

    account: str | None = None
    workspace: Path | None = None
    config: Path | None = None
    json: bool = False
    log: Path | None = None
    quiet: bool = False
    debug: bool = False


def _keep(ctx: click.Context, parameter: click.Parameter, value: Any) -> None:
    # `meta` is one mapping for a command and the groups above it; what stands further right wins.
    if value:
        ctx.meta.setdefault(_KEY, {})[parameter.name] = value


def _keep_path(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        from pathlib import Path  # `--help` does without

        _keep(ctx, parameter, Path(value))


def _options(command: _F, variables: bool) -> _F:
    def option(*names: str, variable: str | None = None, **rest: Any) -> None:
        nonlocal command
        # Variables are read by the outermost group alone, or else they would win over an option in front of a command.
        rest.setdefault("callback", _keep)
        command = click.option(
            *names, expose_value=False, envvar=variable if variables else None, show_envvar=variables, **rest
        )(command)

    option("--debug", is_flag=True, help="Show a traceback if an unexpected error occurs.")
    option("--quiet", is_flag=True, help="Show no progress.")
    option("--log", metavar="FILE", callback=_keep_path, help="Append a log in JSON Lines format to FILE.")
    option("--json", is_flag=True, help="Print events on stdout, one JSON object per line.")
    option(
        "--config", metavar="FILE", callback=_keep_path, variable="STORE_CREDIT_CONFIG",
        help="The configuration file; by default, store-credit.toml or pyproject.toml here or in a parent folder.",
    )  # fmt: skip
    option(
        "--workspace", metavar="DIR", callback=_keep_path, variable="STORE_CREDIT_WORKSPACE",
        help="The folder with the journal; by default, .store-credit here or in a parent folder.",
    )  # fmt: skip
    option(
        "--account", metavar="NAME", variable="STORE_CREDIT_ACCOUNT",
        help="The account to use; required if the configuration contains several accounts.",
    )  # fmt: skip
    return command


def with_options(group: _F) -> _F:
    """Let a group take the common options in front of its commands, and from the environment."""
    return _options(group, variables=True)


def common_of(ctx: click.Context) -> Common:
    """Give what was said so far."""
    return Common(**cast("dict[str, Any]", ctx.meta.get(_KEY, {})))


def common_options(function: Callable[Concatenate[Common, _P], _R]) -> Callable[_P, _R]:
    """Let a command take the common options; what was said by them is its first argument."""

    def called(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        return function(common_of(click.get_current_context()), *args, **kwargs)

    return _options(update_wrapper(called, function), variables=False)
