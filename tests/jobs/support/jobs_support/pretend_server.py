"""A server of store credit in a few lines, which loses responses, commits late, limits, and refuses; and its system."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Literal

from jobs_support.pretend_time import PretendTime
from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step, Stop
from store_credit_jobs.systems.system import Abilities, AccountCheck

__all__ = ["Fault", "PretendServer", "PretendSystem"]

Fault = Literal["none", "lost_after", "lost_before", "late", "status_500", "unreachable", "wrong_echo"]
FAULTS: tuple[Fault, ...] = ("lost_after", "lost_before", "late", "status_500", "unreachable", "wrong_echo")


class PretendServer:
    """Keeps credits.

    Args:
        time: Its clock, and that of whoever asks it.
        keyed: Whether it honours the wire key, as VINR does; else the key is a mark alone, as on Spree.
        trouble: Share of requests that go wrong.
        late: Seconds after which a late request commits.
        seed: Makes the trouble come out the same again.
    """

    def __init__(
        self, time: PretendTime, *, keyed: bool, trouble: float = 0.0, late: float = 0.6, seed: int = 0
    ) -> None:
        self.time = time
        self.keyed = keyed
        self.trouble = trouble
        self.late = late
        self.faults: list[Fault] = []
        self.refuse: dict[str, str] = {}
        self.requests = 0
        self.reads = 0
        self.stop: Stop | None = None
        self.wait: float | None = None
        self.on_request: Callable[[Step], None] = lambda _: None
        self._credits: dict[str, Credit] = {}
        self._made = 0
        self._by_key: dict[str, str] = {}
        self._pending: list[tuple[float, Step]] = []
        self._lock = threading.Lock()
        self._random = random.Random(seed)

    @property
    def credits(self) -> dict[str, Credit]:
        """What is there now."""
        with self._lock:
            self._arrive()
            return self._credits

    def fault(self) -> Fault:
        """What goes wrong with the next request."""
        if self.faults:
            return self.faults.pop(0)
        return self._random.choice(FAULTS) if self._random.random() < self.trouble else "none"

    def create(self, step: Step) -> Outcome:
        """Take a request to create a credit."""
        self.on_request(step)
        with self._lock:
            self.requests += 1
            self._arrive()
            at = self.time.now()
            if self.stop is not None:
                return Outcome(step, State.PLANNED, stop=self.stop, sent=RequestSent(at, 401, None), wait=self.wait)
            fault = self.fault()
            if fault == "unreachable":
                return Outcome(step, State.PLANNED, sent=RequestSent(at, None, None))
            lost = Outcome(step, State.UNKNOWN, sent=RequestSent(at, None, None))
            if fault == "lost_before":
                return lost
            if fault == "late":
                self._pending.append((at + self.late, step))
                return lost
            if step.key in self.refuse:
                return Outcome(
                    step, State.REFUSED, code=self.refuse[step.key], said="no", sent=RequestSent(at, 422, None)
                )
            made = self._make(step)
            if fault == "lost_after":
                return lost
            if fault == "status_500":
                return Outcome(step, State.UNKNOWN, sent=RequestSent(at, 500, None))
            if fault == "wrong_echo":
                return Outcome(step, State.UNKNOWN, code="echo_differs", sent=RequestSent(at, 201, None))
            return Outcome(step, State.DONE, made=made, how="sent", sent=RequestSent(at, 201, None), server_time=at)

    def _arrive(self) -> None:
        due = [step for at, step in self._pending if at <= self.time.now()]
        self._pending = [(at, step) for at, step in self._pending if at > self.time.now()]
        for step in due:
            self._make(step)

    def _make(self, step: Step) -> str:
        if self.keyed and step.wire in self._by_key:
            return self._by_key[step.wire]
        self._made += 1
        made = f"sc_{self._made}"
        mark = None if self.keyed else step.wire
        self._credits[made] = Credit(
            made, step.customer, step.minor, 0, 0, step.currency, None, created=self.time.now(), mark=mark
        )
        self._by_key[step.wire] = made
        return made

    def add(self, credit: Credit) -> None:
        """Put a credit there, in the place of the one of its id."""
        with self._lock:
            self._credits[credit.id] = credit

    def remove(self, credit: str) -> None:
        """Have staff delete a credit."""
        with self._lock:
            del self._credits[credit]


class PretendSystem:
    """The system of a `PretendServer`.

    Args:
        server: The server.
        grace: Seconds that it waits before it looks anything up.
        look: Whether it looks at all before it says that nothing happened: the guard that must not be missing.
    """

    def __init__(self, server: PretendServer, *, grace: float = 1.0, look: bool = True) -> None:
        self.server = server
        self.grace = grace
        self.look = look
        self.credential = "fp_1"
        self.fails: list[Exception] = []
        self.abilities = Abilities(
            expiry=server.keyed,
            reduce_unused=not server.keyed,
            reduce_used=not server.keyed,
            delete=not server.keyed,
            keyed=server.keyed,
            scan=not server.keyed,
            customers=False,
            decimals=None,
            most=None,
            memo=0,
            settle_each=False,
            key_window=82_800.0 if server.keyed else None,
        )

    def check(self) -> AccountCheck:
        return AccountCheck(False, 0.0, None)

    def execute(self, step: Step) -> Outcome:
        return self.server.create(step)

    def settle(
        self, steps: Sequence[Step], explained: Callable[[str], bool], stopped: Callable[[], bool]
    ) -> Iterator[Outcome]:
        if self.fails:
            raise self.fails.pop(0)
        self.server.reads += 1
        if self.server.keyed:
            for step in steps:
                yield Outcome(step, State.PLANNED)
            return
        wait = max(step.last_sent or 0.0 for step in steps) + self.grace - self.server.time.now()
        if stopped():
            return
        self.server.time.pass_by(wait)
        there: dict[str, list[str]] = {}
        for credit in self.server.credits.values():
            if credit.mark is not None:
                there.setdefault(credit.mark, []).append(credit.id)
        for step in steps:
            found = sorted(there.get(step.wire, []))
            if found and self.look:
                yield Outcome(step, State.DONE, made=found[0], how="found", also_made=tuple(found[1:]))
            else:
                yield Outcome(step, State.PLANNED, how="absent")

    def credits(
        self,
        *,
        customer: str | None = None,
        since: float | None = None,
        mine: bool = False,
        customers: Iterable[str] = (),
    ) -> Iterator[Credit]:
        if self.fails:
            raise self.fails.pop(0)
        self.server.reads += 1
        for credit in list(self.server.credits.values()):
            if (customer is None or credit.customer == customer) and (since is None or credit.created >= since):
                yield credit

    def credit(self, credit: str, customer: str) -> Credit | None:
        self.server.reads += 1
        return self.server.credits.get(credit)

    def available(self, customer: str) -> Decimal:
        return Decimal(0)

    def missing_customers(self, customers: Sequence[str]) -> list[str]:
        return []

    def customer_ids(self) -> Iterator[tuple[str, str | None]]:
        return iter(())

    def close(self) -> None:
        pass
