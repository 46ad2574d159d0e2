"""What the control plane can do to VINR's webhooks: endpoints, events and deliveries."""

from __future__ import annotations

from typing import Any, Final

import orjson

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute
from store_credit_mock.systems.vinr import events

__all__ = ["ROUTES"]


def _add_endpoint(control: ControlCall) -> dict[str, Any]:
    call, body = control.call, control.body
    number = call.sandbox.next()
    identity = f"we_{call.sandbox.token('endpoint', number)}"
    secret = body.get("secret") or f"whsec_{call.sandbox.token('secret', number, 32)}"
    chosen = body.get("enabled_events", ["*"])
    created = call.now // 1000
    call.db.run(
        "INSERT INTO vinr_endpoint (sandbox, id, number, url, enabled_events, secret, status, created)"
        " VALUES (?, ?, ?, ?, ?, ?, 'enabled', ?)",
        (call.sandbox.name, identity, number, body["url"], orjson.dumps(chosen).decode(), secret, created),
    )
    call.sandbox.set_extra("vinr.endpoints", True)
    return {
        "id": identity,
        "url": body["url"],
        "status": "enabled",
        "enabled_events": chosen,
        "secret": secret,
        "created": created,
    }


def _endpoints(control: ControlCall) -> dict[str, Any]:
    rows = control.call.db.all(
        "SELECT id, url, status, enabled_events, created FROM vinr_endpoint WHERE sandbox = ? ORDER BY number",
        (control.call.sandbox.name,),
    )
    names = ("id", "url", "status", "enabled_events", "created")
    data = [dict(zip(names, row, strict=True)) for row in rows]
    for endpoint in data:
        endpoint["enabled_events"] = orjson.loads(endpoint["enabled_events"])
    return {"data": data}


def _change_endpoint(control: ControlCall) -> dict[str, Any]:
    call, body, identity = control.call, control.body, control.path["id"]
    for name in ("status", "enabled_events"):
        if name in body:
            value = body[name] if name == "status" else orjson.dumps(body[name]).decode()
            call.db.run(
                f"UPDATE vinr_endpoint SET {name} = ? WHERE sandbox = ? AND id = ?",  # noqa: S608
                (value, call.sandbox.name, identity),
            )
    changed = next((endpoint for endpoint in _endpoints(control)["data"] if endpoint["id"] == identity), None)
    if changed is None:
        raise ControlError(404, f"there is no endpoint {identity}")
    return changed


def _delete_endpoint(control: ControlCall) -> None:
    call, identity = control.call, control.path["id"]
    if not call.db.run("DELETE FROM vinr_endpoint WHERE sandbox = ? AND id = ?", (call.sandbox.name, identity)):
        raise ControlError(404, f"there is no endpoint {identity}")
    call.db.run("DELETE FROM vinr_delivery WHERE sandbox = ? AND endpoint = ?", (call.sandbox.name, identity))


def _events(control: ControlCall) -> dict[str, Any]:
    rows = control.call.db.all(
        "SELECT payload FROM vinr_event WHERE sandbox = ? ORDER BY number DESC LIMIT 1000", (control.call.sandbox.name,)
    )
    return {"data": [orjson.loads(row[0]) for row in rows]}


_DELIVERY_NAMES = ("id", "event", "endpoint", "state", "attempts", "due", "last_status", "last_error")
_DELIVERY = (
    "SELECT id, event, endpoint, state, attempts, due_ms, last_status, last_error FROM vinr_delivery WHERE sandbox = ?"
)


def _deliveries(control: ControlCall) -> dict[str, Any]:
    rows = control.call.db.all(_DELIVERY + " ORDER BY due_ms, number LIMIT 1000", (control.call.sandbox.name,))
    held = bool(control.call.sandbox.extra("vinr.held"))
    return {"data": [dict(zip(_DELIVERY_NAMES, row, strict=True)) for row in rows], "held": held}


def _redeliver(control: ControlCall) -> dict[str, Any]:
    call = control.call
    row = call.db.one(
        "SELECT event, endpoint FROM vinr_delivery WHERE sandbox = ? AND id = ?",
        (call.sandbox.name, control.path["id"]),
    )
    if row is None:
        raise ControlError(404, f"there is no delivery {control.path['id']}")
    return {"id": events.enqueue(call, row[0], row[1], call.now), "event": row[0], "endpoint": row[1]}


def _duplicate(control: ControlCall) -> dict[str, Any]:
    call, identity = control.call, control.path["id"]
    row = call.db.one("SELECT type FROM vinr_event WHERE sandbox = ? AND id = ?", (call.sandbox.name, identity))
    if row is None:
        raise ControlError(404, f"there is no event {identity}")
    made = [
        {"id": events.enqueue(call, identity, endpoint, call.now), "event": identity, "endpoint": endpoint}
        for _ in range(control.body.get("times", 1))
        for endpoint in events.subscribers(call, row[0])
    ]
    return {"data": made}


def _reorder(control: ControlCall) -> dict[str, Any]:
    call = control.call
    order: str | list[str] = control.body.get("order", "newest")
    pending: list[str] = [
        row[0]
        for row in call.db.all(
            "SELECT id FROM vinr_delivery WHERE sandbox = ? AND state = 'pending' AND due_ms <= ? ORDER BY number",
            (call.sandbox.name, call.now),
        )
    ]
    if isinstance(order, list):
        missing = set(order) - set(pending)
        if missing:
            raise ControlError(404, f"{', '.join(sorted(missing))}: not among the deliveries that are due")
        chosen = [*order, *(identity for identity in pending if identity not in order)]
    elif order == "newest":
        chosen = pending[::-1]
    elif order == "shuffled":
        seed = call.sandbox.next()
        chosen = sorted(pending, key=lambda identity: call.sandbox.chance(f"order:{identity}", seed))
    else:
        chosen = pending
    # Due times in the past, one millisecond apart, put them in this order and keep them due.
    for place, identity in enumerate(chosen):
        call.db.run(
            "UPDATE vinr_delivery SET due_ms = ? WHERE sandbox = ? AND id = ?",
            (call.now - len(chosen) + place, call.sandbox.name, identity),
        )
    return _deliveries(control)


def _hold(control: ControlCall) -> dict[str, Any]:
    control.call.sandbox.set_extra("vinr.held", control.body["held"])
    return {"held": control.body["held"]}


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_EVENTS: Final = {
    "type": "array",
    "items": {"enum": ["*", "store_credit.created", "store_credit.updated"]},
    "minItems": 1,
}
_NOTHING: Final = {"type": "null"}


ROUTES: Final = (
    ControlRoute(
        "vinr.endpoints.list", "GET", "/_mock/vinr/webhook-endpoints", "List endpoints", _endpoints, writes=False
    ),
    ControlRoute(
        "vinr.endpoints.create",
        "POST",
        "/_mock/vinr/webhook-endpoints",
        "Register an endpoint",
        _add_endpoint,
        status=201,
        body=_closed(["url"], url={"type": "string", "pattern": "^https?://"}, enabled_events=_EVENTS, secret=_TEXT),
    ),
    ControlRoute(
        "vinr.endpoints.update",
        "POST",
        "/_mock/vinr/webhook-endpoints/{id}",
        "Change an endpoint",
        _change_endpoint,
        body=_closed([], status={"enum": ["enabled", "disabled"]}, enabled_events=_EVENTS),
    ),
    ControlRoute(
        "vinr.endpoints.delete",
        "DELETE",
        "/_mock/vinr/webhook-endpoints/{id}",
        "Remove an endpoint",
        _delete_endpoint,
        result=_NOTHING,
    ),
    ControlRoute("vinr.events.list", "GET", "/_mock/vinr/events", "List events, newest first", _events, writes=False),
    ControlRoute(
        "vinr.events.duplicate",
        "POST",
        "/_mock/vinr/events/{id}/duplicate",
        "Deliver an event again",
        _duplicate,
        body=_closed([], times={"type": "integer", "minimum": 1, "maximum": 100}),
    ),
    ControlRoute("vinr.deliveries.list", "GET", "/_mock/vinr/deliveries", "List deliveries", _deliveries, writes=False),
    ControlRoute(
        "vinr.deliveries.redeliver",
        "POST",
        "/_mock/vinr/deliveries/{id}/redeliver",
        "Send a delivery again",
        _redeliver,
        status=201,
    ),
    ControlRoute(
        "vinr.deliveries.reorder",
        "POST",
        "/_mock/vinr/deliveries/reorder",
        "Change the order of what is due",
        _reorder,
        body=_closed(
            [], order={"anyOf": [{"enum": ["oldest", "newest", "shuffled"]}, {"type": "array", "items": _TEXT}]}
        ),
    ),
    ControlRoute(
        "vinr.deliveries.hold",
        "POST",
        "/_mock/vinr/deliveries/hold",
        "Hold deliveries back, or let them go",
        _hold,
        body=_closed(["held"], held={"type": "boolean"}),
    ),
)
