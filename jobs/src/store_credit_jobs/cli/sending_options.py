"""Options of the commands that carry out a plan: when they stop, and what they send again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["sending_options"]

_F = TypeVar("_F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--stop-after",
        type=click.IntRange(0),
        default=20,
        show_default=True,
        metavar="N",
        help="Stop after N identical refusals in a row; 0 means never.",
    ),
    click.option(
        "--deadline",
        metavar="TIME",
        help="Stop at this time (ISO 8601 with a time zone), or after this duration, such as 90s or 2h.",
    ),
    click.option("--retry-refused", is_flag=True, help="Send refused rows again, under new keys."),
    click.option(
        "--max-age",
        metavar="TIME",
        default="24h",
        show_default=True,
        help="The maximum age of a plan that has not been started.",
    ),
)


def sending_options(command: _F) -> _F:
    """Let a command take `--stop-after`, `--deadline`, `--retry-refused` and `--max-age`, in this order in its help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
