"""One gate per credential for a server's rate limit, shared by all threads and tasks of a client. No I/O here.

A server that limits requests tells how many are left (`X-RateLimit-Limit`, `-Remaining`, `-Reset` in Unix seconds) or,
too late, how long to wait (`Retry-After`). Every response feeds the gate, and every attempt asks it how long to wait,
so that the waiting calls do not all wake at the same moment, only to be refused again.

Sources: contract/vinr.md section 9 (a token bucket per key, reads and writes apart); RFC 9110, 10.2.3.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from store_credit._core.credentials import Secret
from store_credit._core.forking import renew_after_fork
from store_credit._core.response import Response
from store_credit._core.retry import backoff, retry_after

__all__ = ["RateGate", "RateGates"]

_JITTER: Final = 0.1
"""Share of a wait that is added at random, so that many waiters spread."""
_UNKNOWN_RATE: Final = 4.0
"""Requests per second after a first 429 from a server that does not say how many it allows; halved by each further
429, raised by a twentieth with each success."""
_LONGEST_WINDOW: Final = 3600.0
"""Seconds; a reset further away, or in the past, comes from another clock and is not used."""
_KEPT: Final = 64
"""Gates kept for credentials that come and go."""


class RateGate:
    """The limit of one credential, as far as its responses have told it: a token bucket that mirrors the server's.

    Attributes:
        rate: Requests per second that the server allows; None as long as nothing limits.
    """

    __slots__ = (
        "__weakref__",
        "_closed_until",
        "_in_flight",
        "_lock",
        "_refusals",
        "_tokens",
        "_updated",
        "_waiting",
        "rate",
    )

    def __init__(self) -> None:
        self._renew()
        renew_after_fork(self)

    def _renew(self) -> None:
        self._lock = threading.Lock()
        self.rate: float | None = None
        self._tokens = 0.0
        self._updated = 0.0
        self._closed_until = 0.0
        self._in_flight = 0
        self._waiting = 0
        self._refusals = 0

    def after_fork(self) -> None:
        """Start anew: the parent's attempts in flight are not the child's, and its lock may be held."""
        self._renew()

    def reserve(self, now: float, uniform: Callable[[float, float], float] = random.uniform) -> float:
        """Reserve the next free place and return the seconds until it comes; `start` or `cancel` must follow."""
        with self._lock:
            self._waiting += 1
            if self.rate is None:
                wait = self._closed_until - now
            else:
                self._refill(now)
                self._tokens -= 1
                wait = max(-self._tokens / self.rate, self._closed_until - now)
        return wait + uniform(0.0, _JITTER * wait) if wait > 0 else 0.0

    def start(self) -> None:
        """The wait is over: the attempt goes on the wire. `finish` must follow."""
        with self._lock:
            self._waiting -= 1
            self._in_flight += 1

    def cancel(self) -> None:
        """The place that was reserved is not used."""
        with self._lock:
            self._waiting -= 1
            self._tokens += 1

    def wait(self, now: float) -> float:
        """Seconds until the next free place, without reserving it."""
        with self._lock:
            if self.rate is None:
                return max(0.0, self._closed_until - now)
            self._refill(now)
            return max(0.0, (1 - self._tokens) / self.rate, self._closed_until - now)

    def finish(self, response: Response | None, now: float, today: Callable[[], datetime]) -> None:
        """Take an attempt out and learn from its response; None where none arrived.

        Args:
            response: What arrived.
            now: Seconds of the monotonic clock.
            today: Gives the server's time of day.
        """
        remaining = None if response is None else _number(response, b"x-ratelimit-remaining")
        with self._lock:
            self._in_flight -= 1
            if response is None or (remaining is None and self.rate is None and response.status_code != 429):
                return
            if remaining is None:
                self._learn_without_numbers(response, now)
            else:
                self._learn(response, remaining, now, today)
            if response.status_code == 429:
                self._refusals += 1
                asked = retry_after(response.headers, today())
                # A server that asks for no wait, again and again, is waited for longer and longer.
                self._closed_until = max(self._closed_until, now + (asked or backoff(self._refusals)))
            else:
                self._refusals = 0

    def _learn(self, response: Response, remaining: float, now: float, today: Callable[[], datetime]) -> None:
        limit = _number(response, b"x-ratelimit-limit") or 0.0
        refused = response.status_code == 429
        if remaining * 2 <= limit or refused:
            # Seconds are whole, so that an estimate from a nearly full bucket says little; each is at most the truth.
            until_full = (_number(response, b"x-ratelimit-reset") or 0.0) - today().timestamp()
            if 0 < until_full < _LONGEST_WINDOW:
                estimate = (limit - remaining) / until_full
                self.rate = estimate if self.rate is None else max(self.rate, estimate)
        if self.rate is None:
            if not refused:
                return
            self.rate = _UNKNOWN_RATE
        # Those on their way will have taken theirs when they arrive.
        self._tokens = remaining - self._in_flight - self._waiting
        self._updated = now

    def _learn_without_numbers(self, response: Response, now: float) -> None:
        if response.status_code != 429:
            self.rate = (self.rate or _UNKNOWN_RATE) * 1.05
            return
        self._refill(now)
        self.rate = _UNKNOWN_RATE if self.rate is None else max(self.rate / 2, 0.5)
        self._tokens = min(self._tokens, -float(self._waiting))

    def _refill(self, now: float) -> None:
        if self.rate is not None and now > self._updated:
            self._tokens = min(self._tokens + (now - self._updated) * self.rate, 2 * self.rate)
        self._updated = now


class RateGates:
    """The gates of one server, by credential; reads and writes have limits of their own."""

    __slots__ = ("_gates",)

    def __init__(self) -> None:
        self._gates: dict[tuple[Secret | None, bool], RateGate] = {}

    def gate(self, secret: Secret | None, *, writes: bool) -> RateGate:
        """Find or make the gate of a credential."""
        key = (secret, writes)
        found = self._gates.get(key)
        if found is None:
            if len(self._gates) >= _KEPT:
                self._gates.clear()
            # Two threads may make one at the same moment; one of the two is kept.
            found = self._gates.setdefault(key, RateGate())
        return found


def _number(response: Response, name: bytes) -> float | None:
    raw = response.headers.raw(name)
    return float(raw) if raw is not None and raw.isdigit() and len(raw) < 16 else None
