"""What the control plane can do to VINR's webhooks: endpoints, events and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.json_types import Limit, read_json
from store_credit_mock.systems.vinr import control_models as models
from store_credit_mock.systems.vinr import events as outgoing

__all__ = ["routes"]

_ENDPOINTS: Final = "SELECT id, url, status, enabled_events, created FROM vinr_endpoint WHERE sandbox = ?"
_DELIVERIES: Final = "SELECT id, event, endpoint, state, attempts, due_ms, last_status, last_error FROM vinr_delivery"

routes = ControlRoutes("/_mock/vinr", "vinr.")


@routes.add("GET", "/webhook-endpoints", "endpoints.list")
def endpoints(control: ControlCall) -> list[models.Endpoint]:
    """List the webhook endpoints.

    Return them in the order they were registered, without their secrets.
    """
    rows = control.call.db.all(_ENDPOINTS + " ORDER BY number", (control.call.sandbox.name,))
    return [models.Endpoint(row[0], row[1], row[2], orjson.loads(row[3]), row[4]) for row in rows]


@routes.add("POST", "/webhook-endpoints", "endpoints.create", status=201)
def add_endpoint(control: ControlCall, body: models.NewEndpoint) -> models.SignedEndpoint:
    """Register a webhook endpoint.

    The secret is shown only in this response.
    """
    call = control.call
    chosen: list[models.EventType] = body.enabled_events or ["*"]
    identity, secret = outgoing.add_endpoint(call, body.url, chosen, body.secret)
    return models.SignedEndpoint(identity, body.url, "enabled", chosen, call.now // 1000, secret)


@routes.add("POST", "/webhook-endpoints/{id}", "endpoints.update")
def change_endpoint(control: ControlCall, id: str, body: models.ChangeEndpoint) -> models.Endpoint:
    """Change a webhook endpoint.

    Enable or disable it, or change which events it receives; omitted members stay unchanged.
    """
    events = None if body.enabled_events is None else orjson.dumps(body.enabled_events).decode()
    control.call.db.run(
        "UPDATE vinr_endpoint SET status = COALESCE(?, status), enabled_events = COALESCE(?, enabled_events)"
        " WHERE sandbox = ? AND id = ?",
        (body.status, events, control.call.sandbox.name, id),
    )
    changed = next((endpoint for endpoint in endpoints(control) if endpoint.id == id), None)
    if changed is None:
        raise ControlError(404, f"there is no endpoint {id}")
    return changed


@routes.add("DELETE", "/webhook-endpoints/{id}", "endpoints.delete")
def remove_endpoint(control: ControlCall, id: str) -> None:
    """Remove a webhook endpoint and its deliveries."""
    db, sandbox = control.call.db, control.call.sandbox.name
    if not db.run("DELETE FROM vinr_endpoint WHERE sandbox = ? AND id = ?", (sandbox, id)):
        raise ControlError(404, f"there is no endpoint {id}")
    db.run("DELETE FROM vinr_delivery WHERE sandbox = ? AND endpoint = ?", (sandbox, id))


@routes.add("GET", "/events", "events.list")
def events(
    control: ControlCall, limit: Limit = 1000, after: str | None = None, type: models.EventType | None = None
) -> list[models.Event]:
    """List the events.

    Return the newest first.

    Args:
        control: The call.
        limit: Maximum number.
        after: Id of the last event on the previous page; 404 if it does not exist, or no longer exists.
        type: Only events of this type.
    """
    conditions: dict[str, Any] = {} if type in {None, "*"} else {"type = ?": type}
    if after is not None:
        conditions["number < ?"] = _found(control, "vinr_event", "number", after, "event")[0]
    sql, values = _where(control, conditions)
    rows = control.call.db.all(
        f"SELECT payload FROM vinr_event{sql} ORDER BY number DESC LIMIT ?",  # noqa: S608 - conditions of our own
        (*values, limit),
    )
    return [read_json(models.Event, orjson.loads(row[0])) for row in rows]


def _where(control: ControlCall, conditions: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The condition and its values; a value may be a tuple of several."""
    values = [control.call.sandbox.name]
    for value in conditions.values():
        values += value if isinstance(value, tuple) else (value,)
    return f" WHERE {' AND '.join(('sandbox = ?', *conditions))}", values


def _found(control: ControlCall, table: str, columns: str, identity: str, what: str) -> Any:
    """Where a record stands in its list; 404 if it is not there."""
    sql = f"SELECT {columns} FROM {table} WHERE sandbox = ? AND id = ?"  # noqa: S608 - names of our own
    row = control.call.db.one(sql, (control.call.sandbox.name, identity))
    if row is None:
        raise ControlError(404, f"after: there is no {what} {identity[:100]}, or no longer; begin with the first page")
    return row


@routes.add("POST", "/events/{id}/duplicate", "events.duplicate")
def duplicate(control: ControlCall, id: str, body: models.Duplication) -> list[models.NewlySent]:
    """Deliver an event again.

    Deliver it to every endpoint that subscribes to its type.
    """
    call = control.call
    row = call.db.one("SELECT type FROM vinr_event WHERE sandbox = ? AND id = ?", (call.sandbox.name, id))
    if row is None:
        raise ControlError(404, f"there is no event {id}")
    asked = outgoing.subscribers(call, row[0]) * body.times
    sent = outgoing.enqueue(call, id, asked, call.now)
    return [models.NewlySent(delivery, id, endpoint) for delivery, endpoint in zip(sent, asked, strict=True)]


@routes.add("GET", "/deliveries", "deliveries.list")
def deliveries(
    control: ControlCall,
    limit: Limit = 1000,
    after: str | None = None,
    state: models.DeliveryState | None = None,
    endpoint: str | None = None,
    event: str | None = None,
) -> models.DeliveryList:
    """List the webhook deliveries.

    Return them in the order they are due.

    Args:
        control: The call.
        limit: Maximum number.
        after: Id of the last delivery on the previous page. A delivery that was sent in the meantime has a different
            position.
        state: Only deliveries in this state.
        endpoint: Only deliveries to this endpoint; 404 if it does not exist.
        event: Only deliveries of this event.
    """
    call = control.call
    if endpoint is not None and all(known.id != endpoint for known in endpoints(control)):
        raise ControlError(404, f"there is no endpoint {endpoint[:100]}")
    asked = {"state = ?": state, "endpoint = ?": endpoint, "event = ?": event}
    conditions: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    sql, values = _where(control, conditions)
    (total,) = call.db.one(f"SELECT COUNT(*) FROM vinr_delivery{sql}", values) or (0,)  # noqa: S608 - ours
    if after is not None:
        due, number = _found(control, "vinr_delivery", "due_ms, number", after, "delivery")
        conditions["(due_ms > ? OR (due_ms = ? AND number > ?))"] = (due, due, number)
        sql, values = _where(control, conditions)
    rows = call.db.all(f"{_DELIVERIES}{sql} ORDER BY due_ms, number LIMIT ?", (*values, limit))
    return models.DeliveryList([models.Delivery(*row) for row in rows], bool(call.sandbox.setting("vinr.held")), total)


@routes.add("POST", "/deliveries/{id}/redeliver", "deliveries.redeliver", status=201)
def redeliver(control: ControlCall, id: str) -> models.NewlySent:
    """Redeliver an event to one endpoint.

    Send a delivery's event to its endpoint again.
    """
    call = control.call
    row = call.db.one("SELECT event, endpoint FROM vinr_delivery WHERE sandbox = ? AND id = ?", (call.sandbox.name, id))
    if row is None:
        raise ControlError(404, f"there is no delivery {id}")
    return models.NewlySent(outgoing.enqueue(call, row[0], [row[1]], call.now)[0], row[0], row[1])


@routes.add("POST", "/deliveries/reorder", "deliveries.reorder")
def reorder(control: ControlCall, body: models.DeliveryOrder) -> models.DeliveryList:
    """Reorder the deliveries that are due."""
    call = control.call
    pending: list[str] = [
        row[0]
        for row in call.db.all(
            "SELECT id FROM vinr_delivery WHERE sandbox = ? AND state = 'pending' AND due_ms <= ? ORDER BY number",
            (call.sandbox.name, call.now),
        )
    ]
    if isinstance(body.order, list):
        missing = set(body.order) - set(pending)
        if missing:
            raise ControlError(404, f"{', '.join(sorted(missing))}: not among the deliveries that are due")
        chosen = [*body.order, *(identity for identity in pending if identity not in body.order)]
    elif body.order == "newest":
        chosen = pending[::-1]
    elif body.order == "shuffled":
        seed = call.sandbox.next()
        chosen = sorted(pending, key=lambda identity: call.sandbox.random(f"order:{identity}", seed))
    else:
        chosen = pending
    # Due times in the past, one millisecond apart, put them in this order and keep them due.
    for place, identity in enumerate(chosen):
        call.db.run(
            "UPDATE vinr_delivery SET due_ms = ? WHERE sandbox = ? AND id = ?",
            (call.now - len(chosen) + place, call.sandbox.name, identity),
        )
    return deliveries(control)


@routes.add("POST", "/deliveries/hold", "deliveries.hold")
def hold(control: ControlCall, body: models.Hold) -> models.Hold:
    """Hold or release deliveries."""
    control.call.sandbox.set_setting("vinr.held", body.held)
    return body
