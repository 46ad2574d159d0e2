"""What is to be given in the target: for what was taken and not given yet, or first, as the order of the move is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State
from store_credit_jobs.move.ledger import MARGIN, Ledger, Take, taken
from store_credit_jobs.move.pair import CAMPAIGN, Pair, move_key
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.wire_key import wire_key

__all__ = ["BEGUN", "Due", "due_gives", "give_rows", "to_be_read"]

BEGUN: Final = frozenset(State)
"""States in which a row counts as given, so that nothing is given for its credit by another."""


@attrs.frozen(slots=True)
class Due:
    """What is to be given for one credit of the source.

    Attributes:
        credit: The credit's id in the source.
        owner: Its customer there.
        minor: How much, in minor units.
        currency: Three capitals.
        give: `customer` in the target, and where there are some `expires` (seconds since 1970, UTC) and `memo`.
        number: For the how manieth time something is given for it.
    """

    credit: str
    owner: str
    minor: int
    currency: str
    give: Mapping[str, Any]
    number: int = 1


def to_be_read(ledger: Ledger, counted: Collection[State]) -> dict[str, str]:
    """Tell of which credits of the source only a look tells what was taken: ids, each with its customer.

    Args:
        ledger: The books.
        counted: In which states a row counts as given, as in `due_gives`.
    """
    return {
        credit: takes[-1].step.customer
        for credit, takes in ledger.takes.items()
        if any(_by_expiry(take) for take in takes) and not ledger.given(credit, *counted)
    }


def due_gives(
    ledger: Ledger, now: Mapping[str, Credit | None], server_now: float, counted: Collection[State]
) -> tuple[list[Due], float]:
    """Find what was taken and is not given.

    Args:
        ledger: The books.
        now: The credits that `to_be_read` names, as they are now.
        server_now: The time by the source's clock, seconds since 1970.
        counted: In which states a row counts as given: `BEGUN` where nothing is to be given twice; without `REFUSED`
            to give again what was refused; `DONE` alone to find what is missing.

    Returns:
        What is to be given, and how many seconds to wait for credits that have not expired yet; 0 where there are none.
    """
    found: list[Due] = []
    wait = 0.0
    for credit, takes in ledger.takes.items():
        done = [take for take in takes if take.step.state is State.DONE]
        given = ledger.given(credit, *counted)
        if not done or (given and any(_by_expiry(take) for take in takes)):
            # What has expired was worth what is given for it; nothing can be spent of it since.
            continue
        minor = -given
        for take in done:
            one = taken(take, now.get(credit), server_now)
            if one is None:
                expires = getattr(now.get(credit), "expires", None)
                wait = max(wait, 1.0 if expires is None else expires + MARGIN + 1 - server_now)
                break
            minor += one
        else:
            if minor > 0:
                step = done[-1].step
                number = 1 + sum(give.step.state is not State.REFUSED for give in ledger.gives.get(credit, ()))
                found.append(Due(credit, step.customer, minor, step.currency, done[-1].give, number))
    return found, wait


def _by_expiry(take: Take) -> bool:
    return take.step.action == "update" and take.step.after is None


def give_rows(dues: Iterable[Due], pair: Pair) -> Iterator[PlanRow]:
    """Make the rows that give, one for each credit or one for all of a customer, currency and expiry."""
    groups: dict[object, list[Due]] = {}
    for due in dues:
        give = due.give
        group = (give["customer"], due.currency, give.get("expires")) if pair.summed else (due.credit, due.number)
        groups.setdefault(group, []).append(due)
    for n, group in enumerate(groups.values(), 1):
        first = group[0]
        key = move_key(pair.source.identity, first.credit, first.number)
        minor = sum(due.minor for due in group)
        memos = {due.give.get("memo") for due in group}
        yield PlanRow(
            n=n,
            key=key,
            do="create",
            customer=first.give["customer"],
            minor=minor,
            currency=first.currency,
            expires=first.give.get("expires"),
            memo=memos.pop() if len(memos) == 1 else None,
            steps=(PlanStep("create", wire_key(pair.target.identity, CAMPAIGN, key), minor),),
            was={
                "credits": {due.credit: due.minor for due in group},
                "owners": {due.credit: due.owner for due in group},
            },
        )
