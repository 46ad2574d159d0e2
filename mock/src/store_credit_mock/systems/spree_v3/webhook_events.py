"""Events of store credits and the outbox of their deliveries, written in the transaction of what they tell of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.spree_v3 import credit_events, serializers
from store_credit_mock.systems.spree_v3.lifecycle import changes
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["BETWEEN", "KEPT", "KEPT_SECONDS", "enqueue", "flush", "prune", "subscribed"]

_VERSIONS: Final = {
    "5.5": "5.5.4", "5.6": "5.6.1", "6.0-alpha": "6.0.0.alpha", "6.0-alpha+ledger": "6.0.0.alpha", "6.0": "6.0.3"
}  # fmt: skip
"""What the server calls itself, by profile."""
_INSERT: Final = (
    "INSERT INTO spree_v3_webhook_delivery (sandbox, id, endpoint_id, event_name, event_id, payload, state, attempts,"
    " due_ms, claimed_ms, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, 'pending', 0, ?, 0, ?, ?)"
)
_SUBSCRIBERS: Final = (
    "SELECT id, subscriptions FROM spree_v3_webhook_endpoint"
    " WHERE sandbox = ? AND store_id = ? AND active = 1 AND disabled_at IS NULL ORDER BY id"
)

_OLD: Final = (
    "DELETE FROM spree_v3_webhook_delivery WHERE sandbox = ? AND state <> 'pending' AND (id <= ? OR created_at < ?)"
)
KEPT: Final = 10_000
"""How many deliveries a sandbox keeps."""
KEPT_SECONDS: Final = 30 * 86_400
"""How long it keeps them, by its clock."""
BETWEEN: Final = 500
"""After how many deliveries it looks again for what is old."""


def flush(call: Call) -> None:
    """Send an event of each credit that the request has changed, as it is now."""
    noted = changes(call)
    for credit_id, change in noted.items():
        credit = credit_events.find_any(call, credit_id)
        if credit is not None:
            _emit(call, f"store_credit.{change}", credit.store_id, serializers.customer_credit(call, credit))
    noted.clear()


def _emit(call: Call, name: str, store_id: int, data: Mapping[str, Any]) -> None:
    endpoints = [
        identity
        for identity, subscriptions in call.db.all(_SUBSCRIBERS, (call.sandbox.name, store_id))
        if subscribed(orjson.loads(subscriptions), name)
    ]
    if not endpoints:
        return
    digits = call.sandbox.random_id("spree_v3 event", length=32)
    event_id = f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"
    payload = {
        "id": event_id,
        "name": name,
        "created_at": f"{shown(call.now)}"[:19] + "Z",
        "data": data,
        "metadata": {"spree_version": _VERSIONS[profile_of(call).name]},
    }
    violations = call.contract.check_webhook(f"spree_v3.{name}", payload)
    if violations:
        raise ValueError(f"the mock's own event breaks the OpenAPI document: {violations[0]}")
    kept = orjson.dumps(_in_order(payload)).decode()
    for endpoint_id in endpoints:
        enqueue(call, endpoint_id, name, event_id, kept)


def enqueue(call: Call, endpoint_id: int, name: str, event_id: str | None, payload: str) -> int:
    """Put one delivery into the outbox, due at once; returns its number."""
    identity = next_id(call, "webhook_delivery")
    values = (identity, endpoint_id, name, event_id, payload, call.now, call.now, call.now)
    call.db.run(_INSERT, (call.sandbox.name, *values))
    if identity % BETWEEN == 0:
        prune(call, identity)
    return identity


def prune(call: Call, last: int) -> None:
    """Remove old deliveries, but those that are still to be sent: before the last 10,000, and of more than 30 days."""
    call.db.run(_OLD, (call.sandbox.name, last - KEPT, call.now - KEPT_SECONDS * 1000))


def subscribed(subscriptions: Sequence[str], name: str) -> bool:
    """Whether subscriptions cover an event: none at all cover every one, `*` stands for anything."""
    patterns = (re.escape(one).replace(r"\*", ".*") for one in subscriptions)
    return not subscriptions or any(re.fullmatch(pattern, name) for pattern in patterns)


def _in_order(value: Any) -> Any:
    """Members as PostgreSQL's jsonb keeps them, and so as they are sent: the shorter names first, then by letters."""
    if not isinstance(value, Mapping):
        return value
    members = sorted(cast("Mapping[str, Any]", value).items(), key=lambda item: (len(item[0]), item[0]))
    return {name: _in_order(item) for name, item in members}
