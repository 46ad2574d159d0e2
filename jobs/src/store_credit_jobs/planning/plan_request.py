"""What is to be planned, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.planning.plan_lines import PlanHead, PlanSeal

__all__ = ["MODES", "PlanMade", "PlanRequest"]

MODES: Final = ("add", "set", "reduce", "refunds")


@attrs.frozen(slots=True, kw_only=True)
class PlanRequest:
    """What is to be planned.

    Attributes:
        file: The file's path, or `-` for standard input.
        campaign: Inside which keys are unique: letters, digits, `-` and `_`, at most 100.
        account: For whom.
        output: Where to write the plan.
        mode: `add`: each row is a new credit; `set`: its amount is what is to be outstanding; `reduce`: it is taken
            away; `refunds`: it is a new credit for an order that was paid.
        delimiter: That of CSV, or None to find it out.
        max_row: The most that a row may be, by currency, in decimals.
        max_total: The most that all rows may be, by currency, in decimals.
        customers: A file with the customers that there are, or None.
        addresses: A file with the customers of e-mail addresses, by which rows name them then, or None.
        allow_identical: Rows without a key may be equal.
        expires: When credits expire of which the file does not say it, seconds since 1970, or None.
        settings: What else must hold when it is carried out, for the plan's head.
    """

    file: str
    campaign: str
    account: Account
    output: Path
    mode: str = "add"
    delimiter: str | None = None
    max_row: Mapping[str, str] = attrs.field(factory=dict[str, str])
    max_total: Mapping[str, str] = attrs.field(factory=dict[str, str])
    customers: Path | None = None
    addresses: Path | None = None
    allow_identical: bool = False
    expires: int | None = None
    settings: Mapping[str, str] = attrs.field(factory=dict[str, str])


@attrs.frozen(slots=True)
class PlanMade:
    """A plan that was written.

    Attributes:
        path: Where.
        head: Its first line.
        seal: Its last line.
        read: How the file was read, for people.
        does: Rows and minor units by what is done and currency: `{("create", "USD"): (2, 2500)}`.
        requests: How many requests carrying it out takes at least.
        limit: Requests a minute at most, or None where nobody says.
        live: Whether real money is behind the account.
        warnings: What is to be known.
    """

    path: Path
    head: PlanHead
    seal: PlanSeal
    read: str
    does: Mapping[tuple[str, str], tuple[int, int]]
    requests: int
    limit: float | None
    live: bool
    warnings: tuple[str, ...]

    @property
    def minutes(self) -> float | None:
        """How long the requests take at the limit, or None."""
        return None if self.limit is None else self.requests / self.limit
