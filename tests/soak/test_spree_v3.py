"""Exactly once on Spree's API v3: keys do not lock there, so that what is lost is waited for, looked for, and repeated.

`scripts/test tests/soak/test_spree_v3.py --soak 5000` goes on for as long as it is let.
"""

from __future__ import annotations

import pickle
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any, cast

import pytest

from ledger_assertions import FINE
from shops import Fate
from spree_v3_shop import SpreeV3Shop, V3Desk, token_of
from store_credit import (
    APIConnectionError,
    AuthenticationError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    SpreeAdminClient,
    SpreeStoreClient,
    StoreCreditError,
    ValidationError,
    spree_id,
)
from store_credit_mock import Contract, Options
from store_credit_mock.mock import Mock
from strategies import Intent, Tally, Verdict, plan, trouble
from v3_shopping import ADDRESS
from v3bench import PASSWORD
from virtual import World

GRACE = 120.0
SLOWEST = 110.0
"""Seconds that a request goes on at most after its client has given up: less than the grace, as settling assumes."""
HOUR = 3600.0
PROFILES = ("5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0")


def fate_of(chance: random.Random) -> Callable[[Any], Fate]:
    """Most writes are lost in one way or another; three in ten are committed after their client has given up."""
    kinds = ["done", "lost before", "lost after", "slow", "503 before", "503 after"]

    def choose(_: Any) -> Fate:
        (kind,) = chance.choices(kinds, [10, 20, 20, 30, 10, 10])
        number = chance.uniform(0.5, SLOWEST) if kind == "slow" else chance.choice([0.0, 1.0])
        return cast("Fate", (kind, number))

    return choose


class Issuer:
    """Gives credits under marks of its own until each is there, by create and settle alone.

    Several outcomes are open at a time, and are settled by another process as it were. Some have a key of their own,
    some wait for more than a day, some are sent by a member of staff whose token is another one by then.
    """

    def __init__(self, number: int, grace: float, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World()
        self.shop = SpreeV3Shop(self.world, fate_of(self.chance))
        self.at = V3Desk("sync", self.shop, self.world)
        self.number, self.grace = number, grace
        self.said: Counter[str] = Counter()
        self.ids: dict[str, str] = {}
        self.calls = self.tokens = 0

    def client(self, place: int) -> Any:
        """That of another process."""
        self.tokens += 1
        return self.at.client(staff_token=token_of(7, self.tokens)) if place % 3 == 0 else self.at.client()

    def run(self) -> Verdict:
        """Do all of it, and compare with what is there in the end."""
        open_errors: list[tuple[int, bytes]] = []
        given = 0
        while self.said["unknown"] < self.number or open_errors:
            self.world.passed += self.chance.uniform(0, 20) if self.chance.random() < 0.98 else 25 * HOUR
            enough = self.said["unknown"] >= self.number
            if open_errors and (len(open_errors) >= 8 or enough or self.chance.random() < 0.5):
                place, error = open_errors.pop(self.chance.randrange(len(open_errors)))
                if self.settle(place, pickle.loads(error)):
                    continue
            else:
                given += 1
                place = given
            lost = self.create(place)
            if lost is not None:
                open_errors.append((place, pickle.dumps(lost)))
        self.world.passed += SLOWEST
        self.shop.catch_up()
        return self.verdict(given)

    def create(self, place: int) -> OutcomeUnknownError | None:
        """Create a credit; the error where its outcome is unknown."""
        self.calls += 1
        own = {"idempotency_key": f"key-{place}-{self.calls}"} if place % 2 else {}
        try:
            customer = spree_id("customer", place % 10 + 1, server="5.6")
            record = self.at.create(self.client(place), customer, memo=f"refund-{place}", **own)
        except OutcomeUnknownError as error:
            self.said["unknown"] += 1
            return error
        self.said["created"] += 1
        self.ids[f"refund-{place}"] = record.id
        return None

    def settle(self, place: int, error: OutcomeUnknownError) -> bool:
        """Settle an error until that says something. Whether the credit is there."""
        for tries in range(100):
            self.calls += 1
            try:
                record = self.client(place).settle(error, grace=self.grace)
            except OutcomeUnknownError as again:
                # Without its guards the client never comes to an end with some.
                if again.candidates or tries == 99:
                    self.said["several"] += 1
                    return True
                error = again
                continue
            if record is None:
                self.said["not there"] += 1
                return False
            self.said["there"] += 1
            self.ids[f"refund-{place}"] = record.id
            return True
        raise AssertionError("never settled")

    def verdict(self, given: int) -> Verdict:
        """Each is there once, as the record that was given to the caller."""
        verdict = Verdict(found=self.said["there"])
        there: dict[str, list[str]] = {}
        for record in self.shop.records:
            there.setdefault(record["memo"], []).append(record["id"])
        for place in range(1, given + 1):
            found = there.pop(f"refund-{place}", [])
            if len(found) > 1:
                verdict.doubled.append((place, found))
            elif found != [self.ids.get(f"refund-{place}")]:
                verdict.lost.append((place, found))
        verdict.strangers.extend(there)
        return verdict

    def tally(self, what: str, verdict: Verdict) -> Tally:
        """A line of the table."""
        said = Counter({name: self.said[name] for name in ("created", "refused", "unknown")})
        return Tally(what, said, verdict, self.calls, len(self.shop.requests), sum(self.at.waits))


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    """How many outcomes are unknown, or how many credits are intended."""
    return request.config.getoption("--soak") or 100


def test_every_credit_is_given_once(number: int, note: Callable[[Tally], None]) -> None:
    """By its mark and its key, also where a request is committed long after its client has given up."""
    issuer = Issuer(number, GRACE, 1)
    verdict = issuer.run()
    note(issuer.tally("Spree v3, settled", verdict))

    assert verdict.right, verdict
    assert issuer.said["unknown"] >= number
    assert min(issuer.said["there"], issuer.said["not there"]) > 0


def test_without_a_grace_credits_are_doubled(note: Callable[[Tally], None]) -> None:
    """Sending again while the first request runs has both executed: the server's hole is there."""
    issuer = Issuer(60, 0.0, 1)
    verdict = issuer.run()
    note(issuer.tally("Spree v3, no grace", verdict))

    assert len(verdict.doubled) > 2


def test_without_the_clients_own_guard_credits_are_doubled(
    monkeypatch: pytest.MonkeyPatch, note: Callable[[Tally], None]
) -> None:
    """What is lost would be sent again at once under its key, as to a server whose keys lock."""
    from store_credit.api import spree_v3_admin_customers_store_credits as resource

    monkeypatch.setattr(resource._CREATE, "unlocked", False)  # pyright: ignore[reportPrivateUsage]
    issuer = Issuer(60, GRACE, 1)
    verdict = issuer.run()
    note(issuer.tally("Spree v3, no guard", verdict))

    assert len(verdict.doubled) > 2


def test_without_looking_for_the_mark_credits_are_doubled(
    monkeypatch: pytest.MonkeyPatch, note: Callable[[Tally], None]
) -> None:
    """A key that was forgotten protects nothing: what waits for a day is found by its mark alone."""
    from store_credit.api import spree_v3_admin_customers_store_credits as resource

    monkeypatch.setattr(resource._CREATE, "listing", None)  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr("store_credit._core.settling_ended.age", lambda error, settings: 0.0)
    issuer = Issuer(60, GRACE, 1)
    verdict = issuer.run()
    note(issuer.tally("Spree v3, no look", verdict))

    assert len(verdict.doubled) > 0


def issue(client: Any, customer: str, intent: Intent) -> None:
    """Give a credit until it is there or refused; a job queue would do it so."""
    memo, own = f"soak {intent.number}", {"idempotency_key": f"soak-{intent.number}"} if intent.number % 2 else {}
    lost: OutcomeUnknownError | None = None
    for attempt in range(1000):
        try:
            if lost is None:
                key = {name: f"{one}-{attempt}" for name, one in own.items()}
                made = client.customers.store_credits.create(
                    customer, amount=Decimal(intent.number), currency="USD", memo=memo, **key
                )
            else:
                made = client.settle(lost)
        except OutcomeUnknownError as error:
            lost = error
        except NotFoundError:
            intent.outcome = "refused"
            return
        except StoreCreditError:
            # A refusal that nothing came of, such as of a rate limit.
            lost = None
        else:
            if made is None:
                lost = None
                continue
            intent.outcome, intent.identity = "created", made.id
            return
    raise AssertionError(f"{memo} was never known to be there")


@pytest.mark.parametrize("profile", PROFILES)
def test_on_the_mock_no_credit_is_doubled(
    store_credit_mock_contract: Contract, number: int, note: Callable[[Tally], None], profile: str
) -> None:
    """On every profile, with about half of all requests struck, by several threads that share a client."""
    intents = plan(min(number, 2000) // 4)
    customer, nobody = (spree_id("customer", one, server=profile) for one in (1, 99_999))
    lock, rest = threading.Lock(), iter(intents)
    with Mock(store_credit_mock_contract, options=Options(seed=5, spree_v3_profile=profile)) as mock:
        for fault in trouble("spree_v3.*", 1.0, late=60.0):
            mock.engine.faults.add(fault)
        settings = {"base_url": "http://spree.test", "secret_key": "sk_full", "http_client": mock.http_client()}
        client: Any = SpreeAdminClient(**settings)
        world = World()
        client._settings.clock = world

        def sleep(seconds: float) -> None:
            # The server's minute passes as well, or its rate limit would never end.
            with lock:
                world.passed += seconds + 1e-6
                mock.advance(seconds)

        client._transport.sleep = sleep

        def taken() -> Iterator[Intent]:
            while True:
                with lock:
                    found = next(rest, None)
                if found is None:
                    return
                yield found

        failures: list[BaseException] = []

        def work() -> None:
            try:
                for intent in taken():
                    issue(client, customer if intent.good else nobody, intent)
            except BaseException as failure:  # noqa: BLE001 - raised where the test sees it
                failures.append(failure)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        struck = sum(fault["struck"] for fault in mock.engine.faults.as_dicts())
        mock.engine.faults.clear()
        if failures:
            raise failures[0]
        there: dict[str, list[str]] = {}
        for credit in client.customers.store_credits.list(customer, limit=100, sort="id"):
            there.setdefault(str(credit.memo), []).append(credit.id)
        verdict = Verdict()
        for intent in intents:
            found = there.pop(f"soak {intent.number}", [])
            if len(found) > 1:
                verdict.doubled.append((intent, found))
            elif found != ([intent.identity] if intent.good else []):
                verdict.lost.append((intent, found))
        verdict.strangers.extend(there)
        said = Counter(intent.outcome for intent in intents)
        note(Tally(f"Spree v3, {profile}", cast("Any", said), verdict, len(intents), struck, world.passed))
        assert verdict.right, verdict
        assert mock.control.invariants() == FINE


def insist(call: Callable[[], Any], settle: Callable[[OutcomeUnknownError], Any]) -> Any:
    """Make a call until its outcome is known: what it gives, or its refusal."""
    lost: OutcomeUnknownError | None = None
    for _ in range(300):
        try:
            return call() if lost is None else settle(lost)
        except OutcomeUnknownError as error:
            lost = error
        except (RateLimitError, APIConnectionError):
            continue
        except AuthenticationError:
            # Kept under its key, when the customer's token ended while it was settled: nothing was done under it.
            lost = None
    raise AssertionError("its outcome was never known")


@pytest.mark.parametrize("profile", PROFILES)
def test_on_the_mock_no_credit_is_spent_twice(
    store_credit_mock_contract: Contract, note: Callable[[Tally], None], profile: str
) -> None:
    """Carts are paid with credit and completed with half of the requests struck: what is used is what was bought."""
    customer, said = spree_id("customer", 1, server=profile), Counter[str]()
    with Mock(store_credit_mock_contract, options=Options(seed=6, spree_v3_profile=profile)) as mock:
        at: dict[str, Any] = {"base_url": "http://spree.test", "http_client": mock.http_client()}
        admin = SpreeAdminClient(**at, secret_key="sk_full")
        signed_out = SpreeStoreClient(**at, publishable_key="pk_shop")
        sign_in = partial(signed_out.auth.login, email="alice@example.com", password=PASSWORD)
        store = SpreeStoreClient(**at, publishable_key="pk_shop", customer_token=lambda: sign_in().token)
        for number in range(5):
            admin.customers.store_credits.create(customer, amount="49.98", currency="USD", memo=f"gift {number}")
        body = {"items": [{"variant_id": spree_id("variant", 1), "quantity": 1}]}
        address = {"email": "alice@example.com", "shipping_address": ADDRESS, "billing_address": ADDRESS}
        carts: list[str] = [store.request("POST", "/api/v3/store/carts", json=body).json()["id"] for _ in range(12)]
        for cart in carts:
            store.request("PATCH", f"/api/v3/store/carts/{cart}", json=address)
        world = World()

        def sleep(seconds: float) -> None:
            world.passed += seconds + 1e-6
            mock.advance(seconds)

        for client in (admin, store, signed_out):
            client._settings.clock = world
            client._transport.sleep = sleep
        for fault in trouble("spree_v3.store.carts*", 1.0, late=60.0):
            mock.engine.faults.add(fault)
        for cart in carts:
            try:
                insist(partial(store.carts.store_credits.apply, cart, amount="24.99"), store.settle)
                order = insist(partial(store.carts.complete, cart), store.settle)
            except ValidationError:
                said["refused"] += 1
            else:
                assert abs(order.store_credit_total) == Decimal("24.99")
                said["created"] += 1
        struck = sum(fault["struck"] for fault in mock.engine.faults.as_dicts())
        mock.engine.faults.clear()
        used = sum(one.amount_used for one in admin.customers.store_credits.list(customer, limit=100, sort="id"))
        verdict = Verdict(lost=[] if used == said["created"] * Decimal("24.99") else [used])
        note(Tally(f"Spree v3, spending, {profile}", said, verdict, 12, struck, world.passed))
        assert verdict.right, (used, said)
        assert said == {"created": 10, "refused": 2}
        assert mock.control.invariants() == FINE
