"""Spree Commerce by its API v3: credits are made, found and taken back under one customer at a time.

Sources: the contract sheet of API v3. Its keys protect only once the first request has ended: two under way at once are
both carried out (section 7). So what was sent is waited for and looked up by its mark before anything goes out again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs

from store_credit import UNSET, AuthenticationError, PermissionDeniedError, SpreeAdminClient, from_minor_units
from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.journal.steps import RESTORED, Outcome, State, Step
from store_credit_jobs.systems import spree_v3_memo
from store_credit_jobs.systems.checking import first_look
from store_credit_jobs.systems.credentials import Secret, is_live
from store_credit_jobs.systems.http import Http
from store_credit_jobs.systems.outcomes import REPLAYED, Landed, Rules, carry_out, has_code, refused
from store_credit_jobs.systems.spree_v3_reading import Reader
from store_credit_jobs.systems.system import Abilities, AccountCheck
from store_credit_jobs.systems.verdicts import (
    absent,
    before_change,
    before_create,
    changed_verdict,
    create_verdict,
    wait_until_ended,
    window_of,
)

__all__ = ["SpreeV3"]

_KEY_WINDOW: Final = 23 * 3600.0
"""An hour less than the server keeps keys."""
_MOST: Final = "999999.99"
"""What a customer may hold in one currency: numeric(8,2), beyond which the server fails with 500 (section 3)."""
_MARGIN: Final = 86_400.0
"""Seconds before a step was sent from which on its customer's credits are read: they are few, and clocks err."""
_STORED: Final = frozenset({401, 403, 429})
"""Refusals of no row in particular that are kept under a key (section 7). That 429 is one of them is not recorded; a
new key is right either way, since nothing was done."""


class SpreeV3:
    """An account of Spree's API v3: a secret key of one store. A `System`.

    Args:
        account: The account.
        credential: Its secret key.
        http: Its HTTP client.
        timeout: Seconds to wait for each piece of a response.

    Raises:
        JobsError: `credential_kind`, it is not a secret key.
    """

    def __init__(self, account: Account, credential: Secret, http: Http, *, timeout: float = 30.0) -> None:
        if not credential.reveal().startswith("sk_"):
            raise JobsError(
                "credential_kind",
                f"account {account.name}: jobs on Spree's API v3 need a secret key (sk_...). A staff member's token "
                "is valid for only five minutes. Create a key in the shop's back office, with the scopes "
                "read_customers and write_store_credits",
            )
        self._account = account
        self._credential = credential
        self._http = http
        self._timeout = timeout
        self._live = is_live(account, credential)
        self._client = self._connect()
        self._reader = Reader(self._client.with_options(max_retries=4, max_rate_limit_wait=600), account.server)

    def _connect(self) -> SpreeAdminClient:
        # Attempts and pace are the engine's: a client that waits or sends again would hide both from it.
        return SpreeAdminClient(
            self._account.url,
            self._credential.reveal(),
            server=self._account.server,
            timeout=self._timeout,
            max_retries=0,
            http_client=self._http.client,
        )

    @property
    def credential(self) -> str:
        """The fingerprint of the secret key."""
        return self._credential.fingerprint

    @property
    def abilities(self) -> Abilities:
        """What this version of Spree lets its callers do, as far as it is known."""
        return Abilities(
            expiry=False,
            reduce_unused=True,
            reduce_used=False,
            delete=True,
            keyed=True,
            scan=self._reader.ledger is True,
            customers=True,
            # Only who says that it is a 6.0 has its own table of decimals; others round to two.
            decimals=None if self._reader.is_6_0 else 2,
            most=_MOST,
            memo=spree_v3_memo.ROOM,
            settle_each=True,
            key_window=self._key_window,
        )

    @property
    def _key_window(self) -> float:
        return _KEY_WINDOW if self._account.key_window is None else self._account.key_window

    def check(self) -> AccountCheck:
        """Ask for a customer, that customer's credits, and for the list over all customers.

        Raises:
            JobsError: As `first_look` says.
        """
        limits: list[int | None] = []
        skew, problems = first_look(self._account, self._http, lambda: limits.append(self._reader.find_out()))
        family, server = self._reader.family, self._account.server
        if family is not None and server is not None and not server.startswith(family[0]):
            name = self._account.name
            text = (
                f"account {name}: the configuration says that its server is {server}, but the server runs Spree "
                f"{family}"
            )
            problems.append(Problem("other_server", f"{text}; correct it"))
        return AccountCheck(self._live, skew, limits[-1], tuple(problems))

    # Sending

    def execute(self, step: Step) -> Outcome:
        """Send the one request of a step that was claimed; an update or delete reads its target first."""
        # A client refuses for two minutes to send anything under a key whose call it has seen end without an outcome.
        # The journal has waited and looked before it sends a step again, so that goes through a client of its own.
        client = self._client if step.attempt <= 1 else self._connect()
        send = {"create": self._create, "update": self._update, "delete": self._delete}[step.action]
        kept: list[bool] = []

        def sending() -> Landed | Outcome:
            try:
                return send(client, step)
            except (AuthenticationError, PermissionDeniedError) as error:
                # One that is only given again, out of the time before the credential was mended, stops nothing.
                kept.append(error.response.headers.get(REPLAYED) == "true")
                raise

        outcome = carry_out(step, self._http, sending, Rules(_STATUS[step.action], has_code, kept=_STORED))
        return attrs.evolve(outcome, stop=None) if any(kept) else outcome

    def _create(self, client: SpreeAdminClient, step: Step) -> Landed | Outcome:
        payload = step.payload
        try:
            memo = spree_v3_memo.marked(payload.get("memo"), payload.get("order"), step.wire)
        except ValueError as error:
            return refused(step, "memo_long", str(error))
        verdict = before_create(
            step,
            lambda: Reader(client, self._account.server).of_customer(step.customer, None),
            self._http,
            self._account.grace,
        )
        if verdict is not None:
            return verdict
        category = payload.get("category") or self._account.category
        made = client.customers.store_credits.create(
            step.customer,
            amount=from_minor_units(step.minor, step.currency),
            currency=step.currency,
            memo=memo,
            category_id=UNSET if category is None else category,
            idempotency_key=step.wire,
        )
        return Landed(made.id)

    def _update(self, client: SpreeAdminClient, step: Step) -> Landed | Outcome:
        target, verdict = self._before(client, step)
        if verdict is not None:
            return verdict
        made = client.customers.store_credits.update(
            step.customer, target, amount=from_minor_units(step.minor, step.currency), idempotency_key=step.wire
        )
        return Landed(made.id)

    def _delete(self, client: SpreeAdminClient, step: Step) -> Landed | Outcome:
        target, verdict = self._before(client, step)
        if verdict is not None:
            return verdict
        client.customers.store_credits.delete(step.customer, target, idempotency_key=step.wire)
        return Landed(target)

    def _before(self, client: SpreeAdminClient, step: Step) -> tuple[str, Outcome | None]:
        """Look at a step's target: the server itself would delete what is set aside for an order."""
        assert step.target is not None
        now = self._reader.credit(step.target, step.customer, client)
        verdict = before_change(step, now)
        if verdict is not None or now is None or now.untouched:
            return step.target, verdict
        text = f"{now.used} {now.currency} of {now.id} have been used and {now.authorized} are reserved (minor units)"
        code = "mode_unsupported" if now.used else "authorized_open"
        return step.target, refused(step, code, f"{text}, so Spree cannot change it")

    # Finding out

    def settle(
        self, steps: Sequence[Step], explained: Callable[[str], bool], stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Find out what became of steps, customer by customer; see `System.settle`.

        Each customer's credits are listed once, after the last of its requests has ended.
        """
        by_customer: defaultdict[str, list[Step]] = defaultdict(list)
        for step in steps:
            by_customer[step.customer].append(step)
        grace, clock = self._account.grace, self._http.clock
        for group in sorted(by_customer.values(), key=lambda each: max(step.last_sent or 0.0 for step in each)):
            if not wait_until_ended(group, grace, clock, stopped, self._http.wrote):
                return
            yield from self._settle_creates([step for step in group if step.action == "create"], explained)
            for step in group:
                if step.action != "create":
                    assert step.target is not None
                    verdict = changed_verdict(step, self._reader.credit(step.target, step.customer))
                    yield self._absent(step) if verdict.state is State.PLANNED else verdict

    def _settle_creates(self, steps: Sequence[Step], explained: Callable[[str], bool]) -> Iterator[Outcome]:
        if not steps:
            return
        # Without a bound where the server's clock is not known: one that is days away would hide everything.
        skew = self._http.skew
        sent = [step.first_sent for step in steps if step.first_sent is not None]
        since = min(sent) + skew - _MARGIN if skew is not None and len(sent) == len(steps) else None
        listed = list(self._reader.of_customer(steps[0].customer, since))
        taken: set[str] = set()
        for step in steps:
            outcome = create_verdict(
                step,
                listed,
                window=window_of(step, self._http, self._account.grace),
                explained=explained,
                taken=taken,
                otherwise=self._absent(step),
            )
            taken.update(one for one in (outcome.made, *outcome.also_made) if one is not None)
            yield outcome

    def _absent(self, step: Step) -> Outcome:
        """Say that a step did not happen.

        Under the key and with the credential that it was sent with it goes again at most once even so. Where the server
        does not know that key, it goes under a new one, which says the same as it is proven that nothing happened.
        """
        verdict = absent(step)
        if verdict.state is not State.PLANNED or step.code == RESTORED:
            # Of a restored journal nobody knows what it was sent with: under the key that it would have had.
            return verdict
        age = self._http.clock.now() - (step.first_sent or 0.0)
        known = step.credential == self.credential and 0 <= age < self._key_window
        return attrs.evolve(verdict, how=None) if known else attrs.evolve(verdict, next_generation=True)

    # Reading

    def credits(
        self,
        *,
        customer: str | None = None,
        since: float | None = None,
        mine: bool = False,
        customers: Iterable[str] = (),
    ) -> Iterator[Credit]:
        """Go through credits, the oldest of a customer first; see `System.credits`.

        What a key creates has no creator (contract sheet, section 3), so that `mine` cannot be told.
        """
        del mine
        if customer is not None:
            return self._reader.of_customer(customer, since)
        if self._reader.has_list():
            return self._reader.of_all(since)
        whose = list(customers)
        return self._reader.of_each(whose or (one.id for one in self._reader.customers()), since)

    def credit(self, credit: str, customer: str) -> Credit | None:
        """Read one credit, None where the customer has none of this id."""
        return self._reader.credit(credit, customer)

    def events(self, credit: str) -> Iterator[Any]:
        """Go through what happened to a credit, oldest first; nothing before the ledger, which came with 6.0."""
        return self._reader.events(credit)

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        """Tell which customers the shop does not have; an id of the other family's form is none of theirs."""
        return self._reader.missing(customers)

    def available(self, customer: str) -> Decimal:
        """Give what a customer could spend when `missing_customers` read about it last; see `System.available`."""
        return self._reader.available.get(customer, Decimal(0))

    def customer_ids(self) -> Iterator[tuple[str, str | None]]:
        """Go through all customers by id and e-mail address, the oldest first."""
        return ((one.id, one.email) for one in self._reader.customers())

    def close(self) -> None:
        """Close connections."""
        self._http.close()


_STATUS: Final = {"create": 201, "update": 200, "delete": 204}
