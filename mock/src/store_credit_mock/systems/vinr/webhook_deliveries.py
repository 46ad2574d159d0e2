"""Deliveries of events to webhook endpoints: signed, retried, from the outbox (V38 to V43)."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Sequence
from typing import ClassVar, Final

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.outbox import Attempt, Delivery, Outbox, Outcome, Transacting

__all__ = ["OUTBOX", "RETRY_SECONDS", "signature"]

RETRY_SECONDS: Final = (60, 300, 1800, 7200, 86400)
"""After the first try, one more after each of these; then the delivery has failed (V42)."""

_TOGETHER: Final = 500
LEASE_SECONDS: Final = 30
"""A process that took a delivery and died holds it no longer than this."""


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Lower-case hex HMAC-SHA256 of `<timestamp>.<body>` under the whole `whsec_...` text (V39)."""
    return hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()


class _Deliveries(Outbox):
    timeout: ClassVar[float] = 5.0

    def has_endpoints(self, sandbox: Sandbox) -> bool:
        return bool(sandbox.settings.get("vinr.endpoints"))

    def waiting(self, engine: Transacting) -> list[str]:
        return engine.transaction(_waiting, write=False)

    def take(self, engine: Transacting, endpoint: str | None = None, *, held: bool = False) -> Delivery | None:
        taken: Delivery | None = engine.transaction(lambda call: _take(call, endpoint, held=held))
        if taken is not None:
            _busy(engine.sandbox)[taken.endpoint] = taken
        return taken

    def take_each(self, engine: Transacting, endpoints: Sequence[str]) -> list[Delivery]:
        def work(call: Call) -> list[Delivery]:
            if call.sandbox.setting("vinr.held"):
                return []
            machine = int(time.time())
            each = (_first_due(call, endpoint, machine) for endpoint in endpoints)
            return _claim(call, [found for found in each if found is not None], machine)

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

    def certificates(self, sandbox: Sandbox) -> str | None:
        return sandbox.of_systems["webhook_ca"]


OUTBOX: Final = _Deliveries()

_PENDING = (
    " FROM vinr_delivery d JOIN vinr_endpoint e ON e.sandbox = d.sandbox AND e.id = d.endpoint AND e.status = 'enabled'"
    " JOIN vinr_event v ON v.sandbox = d.sandbox AND v.id = d.event"
    " WHERE d.sandbox = ? AND d.state = 'pending' AND d.due_ms <= ? AND d.claimed_ms < ?"
)
_DUE = "SELECT d.id, d.event, d.endpoint, d.attempts, e.url, e.secret, v.payload" + _PENDING
_FIRST = " ORDER BY d.due_ms, d.number LIMIT 1"
_WAITING = (
    "SELECT d.endpoint, MIN(d.due_ms) AS due, MIN(d.number) AS place" + _PENDING +
    " GROUP BY d.endpoint ORDER BY due, place"
)  # fmt: skip


def _busy(sandbox: Sandbox) -> dict[str, Delivery]:
    """What this process is sending, by endpoint: one at a time to each, so that they come in order there."""
    return sandbox.process_cache.setdefault("vinr.busy", {})


def _lease(machine: int) -> int:
    return (machine - LEASE_SECONDS) * 1000


def _waiting(call: Call) -> list[str]:
    if call.sandbox.setting("vinr.held"):
        return []
    rows = call.db.all(_WAITING, (call.sandbox.name, call.now, _lease(int(time.time()))))
    busy = _busy(call.sandbox)
    return [row[0] for row in rows if row[0] not in busy]


def _take(call: Call, endpoint: str | None, *, held: bool) -> Delivery | None:
    if call.sandbox.setting("vinr.held") and not held:
        return None
    machine = int(time.time())
    found = _first_due(call, endpoint, machine)
    return None if found is None else _claim(call, [found], machine)[0]


def _first_due(call: Call, endpoint: str | None, machine: int) -> Delivery | None:
    """Find what comes next to an endpoint, or to any. Its signature is of the machine's time, in Unix seconds.

    A receiver compares with its own clock; leases are about the machine's time as well.
    """
    busy = _busy(call.sandbox)
    names, chosen = [endpoint], " AND d.endpoint = ?"
    if endpoint is None:
        names, chosen = sorted(busy), f" AND d.endpoint NOT IN ({', '.join('?' * len(busy))})" if busy else ""
    row = call.db.one(_DUE + chosen + _FIRST, (call.sandbox.name, call.now, _lease(machine), *names))
    if row is None or row[2] in busy:
        return None
    identity, event, to, before, url, secret, payload = row
    body = payload.encode()
    headers = {
        "content-type": "application/json",
        "user-agent": "VINR-Mock/1",
        "x-vinr-signature": signature(secret, machine, body),
        "x-vinr-timestamp": str(machine),
    }
    return Delivery(identity, event, to, url, headers, body, before + 1)


def _claim(call: Call, found: list[Delivery], machine: int) -> list[Delivery]:
    """Keep others off deliveries, many with one statement."""
    for start in range(0, len(found), _TOGETHER):
        names = [delivery.id for delivery in found[start : start + _TOGETHER]]
        marks = ", ".join("?" * len(names))
        call.db.run(
            f"UPDATE vinr_delivery SET claimed_ms = ? WHERE sandbox = ? AND id IN ({marks})",  # noqa: S608
            (machine * 1000, call.sandbox.name, *names),
        )
    return found


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
    if status is None and error is None:
        call.db.run(
            "UPDATE vinr_delivery SET claimed_ms = 0 WHERE sandbox = ? AND id = ?", (call.sandbox.name, delivery.id)
        )
        return
    due = call.now + (RETRY_SECONDS[delivery.attempt - 1] * 1000 if state == "pending" else 0)
    call.db.run(
        "UPDATE vinr_delivery SET state = ?, attempts = ?, due_ms = ?, claimed_ms = 0, last_status = ?, last_error = ?"
        " WHERE sandbox = ? AND id = ?",
        (
            state,
            delivery.attempt,
            due,
            status,
            None if error is None else error[:500],
            call.sandbox.name,
            delivery.id,
        ),
    )
