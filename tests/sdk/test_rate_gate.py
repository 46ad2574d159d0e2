"""The gate of a server's rate limit, on times the test chooses: when it lets attempts through, and what it learns."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from store_credit import VinrClient
from store_credit._core.credentials import Secret
from store_credit._core.rate_gate import RateGate, RateGates, Ticket
from store_credit._core.response import Response
from virtual import LimitedServer, World, calls_of, in_turn

TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


def response(status: int = 200, **headers: Any) -> Response:
    """A response with these headers; an underscore stands for a hyphen."""
    return Response(
        status, [(name.replace("_", "-").encode(), str(value).encode()) for name, value in headers.items()], b""
    )


def numbers(remaining: int, limit: int = 50, full_in: float = 2, status: int = 200, **headers: Any) -> Response:
    """A response that tells what is left of the limit, and in how many seconds all of it is there again."""
    told = {"X_RateLimit_Limit": limit, "X_RateLimit_Remaining": remaining}
    reset = int((TODAY + timedelta(seconds=full_in)).timestamp())
    return response(status, **told, X_RateLimit_Reset=reset, **headers)


def through(gate: RateGate, now: float, given: Response | None) -> None:
    """One attempt that does not wait, and its response."""
    ticket = Ticket(gate, hurried=True)
    assert ticket.enter(now) == 0
    ticket.leave(given, now, lambda: TODAY)


def refused(gate: RateGate, now: float = 0.0, **headers: Any) -> None:
    """One attempt that is refused."""
    through(gate, now, response(429, **headers))


def waits(gate: RateGate, now: float, number: int) -> list[float]:
    """How long each of so many attempts that come at one moment has to wait."""
    return [Ticket(gate).enter(now) for _ in range(number)]


@pytest.mark.parametrize(
    "given", [numbers(0, full_in=60, Retry_After=60), None, *(response(one, Retry_After=60) for one in (200, 400, 503))]
)
def test_only_a_429_closes_anything(given: Response | None) -> None:
    """There are servers that count down and never refuse; waiting for those would cost time for nothing.

    A Retry-After of another status is for its call alone, and a lost response tells nothing of the limit.
    """
    gate = RateGate()
    for _ in range(100):
        through(gate, 0.0, given)

    assert waits(gate, 0.0, 5) == [0.0] * 5
    assert gate.rate is None


def test_after_a_refusal_everybody_waits_as_long_as_the_server_asks() -> None:
    """And a tenth longer at most, each by itself, so that they do not wake at one moment."""
    gate = RateGate()
    refused(gate, Retry_After=7)
    found = waits(gate, 0.0, 20)

    assert all(7 <= wait <= 7.7 for wait in found)
    assert len(set(found)) > 15


def test_a_wait_is_over_when_its_time_has_passed() -> None:
    """A ticket keeps its turn, however often it asks."""
    gate = RateGate()
    refused(gate, Retry_After=7)
    ticket = Ticket(gate)
    wait = ticket.enter(0.0)

    assert ticket.enter(wait / 2) == pytest.approx(wait / 2)
    assert ticket.enter(wait + 0.001) == 0


def test_a_refusal_that_comes_meanwhile_is_waited_for_too() -> None:
    """Whoever has waited goes no earlier than the server said last."""
    gate = RateGate()
    refused(gate, Retry_After=5)
    ticket = Ticket(gate)
    ticket.enter(0.0)
    refused(gate, 1.0, Retry_After=60)

    assert 55 <= ticket.enter(6.0) <= 55.5


def test_one_that_hurries_does_not_wait() -> None:
    """Its call has no time left; whether it is refused is the server's to say."""
    gate = RateGate()
    refused(gate, Retry_After=60)
    ticket = Ticket(gate)
    assert ticket.enter(0.0) > 0
    ticket.hurried = True

    assert ticket.enter(0.0) == 0


@pytest.mark.parametrize("patience", [60, 60.001, 63, 100, inf])
def test_the_jitter_ends_where_the_calls_time_does(patience: float) -> None:
    """What the server asked for is enough: a call that can wait so long and no longer is not made to hurry."""
    for _ in range(50):
        gate = RateGate()
        refused(gate, Retry_After=60)

        assert 60 <= Ticket(gate, patience=patience).enter(0.0) <= min(patience, 66)


# What it learns


def test_numbers_give_the_rate_of_the_server() -> None:
    """50 that are there again in 2 seconds are 25 a second; those that wait go one after another at that rate."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, status=429, Retry_After=1))
    assert gate.rate == 25

    for place, wait in enumerate(waits(gate, 0.0, 100), 1):
        assert max(1, place / 25) <= wait <= max(1, place / 25) * 1.1


def test_the_estimate_grows_with_what_the_server_tells() -> None:
    """Each is at most the truth, since a reset is in whole seconds and rounded up."""
    gate = RateGate()
    rates: list[float | None] = []
    for full_in in (10, 2, 10):
        through(gate, 0.0, numbers(0, full_in=full_in, status=429))
        rates.append(gate.rate)

    assert rates == [5, 25, 25]


def test_what_is_left_need_not_be_waited_for() -> None:
    """Once the wait is over, as many go at once as the server has left."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, status=429, Retry_After=1))
    through(gate, 2.0, numbers(10))
    found = waits(gate, 2.0, 15)

    assert found[:10] == [0.0] * 10
    assert all(wait > 0 for wait in found[10:])


def test_those_on_their_way_have_taken_theirs() -> None:
    """A response tells what was left before they arrived."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, status=429, Retry_After=1))
    under_way = [Ticket(gate, hurried=True) for _ in range(8)]
    for ticket in under_way:
        ticket.enter(2.0)
    through(gate, 2.0, numbers(10))
    found = waits(gate, 2.0, 3)

    assert found[:2] == [0.0, 0.0]
    assert found[2] > 0


def test_many_refusals_at_one_moment_do_not_queue_twice() -> None:
    """Those that were refused wait again: each takes one place, and the first of them the first."""
    gate = RateGate()
    burst = [Ticket(gate) for _ in range(50)]
    for ticket in burst:
        ticket.enter(0.0)
    found: list[float] = []
    for ticket in burst:
        ticket.leave(numbers(0, status=429, Retry_After=1), 0.05, lambda: TODAY)
        found.append(Ticket(gate).enter(0.05))

    assert found[0] < 1.11
    assert found == pytest.approx([max(1, place / 25) for place in range(1, 51)], rel=0.14)


@pytest.mark.parametrize("full_in", [-5, 0, 3601, 10**9])
def test_a_reset_of_another_clock_is_not_used(full_in: float) -> None:
    """One in the past, or further away than an hour."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, full_in=full_in, status=429, Retry_After=1))

    assert gate.rate == 4


def test_an_estimate_from_a_nearly_full_bucket_is_not_used() -> None:
    """Resets are whole seconds: one request missing and a second until it is there is not one a second."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, status=429))
    through(gate, 5.0, numbers(49, full_in=1))

    assert gate.rate == 25


@pytest.mark.parametrize(
    "headers",
    [
        {"X_RateLimit_Limit": "many", "X_RateLimit_Remaining": "0"},
        {"X_RateLimit_Limit": "50", "X_RateLimit_Remaining": "-1"},
        {"X_RateLimit_Limit": "9" * 400, "X_RateLimit_Remaining": "0"},
        {"X_RateLimit_Remaining": "0"},
        {"X_RateLimit_Limit": "\N{SUPERSCRIPT TWO}", "X_RateLimit_Remaining": "0"},
    ],
    ids=str,
)
def test_numbers_that_are_none_count_as_not_told(headers: dict[str, Any]) -> None:
    """Whatever stands there."""
    gate = RateGate()
    refused(gate, Retry_After=1, **headers)

    assert gate.rate == 4


def test_without_numbers_it_slows_down_with_each_refusal_and_speeds_up_with_each_success() -> None:
    """Halved and raised by a twentieth, and never slower than one in two seconds."""
    gate = RateGate()
    refused(gate, 0.0, Retry_After=1)
    rates = [gate.rate]
    for now in range(2, 12, 2):
        refused(gate, float(now), Retry_After=1)
        rates.append(gate.rate)
    assert rates == [4, 2, 1, 0.5, 0.5, 0.5]

    for now in range(20, 60):
        through(gate, float(now), response())
    assert gate.rate is not None
    assert gate.rate == pytest.approx(0.5 * 1.05**40)


def test_a_burst_of_refusals_is_one() -> None:
    """A hundred that were under way together slow it down once, and make nobody wait longer and longer."""
    gate = RateGate()
    burst = [Ticket(gate) for _ in range(100)]
    for ticket in burst:
        ticket.enter(0.0)
    for place, ticket in enumerate(burst):
        ticket.leave(response(429), 0.05 + place / 10_000, lambda: TODAY)

    assert gate.rate == 4
    assert gate.wait(0.06) <= 0.5


def test_a_server_that_asks_for_no_wait_again_and_again_is_waited_for_longer() -> None:
    """With full jitter below a bound that doubles from half a second to eight; a success ends that."""
    longest = 0.0
    for seed in range(30):
        random.seed(seed)
        gate = RateGate()
        for now in range(0, 200, 20):
            refused(gate, float(now))
        longest = max(longest, gate.wait(180.0))
        through(gate, 250.0, response())
        refused(gate, 260.0)
        assert gate.wait(260.0) <= 2.0
    assert 4 < longest <= 8


def test_a_success_ends_a_wait_that_was_asked_for_long_ago() -> None:
    """A server that once said a day, and then lets one through, has opened: the gate must not stay shut for a day."""
    gate = RateGate()
    refused(gate, 0.0, Retry_After=86400)
    assert gate.wait(1.0) > 86000
    through(gate, 10.0, response())

    assert gate.wait(10.0) < 1
    assert waits(gate, 12.0, 1) == [0.0]


def test_a_success_that_was_under_way_before_the_refusal_ends_nothing() -> None:
    """It came through earlier than the server began to refuse."""
    gate = RateGate()
    early = Ticket(gate)
    early.enter(0.0)
    refused(gate, 1.0, Retry_After=60)
    early.leave(response(), 2.0, lambda: TODAY)

    assert gate.wait(2.0) == 59


# Places


def test_who_gives_up_waiting_gives_the_place_back() -> None:
    """A call that was cancelled takes nobody's time."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, status=429))
    before = gate.wait(0.0)
    tickets = [Ticket(gate) for _ in range(80)]
    assert all(ticket.enter(0.0) > 0 for ticket in tickets)
    assert gate.wait(0.0) > before + 2
    for ticket in tickets:
        ticket.leave(None, 0.0, lambda: TODAY)

    assert gate.wait(0.0) == before


def test_a_pace_that_rises_brings_every_turn_forward() -> None:
    """And one that falls puts it off: no ticket keeps a time that was reckoned from what was known when it came."""
    gate = RateGate()
    through(gate, 0.0, numbers(0, full_in=50, status=429))
    tickets = [Ticket(gate) for _ in range(100)]
    assert [ticket.enter(0.0) for ticket in tickets][-1] == pytest.approx(100, rel=0.02)
    through(gate, 0.0, numbers(0, full_in=2, status=429))
    assert tickets[-1].enter(0.0) == pytest.approx(4, rel=0.02)
    for now in range(1, 4):
        refused(gate, float(now))

    assert tickets[-1].enter(3.0) > 20


def test_a_success_lets_those_go_that_waited_for_what_the_server_once_asked() -> None:
    """Those that came before it, too."""
    gate = RateGate()
    refused(gate, 0.0, Retry_After=86400)
    ticket = Ticket(gate)
    assert ticket.enter(1.0) > 86000
    through(gate, 10.0, response())

    assert ticket.enter(12.0) == 0


def test_leaving_twice_is_leaving_once() -> None:
    """However a driver cleans up."""
    gate = RateGate()
    ticket = Ticket(gate)
    ticket.leave(None, 0.0, lambda: TODAY)
    ticket.enter(0.0)
    for _ in range(3):
        ticket.leave(response(429, Retry_After=1), 0.0, lambda: TODAY)

    assert (gate._in_flight, gate._waiting) == (0, 0)


def test_a_forked_child_begins_with_an_open_gate() -> None:
    """What is in flight in the parent is not the child's, and the lock may be held."""
    gate = RateGate()
    refused(gate, Retry_After=60)
    Ticket(gate).enter(0.0)
    lock = gate._lock
    lock.acquire()
    gate.after_fork()

    assert waits(gate, 0.0, 2) == [0.0, 0.0]
    assert gate._lock is not lock


def test_each_credential_has_gates_of_its_own_for_reads_and_for_writes() -> None:
    """The same secret finds the same gate; only as many are kept as credentials that come and go make sensible."""
    gates = RateGates()
    first = gates.gate(Secret("a"), writes=True)

    assert gates.gate(Secret("a"), writes=True) is first
    assert gates.gate(Secret("a"), writes=False) is not first
    assert gates.gate(Secret("b"), writes=True) is not first
    assert gates.gate(None, writes=True) is not first
    for number in range(1000):
        gates.gate(Secret(f"token {number}"), writes=True)
    assert len(gates._gates) <= 64


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


def test_where_nothing_seems_to_be_left_one_attempt_meets_the_first_429() -> None:
    """A hundred under way when the bucket is empty would all be refused: the others let one go first, for a moment."""
    gate = RateGate()
    through(gate, 0.0, numbers(0))
    first, second = Ticket(gate), Ticket(gate)

    assert first.enter(1.0) == 0
    assert 0 < second.enter(1.0) < 0.1
    for _ in range(20):
        second.enter(1.0)
    assert second.entered is not None


def test_a_server_that_counts_and_never_refuses_is_soon_not_hesitated_for() -> None:
    """Eleven successes with nothing left: whoever comes next goes at once, beside any other."""
    gate = RateGate()
    for _ in range(11):
        through(gate, 0.0, numbers(0))
    tickets = [Ticket(gate) for _ in range(50)]

    assert [ticket.enter(1.0) for ticket in tickets] == [0.0] * 50
