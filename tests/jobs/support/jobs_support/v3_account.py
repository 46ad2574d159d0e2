"""An account of Spree's API v3 on a mock in this process, whose clock is that of the account, too."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.clock import Clock
from store_credit_jobs.wire_key import generation_of, wire_key, with_generation
from store_credit_mock import Contract
from store_credit_mock.mock import SPREE_SECRET_KEY, Mock
from v3bench import V3Bench

__all__ = ["CREATE", "PROFILES", "MockClock", "Secret", "V3Account"]

START = "2026-11-22T10:00:00Z"
URL = "https://demo.spreecommerce.org"
CREATE = "spree_v3.admin.customers.store_credits.create"
PROFILES = ("5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0")


class MockClock(Clock):
    """The clock of a mock, which waiting moves.

    Attributes:
        ahead: Seconds by which the account's clock is ahead of the server's.
        waited: Seconds that were waited for.
    """

    def __init__(self, mock: Mock) -> None:
        mock.freeze(START)
        self._mock = mock
        self.ahead = 0.0
        self.waited = 0.0

    def now(self) -> float:
        """Give the time of the sandbox."""
        return self.monotonic() + self.ahead

    def monotonic(self) -> float:
        """Give the same, whatever the account's clock is set to."""
        return self._mock.engine.sandbox.clock.now() / 1000

    def wait(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Move the sandbox's clock."""
        if stopped():
            return False
        self.waited += seconds
        self._mock.advance(seconds)
        return True


class Secret:
    """A credential."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give it."""
        return self._value

    @property
    def fingerprint(self) -> str:
        """Tell it from others."""
        return hashlib.sha256(self._value.encode()).hexdigest()[:16]


class V3Account:
    """A shop of one version, an account of it, and what a journal does with steps.

    Args:
        profile: The version.
        contract: The compiled document; sharing one makes a mock cost about a millisecond.
        account: What is said of the account beside its name and address.
        server: Whether the account says which version its server is.
    """

    def __init__(
        self,
        profile: str,
        contract: Contract | None = None,
        *,
        server: bool = True,
        grace: float = 120.0,
        **account: Any,
    ) -> None:
        self.profile = profile
        self.mock = Mock(contract, spree_v3_profile=profile, seed=1)
        self.bench = V3Bench(self.mock.engine)
        self.clock = MockClock(self.mock)
        self.account = Account(
            name="shop", system="spree-v3", url=URL, credential={"env": "KEY"}, grace=grace,
            server=profile if server else None, **account,
        )  # fmt: skip
        self.customer = self.bench.customer(1)
        self.system: Any = self.connect()
        self.explained: set[str] = set()

    def connect(self, key: str = SPREE_SECRET_KEY, http_client: Any = None) -> Any:
        """Connect anew, as another process does, with another key or by another HTTP client."""
        client = self.mock.http_client() if http_client is None else http_client
        return connect(self.account, Secret(key), http_client=client, clock=self.clock)

    def step(self, key: str = "one", *, minor: int = 1250, currency: str = "USD", **more: Any) -> Step:
        """Plan a create."""
        values: dict[str, Any] = {
            "job": "jb_1", "n": 1, "s": 1, "key": key, "action": "create", "customer": self.customer, "minor": minor,
            "currency": currency, "payload": {"memo": "goodwill"},
            "wire": wire_key(self.account.identity, "nov", key),
        }  # fmt: skip
        return Step(**{**values, **more})

    def change(self, credit: Credit, action: str = "delete", minor: int | None = None, **more: Any) -> Step:
        """Plan a delete or an update."""
        before = {"minor": credit.minor, "used": credit.used, "authorized": credit.authorized}
        after = None if minor is None else {"minor": minor}
        values: dict[str, Any] = {
            "action": action,
            "target": credit.id,
            "before": before,
            "after": after,
            "payload": {},
        }
        return self.step(f"{action}:{credit.id}", minor=credit.minor if minor is None else minor, **{**values, **more})

    def claim(self, step: Step) -> Step:
        """Write that a step is about to be sent."""
        now = self.clock.now()
        return attrs.evolve(
            step,
            state=State.SENDING,
            attempt=step.attempt + 1,
            first_sent=now if step.first_sent is None else step.first_sent,
            last_sent=now,
            credential=self.system.credential,
        )

    def send(self, step: Step) -> Outcome:
        """Claim a step and send it."""
        return self.system.execute(self.claim(step))

    def written(self, outcome: Outcome) -> Step:
        """Write an outcome, and give the step as it is read again."""
        step = attrs.evolve(
            outcome.step, state=outcome.state, made=outcome.made, how=outcome.how, code=outcome.code, said=outcome.said
        )
        if outcome.made is not None:
            self.explained.add(outcome.made)
        if outcome.how == "absent":
            step = attrs.evolve(step, first_sent=None)
        if outcome.next_generation:
            generation = generation_of(step.wire) + 1
            wire = with_generation(step.wire, generation)
            step = attrs.evolve(step, generation=generation, wire=wire, first_sent=None)
        return step

    def settle(self, *steps: Step) -> list[Outcome]:
        """Look steps up."""
        return list(self.system.settle(list(steps), self.explained.__contains__, lambda: False))

    def settled(self, outcome: Outcome) -> Outcome:
        """Write an outcome and look the step up."""
        (found,) = self.settle(self.written(outcome))
        return found

    def credits(self, customer: str | None = None) -> list[Credit]:
        """All credits of a customer, in the shop itself."""
        return list(self.connect().credits(customer=customer or self.customer))

    def spend(self, credit: Credit, used: int = 0, authorized: int = 0) -> None:
        """Use or set aside some of a credit, in minor units."""
        self.bench.spend({"id": credit.id}, used, authorized)

    def writes(self) -> list[tuple[str, str]]:
        """Methods and paths of all requests but reads, in their order."""
        return [(one.request.method, one.request.path) for one in self.mock.exchanges if one.request.method != "GET"]
