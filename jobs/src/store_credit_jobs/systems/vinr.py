"""VINR: an idempotency key for a day, then nothing but amount, currency, expiry and time to know a credit by.

Sources: contract/vinr.md sections 2, 7 and 9, and decision 51 on what a key protects: the server keeps successes and
the refusals 404 and 422 for 24 hours, and nothing else.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from store_credit import UNSET, ConfigurationError, NotFoundError, VinrClient
from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.steps import RESTORED, Outcome, State, Step
from store_credit_jobs.systems.checking import first_look
from store_credit_jobs.systems.credentials import Secret, is_live
from store_credit_jobs.systems.http import Http
from store_credit_jobs.systems.outcomes import FOREIGN, Landed, Rules, carry_out, has_code, held, refused
from store_credit_jobs.systems.system import Abilities, AccountCheck
from store_credit_jobs.systems.verdicts import (
    GIVES_UP,
    Window,
    before_change,
    before_create,
    changed_verdict,
    sent_before,
    wait_until_ended,
    window_of,
)

if TYPE_CHECKING:
    from store_credit.models import VinrStoreCredit

__all__ = ["Vinr"]

_KEY_WINDOW: Final = 23 * 3600.0
"""An hour less than the server keeps keys."""
_PAGE: Final = 100
_SAME_TIME: Final = 60
"""Seconds within which the order of new credits in the list is not relied on."""
_MARK: Final = 3600
"""Seconds that the fingerprint in an expiry adds at most."""


class Vinr:
    """One account of VINR's.

    Args:
        account: The account.
        credential: Its secret key.
        http: Its HTTP client.
        timeout: Seconds to wait for each piece of a response.

    Raises:
        JobsError: `credential_kind`, it is not a secret key of this server.
    """

    def __init__(self, account: Account, credential: Secret, http: Http, *, timeout: float = 30.0) -> None:
        self._account = account
        self._http = http
        self._live = is_live(account, credential)
        self.credential = credential.fingerprint
        try:
            # Attempts and pace are the engine's: a client that waits or sends again would hide both from it.
            self._client = VinrClient(
                credential.reveal(), base_url=account.url, http_client=http.client, timeout=timeout, max_retries=0
            )
        except ConfigurationError as error:
            raise JobsError("credential_kind", f"account {account.name}: {error.message}") from None
        self._reads = self._client.with_options(max_retries=4, max_rate_limit_wait=600)
        self._abilities = Abilities(
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
            key_window=_KEY_WINDOW if account.key_window is None else account.key_window,
        )

    @property
    def abilities(self) -> Abilities:
        """What VINR lets its callers do."""
        return self._abilities

    def check(self) -> AccountCheck:
        """Ask for one credit; see `System.check`."""
        skew, problems = first_look(self._account, self._http, lambda: self._client.store_credit.list(limit=1))
        # What X-RateLimit-Limit says is the size of a bucket, not how fast it fills.
        return AccountCheck(self._live, skew, None, tuple(problems))

    def execute(self, step: Step) -> Outcome:
        """Send a create, or the change of an expiry; see `System.execute`."""
        if step.action == "create":
            return self._create(step)
        if step.action == "update":
            return self._update(step)
        return refused(step, "mode_unsupported", "VINR cannot delete credit; set it to expire instead")

    def _create(self, step: Step) -> Outcome:
        again = sent_before(step)
        if again and not self._key_holds(step):
            # Its key may be forgotten, and sending it could make a second credit.
            said = "the server may have deleted its key, so the row is looked up first"
            return Outcome(step, State.UNKNOWN, code="key_window_over", said=said)
        expires = _expires(step)

        def listed() -> Iterator[Credit]:
            return map(_credit, self._client.store_credit.list(customer=step.customer, limit=_PAGE))

        def send() -> Landed | Outcome:
            # Where its key was used, the server gives what that has made, which is among what the customer has.
            verdict = None if again else before_create(step, listed, self._http, self._account.grace)
            if verdict is not None:
                return verdict
            made = self._client.store_credit.create(
                customer=step.customer,
                amount=step.minor,
                currency=step.currency,
                expires_at=UNSET if expires is None else expires,
                idempotency_key=step.wire,
            )
            now = _credit(made)
            differs = None if now.expires == expires else f"it expires at {now.expires}, but {expires} was sent"
            return Landed(now.id, differs)

        return carry_out(step, self._http, send, Rules(201, has_code, uncertain=again, final=_stored))

    def _update(self, step: Step) -> Outcome:
        target = _target(step)

        def send() -> Landed | Outcome:
            verdict = before_change(step, self._read(self._client, target))
            if verdict is not None:
                return verdict
            expires = self._new_expiry(step)
            # No key of ours: the same value twice changes nothing, and a kept response would hide what it is now.
            now = _credit(self._client.store_credit.update(target, expires_at=expires))
            differs = None if now.expires == expires else f"it expires at {now.expires}, but {expires} was sent"
            return Landed(target, differs)

        return carry_out(step, self._http, send, Rules(200, has_code))

    def _new_expiry(self, step: Step) -> int | None:
        """The expiry that an update sets: `after["expires"]`, or `payload["expires_in"]` seconds from now."""
        if "expires_in" in step.payload:
            now = self._http.server_now()
            return int((self._http.clock.now() if now is None else now) + step.payload["expires_in"])
        return (step.after or {})["expires"]

    def _key_holds(self, step: Step) -> bool:
        """Tell whether the server surely still knows the key of a step that was sent.

        By either clock, since either may be wrong; a time in the future shows that one is.
        """
        if step.first_sent is None or step.credential != self.credential:
            return False
        now = self._http.clock.now()
        ages = [now - step.first_sent, (self._http.server_now() or now) - step.first_sent]
        return min(ages) >= -_SAME_TIME and max(ages) < (self._abilities.key_window or 0.0)

    def settle(
        self, steps: Sequence[Step], explained: Callable[[str], bool], stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        """Have what the server knows by its key sent again, and look the rest up; see `System.settle`."""
        rest: list[Step] = []
        for step in steps:
            # What a filter refuses again and again would be sent in each round.
            blocked = step.code == FOREIGN and step.attempt >= GIVES_UP
            if step.action == "create" and step.state is not State.HELD and not blocked and self._key_holds(step):
                yield Outcome(step, State.PLANNED)
            else:
                rest.append(step)
        if not rest or not self._ended(rest, stopped):
            return
        by_customer: defaultdict[str, list[Step]] = defaultdict(list)
        for step in rest:
            if step.action == "create":
                by_customer[step.customer].append(step)
            elif stopped():
                return
            else:
                yield self._changed(step)
        for customer, lost in by_customer.items():
            if stopped():
                return
            yield from self._look_up(customer, lost, explained)

    def _ended(self, steps: Sequence[Step], stopped: Callable[[], bool]) -> bool:
        http = self._http
        return wait_until_ended(steps, self._account.grace, http.clock, stopped, http.wrote)

    def _changed(self, step: Step) -> Outcome:
        found = self._read(self._reads, _target(step))
        if "expires_in" in step.payload and found is not None and found.expires is not None:
            window = window_of(step, self._http, self._account.grace)
            after = step.payload["expires_in"]
            if window.earliest + after <= found.expires <= window.latest + after:
                return Outcome(step, State.DONE, made=step.target, how="found")
        return changed_verdict(step, found)

    def _look_up(self, customer: str, steps: Sequence[Step], explained: Callable[[str], bool]) -> Iterator[Outcome]:
        """Find the one credit that each step may have made; a credit stands for one of them alone."""
        # Any response tells the server's time, without which the windows are wide.
        listed = self._reads.store_credit.list(customer=customer, limit=_PAGE)
        windows = [window_of(step, self._http, self._account.grace) for step in steps]
        there = list(_until(map(_credit, listed), min(window.earliest for window in windows)))
        taken: set[str] = set()
        for step, window in zip(steps, windows, strict=True):
            found = [
                one.id for one in there if _matches(step, one, window) and one.id not in taken and not explained(one.id)
            ]
            if len(found) == 1:
                taken.add(found[0])
                yield Outcome(step, State.DONE, made=found[0], how="found")
            elif step.state is State.HELD:
                yield Outcome(step, State.HELD, code=step.code, said=step.said)
            elif step.code == RESTORED and not any(
                _may_be(step, one, window) and one.id not in taken and not explained(one.id) for one in there
            ):
                # Nothing is known to have been sent. If it was, within the day of its key that finds it.
                yield Outcome(step, State.PLANNED, how="absent")
            else:
                what = (
                    f"each of {', '.join(found)} may be the one"
                    if found
                    else "no credit of the customer certainly matches it"
                )
                code = RESTORED if step.code == RESTORED else "key_window_over"
                yield held(step, code, f"the server may have deleted its key, and {what}")

    def credits(
        self,
        *,
        customer: str | None = None,
        since: float | None = None,
        mine: bool = False,
        customers: Iterable[str] = (),
    ) -> Iterator[Credit]:
        """Go through credits, the newest first, then those that came meanwhile; see `System.credits`."""
        del mine, customers
        oldest = float("-inf") if since is None else since
        floor = oldest
        known: set[str] = set()
        while True:
            newest: float | None = None
            fresh = False
            listed = self._reads.store_credit.list(customer=customer, limit=_PAGE, expand=["customer"])
            last = known
            known = set[str]()
            for credit in map(_credit, listed):
                newest = credit.created if newest is None else newest
                if credit.created < floor:
                    break
                if credit.created >= newest - _SAME_TIME:
                    known.add(credit.id)
                if credit.id in last:
                    continue
                fresh = True
                yield credit
            if not fresh or newest is None:
                return
            # New ones arrive at the front while the rest is read: again from there, until nothing is new.
            floor = max(newest - _SAME_TIME, oldest)

    def credit(self, credit: str, customer: str) -> Credit | None:
        """Read one credit; see `System.credit`."""
        del customer
        return self._read(self._reads, credit)

    def _read(self, client: VinrClient, credit: str) -> Credit | None:
        try:
            return _credit(client.store_credit.retrieve(credit))
        except NotFoundError:
            return None

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        """Give nothing: VINR lists an unknown customer as one without credits."""
        del customers
        return []

    def available(self, customer: str) -> Decimal:
        """Give nothing: no list of customers says it."""
        del customer
        return Decimal(0)

    def customer_ids(self) -> Iterator[tuple[str, str | None]]:
        """Go through no customers: the API for store credit lists none."""
        return iter(())

    def close(self) -> None:
        """Close connections."""
        self._http.close()


def _credit(record: VinrStoreCredit) -> Credit:
    owner = record.customer
    named = isinstance(owner, str)
    email: Any = None if named else owner.email
    return Credit(
        id=record.id,
        customer=owner if named else owner.id,
        minor=record.amount,
        used=record.amount - record.balance_remaining,
        authorized=0,
        currency=record.currency,
        expires=None if record.expires_at is None else int(record.expires_at.timestamp()),
        created=record.created.timestamp(),
        email=email if isinstance(email, str) else None,
    )


def _target(step: Step) -> str:
    assert step.target is not None
    return step.target


def _expires(step: Step) -> int | None:
    """The expiry that a create sends: the row's, and with `--mark-expiry` up to an hour more that tells it apart."""
    expires: int | None = step.payload.get("expires")
    if expires is None or not step.payload.get("mark_expiry"):
        return expires
    stem = step.wire.rpartition(".")[0]
    return expires + int.from_bytes(hashlib.sha256(stem.encode()).digest()[:8]) % _MARK


def _stored(status: int, code: str | None) -> bool:
    """Refusals that the server stores under a key: what they say is true of every request under it (decision 51)."""
    return status in (404, 422) and code is not None


def _matches(step: Step, credit: Credit, window: Window) -> bool:
    return credit.expires == _expires(step) and _may_be(step, credit, window)


def _may_be(step: Step, credit: Credit, window: Window) -> bool:
    """Whether a credit may be what a step created, if somebody has changed its expiry since."""
    return (credit.minor, credit.currency, credit.customer) == (step.minor, step.currency, step.customer) and (
        window.earliest <= credit.created <= window.latest
    )


def _until(credits: Iterable[Credit], earliest: float) -> Iterator[Credit]:
    """Give credits, the newest first, until they are older than that."""
    for credit in credits:
        if credit.created < earliest:
            return
        yield credit
