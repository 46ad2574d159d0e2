"""Many attempts at one time at the gate of a rate limit, on a clock that only the test moves."""

import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from math import inf
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rate_limits import TODAY, numbers, response
from store_credit import VinrClient
from store_credit._core.rate_gate import RateGate, Ticket
from virtual import LimitedServer, World, calls_of, in_turn


class Interleavings(RuleBasedStateMachine):
    """Attempts that come, wait, go, end and give up in any order: nothing is counted twice, nothing below zero."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = RateGate()
        self.now = 0.0
        self.waiting: list[Ticket] = []
        self.under_way: list[Ticket] = []

    @rule(seconds=st.floats(0, 30))
    def pass_time(self, seconds: float) -> None:
        self.now += seconds

    @rule(hurried=st.booleans())
    def come(self, hurried: bool) -> None:
        self._ask(Ticket(self.gate, hurried=hurried))

    def _ask(self, ticket: Ticket) -> None:
        wait = ticket.enter(self.now)
        assert 0 <= wait < inf
        assert wait == 0 or not ticket.hurried
        (self.waiting if wait else self.under_way).append(ticket)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), hurry=st.booleans())
    def ask_again(self, data: st.DataObject, hurry: bool) -> None:
        ticket = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        ticket.hurried = ticket.hurried or hurry
        self._ask(ticket)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        ticket = self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))
        ticket.leave(None, self.now, lambda: TODAY)

    @precondition(lambda self: self.under_way)
    @rule(
        data=st.data(),
        status=st.sampled_from([None, 200, 429, 503]),
        remaining=st.none() | st.integers(0, 60),
        full_in=st.integers(-5, 4000),
        asks=st.none() | st.integers(0, 100_000),
    )
    def end(
        self, data: st.DataObject, status: int | None, remaining: int | None, full_in: int, asks: int | None
    ) -> None:
        ticket = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        given = None
        if status is not None:
            asked = {} if asks is None else {"Retry_After": asks}
            given = response(status, **asked)
            if remaining is not None:
                given = numbers(remaining, 50, full_in, status, **asked)
        ticket.leave(given, self.now, lambda: TODAY)

    @invariant()
    def counts_are_right(self) -> None:
        assert self.gate._in_flight == len(self.under_way)
        # One that hesitates has no place in the queue.
        assert self.gate._waiting == sum(ticket.number is not None for ticket in self.waiting)
        assert self.gate.rate is None or 0 < self.gate.rate < inf
        assert 0 <= self.gate.wait(self.now) < inf


Interleavings.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
TestInterleavings = Interleavings.TestCase


# Many calls at one time, on a clock that only the test moves


def made_by(workers: int, number: int, server: LimitedServer, **options: Any) -> tuple[World, Counter[str], list[Any]]:
    """What becomes of so many creates by so many workers: the clock afterwards, the kinds of results, the results."""
    random.seed(workers)
    world, done = World(), list[Any]()
    client = VinrClient("sk_test_1", base_url="http://vinr.test", **options)

    def create(place: int, client: VinrClient) -> Any:
        return client.store_credit.create(customer=f"cust_{place}", amount=place, currency="USD")

    rest: Iterator[Any] = iter(calls_of(client, iter([partial(create, place) for place in range(1, number + 1)])))
    client._settings.clock = world
    for worker in range(workers):
        world.start(in_turn(world, client._settings, rest, server, random.Random(worker), done))
    world.run()
    return world, Counter(type(one).__name__ for one in done), done


@pytest.mark.parametrize(("workers", "dates"), [(1, True), (8, False), (32, True), (300, False), (300, True)])
def test_300_creates_under_a_limit_all_succeed_with_few_requests_too_many(workers: int, dates: bool) -> None:
    """25 a second and a bucket of 50: (300 - 50) / 25 = 10 seconds are the least that it can take."""
    server = LimitedServer(25, 50, dates=dates)
    world, kinds, _ = made_by(workers, 300, server)

    assert kinds == {"VinrStoreCredit": 300}
    assert server.accepted + server.refused <= 1.3 * 300
    assert 9.9 <= world.passed <= 18


@pytest.mark.parametrize(("workers", "asks"), [(1, True), (32, False), (100, True), (300, False), (300, True)])
def test_creates_succeed_where_the_server_tells_less(workers: int, asks: bool) -> None:
    """Without numbers the rate has to be found out, by being refused now and then."""
    server = LimitedServer(25, 50, numbers=False, asks=asks)
    world, kinds, _ = made_by(workers, 300, server)

    assert kinds == {"VinrStoreCredit": 300}
    assert server.accepted + server.refused <= 1.8 * 300
    assert world.passed <= 40


def test_a_bulk_job_ends_however_long_its_queue_is() -> None:
    """800 creates at 25 a second take longer than a call waits for a server: they wait for one another."""
    server = LimitedServer(25, 50)
    _, kinds, _ = made_by(300, 800, server, max_rate_limit_wait=5)

    assert kinds == {"VinrStoreCredit": 800}
    assert server.accepted == 800
    assert server.refused < 300
