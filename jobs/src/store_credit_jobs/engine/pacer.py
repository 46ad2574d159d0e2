"""The pace at which one credential sends: what the server announces, what it counts, and what it refuses.

The seconds of `X-RateLimit-Reset` are whole and rounded up, so that a rate made of them is far too low. What is counted
instead is how `Remaining` changes over the responses that came meanwhile.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from math import inf
from typing import Final

__all__ = ["Pacer"]

_RESERVE: Final = 2
"""Requests that are left to the server's own count."""
_FIRST: Final = 4.0
"""Requests a second where a limit is known to be there, and nothing yet of its pace."""
_LOWEST: Final = 0.5
"""Requests a second that are tried however often the server refuses."""
_AT_ONCE: Final = 0.1
"""Seconds' worth of requests that may go at one moment under a pace that is given."""
_OF_A_MINUTE: Final = 0.98
"""Share of an announced minute that is used: its window begins when the server says, not when we do."""
_SLOWER: Final = 0.9
"""What a refusal makes of a counted rate."""
_FASTER: Final = 0.05
"""By how much a halved pace grows again in a second without refusal."""
_COUNTED_FROM: Final = 1.0
_COUNTED_FOR: Final = 5.0
"""Seconds over which a rate is counted, at least and at most."""
_JITTER: Final = 0.1
"""Share of a wait that is added at random, so that many runners spread. Never taken off."""


class Pacer:
    """The limit of one credential. Shared by all threads; waits for nothing itself.

    Without `rate` it keeps to what the server announces. With it, that is the pace, and the server's numbers count only
    once it has refused a request: there are servers that count down to 0 and let everything through.

    Args:
        rate: Requests a second at most, as the person who runs the job says.
        per_minute: Requests a minute that the server announces, where its limit is one of fixed minutes (Spree's
            API v3); None where it is a bucket (VINR), or there is none.
        heeds: Whether the server's numbers count before it has refused anything; where no `rate` is given if None.
        clock: Monotonic seconds.
        jitter: Gives numbers from 0 to 1.
    """

    def __init__(
        self,
        *,
        rate: float | None = None,
        per_minute: int | None = None,
        heeds: bool | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._lock = threading.Lock()
        self._ceiling = rate
        self._minutes = per_minute is not None
        self._pace = rate if rate is not None or per_minute is None else per_minute / 60 * _OF_A_MINUTE
        self._tokens = 1.0
        self._filled = clock()
        self._heeds = rate is None if heeds is None else heeds
        self._in_flight = 0
        self._left: int | None = None
        self._left_at = 0.0
        self._counted: float | None = None
        self._count_from: tuple[float, int] | None = None
        self._answers = 0
        self._sent = 0
        self._first_sent: float | None = None
        self._closed_until = -inf
        self._refused_at = -inf
        self._refusals = 0

    @property
    def in_flight(self) -> int:
        """Requests that wait for their response."""
        return self._in_flight

    def ask(self) -> float:
        """Take a turn: 0.0, and the request counts as in flight; else the seconds until it is worth asking again."""
        with self._lock:
            now = self._clock()
            wait = self._wait(now)
            if wait > 0:
                return wait
            if self._pace is not None:
                self._tokens -= 1
            self._in_flight += 1
            self._sent += 1
            if self._first_sent is None:
                self._first_sent = now
            return 0.0

    def cancel(self) -> None:
        """Give a turn back: nothing was sent."""
        with self._lock:
            self._in_flight -= 1
            self._sent -= 1
            if self._pace is not None:
                self._tokens += 1

    def ended(self, asked: float, *, limit: tuple[int, int] | None, wait: float | None, refused: bool) -> None:
        """Learn from a request that has ended.

        Args:
            asked: When its turn came, by the clock.
            limit: What its response says: `(requests allowed in a window, left in it)`.
            wait: Seconds for which the server asks to send nothing, or None.
            refused: Whether the server refused it for the limit (429).
        """
        with self._lock:
            now = self._clock()
            self._in_flight -= 1
            # Of those that were under way when the first of them was refused, none tells anything new.
            news = asked >= self._refused_at
            if limit is not None:
                self._announced(limit, now, refused=refused, news=news)
            if refused:
                self._refuse(now, wait, news=news, announced=limit is not None)
            elif wait is not None:
                self._closed_until = max(self._closed_until, now + wait * (1 + _JITTER * self._jitter()))
            elif news:
                self._refusals = 0
                self._recover()

    def room(self, seconds: float) -> float:
        """About how many requests could go within so many seconds; infinite where nothing limits them."""
        with self._lock:
            now = self._clock()
            if self._closed_until - now >= seconds:
                return 0.0
            rates = [rate for rate in (self._pace, self._rate() if self._limited() else None) if rate is not None]
            return max(1.0, min(rates) * seconds) if rates else inf

    def waiting(self) -> tuple[str, float] | None:
        """Tell what it waits for, `retry_after` or `limit`, and for how many seconds; None where a request may go."""
        with self._lock:
            now = self._clock()
            if self._closed_until > now:
                return "retry_after", self._closed_until - now
            wait = self._wait(now)
            return ("limit", wait) if wait > 0 else None

    def _wait(self, now: float) -> float:
        wait = self._closed_until - now
        if self._pace is not None:
            most = max(1.0, self._pace * _AT_ONCE)
            self._tokens = min(most, self._tokens + (now - self._filled) * self._pace)
            self._filled = now
            wait = max(wait, (1 - self._tokens) / self._pace)
        if self._limited():
            assert self._left is not None
            rate = self._rate()
            have = self._left - self._in_flight + rate * (now - self._left_at)
            wait = max(wait, (_RESERVE + 1 - have) / rate)
        # Rounded up to what a clock can tell, lest a turn be asked for over and over at the same moment.
        return wait if wait > 1e-6 else 0.0

    def _limited(self) -> bool:
        return self._heeds and self._left is not None

    def _rate(self) -> float:
        if self._minutes and self._pace is not None:
            return self._pace
        return _FIRST if self._counted is None else self._counted

    def _announced(self, limit: tuple[int, int], now: float, *, refused: bool, news: bool) -> None:
        allowed, left = limit
        if self._minutes and self._ceiling is None and not refused:
            self._pace = max(allowed, 1) / 60 * _OF_A_MINUTE
        self._left, self._left_at = left, now
        if refused:
            self._count_from = None
            if news and self._counted is not None:
                self._counted = max(self._counted * _SLOWER, _LOWEST)
            return
        self._answers += 1
        since = self._count_from
        if since is None or left + self._in_flight + 1 >= allowed:
            # A bucket that is full does not show how fast it would fill.
            self._count_from, self._answers = (now, left), 0
            return
        elapsed = now - since[0]
        if elapsed < _COUNTED_FROM:
            return
        counted = max((left - since[1] + self._answers) / elapsed, _LOWEST)
        self._counted = counted if self._counted is None else (self._counted + counted) / 2
        if elapsed >= _COUNTED_FOR:
            self._count_from, self._answers = (now, left), 0

    def _refuse(self, now: float, wait: float | None, *, news: bool, announced: bool) -> None:
        self._heeds = True
        if news:
            self._refused_at = now
            self._refusals += 1
            if not announced:
                self._halve(now)
        # A server that asks for no wait, again and again, is waited for longer and longer.
        wait = min(0.5 * float(2**self._refusals), 30.0) if wait is None else wait
        self._closed_until = max(self._closed_until, now + wait * (1 + _JITTER * self._jitter()))

    def _halve(self, now: float) -> None:
        pace = self._pace
        if pace is None:
            elapsed = 0.0 if self._first_sent is None else now - self._first_sent
            pace = self._sent / elapsed if elapsed >= _COUNTED_FROM else 2 * _FIRST
        self._pace = max(pace / 2, _LOWEST)
        self._tokens = min(self._tokens, 0.0)
        self._filled = now

    def _recover(self) -> None:
        """Grow a pace that was halved: a little with each response, by a twentieth in a second."""
        if self._pace is None or (self._minutes and self._ceiling is None) or self._pace == self._ceiling:
            return
        self._pace = min(self._pace * (1 + _FASTER / max(self._pace, 1.0)), self._ceiling or inf)
