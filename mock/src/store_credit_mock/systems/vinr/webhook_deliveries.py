"""Deliveries of events to webhook endpoints: signed, retried, from the outbox (V38 to V43)."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from store_credit_mock.systems.base import Call

if TYPE_CHECKING:
    from store_credit_mock.core.engine import Engine

__all__ = ["RETRY_SECONDS", "TIMEOUT_SECONDS", "Attempt", "Delivery", "attempts", "run", "signature"]

RETRY_SECONDS: Final = (60, 300, 1800, 7200, 86400)
"""After the first try, one more after each of these; then the delivery has failed (V42)."""

TIMEOUT_SECONDS: Final = 5.0
"""A receiver has this long to answer."""

LEASE_SECONDS: Final = 30
"""A process that took a delivery and died holds it no longer than this."""


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


Outcome = int | str
"""The receiver's status, or why there is none."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Lower-case hex HMAC-SHA256 of `<timestamp>.<body>` under the whole `whsec_...` text (V39)."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


def attempts(engine: Engine, limit: int = 100, *, held: bool = False) -> Generator[Delivery, Outcome, list[Attempt]]:
    """Give the deliveries that are due, one at a time, and take in how each went. Sends nothing itself.

    Args:
        engine: Whose outbox.
        limit: How many at most.
        held: Whether to send even while deliveries are held back.
    """
    done: list[Attempt] = []
    for _ in range(limit):
        taken: Delivery | None = engine.transact(lambda call: _take(call, held))
        if taken is None:
            break
        busy: set[str] = engine.sandbox.memory.setdefault(_BUSY, set())
        busy.add(taken.endpoint)
        try:
            outcome = yield taken
        finally:
            busy.discard(taken.endpoint)
        state = engine.transact(lambda call, taken=taken, outcome=outcome: _settle(call, taken, outcome))
        done.append(
            Attempt(
                taken,
                outcome if isinstance(outcome, int) else None,
                outcome if isinstance(outcome, str) else None,
                state,
            )
        )
    return done


def run(engine: Engine, send: Callable[[Delivery], int], limit: int = 100, *, held: bool = False) -> list[Attempt]:
    """Send what is due now, in order.

    Args:
        engine: Whose outbox.
        send: Delivers one and returns the receiver's status; an exception counts as no answer.
        limit: How many at most.
        held: See `attempts`.
    """
    steps = attempts(engine, limit, held=held)
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


_DUE = (
    "SELECT d.id, d.event, d.endpoint, d.attempts, e.url, e.secret, v.payload FROM vinr_delivery d"
    " JOIN vinr_endpoint e ON e.sandbox = d.sandbox AND e.id = d.endpoint AND e.status = 'enabled'"
    " JOIN vinr_event v ON v.sandbox = d.sandbox AND v.id = d.event"
    " WHERE d.sandbox = ? AND d.state = 'pending' AND d.due_ms <= ? AND d.claimed_ms < ?"
)
_FIRST = " ORDER BY d.due_ms, d.number LIMIT 1"
_BUSY: Final = "vinr.busy"
"""Where a sandbox's memory has the endpoints that this process is sending to."""


def _take(call: Call, held: bool) -> Delivery | None:
    if call.sandbox.extra("vinr.held") and not held:
        return None
    # Signatures and leases are about the machine's time: a receiver compares with its own clock.
    machine = int(time.time())
    busy: set[str] = call.sandbox.memory.get(_BUSY, set())
    # One at a time to each endpoint, so that they come in order there.
    others = f" AND d.endpoint NOT IN ({', '.join('?' * len(busy))})" if busy else ""
    lease = (machine - LEASE_SECONDS) * 1000
    row = call.db.one(_DUE + others + _FIRST, (call.sandbox.name, call.now, lease, *sorted(busy)))
    if row is None:
        return None
    identity, event, endpoint, before, url, secret, payload = row
    call.db.run(
        "UPDATE vinr_delivery SET claimed_ms = ? WHERE sandbox = ? AND id = ?",
        (machine * 1000, call.sandbox.name, identity),
    )
    body = payload.encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "VINR-Mock/1",
        "x-vinr-signature": signature(secret, machine, body),
        "x-vinr-timestamp": str(machine),
    }
    return Delivery(identity, event, endpoint, url, headers, body, before + 1)


def _settle(call: Call, delivery: Delivery, outcome: Outcome) -> str:
    good = isinstance(outcome, int) and 200 <= outcome < 300
    status: Any = outcome if isinstance(outcome, int) else None
    error: Any = outcome[:500] if isinstance(outcome, str) else None
    due = call.now
    if good:
        state = "delivered"
    elif delivery.attempt > len(RETRY_SECONDS):
        state = "failed"
    else:
        state = "pending"
        due += RETRY_SECONDS[delivery.attempt - 1] * 1000
    call.db.run(
        "UPDATE vinr_delivery SET state = ?, attempts = ?, due_ms = ?, claimed_ms = 0, last_status = ?, last_error = ?"
        " WHERE sandbox = ? AND id = ?",
        (state, delivery.attempt, due, status, error, call.sandbox.name, delivery.id),
    )
    return state
