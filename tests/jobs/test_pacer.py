"""The pace of a credential, on time that is only counted: none of these tests waits."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from itertools import count

import pytest

from store_credit_jobs.engine.circuit import Circuit
from store_credit_jobs.engine.pacer import Pacer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Bucket:
    """VINR's limit: a bucket that fills at a rate; whole numbers are told."""

    def __init__(self, rate: float, size: int) -> None:
        self.rate, self.size, self.left, self.at = rate, size, float(size), 0.0

    def take(self, now: float) -> tuple[bool, tuple[int, int] | None, float | None]:
        self.left = min(self.size, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False, (self.size, 0), max(1.0, math.ceil((1 - self.left) / self.rate))
        self.left -= 1
        return True, (self.size, int(self.left)), None


class Minutes:
    """Spree's limit: so many in a minute that begins with its first request. 5.x counts down and never refuses."""

    def __init__(self, limit: int, *, refuses: bool = True) -> None:
        self.limit, self.refuses, self.began, self.count = limit, refuses, -math.inf, 0
        self.most = 0

    def take(self, now: float) -> tuple[bool, tuple[int, int] | None, float | None]:
        if now >= self.began + 60:
            self.began, self.count = now, 0
        self.count += 1
        self.most = max(self.most, self.count)
        if self.refuses and self.count > self.limit:
            return False, (self.limit, 0), 60.0
        return True, (self.limit, max(0, self.limit - self.count)), None


class Silent:
    """A limit of which no header tells."""

    def __init__(self, bucket: Bucket, *, retry_after: bool) -> None:
        self.bucket, self.retry_after = bucket, retry_after

    def take(self, now: float) -> tuple[bool, tuple[int, int] | None, float | None]:
        taken, _, wait = self.bucket.take(now)
        return taken, None, wait if self.retry_after else None


class Outcome:
    done = refused = 0
    seconds = 0.0
    moments: list[float]

    def __init__(self) -> None:
        self.moments = []


def play(
    pacer: Pacer,
    clock: Clock,
    take: Callable[[float], tuple[bool, tuple[int, int] | None, float | None]],
    requests: int,
    workers: int,
    latency: float,
    at: Callable[[Outcome], None] = lambda _: None,
) -> Outcome:
    """Let workers send until so many requests went through; the server counts half way."""
    found, order = Outcome(), count()
    events: list[tuple[float, int, str, float]] = [(0.0, next(order), "ask", 0.0) for _ in range(workers)]
    answers: dict[int, tuple[bool, tuple[int, int] | None, float | None]] = {}
    while found.done < requests:
        clock.now, number, what, asked = heapq.heappop(events)
        assert clock.now < 10_000, "it has stopped"
        if what == "ask":
            wait = pacer.ask()
            if wait > 0:
                heapq.heappush(events, (clock.now + wait, next(order), "ask", 0.0))
            else:
                found.moments.append(clock.now)
                heapq.heappush(events, (clock.now + latency / 2, next(order), "arrive", clock.now))
        elif what == "arrive":
            key = next(order)
            answers[key] = take(clock.now)
            heapq.heappush(events, (clock.now + latency / 2, key, "back", asked))
        else:
            taken, limit, retry = answers.pop(number)
            pacer.ended(asked, limit=limit, wait=retry, refused=not taken)
            found.done += taken
            found.refused += not taken
            heapq.heappush(events, (clock.now, next(order), "ask", 0.0))
            at(found)
    found.seconds = clock.now
    return found


@pytest.mark.parametrize(
    ("workers", "latency"), [(1, 0.002), (4, 0.002), (16, 0.002), (48, 0.002), (16, 0.2), (48, 0.2), (64, 0.2)]
)
def test_a_bucket_is_used_up_and_hardly_ever_overdrawn(workers: int, latency: float) -> None:
    """600 requests at 25 a second, and the server tells what is left: time / ideal <= 1.10, refused <= 3 %."""
    clock = Clock()
    bucket = Bucket(25, 50)
    found = play(Pacer(clock=clock, jitter=lambda: 0.5), clock, bucket.take, 600, workers, latency)
    ideal = (600 - 50) / 25
    assert found.seconds / ideal <= 1.10
    assert found.refused / 600 <= 0.03
    assert found.done == 600


def test_without_the_reserve_and_the_requests_in_flight_far_more_are_refused() -> None:
    """What the pacer takes off what is left matters: a server that is told of none of it refuses many."""
    clock = Clock()
    naive = Pacer(clock=clock, jitter=lambda: 0.5)
    naive.__class__ = type("Naive", (Pacer,), {"_limited": lambda self: False})
    found = play(naive, clock, Bucket(25, 50).take, 600, 48, 0.2)
    assert found.refused / 600 > 0.03


def test_a_limit_that_halves_is_followed() -> None:
    clock = Clock()
    bucket = Bucket(50, 50)

    def halve(found: Outcome) -> None:
        if found.done >= 400 and bucket.size == 50:
            bucket.rate, bucket.size, bucket.left = 25, 25, 0.0

    found = play(Pacer(clock=clock, jitter=lambda: 0.5), clock, bucket.take, 1000, 16, 0.05, halve)
    ideal = (400 - 50) / 50 + 600 / 25
    assert found.seconds / ideal <= 1.15
    assert found.refused <= 30


@pytest.mark.parametrize("refuses", [True, False])
def test_an_announced_minute_is_kept(refuses: bool) -> None:
    """Spree's API v3: 300 a minute, evenly, also where the server would let more through."""
    clock = Clock()
    server = Minutes(300, refuses=refuses)
    found = play(Pacer(per_minute=300, clock=clock, jitter=lambda: 0.5), clock, server.take, 1200, 8, 0.3)
    assert found.refused == 0
    assert server.most <= 300
    assert found.seconds / 240 <= 1.10


def test_a_minute_that_the_server_changes_is_followed() -> None:
    """The first response says 600 where 300 was thought."""
    clock = Clock()
    found = play(Pacer(per_minute=300, clock=clock, jitter=lambda: 0.5), clock, Minutes(600).take, 1200, 16, 0.3)
    assert found.seconds / 120 <= 1.10
    assert found.refused == 0


def test_a_given_rate_is_never_passed() -> None:
    """`--rate 8/s` on a server that announces more: no second has more than nine requests."""
    clock = Clock()
    found = play(Pacer(rate=8, clock=clock, jitter=lambda: 0.5), clock, Bucket(500, 1000).take, 200, 64, 0.1)
    for moment in found.moments:
        assert sum(moment <= other < moment + 1 for other in found.moments) <= 9
    assert found.seconds / (200 / 8) <= 1.10


def test_a_given_rate_wins_over_numbers_that_nobody_enforces() -> None:
    """A server that counts down to 0 and lets everything through does not slow a job whose owner gave the rate."""
    clock = Clock()
    found = play(
        Pacer(rate=50, clock=clock, jitter=lambda: 0.5), clock, Minutes(300, refuses=False).take, 1000, 16, 0.1
    )
    assert found.seconds / 20 <= 1.10


def test_a_given_rate_that_is_too_high_is_lowered_by_the_first_refusal() -> None:
    clock = Clock()
    found = play(Pacer(rate=500, clock=clock, jitter=lambda: 0.5), clock, Bucket(25, 50).take, 600, 16, 0.05)
    assert found.refused / 600 <= 0.05
    assert found.seconds / 22 <= 1.15


@pytest.mark.parametrize("retry_after", [True, False])
def test_a_server_without_numbers_is_sent_less(retry_after: bool) -> None:
    """No header tells of the limit: the pace is halved by a refusal, grows again by little, and comes to an end."""
    clock = Clock()
    server = Silent(Bucket(20, 20), retry_after=retry_after)
    found = play(Pacer(clock=clock, jitter=lambda: 0.5), clock, server.take, 1500, 16, 0.05)
    assert found.refused / 1500 <= 0.05
    assert found.seconds / (1480 / 20) <= 1.6


def test_all_stop_until_the_server_says_so_and_never_a_moment_sooner() -> None:
    clock = Clock()
    for jitter in (0.0, 1.0):
        clock.now = 0.0
        pacer = Pacer(clock=clock, jitter=lambda jitter=jitter: jitter)
        assert pacer.ask() == 0.0
        pacer.ended(0.0, limit=None, wait=30.0, refused=True)
        assert pacer.waiting() == ("retry_after", pytest.approx(30.0 * (1 + 0.1 * jitter)))
        clock.now = 29.99
        assert pacer.ask() > 0
        assert pacer.room(0.005) == 0.0


def test_a_turn_that_was_not_used_is_given_back() -> None:
    clock = Clock()
    pacer = Pacer(rate=1, clock=clock)
    assert pacer.ask() == 0.0
    assert pacer.ask() > 0
    pacer.cancel()
    assert pacer.in_flight == 0
    assert pacer.ask() == 0.0


def test_ten_failures_in_a_row_pause_everything_and_then_one_probe_goes() -> None:
    clock = Clock()
    circuit = Circuit(clock=clock)
    for _ in range(9):
        circuit.ended(failed=True)
    circuit.ended(failed=False)
    for _ in range(9):
        circuit.ended(failed=True)
    assert circuit.wait() == 0.0
    circuit.ended(failed=True)
    assert circuit.wait() == 30.0
    clock.now = 30.0
    assert circuit.wait() == 0.0
    circuit.enter()
    assert circuit.wait() > 0, "the second request waits for the probe"
    circuit.ended(failed=True)
    assert circuit.wait() == 30.0
    assert circuit.open_for == 30.0
    clock.now = 60.0
    circuit.enter()
    circuit.ended(failed=None)
    assert circuit.wait() == 0.0, "a probe that says nothing lets another go"
    circuit.enter()
    circuit.ended(failed=False)
    assert circuit.wait() == 0.0
    assert circuit.open_for == 0.0
