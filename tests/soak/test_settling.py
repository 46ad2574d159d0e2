"""Unknown outcomes are settled rightly, each of them: on clocks of their own, with requests that commit too late.

`scripts/test tests/soak/test_settling.py --soak 5000` settles as many on each system.
"""

from __future__ import annotations

import pickle
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, cast

import pytest

from http_library import httpx
from shops import Fate, SpreeShop, VinrShop
from store_credit import OutcomeUnknownError, SpreeClient, ValidationError, VinrClient
from strategies import Tally, Verdict
from virtual import World

GRACE = 120.0
SLOWEST = 110.0
"""Seconds that a request goes on at most after its client has given up: less than the grace, as settling assumes."""
HOUR = 3600.0


@pytest.fixture
def number(request: pytest.FixtureRequest) -> int:
    """How many outcomes are unknown on each system."""
    return request.config.getoption("--soak") or 300


def fate_of(chance: random.Random) -> Callable[[Any], Fate]:
    """Most creates are lost in one way or another; three in ten are committed after their client has given up."""
    kinds = ["done", "lost before", "lost after", "slow", "503 before", "503 after"]

    def choose(_: Any) -> Fate:
        (kind,) = chance.choices(kinds, [10, 20, 20, 30, 10, 10])
        return cast("Fate", (kind, chance.uniform(0.5, SLOWEST) if kind == "slow" else 0.0))

    return choose


class Trouble:
    """A shop whose lists are lost too, now and then."""

    def __init__(self, shop: Any, chance: random.Random) -> None:
        self.shop, self.chance = shop, chance

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and self.chance.random() < 0.4:
            raise httpx.ReadTimeout("slow")
        return self.shop(request)


def creates(said: Counter[str]) -> Counter[str]:
    """What the SDK said of each create, for the table."""
    return Counter({name: said[name] for name in ("created", "refused", "unknown")})


def on(world: World, client: Any, waits: list[float]) -> Any:
    """A client whose time is the world's."""

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        world.passed += seconds + 1e-6

    client._settings.clock = world
    client._transport.sleep = sleep
    return client


class Issuer:
    """Gives credits under references of its own until each is there, by create and settle alone.

    Several outcomes are open at a time: some are settled at once, some when others have been created since, in another
    process as it were.

    Args:
        number: How many outcomes are to be unknown.
        grace: Seconds that settling waits for.
    """

    def __init__(self, number: int, grace: float, seed: int) -> None:
        self.chance = random.Random(seed)
        self.world = World()
        self.shop = SpreeShop(self.world, fate_of(self.chance))
        self.waits: list[float] = []
        transport = httpx.MockTransport(Trouble(self.shop, self.chance))
        client = SpreeClient("http://spree.test", "admin", http_client=httpx.Client(transport=transport))
        self.client: Any = on(self.world, client, self.waits)
        self.number, self.grace = number, grace
        self.said: Counter[str] = Counter()
        self.wrong: list[Any] = []
        self.ids: dict[str, str] = {}
        self.calls = 0

    def run(self) -> Verdict:
        """Do all of it, and compare with what is there in the end."""
        open_errors: list[tuple[str, bytes]] = []
        given = 0
        while self.said["unknown"] < self.number or open_errors:
            self.world.passed += self.chance.uniform(0, 20)
            if open_errors and (
                len(open_errors) >= 8 or self.said["unknown"] >= self.number or self.chance.random() < 0.5
            ):
                reference, error = open_errors.pop(self.chance.randrange(len(open_errors)))
                if self.settle(reference, pickle.loads(error)):
                    continue
            else:
                given += 1
                reference = f"refund-{given}"
            lost = self.create(reference)
            if lost is not None:
                open_errors.append((reference, pickle.dumps(lost)))
        self.world.passed += SLOWEST
        self.shop.catch_up()
        return self.verdict(given)

    def create(self, reference: str) -> OutcomeUnknownError | None:
        """Create a credit; the error where its outcome is unknown."""
        self.calls += 1
        try:
            record = self.client.store_credits.create(
                user_id=str(self.chance.randint(1, 3)),
                category_id="4",
                created_by_id="5",
                amount=25,
                currency="USD",
                reference=reference,
            )
        except OutcomeUnknownError as error:
            self.said["unknown"] += 1
            return error
        self.said["created"] += 1
        self.ids[reference] = record.id
        return None

    def settle(self, reference: str, error: OutcomeUnknownError) -> bool:
        """Settle an error until that says something. Whether the credit is there."""
        while True:
            self.calls += 1
            try:
                record = self.client.settle(error, grace=self.grace)
            except OutcomeUnknownError as again:
                if again.candidates:
                    # Several carry the reference: whoever looks sees that it was doubled.
                    self.said["several"] += 1
                    return True
                # The search failed.
                error = again
                continue
            if record is None:
                self.said["not there"] += 1
                return False
            self.said["there"] += 1
            self.ids[reference] = record.id
            return True

    def verdict(self, given: int) -> Verdict:
        """Each is there once, as the record that was given to the caller."""
        verdict = Verdict(found=self.said["there"])
        there: dict[str, list[str]] = {}
        for record in self.shop.records:
            there.setdefault(record["attributes"]["private_metadata"]["reference"], []).append(record["id"])
        for place in range(1, given + 1):
            found = there.pop(f"refund-{place}", [])
            if len(found) > 1:
                verdict.doubled.append((place, found))
            elif found != [self.ids[f"refund-{place}"]]:
                verdict.lost.append((place, found))
        verdict.strangers.extend(there)
        return verdict


def test_by_references_every_credit_is_given_once(number: int, note: Callable[[Tally], None]) -> None:
    """Spree: what settling found is there, and what it did not find never comes."""
    issuer = Issuer(number, GRACE, 1)
    verdict = issuer.run()
    note(
        Tally(
            "Spree, settled", creates(issuer.said), verdict, issuer.calls, len(issuer.shop.requests), sum(issuer.waits)
        )
    )

    assert verdict.right, verdict
    assert issuer.said["unknown"] >= number
    assert min(issuer.said["there"], issuer.said["not there"]) > number / 10


def test_without_a_grace_credits_are_doubled(number: int, note: Callable[[Tally], None]) -> None:
    """The grace is what keeps them single, and this soak would notice if it did not: looking at once doubles some."""
    issuer = Issuer(min(number, 300), 0.0, 1)
    verdict = issuer.run()
    note(
        Tally(
            "Spree, no grace", creates(issuer.said), verdict, issuer.calls, len(issuer.shop.requests), sum(issuer.waits)
        )
    )

    assert len(verdict.doubled) > issuer.said["unknown"] / 50


def test_by_keys_every_credit_is_given_once(number: int, note: Callable[[Tally], None]) -> None:
    """VINR: what was refused stays refused, and a key that may have expired is not used again."""
    chance = random.Random(2)
    world, waits, said = World(), list[float](), Counter[str]()
    shop = VinrShop(world)
    lossy = fate_of(chance)
    refused: set[str] = set()

    def fate(request: httpx.Request) -> Fate:
        key = request.headers["Idempotency-Key"]
        kind, seconds = lossy(request)
        if key in refused:
            return ("refused" if kind in ("done", "503 after") else "refusal lost", 0.0)
        return kind, seconds

    shop.fate = fate
    client: Any = on(
        world,
        VinrClient(
            "sk_test_1",
            base_url="http://vinr.test",
            http_client=httpx.Client(transport=httpx.MockTransport(shop)),
            max_retries=1,
        ),
        waits,
    )
    ids: dict[str, str] = {}
    expired: set[str] = set()
    open_errors: list[bytes] = []
    place = calls = 0

    def settle(error: OutcomeUnknownError) -> str | None:
        """The record's id, or None where it was refused or is too old."""
        key = str(error.idempotency_key)
        while True:
            try:
                return client.settle(error).id
            except ValidationError:
                assert key in refused
                said["refused"] += 1
                return None
            except OutcomeUnknownError as again:
                if "may have deleted" in str(again):
                    assert (world.now() - error.started_at).total_seconds() >= 23 * HOUR - 60
                    expired.add(key)
                    said["expired"] += 1
                    return None
                world.passed += chance.uniform(1, 200)

    while said["unknown"] < number or open_errors:
        world.passed += chance.uniform(0, 20) if chance.random() < 0.99 else 24 * HOUR
        calls += 1
        if open_errors and (len(open_errors) >= 8 or said["unknown"] >= number or chance.random() < 0.5):
            error: OutcomeUnknownError = pickle.loads(open_errors.pop(chance.randrange(len(open_errors))))
            found = settle(error)
            if found is not None:
                said["there"] += 1
                ids[str(error.idempotency_key)] = found
            continue
        place += 1
        key = f"refund-{place}"
        if place % 10 == 0:
            refused.add(key)
        try:
            ids[key] = client.store_credit.create(
                customer="cust_1", amount=place, currency="USD", idempotency_key=key
            ).id
            said["created"] += 1
        except ValidationError:
            said["refused"] += 1
        except OutcomeUnknownError as lost:
            said["unknown"] += 1
            open_errors.append(pickle.dumps(lost))
    world.passed += SLOWEST
    shop.catch_up()

    verdict = Verdict(found=said["there"])
    there: dict[int, list[str]] = {}
    for record in shop.records:
        there.setdefault(record["amount"], []).append(record["id"])
    for one in range(1, place + 1):
        found_there, key = there.pop(one, []), f"refund-{one}"
        if len(found_there) > 1:
            verdict.doubled.append((one, found_there))
        elif key in refused:
            verdict.strangers.extend(found_there)
        elif key not in expired and found_there != [ids[key]]:
            verdict.lost.append((one, found_there))
    verdict.strangers.extend(there)
    note(Tally("VINR, settled", creates(said), verdict, calls, len(shop.requests), sum(waits)))

    assert verdict.right, verdict
    assert said["unknown"] >= number
    assert min(said["there"], said["expired"], said["refused"]) > 0
