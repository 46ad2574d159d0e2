"""`store-credit move rehearse PLAN`: both halves of a move on mocks inside this process, with trouble on purpose."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.rehearse_command import trouble_options
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store_credit_jobs.config import Account
    from store_credit_jobs.move.halves import Where
    from store_credit_jobs.move.pair import Pair
    from store_credit_jobs.rehearsal.rehearse_move import MoveRehearsal

__all__ = ["command"]

_path: Any = click.Path(path_type=Path)


@click.command("rehearse")
@click.argument("plan", metavar="PLAN", type=_path)
@trouble_options
@common_options
def command(common: Common, plan: Path, trouble: float, seed: int) -> ExitCode:
    """Carry out PLAN on two mocks inside this process, where responses are lost, late or cut off.

    Both halves are rehearsed: taking from the source and giving in the target. The plan, the workspace and both servers
    are not touched. Waits take no time, and the same seed gives the same rehearsal. At the end, the credits on both
    mocks are counted and compared, as with `move verify`.

    Exit codes: those of `move apply`; 5 a credit was doubled or lost, or the sums differ.
    """
    import json

    import attrs

    from store_credit_jobs.cli.screen import open_screen
    from store_credit_jobs.move.pair import Pair
    from store_credit_jobs.planning.plan_file import read_head
    from store_credit_jobs.rehearsal.rehearse_move import rehearse_move

    pair, _ = Pair.read(attrs.asdict(read_head(plan)))
    with open_screen(common) as events:
        done = rehearse_move(plan, _accounts(common, pair), trouble=trouble, seed=seed, events=events)
    if common.json:
        click.echo(json.dumps({"event": "move.rehearsed", **done.as_json()}))
    else:
        for line in _lines(done):
            click.echo(line)
    return done.exit_code


def _accounts(common: Common, pair: Pair) -> dict[Where, Account]:
    from store_credit_jobs.cli.rehearse_command import configured

    accounts: dict[Where, Account] = {}
    if pair.order != "give-only":
        side = pair.source
        accounts["source"] = side.check(configured(common, side.name, side.system, side.host))
    side = pair.target
    accounts["target"] = side.check(configured(common, side.name, side.system, side.host))
    return accounts


def _lines(done: MoveRehearsal) -> Iterator[str]:
    """Say how a rehearsal went."""
    from store_credit_jobs.cli.rehearse_command import NAMES, trouble_lines
    from store_credit_jobs.cli.wording import duration, money

    yield f"Rehearsed on mocks in this process, with seed {done.seed}; no server was contacted"
    for where, side in done.sides.items():
        yield f"{where.capitalize()} {side.account}, a mock of {NAMES[side.system]}: {side.rows:,} rows"
        yield from trouble_lines(side.trouble, side.requests)
        counted = f"{side.credits:,} new credits, {side.doubled:,} doubled, {side.lost:,} lost"
        yield f"  on the mock: {counted}{'' if side.sound else '; its books ARE WRONG'}"
    if done.waited >= 1:
        yield f"Waits of {duration(done.waited)} took no time"
    if done.left_out:
        yield f"{done.left_out:,} rows were left out: they change partly spent credit, which the mock does not have"
    for (currency, measure), (here, there) in sorted(done.sums.items()):
        told = [f"{one:,}" if measure == "count" else money(one, currency) for one in (here, there)]
        yield f"  {currency} {measure}: {told[0]} {'=' if here == there else 'DIFFERS FROM'} {told[1]}"
    if done.open:
        yield f"{done.open:,} rows still have an unknown outcome"
