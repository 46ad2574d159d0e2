"""What was given too much, since customers went on buying in the source: cut in the target, as far as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State
from store_credit_jobs.move.ledger import Give, Ledger, taken
from store_credit_jobs.move.pair import CAMPAIGN, Pair
from store_credit_jobs.move.takes import seen
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.planning.undo_left import Left
from store_credit_jobs.systems.system import Abilities
from store_credit_jobs.wire_key import wire_key

__all__ = ["cuts", "overhangs"]


def overhangs(
    ledger: Ledger, source: Mapping[str, Credit | None], server_now: float
) -> tuple[dict[str, int], dict[str, int]]:
    """Compare what was given with what it stands for in the source.

    Args:
        ledger: The books.
        source: The source's credits that were given for, as they are now.
        server_now: The time by the source's clock, seconds since 1970.

    Returns:
        By credit of the source, in minor units: what was given too much, and what has come to it since.
    """
    over: dict[str, int] = {}
    under: dict[str, int] = {}
    for credit in ledger.gives:
        given = ledger.given(credit, State.DONE)
        given -= sum(cut.minor for cut in ledger.cuts.get(credit, ()) if cut.step.state is not State.REFUSED)
        done = [take for take in ledger.takes.get(credit, ()) if take.step.state is State.DONE]
        now = source.get(credit)
        if done:
            minors = [taken(take, now, server_now) for take in done]
            if None in minors:
                # Customers can spend it until it expires: what it is worth is not known yet.
                continue
            stands_for = sum(one or 0 for one in minors)
        else:
            expired = now is not None and now.expires is not None and now.expires <= server_now
            stands_for = 0 if now is None or expired else now.minor - now.used
        if given > stands_for:
            over[credit] = given - stands_for
        elif given < stands_for and not done:
            under[credit] = stands_for - given
    return over, under


def cuts(
    ledger: Ledger, over: Mapping[str, int], target: Mapping[str, Credit | None], can: Abilities, pair: Pair
) -> tuple[list[PlanRow], list[Left]]:
    """Make the rows that cut in the target what was given too much.

    Args:
        ledger: The books.
        over: What was given too much, from `overhangs`.
        target: The target's credits that were given, as they are now.
        can: What the target allows.
        pair: Between which accounts.

    Returns:
        The rows, and what cannot be cut: it was spent twice, or the target reduces nothing.
    """
    rows: list[PlanRow] = []
    left: list[Left] = []
    free: dict[str, Credit] = {name: credit for name, credit in target.items() if credit is not None}
    for credit, wanted in over.items():
        minor = wanted
        for give in (one for one in ledger.gives[credit] if one.step.state is State.DONE):
            found = None if give.step.made is None else free.get(give.step.made)
            if found is None or minor <= 0:
                continue
            # A credit that was given for several is cut for one of them in a plan: its next cut needs a fresh look.
            row = _cut(credit, minor, give, found, can, pair, len(ledger.cuts.get(credit, ())) + 1)
            if row is not None:
                minor -= row.minor
                del free[found.id]
                rows.append(attrs.evolve(row, n=len(rows) + 1))
        if minor > 0:
            step = ledger.gives[credit][-1].step
            text = "it was given, but also spent in the source, and the target cannot take any of it back"
            if step.made in target and step.made not in free and pair.summed:
                text = "another reduction of the same credit must be made first: then run `move delta` again"
            left.append(Left(step.key, step.customer, step.made, minor, step.currency, "overhang", text))
    return rows, left


def _cut(credit: str, minor: int, give: Give, found: Credit, can: Abilities, pair: Pair, number: int) -> PlanRow | None:
    """The row that takes as much as can be of a credit in the target, None where that is nothing."""
    by = min(minor, found.remaining)
    if by <= 0:
        return None
    key = f"cut:{pair.source.identity}:{credit}#{number}"
    wire = wire_key(pair.target.identity, CAMPAIGN, key)
    before: dict[str, Any] = seen(found)
    if found.untouched and by == found.minor:
        if not can.delete:
            return None
        do, step = "delete", PlanStep("delete", wire, found.minor, found.id, before)
    elif can.reduce_used or (found.untouched and can.reduce_unused):
        to = found.minor - by
        do, step = "reduce", PlanStep("update", wire, to, found.id, before, {"minor": to})
    else:
        return None
    return PlanRow(
        n=0,
        key=key,
        do=do,
        customer=give.step.customer,
        minor=by,
        currency=found.currency,
        steps=(step,),
        was={"credit": credit},
    )
