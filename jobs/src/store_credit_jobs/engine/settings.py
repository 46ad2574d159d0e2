"""How a job is run."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import attrs

__all__ = ["Settings"]


@attrs.frozen(slots=True)
class Settings:
    """How a job is run.

    Attributes:
        concurrency: Requests in flight at most, 1 to 64.
        rate: Requests a second at most; None for what the server announces.
        per_minute: Requests a minute that the server announces, where its limit is one of fixed minutes (Spree's
            API v3).
        paced: Whether to keep to a pace at all; a rehearsal does not.
        grace: Seconds after which a request cannot be running any more. A step is sent within a twentieth of that after
            it was claimed, or not at all: the grace counts from the claim.
        stop_after: Refusals with one code in a row after which the job stops; 0 for never.
        max_total: What the job may issue at most per currency, in minor units, over all of its runs.
        deadline: When to stop, in seconds since 1970.
        rounds: How often to look up what is unknown and to send again what is proven not to have happened.
        patience: Seconds that a server in trouble is waited for.
        longest_wait: Seconds that the server may ask to wait.
        leave_within: Seconds that requests in flight are waited for once the job is to stop.
        skew: Seconds by which the server's clock is ahead of this machine's, as far as known before the first response.
        plan_rows: How many rows the plan has, or None where nobody counted.
        plan_totals: What it adds up to per currency, in minor units, likewise.
        jitter: Gives numbers from 0 to 1, by which waits differ; a rehearsal has its own.
    """

    concurrency: int = attrs.field(default=8, validator=[attrs.validators.ge(1), attrs.validators.le(64)])
    rate: float | None = None
    per_minute: int | None = None
    paced: bool = True
    grace: float = 120.0
    stop_after: int = 20
    max_total: Mapping[str, int] = attrs.field(factory=dict[str, int])
    deadline: float | None = None
    rounds: int = 8
    patience: float = 600.0
    longest_wait: float = 3600.0
    leave_within: float = 30.0
    skew: float = 0.0
    plan_rows: int | None = None
    plan_totals: Mapping[str, int] | None = None
    jitter: Callable[[], float] = random.random

    @property
    def fresh(self) -> float:
        """Seconds within which a claimed step is sent, or not at all."""
        return min(5.0, max(0.05, self.grace / 20))
