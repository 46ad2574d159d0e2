"""Accounts on the embedded mock, on a clock that both share, and steps as an engine would have claimed them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import attrs

from http_library import httpx
from store_credit_jobs.config import Account
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.clock import Clock
from store_credit_jobs.wire_key import wire_key, with_generation
from store_credit_mock import Contract, Options
from store_credit_mock.mock import SPREE_TOKEN, SPREE_URL, VINR_KEY, VINR_URL, Mock

__all__ = ["GRACE", "NOW", "Bench", "Key", "MockClock", "never", "no_credit_explained"]

NOW = 1_795_000_000.0
"""When everything begins: 2026-11-18, whole seconds."""
GRACE = 60.0


class Key:
    """A credential."""

    def __init__(self, value: str) -> None:
        self._value = value
        self.fingerprint = f"print-of-{value[-4:]}"

    def reveal(self) -> str:
        return self._value


class MockClock(Clock):
    """This machine's clock, which moves with that of the mock; `ahead` seconds before it.

    Attributes:
        waited: What was waited for, in seconds each.
    """

    def __init__(self, mock: Mock, ahead: float = 0.0) -> None:
        self.mock = mock
        self.ahead = ahead
        self.at = NOW
        self.waited: list[float] = []

    def now(self) -> float:
        return self.at + self.ahead

    def monotonic(self) -> float:
        return self.at

    def wait(self, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        if stopped():
            return False
        if seconds:
            self.waited.append(seconds)
            self.pass_by(seconds)
        return True

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds
        self.mock.advance(seconds)


class Between:
    """A transport before the mock's, for what a server does that no fault of the mock's plays."""

    def __init__(self, mock: Mock) -> None:
        self._next = mock.transport
        self.before: Callable[[Any], Any] = lambda request: request
        self.after: Callable[[Any, Any], Any] = lambda request, response: response
        self.writes = 0

    def handle_request(self, request: Any) -> Any:
        if request.method != "GET":
            self.writes += 1
        request = self.before(request)
        return self.after(request, self._next.handle_request(request))

    def close(self) -> None:
        pass


class Bench:
    """One account of a system on a mock of its own, whose clock stands until it is moved.

    Args:
        contract: The compiled document.
        name: `vinr` or `spree-v2`.
        ahead: Seconds by which this machine's clock is ahead of the server's.
        account: Settings of the account that differ.
        options: Settings of the mock that differ.
    """

    def __init__(
        self,
        contract: Contract,
        name: Any,
        *,
        ahead: float = 0.0,
        account: dict[str, Any] | None = None,
        **options: Any,
    ) -> None:
        chosen = {"seed": 3, "spree_token": SPREE_TOKEN, **options}
        self.mock = Mock(contract, options=Options(**chosen))
        self.mock.freeze(NOW)
        self.clock = MockClock(self.mock, ahead)
        self.wire = Between(self.mock)
        vinr = name == "vinr"
        own = {} if vinr else {"created_by": "1", "category": "1"}
        self.account = Account(
            name="shop",
            system=name,
            url=VINR_URL if vinr else SPREE_URL,
            credential={"env": "KEY"},
            **{"grace": GRACE, **own, **(account or {})},
        )
        self.customer = "cust_8aZ2" if vinr else "2"
        self.key = Key(VINR_KEY if vinr else SPREE_TOKEN)
        self.system: Any = self.connect()

    def connect(self, key: Key | None = None, **settings: Any) -> Any:
        """Another runner of the same account."""
        client = httpx.Client(transport=cast(Any, self.wire))
        account = attrs.evolve(self.account, **settings)
        return connect(account, key or self.key, http_client=client, clock=self.clock)

    def close(self) -> None:
        self.system.close()
        self.mock.close()

    def step(self, n: int = 1, **changes: Any) -> Step:
        """A step that has just been claimed for the first time."""
        now = self.clock.now()
        made: dict[str, Any] = {
            "job": "jb_1",
            "n": n,
            "s": 1,
            "key": f"row-{n}",
            "action": "create",
            "customer": self.customer,
            "minor": 1250,
            "currency": "USD",
            "payload": {},
            "wire": wire_key(self.account.identity, "nov", f"row-{n}"),
            "state": State.SENDING,
            "attempt": 1,
            "first_sent": now,
            "last_sent": now,
            "credential": self.system.credential,
            **changes,
        }
        return Step(**made)

    def after(self, outcome: Outcome) -> Step:
        """The step as the journal has it after an outcome."""
        return attrs.evolve(
            outcome.step,
            state=outcome.state,
            made=outcome.made,
            how=outcome.how,
            code=outcome.code,
            said=outcome.said,
        )

    def claimed(self, outcome: Outcome) -> Step:
        """The step as it is claimed again after an outcome."""
        assert outcome.state is State.PLANNED, outcome
        step = outcome.step
        now = self.clock.now()
        # What is proven not to have happened leaves no trace in `first_sent`; see the journal.
        harmless = outcome.sent is None and outcome.how != "absent"
        generation = step.generation + outcome.next_generation
        return attrs.evolve(
            step,
            state=State.SENDING,
            attempt=step.attempt + 1,
            first_sent=step.first_sent if harmless and step.first_sent is not None else now,
            last_sent=now,
            generation=generation,
            wire=with_generation(step.wire, generation),
            code=outcome.code,
        )

    def settle(self, *outcomes: Outcome, explained: Callable[[str], bool] | None = None, system: Any = None) -> Any:
        """What became of them, in their order; of a single one alone."""
        steps = [self.after(one) for one in outcomes]
        runner = system or self.system
        by_row = {one.step.n: one for one in runner.settle(steps, explained or no_credit_explained, never)}
        found = [by_row[step.n] for step in steps]
        return found if len(found) > 1 else found[0]

    def credits(self, **which: Any) -> list[Any]:
        """All that there are."""
        return list(self.system.credits(**which))


def never() -> bool:
    """Nobody stops."""
    return False


def no_credit_explained(credit: str) -> bool:
    """No other step is known to have created anything."""
    return False
