"""The environment variables of a command: every option has one, and what only looks like one is told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches

import click

__all__ = ["unknown_variables"]


def unknown_variables(context: click.Context) -> Iterator[str]:
    """Yield a line for each variable that begins as those of the command do, and that no option reads.

    The values are not in it: one may be a secret.
    """
    prefix = context.auto_envvar_prefix
    if prefix is None:
        return
    known = [f"{prefix}_{parameter.name}".upper() for parameter in context.command.get_params(context)]
    for name in sorted(os.environ):
        if name.startswith(f"{prefix}_") and name not in known:
            near = get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]}?" if near else "to see all variables, use --help"
            yield f"the variable {name} does not belong to any option and is ignored; {meant}"
