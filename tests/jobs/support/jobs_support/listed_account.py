"""An account whose credits are a list in memory: what is read from it, not how it is written to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NoReturn

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.systems.system import Abilities, AccountCheck

VINR = Account("shop", "vinr", "https://api.vinr.example", {"env": "KEY"})
SPREE = Account("old-shop", "spree-v2", "https://shop.example.com", {"env": "TOKEN"})
SPREE_V3 = Account("new-shop", "spree-v3", "https://v3.example.com", {"env": "KEY"}, server="5.6")

_ABILITIES = Abilities(
    expiry=True,
    reduce_unused=False,
    reduce_used=False,
    delete=False,
    keyed=True,
    scan=True,
    customers=False,
    decimals=None,
    most=None,
    memo=0,
    settle_each=False,
    key_window=82800.0,
)


@attrs.define
class ListedAccount:
    """Gives the credits it was made with, and keeps how it was asked."""

    held: Sequence[Credit] = ()
    abilities: Abilities = _ABILITIES
    customers: Sequence[tuple[str, str | None]] = ()
    credential: str = "fingerprint"
    between: Callable[[int], None] = lambda _: None
    asked: list[Any] = attrs.field(factory=list[Any])

    def credits(
        self,
        *,
        customer: str | None = None,
        since: float | None = None,
        mine: bool = False,
        customers: Iterable[str] = (),
    ) -> Iterator[Credit]:
        wanted = list(customers)
        self.asked.append(("credits", tuple(wanted)))
        for number, credit in enumerate(self.held):
            if (customer is None or credit.customer == customer) and (not wanted or credit.customer in wanted):
                yield credit
                self.between(number)

    def credit(self, credit: str, customer: str) -> Credit | None:
        return next((one for one in self.held if one.id == credit), None)

    def customer_ids(self) -> Iterator[tuple[str, str | None]]:
        yield from self.customers

    def available(self, customer: str) -> Decimal:
        return Decimal(0)

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        known = {customer for customer, _ in self.customers}
        return [customer for customer in customers if customer not in known]

    def check(self) -> AccountCheck:
        return AccountCheck(live=False, skew=None, limit=None)

    def execute(self, step: object) -> NoReturn:
        raise AssertionError("nothing may be sent")

    def settle(self, steps: object, explained: object, stopped: object) -> NoReturn:
        raise AssertionError("nothing was sent, so that nothing is to be settled")

    def close(self) -> None:
        self.asked.append("close")


def abilities(**changes: Any) -> Abilities:
    return attrs.evolve(_ABILITIES, **changes)


def credit(number: int, /, **changes: Any) -> Credit:
    """A credit of 10.00 USD for customer `cust_1`, created at 1,700,000,000, unless `changes` says otherwise."""
    plain = Credit(
        id=f"sc_{number}",
        customer="cust_1",
        minor=1000,
        used=0,
        authorized=0,
        currency="USD",
        expires=None,
        created=1_700_000_000.0,
    )
    return attrs.evolve(plain, **changes)
