"""What a snapshot's credits add up to, per currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import attrs

from store_credit_jobs.credit import Credit

__all__ = ["Totals", "add_credit", "totals_from_json", "totals_to_json"]


@attrs.define(slots=True)
class Totals:
    """Sums over the credits of one currency, all but `credits` in its minor units.

    Attributes:
        credits: How many there are, those among them whose amounts are not valid, which are in none of the sums.
        minor: What they were issued for.
        used: What of that is spent.
        authorized: What is set aside for orders that are not captured yet.
        expired: What is left of those that have expired, and cannot be spent any more.
    """

    credits: int = 0
    minor: int = 0
    used: int = 0
    authorized: int = 0
    expired: int = 0

    @property
    def outstanding(self) -> int:
        """What is owed, in minor units: neither used nor expired. What is authorized is owed until it is captured."""
        return self.minor - self.used - self.expired


def add_credit(totals: dict[str, Totals], credit: Credit, at: int) -> None:
    """Add a credit to the totals of its currency; it counts as expired if its expiry is not after `at` (seconds)."""
    found = totals.get(credit.currency)
    if found is None:
        found = totals[credit.currency] = Totals()
    found.credits += 1
    found.minor += credit.minor
    found.used += credit.used
    found.authorized += credit.authorized
    if credit.expires is not None and credit.expires <= at:
        found.expired += credit.remaining


def totals_to_json(totals: Mapping[str, Totals]) -> dict[str, dict[str, int]]:
    """Write totals as JSON, in the order of the currencies."""
    return {currency: attrs.asdict(totals[currency]) for currency in sorted(totals)}


def totals_from_json(read: object) -> dict[str, Totals]:
    """Read what `totals_to_json` wrote.

    Raises:
        ValueError: It is something else.
    """
    names = attrs.fields_dict(Totals).keys()
    if not isinstance(read, dict):
        raise ValueError("the totals are not an object")
    found: dict[str, Totals] = {}
    for currency, sums in cast("dict[str, Any]", read).items():
        if not isinstance(sums, dict) or cast("dict[str, Any]", sums).keys() != names:
            raise ValueError(f"the totals of {currency} must have the members {', '.join(names)}")
        if any(type(value) is not int for value in cast("dict[str, Any]", sums).values()):
            raise ValueError(f"the totals of {currency} must be integers")
        found[currency] = Totals(**cast("dict[str, int]", sums))
    return found
