"""What of a Spree can be read through its API v3: credits, customers, and what the server is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, cast

from store_credit import ConfigurationError, NotFoundError, SpreeAdminClient
from store_credit.models import SpreeV3Customer, SpreeV3StoreCredit
from store_credit_jobs.credit import Credit
from store_credit_jobs.systems import spree_v3_memo
from store_credit_jobs.systems.http import number
from store_credit_jobs.systems.spree_amounts import amounts_of
from store_credit_jobs.systems.spree_v3_lists import PER_PAGE, seconds, walk

__all__ = ["Reader"]

_RELEASED_6_0: Final = re.compile(r"6\.0(\.[0-9]+)*")
_FEW: Final = 3
"""So many customers are asked for one by one."""
_LIMIT: Final = "x-ratelimit-limit"
_FAMILIES: Final = {"cus_": "5.x", "cust_": "6.x"}
"""What an id of a customer begins with, by family (contract sheet, section 2)."""


class Reader:
    """Reads one shop. Methods are called from several threads at once.

    Args:
        client: A client of the Admin API that resends reads.
        server: The server's version as the account says it, or None.

    Attributes:
        family: `5.x` or `6.x`, as responses showed it, or None.
        is_6_0: Whether the account says that it is a released 6.0.
        ledger: Whether there is a list over all customers; None while nobody has asked.
        available: What customers could spend when `missing` read about them, in units of the store's currency; those
            who had nothing are left out.
    """

    def __init__(self, client: SpreeAdminClient, server: str | None) -> None:
        self._client = client
        self.family: str | None = None
        self.is_6_0 = server is not None and _RELEASED_6_0.fullmatch(server.strip()) is not None
        self.available: dict[str, Decimal] = {}
        self.ledger: bool | None = None if server is None else self.is_6_0 or server.strip().endswith("+ledger")

    def find_out(self) -> int | None:
        """Find out what the server is; returns the requests a minute that it announces, or None."""
        first = self._client.customers.list(limit=1)
        limits = [number(first.last_response.headers, _LIMIT)]
        for customer in first.data:
            self._learn(customer.id)
            listed = self._client.customers.store_credits.list(customer.id, limit=1)
            limits.append(number(listed.last_response.headers, _LIMIT))
        self.has_list()
        return max((limit for limit in limits if limit is not None), default=None)

    def has_list(self) -> bool:
        """Whether there is a list over all customers."""
        if self.ledger is None:
            try:
                self._client.store_credits.list(limit=1)
            except (NotFoundError, ConfigurationError):
                # The SDK itself knows that 5.x has none, once a response has shown that it is one.
                self.ledger = False
            else:
                self.ledger = True
        return self.ledger

    def credit(self, credit: str, customer: str, client: SpreeAdminClient | None = None) -> Credit | None:
        """Read one credit, None where the customer has none of this id; by another client if one is given."""
        try:
            return self.read((client or self._client).customers.store_credits.get(customer, credit))
        except NotFoundError as error:
            _only_absent(error)
            return None

    def _learn(self, customer: str) -> None:
        for prefix, family in _FAMILIES.items():
            if customer.startswith(prefix):
                self.family = family

    def of_customer(self, customer: str, since: float | None) -> Iterator[Credit]:
        """Go through one customer's credits, the oldest first; a customer who is not there has none."""

        def page(bound: str | None, number: int) -> tuple[Sequence[SpreeV3StoreCredit], Any]:
            listed = self._client.customers.store_credits.list(
                customer,
                page=number,
                limit=PER_PAGE,
                sort="created_at",
                filter=None if bound is None else {"created_at_gteq": bound},
            )
            return listed.data, listed.meta

        try:
            yield from map(self.read, walk(page, since, f"the list of credits of {customer}"))
        except NotFoundError as error:
            _only_absent(error)

    def of_all(self, since: float | None) -> Iterator[Credit]:
        """Go through the credits of all customers, the oldest first, where the server lists them."""

        def page(bound: str | None, number: int) -> tuple[Sequence[SpreeV3StoreCredit], Any]:
            listed = self._client.store_credits.list(
                page=number,
                limit=PER_PAGE,
                sort="created_at",
                filter=None if bound is None else {"created_at_gteq": bound},
            )
            return listed.data, listed.meta

        return map(self.read, walk(page, since, "the list of all credits"))

    def events(self, credit: str) -> Iterator[dict[str, Any]]:
        """Go through what happened to a credit, oldest first; nothing where there is no ledger, or no such credit."""
        if not self.has_list():
            return
        try:
            # New ones come at the end of this order, so that none is passed over between two pages.
            listed = self._client.store_credits.events.list(credit, limit=PER_PAGE, sort="created_at")
            yield from (event.to_dict() for event in listed)
        except NotFoundError as error:
            _only_absent(error)

    def of_each(self, customers: Iterable[str], since: float | None) -> Iterator[Credit]:
        """Go through the credits of several customers, one after the other."""
        for customer in dict.fromkeys(customers):
            yield from self.of_customer(customer, since)

    def customers(self) -> Iterator[SpreeV3Customer]:
        """Go through all customers, the oldest first."""

        def page(bound: str | None, number: int) -> tuple[Sequence[SpreeV3Customer], Any]:
            # Spree knows this filter, and the SDK's document does not name it; what is ignored is noticed.
            filters = None if bound is None else {"created_at_gteq": bound}
            listed = self._client.customers.list(
                page=number, limit=PER_PAGE, sort="created_at", filter_unchecked=filters
            )
            return listed.data, listed.meta

        for customer in walk(page, None, "the list of customers"):
            self._learn(customer.id)
            yield customer

    def missing(self, customers: Iterable[str]) -> list[str]:
        """Tell which of some customers are not there, by asking for each or by going through all, what is less work."""
        wanted = list(dict.fromkeys(customers))
        if len(wanted) > _FEW:
            count = self._client.customers.list(limit=1).meta.count
            if count // (PER_PAGE - 1) < len(wanted):
                asked = frozenset(wanted)
                there = {self._noted(one).id for one in self.customers() if one.id in asked}
                return [one for one in wanted if one not in there]
        return [one for one in wanted if not self.has_customer(one)]

    def has_customer(self, customer: str) -> bool:
        """Whether there is a customer of exactly this id; 5.x itself does not look at an id's prefix."""
        try:
            return self._noted(self._client.customers.get(customer)).id == customer
        except NotFoundError as error:
            _only_absent(error)
            return False

    def _noted(self, customer: SpreeV3Customer) -> SpreeV3Customer:
        """Keep what a customer can spend; the server lists it with the customer."""
        # Absent where a server leaves it out, whatever the document says.
        available = cast("object", customer.available_store_credit_total)
        if isinstance(available, Decimal) and available:
            self.available[customer.id] = available
        else:
            self.available.pop(customer.id, None)
        return customer

    def read(self, record: SpreeV3StoreCredit) -> Credit:
        """Make our credit of a record."""
        customer: str | None = record.customer_id
        if customer is not None:
            self._learn(customer)
        # Up to 6.0-alpha it is not sent, and follows from what remains.
        authorized = record.amount_authorized
        if not isinstance(authorized, Decimal):
            authorized = record.amount - record.amount_used - record.amount_remaining
        category = record.category_id
        marks = spree_v3_memo.marks(record.memo)
        amounts = amounts_of(record.currency, record.amount, record.amount_used, authorized)
        return Credit(
            id=record.id,
            customer=customer,
            minor=amounts.minor,
            used=amounts.used,
            authorized=amounts.authorized,
            currency=record.currency,
            expires=None,
            created=seconds(record.created_at),
            updated=seconds(record.updated_at),
            memo=spree_v3_memo.without_marks(record.memo),
            category=category if isinstance(category, str) else None,
            mark=marks[-1] if marks else None,
            invalid=amounts.invalid,
        )


def _only_absent(error: NotFoundError) -> None:
    """Raise a 404 again that does not say that a record is absent: that of a proxy proves nothing."""
    if error.code != "record_not_found":
        raise error
