"""How many attempts of a client are under way at one time, and what whoever waits too long for a place is told."""

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from store_credit._core.faults import DeadlineError, PoolFullError
from store_credit._core.limiter import AsyncLimiter, Limiter
from together import together

SOON = 0.01
LATE = 60.0
TOO_LONG: list[tuple[float | None, float | None, type[Exception], str]] = [
    (SOON, None, PoolFullError, r"all 2 connections .* in use for 0\.01 seconds \(Timeout\.pool\)"),
    (SOON, LATE, PoolFullError, r"max_connections="),
    (None, SOON, DeadlineError, "deadline passed while all 2 connections"),
    (LATE, SOON, DeadlineError, "deadline"),
    (SOON, -5.0, DeadlineError, "deadline"),
]


def test_as_many_as_there_are_places_and_no_more() -> None:
    """Whatever the threads do."""
    limiter = Limiter(3)
    under_way = most = 0
    lock, full = threading.Lock(), threading.Barrier(3)

    def work(_: int) -> None:
        nonlocal under_way, most
        limiter.acquire(None, None)
        with lock:
            under_way += 1
            most = max(most, under_way)
        # Three at a time get on: twelve are four rounds.
        full.wait(LATE)
        with lock:
            under_way -= 1
        limiter.release()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(12)))

    assert (most, under_way) == (3, 0)


@together(
    ("longest", "left", "error", "says"),
    TOO_LONG,
)
def test_whoever_waits_too_long_is_told_for_what(
    longest: float | None, left: float | None, error: type[Exception], says: str
) -> None:
    """Its own setting or its deadline, whichever comes first; the places are as before."""
    limiter = Limiter(2)
    for _ in range(2):
        limiter.acquire(longest, LATE)
    for _ in range(3):
        with pytest.raises(error, match=says):
            limiter.acquire(longest, left)
    limiter.release()

    limiter.acquire(longest, left)


def test_a_place_that_is_free_is_had_at_once_whatever_time_is_left() -> None:
    """A deadline of nothing still finds an empty pool."""
    Limiter(1).acquire(0.0, 0.0)


# Async


@pytest.mark.anyio
async def test_as_many_tasks_as_there_are_places_and_no_more() -> None:
    """Each of them gets one in the end."""
    limiter = AsyncLimiter(3)
    under_way = most = 0
    order: list[int] = []

    async def work(number: int) -> None:
        nonlocal under_way, most
        place = await limiter.acquire(None, None)
        order.append(number)
        under_way += 1
        most = max(most, under_way)
        for _ in range(3):
            await anyio.lowlevel.checkpoint()
        under_way -= 1
        place.release()

    async with anyio.create_task_group() as tasks:
        for number in range(12):
            tasks.start_soon(work, number)
            await anyio.lowlevel.checkpoint()

    assert (most, under_way) == (3, 0)
    assert sorted(order) == list(range(12))


@pytest.mark.anyio
@together(
    ("longest", "left", "error", "says"),
    TOO_LONG,
)
async def test_a_task_that_waits_too_long_is_told_for_what(
    longest: float | None, left: float | None, error: type[Exception], says: str
) -> None:
    """As a thread is."""
    limiter = AsyncLimiter(2)
    taken = [await limiter.acquire(longest, LATE) for _ in range(2)]
    for _ in range(3):
        with pytest.raises(error, match=says):
            await limiter.acquire(longest, left)
    taken[0].release()

    await limiter.acquire(longest, left)


@pytest.mark.anyio
async def test_a_task_that_is_cancelled_while_it_waits_takes_no_place() -> None:
    """Seven hundred and fifty of them leave the client as it was."""
    limiter = AsyncLimiter(1)
    place = await limiter.acquire(None, None)
    async with anyio.create_task_group() as tasks:
        for _ in range(750):
            tasks.start_soon(limiter.acquire, None, None)
        await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    place.release()

    with anyio.fail_after(LATE):
        await limiter.acquire(None, None)


def test_places_belong_to_the_event_loop_they_were_taken_on() -> None:
    """A loop that was closed while all places were taken must not leave the next one without."""
    limiter = AsyncLimiter(2)

    async def take_all() -> list[Any]:
        return [await limiter.acquire(SOON, None) for _ in range(2)]

    kept = [asyncio.run(take_all()) for _ in range(4)]
    # A place of a loop that is gone gives none to the one that is there.
    for place in kept[0]:
        place.release()

    async def full() -> None:
        await take_all()
        with pytest.raises(PoolFullError):
            await limiter.acquire(SOON, None)

    asyncio.run(full())
    gc.collect()
