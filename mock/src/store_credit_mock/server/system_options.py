"""The options that the systems declare, as the command takes them."""

from __future__ import annotations

from collections.abc import Sequence

import click

from store_credit_mock.systems.system import System
from store_credit_mock.systems.system_option import SystemOption, namesakes

__all__ = ["options_of"]


def options_of(systems: Sequence[System]) -> list[click.Parameter]:
    """Make the options of some systems.

    One that other systems have under a name of their own may be repeated, and takes their values too:
    `--profile 5.3 --profile spree-v3=5.6`.
    """
    declared = [option for system in systems for option in system.options]
    names = [option.name for option in declared]
    return [_made(option, list(namesakes(option.name, names))) for option in declared]


def _made(option: SystemOption, others: list[str]) -> click.Option:
    choices = option.choices
    shown = "|".join((*choices, *(f"{name}=..." for name in others)))
    return click.Option(
        ["--" + option.name.replace("_", "-")],
        is_flag=False,
        multiple=bool(others),
        flag_value=option.flag_value,
        type=click.Choice(choices) if choices and not others else str,
        metavar=f"[{shown}]" if choices and others else None if choices else option.metavar,
        help=option.help,
        show_envvar=True,
    )
