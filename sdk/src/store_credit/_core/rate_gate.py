"""One gate per credential for a server's rate limit, shared by all threads and tasks of a client. No I/O here.

A server that limits requests tells how many are left (`X-RateLimit-Limit`, `-Remaining`, `-Reset` in Unix seconds) or,
too late, how long to wait (`Retry-After`). Once a server has refused a request, every response feeds the gate and every
attempt asks it how long to wait, so that the waiting calls do not all wake at the same moment and are refused again.

Sources: contract/vinr.md section 9 (a token bucket per key, reads and writes apart); RFC 9110, 10.2.3.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime
from math import inf
from typing import Final

from store_credit._core.credentials import Secret
from store_credit._core.forking import renew_after_fork
from store_credit._core.response import Response
from store_credit._core.retry import backoff, retry_after

__all__ = ["RateGate", "RateGates", "Ticket"]

_JITTER: Final = 0.1
"""Share of a wait that is added at random, so that many waiters spread."""
_UNKNOWN_RATE: Final = 4.0
"""Requests per second after a first 429 from a server that does not say how many it allows; halved by each further
429, raised by a twentieth with each success."""
_LOWEST_RATE: Final = 0.5
"""Requests per second that are tried however often such a server refuses."""
_LONGEST_WINDOW: Final = 3600.0
"""Seconds; a reset further away, or in the past, comes from another clock and is not used."""
_SLOWER: Final = 0.9
"""What a 429 makes of a rate that was thought right."""
_HESITATION: Final = 0.05
_HESITATIONS: Final = 5
"""Seconds, and how often, an attempt lets others go first where nothing seems to be left."""
_UNREFUSED: Final = 10
"""Successes in a row with nothing left after which a server is known to count and not to refuse."""
_KEPT: Final = 64
"""Gates kept for credentials that come and go."""


class RateGate:
    """The limit of one credential, as far as its responses have told it: a token bucket that mirrors the server's.

    It is open for everybody until a first 429. Numbers alone close nothing: there are servers that count down and never
    refuse, and waiting for those would cost time for nothing. But where the numbers say that nothing is left, attempts
    hesitate for a moment while others are under way, so that one of them and not all meet the first 429.

    Attributes:
        rate: Requests per second that the server allows, as far as is known.
    """

    __slots__ = (
        "__weakref__",
        "_closed_until",
        "_demand",
        "_in_flight",
        "_left",
        "_lock",
        "_refusals",
        "_refused",
        "_supply",
        "_unrefused",
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
        # The queue: each ticket that comes while the gate paces takes the next number, `_demand`, and goes once the
        # tokens that came, `_supply`, have reached it. A pace that changes therefore changes every wait at once.
        self._demand = 0
        self._supply = 0.0
        self._updated = 0.0
        self._closed_until = -inf
        self._in_flight = 0
        self._waiting = 0
        self._refusals = 0
        self._refused = -inf
        self._left: float | None = None
        self._unrefused = 0

    def after_fork(self) -> None:
        """Start anew: the parent's attempts in flight are not the child's, and its lock may be held."""
        self._renew()

    def enter(self, ticket: Ticket, now: float) -> float:
        """Let an attempt through, or return the seconds until its turn, as far as they are known now.

        They become fewer or more as the server tells more of its limit: whoever waits long asks again on the way.

        Args:
            ticket: The attempt's.
            now: Seconds of the monotonic clock.
        """
        with self._lock:
            if self.rate is None and self._nothing_left() and ticket.hesitations < _HESITATIONS and not ticket.hurried:
                ticket.hesitations += 1
                return _HESITATION
            if self.rate is not None:
                self._refill(now)
                if ticket.number is None:
                    self._demand += 1
                    self._waiting += 1
                    ticket.number = self._demand
                    closed = max(0.0, self._closed_until - now)
                    # No longer than the call can wait: what the server asked for is enough.
                    most = max(0.0, min(_JITTER * closed, ticket.patience - closed))
                    ticket.late = random.uniform(0.0, most)  # noqa: S311 - not a secret
                pace = (ticket.number - self._supply) / self.rate
                wait = max(pace, self._closed_until + ticket.late - now)
                if wait > 0 and not ticket.hurried:
                    return wait
                self._waiting -= 1
                ticket.number = None
            self._in_flight += 1
            ticket.entered = now
            return 0.0

    def leave(self, ticket: Ticket, response: Response | None, now: float, today: Callable[[], datetime]) -> None:
        """Take an attempt out, whether it was let through or not, and learn from its response.

        Args:
            ticket: The attempt's.
            response: What arrived, or None.
            now: Seconds of the monotonic clock.
            today: Gives the server's time of day.
        """
        with self._lock:
            if ticket.number is not None:
                ticket.number = None
                self._waiting -= 1
                # Its place is for those that still wait.
                self._supply += 1
            entered = ticket.entered
            if entered is None:
                return
            ticket.entered = None
            self._in_flight -= 1
            if response is None:
                return
            if self.rate is not None or response.status_code == 429:
                self._learn(response, entered, now, today)
            else:
                self._left = _number(response, b"x-ratelimit-remaining")
                self._unrefused = self._unrefused + 1 if self._left == 0 else 0

    def _nothing_left(self) -> bool:
        """Whether those under way take all that the server says is left, and it is not known to let more through."""
        left = self._left
        return left is not None and self._in_flight >= max(left, 1) and self._unrefused <= _UNREFUSED

    def wait(self, now: float) -> float:
        """Seconds until the next free turn, without taking it."""
        with self._lock:
            if self.rate is None:
                return 0.0
            self._refill(now)
            return max(0.0, (self._demand + 1 - self._supply) / self.rate, self._closed_until - now)

    def closed_for(self, now: float) -> float:
        """Seconds that the server has asked everybody to wait, whatever the turn."""
        with self._lock:
            return max(0.0, self._closed_until - now)

    def _learn(self, response: Response, entered: float, now: float, today: Callable[[], datetime]) -> None:
        self._refill(now)
        refused = response.status_code == 429
        # Those that were under way when the first of them was refused tell nothing new: a hundred refusals at one
        # moment are one.
        news = entered > self._refused
        remaining, limit = _number(response, b"x-ratelimit-remaining"), _number(response, b"x-ratelimit-limit")
        if remaining is not None and limit is not None:
            if refused and news and self.rate is not None:
                # It went at the pace that was thought right.
                self.rate *= _SLOWER
            # Seconds are whole, so that an estimate from a nearly full bucket says little. Taken from the moment the
            # attempt went, however late its response is read, each is at most the truth.
            if remaining * 2 <= limit:
                until_full = (_number(response, b"x-ratelimit-reset") or 0.0) - today().timestamp() + now - entered
                if 0 < until_full < _LONGEST_WINDOW:
                    self.rate = max(self.rate or 0.0, (limit - remaining) / until_full)
            self.rate = self.rate or _UNKNOWN_RATE
            # Those on their way will have taken theirs when they arrive, unless they are refused and wait again.
            under_way = 0 if refused else self._in_flight
            self._supply = self._demand - self._waiting + remaining - under_way
        elif refused and news:
            self.rate = _UNKNOWN_RATE if self.rate is None else max(self.rate / 2, _LOWEST_RATE)
            self._supply = min(self._supply, float(self._demand - self._waiting))
        elif news:
            self.rate = (self.rate or _UNKNOWN_RATE) * 1.05
        if refused:
            asked = retry_after(response.headers, today())
            if news:
                self._refusals += 1
                self._refused = now
                # A server that asks for no wait, again and again, is waited for longer and longer.
                asked = asked or backoff(self._refusals)
            self._closed_until = max(self._closed_until, now + (asked or 0.0))
        elif news:
            # One that did not wait came through: what the server once asked for, perhaps a day, is over.
            self._refusals = 0
            self._closed_until = -inf

    def _refill(self, now: float) -> None:
        if self.rate is not None and now > self._updated:
            # While no attempt comes, at most two seconds' worth of tokens accumulates.
            self._supply = min(self._supply + (now - self._updated) * self.rate, self._demand + 2 * self.rate)
        self._updated = now


class Ticket:
    """One attempt's way through a gate.

    Attributes:
        hurried: It does not wait: its call has no time left, and the server may refuse it.
        patience: Seconds that its call can wait.
        number: Its place in the queue; None before it has asked and once it has gone.
        late: Seconds that it waits longer than the server asked for, so that not all go at one moment.
        entered: When it went, while it is under way; else None.
        hesitations: How often it let others go first, to see whether they are refused.
    """

    __slots__ = ("entered", "gate", "hesitations", "hurried", "late", "number", "patience")

    def __init__(self, gate: RateGate, *, hurried: bool = False, patience: float = inf) -> None:
        self.gate = gate
        self.hurried = hurried
        self.patience = patience
        self.number: int | None = None
        self.late = 0.0
        self.entered: float | None = None
        self.hesitations = 0

    def enter(self, now: float) -> float:
        """Go, or return the seconds until its turn."""
        return self.gate.enter(self, now)

    def leave(self, response: Response | None, now: float, today: Callable[[], datetime]) -> None:
        """The attempt has ended, or will not be made."""
        self.gate.leave(self, response, now, today)


class RateGates:
    """The gates of one server, by credential; reads and writes have limits of their own."""

    __slots__ = ("_gates",)

    def __init__(self) -> None:
        self._gates: dict[tuple[Secret | None, bool], RateGate] = {}

    def gate(self, secret: Secret | None, *, writes: bool) -> RateGate:
        """Find or make the gate of a credential."""
        key = (None if secret is None else secret.limited_as, writes)
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
