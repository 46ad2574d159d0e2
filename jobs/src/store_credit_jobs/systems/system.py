"""What a system has to offer to be issued to, moved from and audited: one protocol, a file for each system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import Problem
from store_credit_jobs.journal.steps import Outcome, Step

__all__ = ["Abilities", "AccountCheck", "System"]


@attrs.frozen(slots=True)
class Abilities:
    """What a system lets its callers do.

    Attributes:
        expiry: A credit may have an expiry, and it may be changed.
        reduce_unused: The amount of a credit nothing of which is used may be changed.
        reduce_used: The amount of a partly used one may be changed, down to what is used and authorized.
        delete: A credit may be deleted.
        keyed: Requests carry an idempotency key that the server honours.
        scan: One list over all customers finds open steps; else they are looked for customer by customer.
        customers: Whether a customer exists can be asked.
        decimals: The most decimals the system stores of a currency, or None for those of ISO 4217.
        most: The most one customer may hold per currency in units of the currency ("999999.99"), or None.
        memo: The most characters of a memo, the mark taken off; 0 where there are no memos.
        settle_each: Looking up costs a request for each open step, so that few may be open at once.
        key_window: Seconds for which the server keeps a key, less a margin: after that a step is only looked up.
    """

    expiry: bool
    reduce_unused: bool
    reduce_used: bool
    delete: bool
    keyed: bool
    scan: bool
    customers: bool
    decimals: int | None
    most: str | None
    memo: int
    settle_each: bool
    key_window: float | None


@attrs.frozen(slots=True)
class AccountCheck:
    """What was found out about an account by reading.

    Attributes:
        live: Whether real money is behind it.
        skew: Seconds by which the server's clock is ahead of this machine's; None where the server does not tell.
        limit: Requests a minute that the server announces, or None.
        problems: What stands against using it; empty where nothing does.
    """

    live: bool
    skew: float | None
    limit: int | None
    problems: tuple[Problem, ...] = ()


class System(Protocol):
    """One account of one system. Methods are called from several threads at once.

    Only `execute` sends anything but GET; the transport itself sees to that. No method sends a write a second time by
    itself. All but `execute` raise the SDK's errors where the server does not answer as it should.
    """

    @property
    def abilities(self) -> Abilities:
        """What the system lets its callers do, as far as it is known."""
        ...

    @property
    def credential(self) -> str:
        """The fingerprint of the account's credential."""
        ...

    def check(self) -> AccountCheck:
        """Ask the server who we are to it, by GET alone.

        Raises:
            JobsError: `credentials_refused`, with exit code 7, or the server cannot be reached.
        """
        ...

    def execute(self, step: Step) -> Outcome:
        """Send the one request of a step that was claimed. Never raises for what the server or the network does.

        An update or delete reads its target first, and is refused as `changed_since_plan` where that is not as planned.
        """
        ...

    def settle(
        self, steps: Sequence[Step], explained: Callable[[str], bool], stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Find out what became of steps that were sent, after waiting until their requests have ended. GET alone.

        Args:
            steps: `SENDING` of a runner that is gone, `UNKNOWN` and `HELD` ones of one job.
            explained: Whether a credit is what another step is known to have created.
            stopped: Whether to stop waiting; what was not looked up then is not yielded.

        Yields:
            `DONE` with how `found`; `PLANNED` where it is proven that nothing happened, or where sending the same again
            under the same key is harmless; `HELD` where a person has to decide.
        """
        ...

    def credits(
        self,
        *,
        customer: str | None = None,
        since: float | None = None,
        mine: bool = False,
        customers: Iterable[str] = (),
    ) -> Iterator[Credit]:
        """Go through credits, each once, also while others are created. GET alone.

        One whose amounts cannot be counted is among them, with `Credit.invalid`: it stops nobody who reads the others.

        Args:
            customer: Of this customer alone.
            since: Created at or after this, by the server's clock.
            mine: Only those that the account's own staff user created, where the system can tell.
            customers: Whom to go through where the system has no list over all customers; all of them if empty.
        """
        ...

    def credit(self, credit: str, customer: str) -> Credit | None:
        """Read one credit, None where there is none."""
        ...

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        """Tell which customers the system does not have; none where it cannot be asked (`Abilities.customers`)."""
        ...

    def available(self, customer: str) -> Decimal:
        """Give what a customer could spend when `missing_customers` read about it last; sends nothing.

        In units of the store's own currency, which is not said. 0 where the system does not list it with customers.
        """
        ...

    def customer_ids(self) -> Iterator[tuple[str, str | None]]:
        """Go through all customers by id and e-mail address, where the system lists them."""
        ...

    def close(self) -> None:
        """Close connections."""
        ...
