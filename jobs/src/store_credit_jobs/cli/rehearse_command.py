"""`store-credit issue rehearse PLAN`: the same engine on a mock inside this process, with trouble on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store_credit_jobs.config import Account
    from store_credit_jobs.rehearsal.rehearse import Rehearsal

__all__ = ["NAMES", "command", "configured", "trouble_lines", "trouble_options"]

_F = TypeVar("_F", bound=Callable[..., Any])

NAMES = {"vinr": "VINR", "spree-v2": "Spree's API v2", "spree-v3": "Spree's API v3"}


def _share(ctx: click.Context, parameter: click.Parameter, value: str) -> float:  # noqa: ARG001 - click's
    from decimal import Decimal, InvalidOperation

    text, percent, rest = value.strip().partition("%")
    try:
        share = Decimal(text) / (100 if percent else 1)
    except InvalidOperation:
        share = Decimal(-1)
    if rest or not 0 <= share <= 1:
        raise click.BadParameter(f"{value!r} is not a valid share; use a share such as 5% or 0.05")
    return float(share)


def trouble_options(command: _F) -> _F:
    """Let a command take how much goes wrong, and the seed."""
    command = click.option(
        "--seed",
        metavar="N",
        type=int,
        default=1,
        show_default=True,
        help="The seed for the failures; a different seed causes different failures.",
    )(command)
    return click.option(
        "--trouble", metavar="SHARE", default="5%", show_default=True, callback=_share,
        help="The share of write requests that fail.",
    )(command)  # fmt: skip


@click.command("rehearse")
@click.argument("plan", metavar="PLAN")
@trouble_options
@common_options
def command(common: Common, plan: str, trouble: float, seed: int) -> ExitCode:
    """Carry out PLAN on a mock inside this process, where responses are lost, late or cut off.

    The plan, the workspace and the server are not touched. Waits take no time, and the same seed gives the same
    rehearsal. At the end, every credit on the mock is counted: none may be doubled or lost.

    Exit codes: those of `issue apply`; 5 a credit was doubled or lost.
    """
    import json
    from pathlib import Path

    from store_credit_jobs.cli.screen import open_screen
    from store_credit_jobs.engine.result import ended
    from store_credit_jobs.errors import JobsError
    from store_credit_jobs.planning.plan_file import read_head
    from store_credit_jobs.rehearsal.rehearse import rehearse

    head = read_head(Path(plan))
    if head.kind == "move":
        text = f"{plan} is a move plan; run `store-credit move rehearse {plan}` instead"
        raise JobsError("move_plan", text)
    account = configured(common, common.account or head.account, head.system, head.host)
    with open_screen(common) as events:
        rehearsal = rehearse(Path(plan), account, trouble=trouble, seed=seed, events=events)
        events.emit(ended(rehearsal.result))
    if common.json:
        click.echo(json.dumps({"event": "rehearsal.ended", **rehearsal.as_json()}))
    else:
        for line in lines(rehearsal, head.system):
            click.echo(line)
    return rehearsal.exit_code


def configured(common: Common, name: str, system: str, host: str) -> Account:
    """Give a plan's account as it is configured; one with the defaults where nothing is."""
    from store_credit_jobs.config import Account, read_config
    from store_credit_jobs.errors import JobsError

    try:
        found = read_config(common.config).account(name)
    except JobsError as error:
        if error.code != "config_missing" or common.config is not None or common.account is not None:
            raise
        return Account(name, system, host, {})  # pyright: ignore[reportArgumentType] - one of the three
    if found.system != system:
        raise JobsError("other_host", f"the plan is for {system}, but the account {found.name} is on {found.system}")
    return found


def trouble_lines(trouble: Mapping[str, int], requests: int) -> Iterator[str]:
    """Say what went wrong."""
    number = sum(trouble.values())
    yield f"  {number:,} of {requests:,} requests went wrong:" if number else "  nothing went wrong"
    for name, times in trouble.items():
        if times:
            yield f"    {times:>6,}  {name}"


def lines(rehearsal: Rehearsal, system: str) -> Iterator[str]:
    """Say how a rehearsal went."""
    from store_credit_jobs.cli.wording import duration

    yield f"Rehearsed on a mock of {NAMES[system]} in this process, with seed {rehearsal.seed}; no server was contacted"
    yield from trouble_lines(rehearsal.trouble, rehearsal.result.requests)
    if rehearsal.waited >= 1:
        yield f"  waits of {duration(rehearsal.waited)} took no time"
    if rehearsal.left_out:
        yield (
            f"  {rehearsal.left_out:,} rows were left out: they change partly spent credit, which the mock does "
            "not have"
        )
    counted = f"{rehearsal.credits:,} new credits, {rehearsal.doubled:,} doubled, {rehearsal.lost:,} lost"
    yield f"  on the mock: {counted}{'' if rehearsal.sound else '; its books ARE WRONG'}"
