"""Credits of a list of ids, read from a server by as few requests as it allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from store_credit_jobs.credit import Credit
from store_credit_jobs.systems.system import System

__all__ = ["read_credits"]

_FEW = 20
"""Up to so many are read one by one."""


def read_credits(
    system: System, wanted: Mapping[str, str], announce: Callable[[int], None] = lambda _: None
) -> dict[str, Credit | None]:
    """Read credits as they are now. GET alone.

    Args:
        system: Where they are.
        wanted: Their ids, each with its customer.
        announce: Told how many customers are gone through, at least a request each, where there is no list over all.

    Returns:
        Each of them, None for one that is not there.
    """
    found: dict[str, Credit | None] = {}
    if len(wanted) > _FEW:
        customers = sorted(set(wanted.values()))
        if not system.abilities.scan:
            announce(len(customers))
        for credit in system.credits(customers=customers):
            if credit.id in wanted:
                found[credit.id] = credit
    for credit, customer in wanted.items():
        # A list that is gone through page by page may miss one where others are deleted meanwhile.
        if credit not in found:
            found[credit] = system.credit(credit, customer)
    return found
