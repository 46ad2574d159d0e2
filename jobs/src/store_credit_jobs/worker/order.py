"""What a worker is asked to do: carry a job out, as whoever handed it over said."""

from __future__ import annotations

import hashlib
from typing import Any

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.systems.system import AccountCheck

__all__ = ["Order", "queue_of"]


@attrs.frozen(slots=True)
class Order:
    """A job in the queue, as JSON. No credential is in it: each worker has its own configuration.

    Attributes:
        job: The job's id.
        account: The account's name in the configuration.
        identity: Its identity; a worker whose account of that name is another refuses.
        live: Whether somebody confirmed that real money may be moved.
        concurrency: Requests in flight at most.
        rate: Requests a second at most, or None for the account's.
        grace: Seconds after which no request can be running any more, or None for the account's.
        stop_after: As of `Settings`.
        max_total: As of `Settings`.
        deadline: As of `Settings`.
        plan_rows: As of `Settings`.
    """

    job: str
    account: str
    identity: str
    live: bool
    concurrency: int = 8
    rate: float | None = None
    grace: float | None = None
    stop_after: int = 20
    max_total: dict[str, int] = attrs.field(factory=dict[str, int])
    deadline: float | None = None
    plan_rows: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Give it as the queue keeps it."""
        return attrs.asdict(self)

    def account_as_asked(self, account: Account) -> Account:
        """Give the account with the pace that was asked for."""
        said = {"rate": self.rate, "grace": self.grace}
        return attrs.evolve(account, **{name: value for name, value in said.items() if value is not None})

    def settings(self, account: Account, check: AccountCheck) -> Settings:
        """Say how the job is to be run, given what was found out about the account."""
        return Settings(
            concurrency=self.concurrency,
            rate=account.rate,
            per_minute=check.limit,
            grace=account.grace,
            stop_after=self.stop_after,
            max_total=self.max_total,
            deadline=self.deadline,
            skew=check.skew or 0.0,
            plan_rows=self.plan_rows,
        )


def queue_of(identity: str) -> str:
    """Name the queue of an account: short enough for a channel of PostgreSQL, whatever the account is called."""
    return f"store-credit-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
