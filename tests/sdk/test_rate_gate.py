"""The gate of a server's rate limit, on times the test chooses: when it lets attempts through, and what it learns."""

import random
from math import inf
from typing import Any

import pytest

from rate_limits import TODAY, numbers, response
from store_credit._core.credentials import Secret
from store_credit._core.rate_gate import RateGate, RateGates, Ticket
from store_credit._core.response import Response


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
