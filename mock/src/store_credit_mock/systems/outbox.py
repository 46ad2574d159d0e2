"""Webhook deliveries of a system, as whoever sends them needs them: the server's workers, or a test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call

__all__ = ["Attempt", "Delivery", "Outbox", "Outcome", "Transacting"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery to be sent: POST `body` with `headers` to `url`."""

    id: str
    event: str
    endpoint: str
    url: str
    headers: dict[str, str]
    body: bytes
    attempt: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt went: the receiver's status, or why there is none. `state` is the delivery's from now on."""

    delivery: Delivery
    status: int | None
    error: str | None
    state: str


Outcome: TypeAlias = int | str | None
"""The receiver's status, or why there is none; None where nothing was sent after all, which is no attempt."""


class Transacting(Protocol):
    """What runs work in transactions of a sandbox: an engine."""

    sandbox: Sandbox

    def transaction(self, work: Callable[[Call], Any], *, write: bool = True) -> Any:
        """Run something in a transaction."""
        ...


class Outbox(ABC):
    """The deliveries of one system, in every sandbox. To each endpoint of a sandbox one is under way at a time."""

    timeout: ClassVar[float]
    """Seconds that a receiver has to respond."""

    @abstractmethod
    def has_endpoints(self, sandbox: Sandbox) -> bool:
        """Whether anything can be due at all; asked often, without a transaction."""

    @abstractmethod
    def waiting(self, engine: Transacting) -> list[str]:
        """Tell for which endpoints something is due and not under way: first the one whose turn it is."""

    @abstractmethod
    def take(self, engine: Transacting, endpoint: str | None = None, *, held: bool = False) -> Delivery | None:
        """Take the next delivery that is due out of the outbox, to be settled; None if there is none.

        Args:
            engine: Whose outbox.
            endpoint: To which endpoint; None for any.
            held: Whether to take one even while deliveries are held back.
        """

    @abstractmethod
    def take_each(self, engine: Transacting, endpoints: Sequence[str]) -> list[Delivery]:
        """Take the next delivery to each of these endpoints as `take` does, all in one transaction."""

    @abstractmethod
    def settle_each(self, engine: Transacting, outcomes: Sequence[tuple[Delivery, Outcome]]) -> list[Attempt]:
        """Take in how deliveries that were taken went, all in one transaction: each is done, or due again later."""

    def settle(self, engine: Transacting, delivery: Delivery, outcome: Outcome) -> Attempt:
        """Take in how a delivery that was taken went: it is done, or due again later."""
        return self.settle_each(engine, [(delivery, outcome)])[0]

    def certificates(self, sandbox: Sandbox) -> str | None:
        """Name a file of certificates (PEM) to trust besides the usual ones; None if there is none."""
        return None

    def attempts(
        self, engine: Transacting, limit: int = 100, *, held: bool = False
    ) -> Generator[Delivery, Outcome, list[Attempt]]:
        """Give the deliveries that are due, one at a time, and take in how each went. Sends nothing itself.

        Args:
            engine: Whose outbox.
            limit: How many at most.
            held: Whether to send even while deliveries are held back.
        """
        done: list[Attempt] = []
        while len(done) < limit and (taken := self.take(engine, held=held)) is not None:
            outcome: Outcome = None
            try:
                outcome = yield taken
            finally:
                attempt = self.settle(engine, taken, outcome)
            done.append(attempt)
        return done

    def deliver(
        self, engine: Transacting, send: Callable[[Delivery], int], limit: int = 100, *, held: bool = False
    ) -> list[Attempt]:
        """Send what is due now, in order.

        Args:
            engine: Whose outbox.
            send: Delivers one and returns the receiver's status; an exception counts as no response.
            limit: How many at most.
            held: See `attempts`.
        """
        steps = self.attempts(engine, limit, held=held)
        try:
            delivery = next(steps)
            while True:
                try:
                    outcome: Outcome = send(delivery)
                except Exception as error:  # noqa: BLE001 - whatever a receiver raises, it has not taken the event
                    outcome = f"{type(error).__name__}: {error}"
                delivery = steps.send(outcome)
        except StopIteration as stop:
            return stop.value
