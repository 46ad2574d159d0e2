"""Deliveries of events to webhook endpoints: signed, retried, from the outbox (V38 to V43)."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Generator
from typing import Any, ClassVar, Final

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.outbox import Attempt, Delivery, Outbox, Outcome, Transacting

__all__ = ["OUTBOX", "RETRY_SECONDS", "signature"]

RETRY_SECONDS: Final = (60, 300, 1800, 7200, 86400)
"""After the first try, one more after each of these; then the delivery has failed (V42)."""

LEASE_SECONDS: Final = 30
"""A process that took a delivery and died holds it no longer than this."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Lower-case hex HMAC-SHA256 of `<timestamp>.<body>` under the whole `whsec_...` text (V39)."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


class _Deliveries(Outbox):
    timeout: ClassVar[float] = 5.0

    def has_endpoints(self, sandbox: Sandbox) -> bool:
        return bool(sandbox.settings.get("vinr.endpoints"))

    def attempts(
        self, engine: Transacting, limit: int = 100, *, held: bool = False
    ) -> Generator[Delivery, Outcome, list[Attempt]]:
        done: list[Attempt] = []
        for _ in range(limit):
            taken: Delivery | None = engine.transaction(lambda call: _take(call, held))
            if taken is None:
                break
            busy: set[str] = engine.sandbox.process_cache.setdefault(_BUSY, set())
            busy.add(taken.endpoint)
            try:
                outcome = yield taken
            finally:
                busy.discard(taken.endpoint)
            state = engine.transaction(lambda call, taken=taken, outcome=outcome: _settle(call, taken, outcome))
            done.append(
                Attempt(
                    taken,
                    outcome if isinstance(outcome, int) else None,
                    outcome if isinstance(outcome, str) else None,
                    state,
                )
            )
        return done


OUTBOX: Final = _Deliveries()

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
    if call.sandbox.setting("vinr.held") and not held:
        return None
    # Signatures and leases are about the machine's time: a receiver compares with its own clock.
    machine = int(time.time())
    busy: set[str] = call.sandbox.process_cache.get(_BUSY, set())
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
