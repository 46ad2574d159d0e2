"""Webhook endpoints: their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.lifecycle import ENDPOINTS
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["Endpoint", "add", "delete", "every", "find", "of_store", "save"]

_NAMES: Final = (
    "id", "store_id", "name", "url", "secret", "subscriptions", "active", "disabled_reason", "disabled_at",
    "refused_with", "created_at", "updated_at",
)  # fmt: skip
_VALUES: Final = attrgetter(*_NAMES)
_SELECT: Final = f"SELECT {', '.join(_NAMES)} FROM spree_v3_webhook_endpoint WHERE sandbox = ?"  # noqa: S608
_INSERT: Final = (
    f"INSERT INTO spree_v3_webhook_endpoint (sandbox, {', '.join(_NAMES)})"  # noqa: S608
    f" VALUES ({', '.join('?' * (len(_NAMES) + 1))})"
)
_UPDATE: Final = (
    f"UPDATE spree_v3_webhook_endpoint SET {', '.join(f'{name} = ?' for name in _NAMES[1:])}"  # noqa: S608
    " WHERE sandbox = ? AND id = ?"
)


@dataclass(slots=True)
class Endpoint:
    """A row; times are Unix milliseconds, subscriptions JSON text."""

    id: int
    store_id: int
    name: str | None
    url: str
    secret: str = field(repr=False)
    subscriptions: str
    active: int
    disabled_reason: str | None
    disabled_at: int | None
    refused_with: int | None
    created_at: int
    updated_at: int


def every(call: Call) -> list[Endpoint]:
    """All endpoints, by id."""
    return [Endpoint(*row) for row in call.db.all(f"{_SELECT} ORDER BY id", (call.sandbox.name,))]


def of_store(call: Call, store_id: int) -> list[Endpoint]:
    """The endpoints of a store, by id."""
    return [endpoint for endpoint in every(call) if endpoint.store_id == store_id]


def find(call: Call, endpoint_id: int) -> Endpoint | None:
    """An endpoint by number."""
    row = call.db.one(f"{_SELECT} AND id = ?", (call.sandbox.name, endpoint_id))
    return None if row is None else Endpoint(*row)


def add(
    call: Call,
    store_id: int,
    url: str,
    subscriptions: Sequence[str],
    *,
    name: str | None = None,
    active: bool = True,
    secret: str | None = None,
) -> Endpoint:
    """Register an endpoint; its secret is made up if none is given."""
    endpoint = Endpoint(
        next_id(call, "webhook_endpoint"), store_id, name, url,
        secret or call.sandbox.random_id("spree_v3 webhook secret", length=64),
        orjson.dumps(list(subscriptions)).decode(), int(active), None, None, None, call.now, call.now,
    )  # fmt: skip
    call.db.run(_INSERT, (call.sandbox.name, *_VALUES(endpoint)))
    call.sandbox.set_setting(ENDPOINTS, True)
    return endpoint


def save(call: Call, endpoint: Endpoint, *, touch: bool = True) -> None:
    """Keep a changed endpoint; `touch` moves the time at which it was changed."""
    if touch:
        endpoint.updated_at = call.now
    call.db.run(_UPDATE, (*_VALUES(endpoint)[1:], call.sandbox.name, endpoint.id))


def delete(call: Call, endpoint: Endpoint) -> None:
    """Delete an endpoint and its deliveries."""
    for table, column in (("endpoint", "id"), ("delivery", "endpoint_id")):
        sql = f"DELETE FROM spree_v3_webhook_{table} WHERE sandbox = ? AND {column} = ?"  # noqa: S608
        call.db.run(sql, (call.sandbox.name, endpoint.id))
