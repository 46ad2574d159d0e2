"""Events, and the outbox of their deliveries: written in the same transaction as the change they tell of."""

from __future__ import annotations

from typing import Any

import orjson

from store_credit_mock.systems.call import Call

__all__ = ["emit", "enqueue", "subscribers"]

_INSERT = "INSERT INTO vinr_event (sandbox, id, number, type, payload) VALUES (?, ?, ?, ?, ?)"
_DELIVERY = (
    "INSERT INTO vinr_delivery (sandbox, id, number, event, endpoint, state, attempts, due_ms, claimed_ms)"
    " VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, 0)"
)


def emit(call: Call, kind: str, record: dict[str, Any]) -> None:
    """Write an event (V35 to V37) and one delivery for each endpoint that asked for it."""
    sandbox = call.sandbox
    number = sandbox.next()
    identity = f"evt_{sandbox.random_id('event', number)}"
    payload = {"id": identity, "type": kind, "data": {"object": record}, "created": call.now // 1000}
    violations = call.contract.check_webhook(kind, payload)
    if violations:
        raise ValueError(f"the mock's own event breaks the document: {violations[0]}")
    call.db.run(_INSERT, (sandbox.name, identity, number, kind, orjson.dumps(payload).decode()))
    for endpoint in subscribers(call, kind):
        enqueue(call, identity, endpoint, call.now)


def subscribers(call: Call, kind: str) -> list[str]:
    """Ids of the enabled endpoints that asked for a type of event, in the order they were registered."""
    if not call.sandbox.setting("vinr.endpoints"):
        return []
    rows = call.db.all(
        "SELECT id, enabled_events FROM vinr_endpoint WHERE sandbox = ? AND status = 'enabled' ORDER BY number",
        (call.sandbox.name,),
    )
    return [identity for identity, events in rows if not {"*", kind}.isdisjoint(orjson.loads(events))]


def enqueue(call: Call, event: str, endpoint: str, due: int) -> str:
    """Put one delivery into the outbox; `due` is in Unix milliseconds. Returns its id."""
    number = call.sandbox.next()
    identity = f"dlv_{call.sandbox.random_id('delivery', number)}"
    call.db.run(_DELIVERY, (call.sandbox.name, identity, number, event, endpoint, due))
    return identity
