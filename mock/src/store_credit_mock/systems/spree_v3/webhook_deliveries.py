"""Deliveries of events to webhook endpoints: signed, and retried with growing waits (spree-v3.md section 9).

How often and when a real Spree tries again was read, not recorded: Rails' own growing waits, five times.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import ClassVar, Final

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.outbox import Attempt, Delivery, Outbox, Outcome, Transacting
from store_credit_mock.systems.spree_v3.lifecycle import ENDPOINTS

__all__ = ["OUTBOX", "RETRY_SECONDS", "signature"]

RETRY_SECONDS: Final = (3, 18, 83, 258, 627)
"""After the first try, one more after each of these (the fourth power of the try, and 2); then it has failed."""
LEASE_SECONDS: Final = 60
"""A process that took a delivery and died holds it no longer than this: twice what a receiver has to respond."""
_DISABLED_AFTER: Final = 15
"""Failed deliveries in a row after which an endpoint is disabled."""
_REASON: Final = "Automatically disabled after repeated delivery failures"


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Lower-case hex HMAC-SHA256 of `<timestamp>.<body>`."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


class _Deliveries(Outbox):
    timeout: ClassVar[float] = 30.0

    def has_endpoints(self, sandbox: Sandbox) -> bool:
        return bool(sandbox.settings.get(ENDPOINTS))

    def waiting(self, engine: Transacting) -> list[str]:
        return engine.transaction(_waiting, write=False)

    def take(self, engine: Transacting, endpoint: str | None = None, *, held: bool = False) -> Delivery | None:
        if not self.has_endpoints(engine.sandbox):
            return None
        taken: Delivery | None = engine.transaction(lambda call: _take(call, endpoint))
        if taken is not None:
            _busy(engine.sandbox)[taken.endpoint] = taken
        return taken

    def take_each(self, engine: Transacting, endpoints: Sequence[str]) -> list[Delivery]:
        def work(call: Call) -> list[Delivery]:
            each = (_take(call, endpoint) for endpoint in endpoints)
            return [taken for taken in each if taken is not None]

        deliveries: list[Delivery] = engine.transaction(work)
        _busy(engine.sandbox).update((taken.endpoint, taken) for taken in deliveries)
        return deliveries

    def settle_each(self, engine: Transacting, outcomes: Sequence[tuple[Delivery, Outcome]]) -> list[Attempt]:
        busy, attempts, ours = _busy(engine.sandbox), [_attempt(*one) for one in outcomes], list[Attempt]()
        for attempt in attempts:
            # Ids begin anew with a reset: what was taken before it is none of the deliveries there are since.
            if busy.get(attempt.delivery.endpoint) is attempt.delivery:
                del busy[attempt.delivery.endpoint]
                ours.append(attempt)
        if ours:
            engine.transaction(lambda call: [_settle(call, attempt) for attempt in ours])
        return attempts


OUTBOX: Final = _Deliveries()

_PENDING: Final = (
    " FROM spree_v3_webhook_delivery d JOIN spree_v3_webhook_endpoint e"
    " ON e.sandbox = d.sandbox AND e.id = d.endpoint_id AND e.active = 1 AND e.disabled_at IS NULL"
    " WHERE d.sandbox = ? AND d.state = 'pending' AND d.due_ms <= ? AND d.claimed_ms < ?"
)
_DUE: Final = (
    "SELECT d.id, d.event_name, d.endpoint_id, d.attempts, e.url, e.secret, d.payload, e.refused_with" + _PENDING
)
_FIRST: Final = " ORDER BY d.due_ms, d.id LIMIT 1"
_WAITING: Final = (
    "SELECT d.endpoint_id, MIN(d.due_ms) AS due, MIN(d.id) AS place" + _PENDING +
    " GROUP BY d.endpoint_id ORDER BY due, place"
)  # fmt: skip


def _busy(sandbox: Sandbox) -> dict[str, Delivery]:
    """What this process is sending, by endpoint: one at a time to each, so that they come in order there."""
    return sandbox.process_cache.setdefault("spree_v3.busy", {})


def _lease(machine: int) -> int:
    return (machine - LEASE_SECONDS) * 1000


def _waiting(call: Call) -> list[str]:
    rows = call.db.all(_WAITING, (call.sandbox.name, call.now, _lease(int(time.time()))))
    busy = _busy(call.sandbox)
    return [str(row[0]) for row in rows if str(row[0]) not in busy]


def _take(call: Call, endpoint: str | None) -> Delivery | None:
    # Signatures and leases are about the machine's time: a receiver compares with its own clock.
    machine = int(time.time())
    busy = _busy(call.sandbox)
    while True:
        if endpoint is not None:
            numbers, chosen = [int(endpoint)], " AND d.endpoint_id = ?"
        else:
            numbers = [int(one) for one in busy]
            chosen = f" AND d.endpoint_id NOT IN ({', '.join('?' * len(numbers))})" if numbers else ""
        row = call.db.one(_DUE + chosen + _FIRST, (call.sandbox.name, call.now, _lease(machine), *numbers))
        if row is None or str(row[2]) in busy:
            return None
        delivery = _delivery(machine, row)
        if row[7] is None:
            break
        _settle(call, _attempt(delivery, int(row[7])))
    call.db.run(
        "UPDATE spree_v3_webhook_delivery SET claimed_ms = ? WHERE sandbox = ? AND id = ?",
        (machine * 1000, call.sandbox.name, int(delivery.id)),
    )
    return delivery


def _delivery(machine: int, row: Sequence[object]) -> Delivery:
    identity, name, to, before, url, secret, payload = row[:7]
    body = str(payload).encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "Spree-Webhooks/1.0",
        "x-spree-webhook-signature": signature(str(secret), machine, body),
        "x-spree-webhook-timestamp": str(machine),
        "x-spree-webhook-event": str(name),
    }
    return Delivery(str(identity), str(name), str(to), str(url), headers, body, int(str(before)) + 1)


def _attempt(delivery: Delivery, outcome: Outcome) -> Attempt:
    status, error = (outcome, None) if isinstance(outcome, int) else (None, outcome)
    if status is not None and 200 <= status < 300:
        state = "delivered"
    elif outcome is not None and delivery.attempt > len(RETRY_SECONDS):
        state = "failed"
    else:
        state = "pending"
    return Attempt(delivery, status, error, state)


def _settle(call: Call, attempt: Attempt) -> None:
    delivery, status, error, state = attempt.delivery, attempt.status, attempt.error, attempt.state
    identity = int(delivery.id)
    if status is None and error is None:
        call.db.run(
            "UPDATE spree_v3_webhook_delivery SET claimed_ms = 0 WHERE sandbox = ? AND id = ?",
            (call.sandbox.name, identity),
        )
        return
    kind = None if error is None else "timeout" if "no response within" in error else "connection_error"
    due = call.now + (RETRY_SECONDS[delivery.attempt - 1] * 1000 if state == "pending" else 0)
    call.db.run(
        "UPDATE spree_v3_webhook_delivery SET state = ?, attempts = ?, due_ms = ?, claimed_ms = 0, response_code = ?,"
        " error_type = ?, request_errors = ?, success = ?, updated_at = ?, delivered_at = ?"
        " WHERE sandbox = ? AND id = ?",
        (
            state, delivery.attempt, due, status, kind, None if error is None else error[:500],
            int(state == "delivered"), call.now, call.now, call.sandbox.name, identity,
        ),
    )  # fmt: skip
    if state != "delivered":
        _disable(call, int(delivery.endpoint))


def _disable(call: Call, endpoint_id: int) -> None:
    """Disable an endpoint whose last deliveries have all failed."""
    rows = call.db.all(
        "SELECT success FROM spree_v3_webhook_delivery WHERE sandbox = ? AND endpoint_id = ?"
        " AND delivered_at IS NOT NULL ORDER BY delivered_at DESC, id DESC LIMIT ?",
        (call.sandbox.name, endpoint_id, _DISABLED_AFTER),
    )
    if len(rows) == _DISABLED_AFTER and not any(row[0] for row in rows):
        call.db.run(
            "UPDATE spree_v3_webhook_endpoint SET active = 0, disabled_reason = ?, disabled_at = ?, updated_at = ?"
            " WHERE sandbox = ? AND id = ?",
            (_REASON, call.now, call.now, call.sandbox.name, endpoint_id),
        )
