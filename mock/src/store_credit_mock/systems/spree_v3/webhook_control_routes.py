"""What the control plane can do to webhooks of the v3 system: endpoints at any address, and their deliveries."""

from __future__ import annotations

from typing import Final

import orjson

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.json_types import Limit
from store_credit_mock.systems.spree_v3 import control_models as models
from store_credit_mock.systems.spree_v3 import ids, webhook_endpoints

__all__ = ["routes"]

_DELIVERIES: Final = (
    "SELECT id, endpoint_id, event_name, event_id, state, attempts, due_ms, response_code, request_errors"
    " FROM spree_v3_webhook_delivery WHERE sandbox = ?"
)

routes = ControlRoutes("/_mock/spree_v3", "spree_v3.")


@routes.add("GET", "/webhook-endpoints", "webhook_endpoints.list")
def webhook_endpoints_(control: ControlCall) -> list[models.WebhookEndpoint]:
    """List the webhook endpoints.

    Return them in the order they were registered, without their secrets.
    """
    return [_shown(control, endpoint) for endpoint in webhook_endpoints.every(control.call)]


@routes.add("POST", "/webhook-endpoints", "webhook_endpoints.create", status=201)
def add_webhook_endpoint(control: ControlCall, body: models.NewWebhookEndpoint) -> models.SignedWebhookEndpoint:
    """Register a webhook endpoint.

    Any address is accepted. The secret is shown only in this response.
    """
    call = control.call
    endpoint = webhook_endpoints.add(
        call, body.store_id, body.url, body.subscriptions or [], name=body.name, secret=body.secret
    )
    return models.SignedWebhookEndpoint(ids.shown(call, "endpoint", endpoint.id) or "", endpoint.secret)


@routes.add("POST", "/webhook-endpoints/{id}", "webhook_endpoints.update")
def change_webhook_endpoint(
    control: ControlCall, id: str, body: models.ChangeWebhookEndpoint
) -> models.WebhookEndpoint:
    """Change a webhook endpoint.

    Change its address, enable or disable it, or set a status that its deliveries get.
    """
    endpoint = _found(control, id)
    if body.url is not None:
        endpoint.url = body.url
    if body.active is not None:
        endpoint.active = int(body.active)
    if body.active:
        endpoint.disabled_reason = endpoint.disabled_at = None
    if "refused_with" in control.sent:
        endpoint.refused_with = body.refused_with
    webhook_endpoints.save(control.call, endpoint, touch=False)
    return _shown(control, endpoint)


@routes.add("DELETE", "/webhook-endpoints/{id}", "webhook_endpoints.delete")
def remove_webhook_endpoint(control: ControlCall, id: str) -> None:
    """Remove a webhook endpoint and its deliveries."""
    webhook_endpoints.delete(control.call, _found(control, id))


@routes.add("GET", "/webhook-deliveries", "webhook_deliveries.list")
def webhook_deliveries(
    control: ControlCall, limit: Limit = 1000, after: str | None = None, state: models.DeliveryState | None = None
) -> models.WebhookDeliveryList:
    """List the webhook deliveries.

    Return them in the order they were created.

    Args:
        control: The call.
        limit: Maximum number.
        after: Id of the last delivery on the previous page.
        state: Only deliveries in this state.
    """
    call = control.call
    sql, values = _DELIVERIES, [call.sandbox.name, *([] if state is None else [state])]
    sql += "" if state is None else " AND state = ?"
    last = 0 if after is None else ids.number(after)
    if last is None:
        raise ControlError(
            404, f"after: there is no delivery {after[:100] if after else ''}; begin with the first page"
        )
    rows = call.db.all(f"{sql} AND id > ? ORDER BY id LIMIT ?", (*values, last, limit + 1))
    data = [
        models.WebhookDelivery(
            ids.shown(call, "delivery", number) or "", ids.shown(call, "endpoint", endpoint) or "", name, event_id,
            how, attempts, due / 1000, status, error,
        )
        for number, endpoint, name, event_id, how, attempts, due, status, error in rows[:limit]
    ]  # fmt: skip
    return models.WebhookDeliveryList(data, len(rows) > limit)


def _found(control: ControlCall, identity: str) -> webhook_endpoints.Endpoint:
    number = ids.number(identity)
    endpoint = None if number is None else webhook_endpoints.find(control.call, number)
    if endpoint is None or not identity.startswith("whe_"):
        raise ControlError(404, f"there is no webhook endpoint {identity[:100]}")
    return endpoint


def _shown(control: ControlCall, endpoint: webhook_endpoints.Endpoint) -> models.WebhookEndpoint:
    return models.WebhookEndpoint(
        ids.shown(control.call, "endpoint", endpoint.id) or "", endpoint.url, orjson.loads(endpoint.subscriptions),
        bool(endpoint.active), endpoint.disabled_reason, endpoint.refused_with,
    )  # fmt: skip
