"""Where credit was given first: what is then taken in the source, as it is by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State
from store_credit_jobs.move.ledger import Ledger
from store_credit_jobs.move.pair import CAMPAIGN, Pair, move_key
from store_credit_jobs.move.takes import Stays, take_row
from store_credit_jobs.planning.plan_lines import PlanRow
from store_credit_jobs.planning.undo_left import Left
from store_credit_jobs.systems.system import Abilities
from store_credit_jobs.wire_key import wire_key

__all__ = ["late_takes", "to_be_taken"]


def to_be_taken(ledger: Ledger) -> dict[str, str]:
    """Tell which credits were given for and not taken: ids, each with its customer in the source."""
    return {
        credit: gives[-1].owners[credit]
        for credit, gives in ledger.gives.items()
        if ledger.given(credit, State.DONE) > 0
        and not any(take.step.state is not State.REFUSED for take in ledger.takes.get(credit, ()))
    }


def late_takes(
    ledger: Ledger, now: Mapping[str, Credit | None], can: Abilities, pair: Pair, server_now: float
) -> tuple[list[PlanRow], list[Left]]:
    """Make the rows that take what is left of credits that were given for.

    Args:
        ledger: The books.
        now: The credits that `to_be_taken` names, as they are now.
        can: What the source allows.
        pair: Between which accounts.
        server_now: The time by the source's clock, seconds since 1970.

    Returns:
        The rows, and what cannot be taken: until it is, it can be spent twice.
    """
    rows: list[PlanRow] = []
    left: list[Left] = []
    for credit in now.values():
        if credit is None or credit.minor - credit.used <= 0 or credit.customer is None:
            continue
        if credit.expires is not None and credit.expires <= server_now:
            continue
        step = ledger.gives[credit.id][-1].step
        key = move_key(pair.source.identity, credit.id)
        give: dict[str, Any] = {"customer": step.customer}
        give |= {name: step.payload[name] for name in ("expires", "memo") if step.payload.get(name) is not None}
        wire = wire_key(pair.source.identity, CAMPAIGN, key)
        try:
            row = take_row(credit, can, key=key, wire=wire, now=server_now, partly_used=True, give=give)
        except Stays as stays:
            owed = credit.minor - credit.used
            left.append(Left(key, credit.customer, credit.id, owed, credit.currency, stays.reason, stays.text))
            continue
        rows.append(attrs.evolve(row, n=len(rows) + 1))
    return rows, left
