"""Spree Commerce by its Platform API v2: no keys, so each credit carries a mark, and one scan finds all that are open.

Sources: contract/spree.md sections 2 to 8 and 13. Neither memo nor metadata can be filtered by; the creator and the
time of creation can, which is why jobs have a staff user of their own. Amounts have two decimals in every currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from store_credit import (
    ConfigurationError,
    NotFoundError,
    SpreeClient,
    from_minor_units,
)
from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.systems.checking import first_look
from store_credit_jobs.systems.credentials import Secret, is_live
from store_credit_jobs.systems.customer_form import is_customer
from store_credit_jobs.systems.http import Http
from store_credit_jobs.systems.outcomes import Landed, Rules, carry_out, refused
from store_credit_jobs.systems.spree_amounts import amounts_of
from store_credit_jobs.systems.spree_v2_lock import server_lock
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

if TYPE_CHECKING:
    from store_credit.models import SpreeStoreCredit

__all__ = ["SpreeV2"]

_MARK: Final = "store_credit_jobs"
_PAGE: Final = 500
_MOST: Final = "999999.99"
"""The largest amount that a credit's column takes: decimal(8,2)."""


_MARGIN: Final = 86_400.0
"""Seconds before a step was sent from which on credits are read: clocks get set, and what is not read is sent again."""


class SpreeV2:
    """One shop by its Platform API v2.

    Args:
        account: The account.
        credential: A token of the Platform API with the scope admin.
        http: Its HTTP client.
        timeout: Seconds to wait for each piece of a response.

    Raises:
        JobsError: `credential_kind`, it cannot be sent.
    """

    def __init__(self, account: Account, credential: Secret, http: Http, *, timeout: float = 30.0) -> None:
        self._account = account
        self._http = http
        self._live = is_live(account, credential)
        self.credential = credential.fingerprint
        try:
            # Attempts and pace are the engine's: a client that waits or sends again would hide both from it.
            self._client = SpreeClient(
                account.url, credential.reveal(), http_client=http.client, timeout=timeout, max_retries=0
            )
        except ConfigurationError as error:
            raise JobsError("credential_kind", f"account {account.name}: {error.message}") from None
        self._reads = self._client.with_options(max_retries=4, max_rate_limit_wait=600)

    @property
    def abilities(self) -> Abilities:
        """What Spree lets its callers do."""
        return Abilities(
            expiry=False,
            reduce_unused=True,
            reduce_used=True,
            delete=True,
            keyed=False,
            scan=True,
            customers=False,
            decimals=2,
            most=_MOST,
            # A text column: the server itself has no limit worth naming.
            memo=5000,
            settle_each=False,
            key_window=None,
        )

    def check(self) -> AccountCheck:
        """Ask for one credit, and for the category of those to be made; see `System.check`."""
        account = self._account
        skew, problems = first_look(account, self._http, lambda: self._client.store_credits.list(per_page=1))
        for name, value in (("created_by", account.created_by), ("category", account.category)):
            if value is None:
                text = (
                    f"account {account.name} has no {name}, which Spree needs to create credit; add it to the account"
                )
                problems.append(Problem(f"{name}_missing", text))
        if account.category is not None:
            try:
                self._reads.store_credit_categories.retrieve(account.category)
            except NotFoundError:
                text = f"account {account.name}: there is no category {account.category} at {account.url}"
                problems.append(Problem("category_unknown", text))
        return AccountCheck(self._live, skew, None, tuple(problems))

    def execute(self, step: Step) -> Outcome:
        """Send a create, an update of the amount, or a delete; see `System.execute`."""
        if step.action == "create":
            return self._create(step)
        if step.action == "update":
            return carry_out(step, self._http, lambda: self._update(step), Rules(200, _is_error))
        return carry_out(step, self._http, lambda: self._delete(step), Rules(204, _is_error))

    def _create(self, step: Step) -> Outcome:
        account = self._account
        created_by, category = account.created_by, step.payload.get("category") or account.category
        if created_by is None or category is None:
            what = "created_by" if created_by is None else "category"
            raise JobsError(f"{what}_missing", f"account {account.name} has no {what}; add it to the account")
        if not is_customer("spree-v2", step.customer):
            # Whatever way it came: the server would give the credit to the customer whose number it begins with.
            return refused(step, "customer_unknown", f"{step.customer!r} is not a valid user id in Spree's API v2")
        mark = {"k": step.wire, "j": step.job}
        if step.payload.get("order"):
            mark["o"] = step.payload["order"]
        memo: dict[str, Any] = {"memo": step.payload["memo"]} if step.payload.get("memo") else {}

        def listed() -> Iterator[Credit]:
            wanted = {"user_id_eq": step.customer}
            return map(_credit, self._client.store_credits.list(filter=wanted, per_page=_PAGE))

        def send() -> Landed | Outcome:
            verdict = before_create(step, listed, self._http, account.grace)
            if verdict is not None:
                return verdict
            made = self._client.store_credits.create(
                user_id=step.customer,
                category_id=category,
                created_by_id=created_by,
                amount=from_minor_units(step.minor, step.currency),
                currency=step.currency,
                private_metadata={_MARK: mark},
                **memo,
            )
            own = _mark_of(made)
            if own == step.wire:
                return Landed(made.id)
            if own is not None:
                return Landed(made.id, differs=f"{made.id} has the mark of another row")
            said = (
                f"{made.id} was created, but the server does not return its mark, so the credit cannot be found by "
                "its mark"
            )
            return Landed(made.id, code="mark_missing", said=said)

        return carry_out(step, self._http, send, Rules(201, _is_error))

    def _update(self, step: Step) -> Landed | Outcome:
        target = _target(step)
        verdict = before_change(step, self._read(self._client, target))
        if verdict is not None:
            return verdict
        now = self._client.store_credits.update(target, amount=from_minor_units(step.minor, step.currency))
        credit = _credit(now)
        told = credit.invalid or f"{credit.minor} in minor units"
        same = credit.minor == step.minor and credit.invalid is None
        differs = None if same else f"its amount is {told}, but {step.minor} was sent"
        return Landed(target, differs=differs)

    def _delete(self, step: Step) -> Landed | Outcome:
        target = _target(step)
        verdict = before_change(step, self._read(self._client, target))
        if verdict is not None:
            return verdict
        self._client.store_credits.delete(target)
        return Landed(target)

    def settle(
        self, steps: Sequence[Step], explained: Callable[[str], bool], stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Find all creates by one scan, and read the targets of the others; see `System.settle`."""
        if not steps or not self._ended(steps, stopped):
            return
        creates: list[Step] = []
        for step in steps:
            if step.action == "create":
                creates.append(step)
            elif stopped():
                return
            else:
                yield changed_verdict(step, self._read(self._reads, _target(step)))
        if creates:
            yield from self._scan(creates, explained, stopped)

    def _ended(self, steps: Sequence[Step], stopped: Callable[[], bool]) -> bool:
        http = self._http
        return wait_until_ended(steps, self._account.grace, http.clock, stopped, http.wrote)

    def _scan(
        self, creates: Sequence[Step], explained: Callable[[str], bool], stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        windows = {(step.n, step.s): window_of(step, self._http, self._account.grace) for step in creates}
        # Without the server's time, a time of ours could hide what is looked for: then all of the staff user's.
        since = None if self._http.skew is None else min(window.earliest for window in windows.values()) - _MARGIN
        stems = {_stem(step.wire) for step in creates}
        wanted = {(step.customer, from_minor_units(step.minor, step.currency), step.currency) for step in creates}
        found: defaultdict[str, list[Credit]] = defaultdict(list)
        for record in self._records(since=since, mine=True):
            if stopped():
                return
            mark = _mark_of(record)
            if mark is not None:
                if _stem(mark) in stems:
                    found[_stem(mark)].append(_credit(record))
            elif _made_by(record) == self._account.created_by:
                owner = _owner(record)
                if (owner, record.amount, record.currency) in wanted and owner is not None:
                    found[owner].append(_credit(record))
        taken: set[str] = set()
        for step in creates:
            verdict = create_verdict(
                step,
                [*found[_stem(step.wire)], *found[step.customer]],
                window=windows[step.n, step.s],
                explained=explained,
                taken=taken,
                otherwise=absent(step),
            )
            if verdict.state is State.DONE and verdict.made is not None:
                taken.add(verdict.made)
            yield verdict

    def _records(
        self, *, customer: str | None = None, since: float | None = None, mine: bool = False, include: str | None = None
    ) -> Iterator[SpreeStoreCredit]:
        """Go through credits by id until none is left, whatever `total_pages` says: old servers keep it for an hour."""
        wanted: dict[str, Any] = {}
        if customer is not None:
            wanted["user_id_eq"] = customer
        if mine and self._account.created_by is not None:
            wanted["created_by_id_eq"] = self._account.created_by
        if since is not None:
            wanted["created_at_gteq"] = datetime.fromtimestamp(since, UTC).isoformat()
        # Without `sort` the SDK asks for what comes after the last id until a page is empty.
        yield from self._reads.store_credits.list(filter=wanted, per_page=_PAGE, include=include)

    def credits(
        self,
        *,
        customer: str | None = None,
        since: float | None = None,
        mine: bool = False,
        customers: Iterable[str] = (),
    ) -> Iterator[Credit]:
        """Go through credits in the order of their ids; see `System.credits`.

        Those of the account's own staff user (`mine`) come without e-mail addresses and events.
        """
        del customers
        include = None if mine else "user,store_credit_events"
        for record in self._records(customer=customer, since=since, mine=mine, include=include):
            # A server ignores a filter that it does not know, and then lists everything.
            if customer is not None and _owner(record) != customer:
                continue
            if mine and self._account.created_by is not None and _made_by(record) != self._account.created_by:
                continue
            if since is not None and record.created_at.timestamp() < since:
                continue
            yield _credit(record, included=not mine)

    def credit(self, credit: str, customer: str) -> Credit | None:
        """Read one credit; see `System.credit`."""
        del customer
        return self._read(self._reads, credit)

    def _read(self, client: SpreeClient, credit: str) -> Credit | None:
        try:
            return _credit(client.store_credits.retrieve(credit))
        except NotFoundError as error:
            # The page of a proxy proves nothing, and a credit that is gone is one that a delete has reached.
            if "json" not in error.response.headers.get("content-type", ""):
                raise
            return None

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        """Give nothing: the documented API has no list of users."""
        del customers
        return []

    def available(self, customer: str) -> Decimal:
        """Give nothing: no list of customers says it."""
        del customer
        return Decimal(0)

    def customer_ids(self) -> Iterator[tuple[str, str | None]]:
        """Go through no customers: the documented API has no list of users."""
        return iter(())

    def server_lock(self, campaign: str, stopped: Callable[[], bool]) -> AbstractContextManager[None]:
        """Keep other machines from a campaign while a job runs; see `store_credit_jobs.systems.spree_v2_lock`."""
        return server_lock(self._client, self._http, campaign, self._account.grace, stopped)

    def close(self) -> None:
        """Close connections."""
        self._http.close()


def _credit(record: SpreeStoreCredit, *, included: bool = False) -> Credit:
    user: Any = record.user if included else None
    events = tuple(event.to_dict() for event in record.store_credit_events) if included else ()
    category = record.store_credit_category
    amounts = amounts_of(record.currency, record.amount, record.amount_used, record.amount_authorized)
    return Credit(
        id=record.id,
        customer=_owner(record),
        minor=amounts.minor,
        used=amounts.used,
        authorized=amounts.authorized,
        currency=record.currency,
        expires=None,
        created=record.created_at.timestamp(),
        updated=record.updated_at.timestamp(),
        memo=record.memo,
        category=None if category is None else category.id,
        email=None if user is None else user.email,
        mark=_mark_of(record),
        invalid=amounts.invalid,
        events=events,
    )


def _is_error(body: Any) -> bool:
    """Whether a body is an error of the Platform API's: `{"error": text}`, with more or without."""
    said = _member(body, "error")
    return isinstance(said, str) and bool(said)


def _mark_of(record: SpreeStoreCredit) -> str | None:
    """The wire key in a credit's metadata, which anybody may have written anything into."""
    mark = _member(_member(record.private_metadata, _MARK), "k")
    return mark if isinstance(mark, str) else None


def _member(value: object, name: str) -> object:
    return cast("Mapping[str, object]", value).get(name) if isinstance(value, Mapping) else None


def _owner(record: SpreeStoreCredit) -> str | None:
    return None if record.user is None else record.user.id


def _made_by(record: SpreeStoreCredit) -> str | None:
    return None if record.created_by is None else record.created_by.id


def _stem(wire: str) -> str:
    return wire.rpartition(".")[0]


def _target(step: Step) -> str:
    assert step.target is not None
    return step.target
