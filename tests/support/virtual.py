"""Many calls at one time on a clock that only the test moves: the SDK's flow, without threads, sockets or waiting."""

from __future__ import annotations

import heapq
import itertools
import json
import random
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from math import ceil
from typing import Any, Final, Protocol

from echoing import creates, echoed
from sample_calls import CREDIT
from store_credit._core.actions import Held, Wait, WireRequest
from store_credit._core.clock import Clock
from store_credit._core.flow import flow
from store_credit._core.operation import Call
from store_credit._core.response import Response
from store_credit._core.settings import Settings

__all__ = ["BEGAN", "LimitedServer", "Sleep", "World", "calls_of", "in_turn"]

BEGAN: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)

Sleep = Generator[float, None, None]
"""Something that goes on for a while: it yields the seconds until it goes on."""


class World(Clock):
    """A clock, and everything that waits for it.

    Attributes:
        passed: Seconds since it began.
        under_way: Requests that have no response yet.
    """

    __slots__ = ("_order", "_waiting", "passed", "under_way")

    def __init__(self) -> None:
        self.passed = 0.0
        self.under_way = 0
        self._waiting: list[tuple[float, int, Sleep]] = []
        self._order = itertools.count()

    def monotonic(self) -> float:
        """Seconds since a moment that means nothing."""
        return 1000.0 + self.passed

    def now(self) -> datetime:
        """The time of day."""
        return BEGAN + timedelta(seconds=self.passed)

    def start(self, process: Sleep, after: float = 0.0) -> None:
        """Let a process begin, seconds from now."""
        # No sleep is shorter than asked; sums of floats may be.
        heapq.heappush(self._waiting, (self.passed + after + 1e-9, next(self._order), process))

    def run(self) -> None:
        """Let all of it happen, each step at its time."""
        while self._waiting:
            self.passed, _, process = heapq.heappop(self._waiting)
            seconds = next(process, None)
            if seconds is not None:
                self.start(process, seconds)


class Answering(Protocol):
    """A server: a function of the request and of the time at which it arrives."""

    def __call__(self, wire: WireRequest, now: datetime) -> Response: ...


class LimitedServer:
    """Allows so many requests a second, in the way of a token bucket, and records what it is given.

    Args:
        rate: Requests a second.
        burst: Requests that a full bucket holds.
        numbers: Whether responses tell how many are left (contract/vinr.md section 9).
        asks: Whether a refusal tells how long to wait.
        dates: Whether responses tell the time of day.
    """

    def __init__(self, rate: float, burst: int, *, numbers: bool = True, asks: bool = True, dates: bool = True) -> None:
        self.rate, self.burst, self.left = rate, burst, float(burst)
        self.numbers, self.asks, self.dates = numbers, asks, dates
        self.at: datetime | None = None
        self.accepted = 0
        self.refused = 0

    def __call__(self, wire: WireRequest, now: datetime) -> Response:
        """Take a request in, or refuse it with 429."""
        if self.at is not None:
            self.left = min(float(self.burst), self.left + (now - self.at).total_seconds() * self.rate)
        self.at = now
        headers: list[tuple[bytes, bytes]] = []
        refused = self.left < 1
        if refused:
            self.refused += 1
        else:
            self.accepted += 1
            self.left -= 1
        if self.dates:
            headers.append((b"Date", format_datetime(now.replace(microsecond=0), usegmt=True).encode()))
        if self.numbers:
            full_at = ceil(now.timestamp() + (self.burst - self.left) / self.rate)
            headers += [
                (b"X-RateLimit-Limit", b"%d" % self.burst),
                (b"X-RateLimit-Remaining", b"%d" % int(self.left)),
                (b"X-RateLimit-Reset", b"%d" % full_at),
            ]
        if refused:
            if self.asks:
                headers.append((b"Retry-After", b"%d" % max(1, ceil((1 - self.left) / self.rate))))
            return Response(429, headers, b"")
        body = echoed(wire.method, wire.target, wire.content, CREDIT)
        return Response(201 if creates(wire.method, wire.target) else 200, headers, json.dumps(body).encode())


class _Kept(Exception):  # noqa: N818 - nothing is wrong
    """A call was kept, and is not made."""


class _Keeps:
    def __init__(self) -> None:
        self.kept: list[Call] = []

    def call(self, call: Call, settings: Settings) -> Any:
        self.kept.append(call)
        raise _Kept


def calls_of(client: Any, makers: Iterator[Callable[[Any], Any]]) -> list[Call]:
    """The calls that these uses of a client would make."""
    keeps = _Keeps()
    client._transport = keeps
    for make in makers:
        try:
            make(client)
        except _Kept:
            continue
    return keeps.kept


def in_turn(
    world: World, settings: Settings, calls: Iterator[Call], server: Answering, chance: random.Random, done: list[Any]
) -> Sleep:
    """One worker: make calls, one after another, as a transport does; their results and errors go into `done`.

    A request takes 5 to 25 ms to the server, and its response as long back. As many are under way as the client has
    connections.
    """
    for call in calls:
        steps = flow(call, settings)
        try:
            action = next(steps)
            while True:
                if isinstance(action, Wait):
                    yield action.seconds
                    action = next(steps)
                    continue
                assert isinstance(action, WireRequest)
                while world.under_way == settings.max_connections:
                    yield 0.005
                held = action.ticket.enter(world.monotonic())
                if held:
                    action = steps.send(Held(held))
                    continue
                assert list(action.begin(action)) == []
                world.under_way += 1
                yield chance.uniform(0.005, 0.025)
                response = server(action, world.now())
                yield chance.uniform(0.005, 0.025)
                world.under_way -= 1
                action = steps.send(response)
        except StopIteration as stop:
            done.append(stop.value)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            done.append(error)
