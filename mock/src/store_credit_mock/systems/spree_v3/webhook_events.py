"""Events of store credits and the outbox of their deliveries, written in the transaction of what they tell of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["ENDPOINTS", "created", "deleted", "enqueue", "subscribed", "updated"]

ENDPOINTS: Final = "spree_v3.endpoints"
"""The setting that says whether there is any endpoint: most sandboxes have none, and their writes cost nothing."""

_INSERT: Final = (
    "INSERT INTO spree_v3_webhook_delivery (sandbox, id, endpoint_id, event_name, event_id, payload, source, state,"
    " attempts, due_ms, claimed_ms, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, 0, ?, ?)"
)
_SAME: Final = (
    "SELECT id, payload FROM spree_v3_webhook_delivery WHERE sandbox = ? AND source = ? AND attempts = 0 ORDER BY id"
)
_SUBSCRIBERS: Final = (
    "SELECT id, subscriptions FROM spree_v3_webhook_endpoint"
    " WHERE sandbox = ? AND store_id = ? AND active = 1 AND disabled_at IS NULL ORDER BY id"
)
_VERSIONS: Final = {
    "5.5": "5.5.4", "5.6": "5.6.1", "6.0-alpha": "6.0.0.alpha", "6.0-alpha+ledger": "6.0.0.alpha", "6.0": "6.0.3"
}  # fmt: skip
"""What the server calls itself, by profile."""
_OUTSIDE_OF_REQUESTS: Final = "0" * 16


def created(call: Call, store_id: int, credit_id: int, data: Mapping[str, Any]) -> None:
    """Tell that a credit was made; `data` is the credit as the store side shows it."""
    _emit(call, "created", store_id, credit_id, data)


def updated(call: Call, store_id: int, credit_id: int, data: Mapping[str, Any]) -> None:
    """Tell that a credit was saved, whether or not anything of it changed.

    A credit that is saved again in the same request is told of once, as it is in the end; one that was made in it is
    only told of as made.
    """
    _emit(call, "updated", store_id, credit_id, data)


def deleted(call: Call, store_id: int, credit_id: int, data: Mapping[str, Any]) -> None:
    """Tell that a credit was deleted; `data` is how it was."""
    _emit(call, "deleted", store_id, credit_id, data)


def _emit(call: Call, what: str, store_id: int, credit_id: int, data: Mapping[str, Any]) -> None:
    if not call.sandbox.setting(ENDPOINTS):
        return
    source = "" if call.request_id == _OUTSIDE_OF_REQUESTS else f"{call.request_id}:{credit_id}"
    if source and what == "updated" and _told_already(call, source, data):
        return
    name = f"store_credit.{what}"
    endpoints = _subscribers(call, store_id, name)
    if not endpoints:
        return
    digits = call.sandbox.random_id("spree_v3 event", length=32)
    payload = {
        "id": f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}",
        "name": name,
        "created_at": _seconds(call.now),
        "data": data,
        "metadata": {"spree_version": _VERSIONS[profile_of(call).name]},
    }
    for endpoint_id in endpoints:
        enqueue(call, endpoint_id, name, payload["id"], _as_kept(payload), source)


def _told_already(call: Call, source: str, data: Mapping[str, Any]) -> bool:
    rows = call.db.all(_SAME, (call.sandbox.name, source))
    for identity, payload in rows:
        told = {**orjson.loads(payload), "data": data}
        call.db.run(
            "UPDATE spree_v3_webhook_delivery SET payload = ? WHERE sandbox = ? AND id = ?",
            (_as_kept(told), call.sandbox.name, identity),
        )
    return bool(rows)


def enqueue(call: Call, endpoint_id: int, name: str, event_id: str | None, payload: str, source: str = "") -> int:
    """Put one delivery into the outbox, due at once; returns its number."""
    identity = next_id(call, "webhook_delivery")
    values = (identity, endpoint_id, name, event_id, payload, source, call.now, call.now, call.now)
    call.db.run(_INSERT, (call.sandbox.name, *values))
    return identity


def _subscribers(call: Call, store_id: int, name: str) -> list[int]:
    rows = call.db.all(_SUBSCRIBERS, (call.sandbox.name, store_id))
    return [identity for identity, subscriptions in rows if subscribed(orjson.loads(subscriptions), name)]


def subscribed(subscriptions: Sequence[str], name: str) -> bool:
    """Whether subscriptions cover an event: none at all cover every one, `*` stands for anything."""
    patterns = (re.escape(one).replace(r"\*", ".*") for one in subscriptions)
    return not subscriptions or any(re.fullmatch(pattern, name) for pattern in patterns)


def _as_kept(value: Any) -> str:
    """JSON whose members stand as PostgreSQL's jsonb keeps them: the shorter names first, then by their letters."""

    def sorted_members(value: Any) -> Any:
        if isinstance(value, Mapping):
            members = sorted(value.items(), key=lambda item: (len(item[0]), item[0]))
            return {name: sorted_members(item) for name, item in members}
        return value

    return orjson.dumps(sorted_members(value)).decode()


def _seconds(milliseconds: int) -> str:
    return f"{shown(milliseconds)}"[:19] + "Z"
