"""Events, and the outbox of their deliveries: written in the same transaction as the change they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call

__all__ = ["KEPT_EVENTS", "KEPT_SECONDS", "add_endpoint", "emit", "enqueue", "prune", "subscribers"]

_INSERT = "INSERT INTO vinr_event (sandbox, id, number, type, payload) VALUES (?, ?, ?, ?, ?)"
_DELIVERY = (
    "INSERT INTO vinr_delivery (sandbox, id, number, event, endpoint, state, attempts, due_ms, claimed_ms)"
    " VALUES (?, ?, ?, ?, ?, 'pending', 0, ?, 0)"
)

KEPT_EVENTS: Final = 10_000
"""How many events a sandbox keeps."""
KEPT_SECONDS: Final = 30 * 86_400
"""How long it keeps them, by its clock."""
BETWEEN: Final = 500
"""After how many events it looks again for what is old."""
_LAST: Final = "SELECT number FROM vinr_event WHERE sandbox = ? ORDER BY number DESC LIMIT 1 OFFSET ?"
_OLDEST: Final = "SELECT number, payload FROM vinr_event WHERE sandbox = ? AND number > ? ORDER BY number LIMIT ?"
_DELIVERIES_OF_OLD: Final = (
    "DELETE FROM vinr_delivery WHERE sandbox = ? AND state <> 'pending'"
    " AND event IN (SELECT id FROM vinr_event WHERE sandbox = ? AND number <= ?)"
)
_OLD: Final = (
    "DELETE FROM vinr_event WHERE sandbox = ? AND number <= ?"
    " AND id NOT IN (SELECT event FROM vinr_delivery WHERE sandbox = ? AND state = 'pending')"
)


def emit(call: Call, kind: str, record: dict[str, Any]) -> None:
    """Write an event (V35 to V37) and one delivery for each endpoint that asked for it."""
    sandbox = call.sandbox
    number = sandbox.next()
    identity = f"evt_{sandbox.random_id('event', number)}"
    payload = {"id": identity, "type": kind, "data": {"object": record}, "created": call.now // 1000}
    violations = call.contract.check_webhook(kind, payload)
    if violations:
        raise ValueError(f"the mock's own event breaks the OpenAPI document: {violations[0]}")
    call.db.run(_INSERT, (sandbox.name, identity, number, kind, orjson.dumps(payload).decode()))
    enqueue(call, identity, subscribers(call, kind), call.now)
    cache = sandbox.process_cache
    cache["vinr.emitted"] = emitted = cache.get("vinr.emitted", 0) + 1
    if emitted % BETWEEN == 0:
        prune(call)


def prune(call: Call) -> None:
    """Remove old events, with their deliveries: those before the last 10,000, and from more than 30 days ago.

    By the sandbox's clock. One that a delivery is still to be sent of stays.
    """
    last = call.db.one(_LAST, (call.sandbox.name, KEPT_EVENTS))
    through = 0 if last is None else int(last[0])
    oldest = (call.now // 1000) - KEPT_SECONDS
    limit = 1  # nearly always the oldest one is young enough
    while rows := call.db.all(_OLDEST, (call.sandbox.name, through, limit)):
        old = [int(number) for number, payload in rows if orjson.loads(payload)["created"] < oldest]
        if old:
            through = old[-1]
        if len(old) < len(rows):
            break
        limit = 1000
    if through:
        call.db.run(_DELIVERIES_OF_OLD, (call.sandbox.name, call.sandbox.name, through))
        call.db.run(_OLD, (call.sandbox.name, through, call.sandbox.name))


def add_endpoint(call: Call, url: str, events: Sequence[str], secret: str | None) -> tuple[str, str]:
    """Register an endpoint for types of events; returns its id, and its secret, which is made up if not given."""
    number = call.sandbox.next()
    identity = f"we_{call.sandbox.random_id('endpoint', number)}"
    secret = secret or f"whsec_{call.sandbox.random_id('secret', number, 32)}"
    call.db.run(
        "INSERT INTO vinr_endpoint (sandbox, id, number, url, enabled_events, secret, status, created)"
        " VALUES (?, ?, ?, ?, ?, ?, 'enabled', ?)",
        (call.sandbox.name, identity, number, url, orjson.dumps(list(events)).decode(), secret, call.now // 1000),
    )
    call.sandbox.set_setting("vinr.endpoints", True)
    return identity, secret


def subscribers(call: Call, kind: str) -> list[str]:
    """Ids of the enabled endpoints that asked for a type of event, in the order they were registered."""
    if not call.sandbox.setting("vinr.endpoints"):
        return []
    rows = call.db.all(
        "SELECT id, enabled_events FROM vinr_endpoint WHERE sandbox = ? AND status = 'enabled' ORDER BY number",
        (call.sandbox.name,),
    )
    # Of a thousand endpoints most asked for the same.
    asked = {events: not {"*", kind}.isdisjoint(orjson.loads(events)) for events in {row[1] for row in rows}}
    return [identity for identity, events in rows if asked[events]]


def enqueue(call: Call, event: str, endpoints: Sequence[str], due: int) -> list[str]:
    """Put a delivery to each endpoint into the outbox; `due` is in Unix milliseconds. Returns their ids."""
    sandbox, rows = call.sandbox, list[tuple[str, str, int, str, str, int]]()
    for endpoint in endpoints:
        number = sandbox.next()
        identity = f"dlv_{sandbox.random_id('delivery', number)}"
        rows.append((sandbox.name, identity, number, event, endpoint, due))
    if rows:
        call.db.run_many(_DELIVERY, rows)
    return [row[1] for row in rows]
