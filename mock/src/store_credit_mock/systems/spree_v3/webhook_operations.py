"""Webhook endpoints and their delivery log in the API of the admin side, which the document leaves out."""

from __future__ import annotations

from typing import Any, Final, cast

import orjson

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails import datetimes
from store_credit_mock.systems.rails.ransack import ID, TEXT, TIME
from store_credit_mock.systems.spree_v3 import errors, ids, listing, webhook_endpoints
from store_credit_mock.systems.spree_v3.actions import Action, Route
from store_credit_mock.systems.spree_v3.listing import Listed
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.webhook_addresses import problems
from store_credit_mock.systems.spree_v3.webhook_endpoints import Endpoint
from store_credit_mock.systems.spree_v3.webhook_events import enqueue

__all__ = ["WEBHOOK_ROUTES"]

_WEEK: Final = 7 * 86_400_000
_DELIVERY: Final = (
    "id, endpoint_id, event_name, event_id, payload, response_code, error_type, request_errors, success, created_at,"
    " updated_at, delivered_at"
)
_COUNTS: Final = (
    "SELECT MAX(delivered_at), COUNT(*), COALESCE(SUM(CASE WHEN success = 1 THEN 1 ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN success = 0 THEN 1 ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN created_at >= ? THEN 1 ELSE 0 END), 0),"
    " COALESCE(SUM(CASE WHEN created_at >= ? AND success = 0 THEN 1 ELSE 0 END), 0)"
    " FROM spree_v3_webhook_delivery WHERE sandbox = ? AND endpoint_id = ?"
)
_ENDPOINTS: Final = Listed(
    "spree_v3_webhook_endpoint",
    "r.id",
    lambda row: row[0],
    {"name": TEXT("r.name"), "url": TEXT("r.url")},
)
_DELIVERIES: Final = Listed(
    "spree_v3_webhook_delivery",
    _DELIVERY,
    lambda row: row,
    {
        "event_name": TEXT("r.event_name"),
        "response_code": ID("r.response_code"),
        "created_at": TIME("r.created_at"),
        "delivered_at": TIME("r.delivered_at"),
    },
    order="r.created_at DESC, r.id DESC",
)


def _list(call: Call) -> SystemResponse:
    """List the endpoints of the store."""

    def show(endpoint_id: int) -> dict[str, Any]:
        endpoint = webhook_endpoints.find(call, endpoint_id)
        assert endpoint is not None
        return _shown(call, endpoint)

    return listing.answer(call, _ENDPOINTS, (" AND r.store_id = ?", [state_of(call).store.id]), show)


def _create(call: Call) -> SystemResponse:
    """Register an endpoint; its secret is shown only here."""
    sent = state_of(call).parameters(call)
    found = problems(call, sent.get("url")) or _taken(call, sent["url"])
    if found:
        return errors.invalid(found)
    name, active = sent.get("name"), sent.get("active", True)
    endpoint = webhook_endpoints.add(
        call, state_of(call).store.id, sent["url"], _subscriptions(sent.get("subscriptions")),
        name=name if isinstance(name, str) else None, active=_true(active),
    )  # fmt: skip
    return SystemResponse(201, _shown(call, endpoint, secret=endpoint.secret))


def _get(call: Call) -> SystemResponse:
    """Show an endpoint, without its secret."""
    return SystemResponse(200, _shown(call, state_of(call).record))


def _update(call: Call) -> SystemResponse:
    """Change what is given."""
    endpoint: Endpoint = state_of(call).record
    sent = state_of(call).parameters(call)
    if "url" in sent and sent["url"] != endpoint.url:
        found = problems(call, sent["url"]) or _taken(call, sent["url"])
        if found:
            return errors.invalid(found)
        endpoint.url = sent["url"]
    if isinstance(sent.get("name"), str):
        endpoint.name = sent["name"]
    if "active" in sent:
        endpoint.active = int(_true(sent["active"]))
        if endpoint.active:
            endpoint.disabled_at = endpoint.disabled_reason = None
    if "subscriptions" in sent:
        endpoint.subscriptions = orjson.dumps(_subscriptions(sent["subscriptions"])).decode()
    webhook_endpoints.save(call, endpoint)
    return SystemResponse(200, _shown(call, endpoint))


def _delete(call: Call) -> SystemResponse:
    """Remove an endpoint and its deliveries."""
    webhook_endpoints.delete(call, state_of(call).record)
    return SystemResponse(204)


def _deliveries(call: Call) -> SystemResponse:
    """List the deliveries of an endpoint, newest first."""
    endpoint: Endpoint = state_of(call).parent
    return listing.answer(
        call, _DELIVERIES, (" AND r.endpoint_id = ?", [endpoint.id]), lambda row: _delivery(call, endpoint, row)
    )


def _delivery_get(call: Call) -> SystemResponse:
    """Show a delivery."""
    return SystemResponse(200, _delivery(call, state_of(call).parent, state_of(call).record))


def _redeliver(call: Call) -> SystemResponse:
    """Deliver the same event again, as a delivery of its own."""
    endpoint: Endpoint = state_of(call).parent
    row: tuple[Any, ...] = state_of(call).record
    made = enqueue(call, endpoint.id, row[2], None, row[4])
    return SystemResponse(201, _delivery(call, endpoint, _row(call, endpoint, made)))


def _find(call: Call) -> None:
    state_of(call).record = _endpoint(call, call.path["id"])


def _find_parent(call: Call) -> None:
    state_of(call).parent = _endpoint(call, call.path["webhook_endpoint_id"])


def _find_delivery(call: Call) -> None:
    _find_parent(call)
    number = ids.number_of(call, "delivery", call.path["id"])
    row = None if number is None else _row(call, state_of(call).parent, number)
    if row is None:
        raise errors.not_found("Webhook delivery")
    state_of(call).record = row


def _row(call: Call, endpoint: Endpoint, number: int) -> Any:
    sql = f"SELECT {_DELIVERY} FROM spree_v3_webhook_delivery WHERE sandbox = ? AND endpoint_id = ? AND id = ?"  # noqa: S608
    return call.db.one(sql, (call.sandbox.name, endpoint.id, number))


def _endpoint(call: Call, identity: str) -> Endpoint:
    number = ids.number_of(call, "endpoint", identity)
    endpoint = None if number is None else webhook_endpoints.find(call, number)
    if endpoint is None or endpoint.store_id != state_of(call).store.id:
        raise errors.not_found("Webhook endpoint")
    return endpoint


def _taken(call: Call, url: str) -> errors.Errors:
    same = (endpoint.url == url for endpoint in webhook_endpoints.of_store(call, state_of(call).store.id))
    return [("url", "has already been taken")] if any(same) else []


def _subscriptions(sent: object) -> list[str]:
    return [one for one in cast("list[Any]", sent) if isinstance(one, str)] if isinstance(sent, list) else []


def _true(sent: object) -> bool:
    return sent not in {False, "0", "f", "false", "off", ""}


def _shown(call: Call, endpoint: Endpoint, secret: str | None = None) -> dict[str, Any]:
    since = call.now - _WEEK
    counts = call.db.one(_COUNTS, (since, since, call.sandbox.name, endpoint.id))
    last, total, good, bad, recent, recent_bad = counts or (None, 0, 0, 0, 0, 0)
    last_shown = datetimes.shown(last)
    return {
        "id": ids.shown(call, "endpoint", endpoint.id),
        "name": endpoint.name,
        "url": endpoint.url,
        "active": bool(endpoint.active),
        "subscriptions": orjson.loads(endpoint.subscriptions),
        "disabled_reason": endpoint.disabled_reason,
        "created_at": datetimes.shown(endpoint.created_at),
        "updated_at": datetimes.shown(endpoint.updated_at),
        "disabled_at": datetimes.shown(endpoint.disabled_at),
        "secret_key": secret,
        "last_delivery_at": None if last_shown is None else last_shown[:19] + "Z",
        "recent_delivery_count": recent,
        "recent_failure_count": recent_bad,
        "total_delivery_count": total,
        "successful_delivery_count": good,
        "failed_delivery_count": bad,
    }


def _delivery(call: Call, endpoint: Endpoint, row: Any) -> dict[str, Any]:
    identity, _, name, event_id, payload, code, error_type, problem, success, created, updated, delivered = row
    return {
        "id": ids.shown(call, "delivery", identity),
        "event_name": name,
        "event_id": event_id,
        "response_code": code,
        "execution_time": None if delivered is None else 10,
        "error_type": error_type,
        "request_errors": problem,
        "response_body": None if code is None else "",
        "success": None if success is None else bool(success),
        "created_at": datetimes.shown(created),
        "updated_at": datetimes.shown(updated),
        "delivered_at": datetimes.shown(delivered),
        "payload": orjson.loads(payload),
        "webhook_endpoint_id": ids.shown(call, "endpoint", endpoint.id),
        "webhook_endpoint_url": endpoint.url,
    }


def _route(method: str, path: str, run: Any, find: Any = None) -> Route:
    action = Action(
        run=run, side="admin", controller="admin.webhook_endpoints", scope="webhooks", writes=method != "GET", find=find
    )
    return Route(method, "/api/v3/admin/webhook_endpoints" + path, action)


_OF_ENDPOINT: Final = "/{webhook_endpoint_id}/deliveries"
WEBHOOK_ROUTES: Final = (
    _route("GET", "", _list),
    _route("POST", "", _create),
    _route("GET", "/{id}", _get, _find),
    _route("PATCH", "/{id}", _update, _find),
    _route("DELETE", "/{id}", _delete, _find),
    _route("GET", _OF_ENDPOINT, _deliveries, _find_parent),
    _route("GET", _OF_ENDPOINT + "/{id}", _delivery_get, _find_delivery),
    _route("POST", _OF_ENDPOINT + "/{id}/redeliver", _redeliver, _find_delivery),
)
