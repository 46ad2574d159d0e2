"""What the control plane can do to VINR."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Final

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute
from store_credit_mock.systems.vinr import (
    fixtures,
    purchases,
    rate_limiting,
    store_credits,
    webhook_control_routes,
)
from store_credit_mock.systems.vinr.authentication import READ, WRITE
from store_credit_mock.systems.vinr.parameters import MAXIMUM_TIME

__all__ = ["ROUTES"]


# Customers and keys


def _add_customer(control: ControlCall) -> dict[str, Any]:
    call, body = control.call, control.body
    identity = body.get("id") or f"cust_{call.sandbox.token('customer', length=12)}"
    if store_credits.customer(call.db, call.sandbox.name, identity) is not None:
        raise ControlError(409, f"there is a customer {identity} already")
    email = body.get("email") or f"{identity}@example.com"
    return fixtures.add_customer(
        call, identity, email, body.get("name"), body.get("phone"), body.get("default_payment_method")
    )


def _customers(control: ControlCall) -> dict[str, Any]:
    rows = control.call.db.all(
        "SELECT id, email, name, phone, default_payment_method, created FROM vinr_customer WHERE sandbox = ?"
        " ORDER BY number LIMIT 1000",
        (control.call.sandbox.name,),
    )
    return {"data": [store_credits.shown_customer(row) for row in rows]}


def _put_key(control: ControlCall) -> dict[str, Any]:
    call, body = control.call, control.body
    key = body.get("key") or f"rk_test_{call.sandbox.token('key', length=24)}"
    scopes = " ".join(sorted(set(body.get("scopes", [READ, WRITE]))))
    expires = body.get("expires_at")
    expires_ms = None if expires is None else int(expires * 1000)
    call.db.run(
        "INSERT INTO vinr_key (sandbox, key, scopes, expires_ms, revoked) VALUES (?, ?, ?, ?, 0)"
        " ON CONFLICT (sandbox, key) DO UPDATE SET scopes = excluded.scopes, expires_ms = excluded.expires_ms,"
        " revoked = 0",
        (call.sandbox.name, key, scopes, expires_ms),
    )
    call.sandbox.set_extra("vinr.keys", True)
    return {"key": key, "scopes": scopes.split(), "expires_at": expires, "revoked": False}


def _change_key(control: ControlCall) -> dict[str, Any]:
    call, body = control.call, control.body
    row = call.db.one("SELECT scopes FROM vinr_key WHERE sandbox = ? AND key = ?", (call.sandbox.name, body["key"]))
    action = body["action"]
    expires_ms = call.now if action == "expire" else None
    revoked = int(action == "revoke")
    scopes = " ".join(sorted((READ, WRITE))) if row is None else row[0]
    call.db.run(
        "INSERT INTO vinr_key (sandbox, key, scopes, expires_ms, revoked) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (sandbox, key) DO UPDATE SET expires_ms = excluded.expires_ms, revoked = excluded.revoked",
        (call.sandbox.name, body["key"], scopes, expires_ms, revoked),
    )
    call.sandbox.set_extra("vinr.keys", True)
    return {"key": body["key"], "scopes": scopes.split(), "revoked": bool(revoked)}


def _rate_limit(control: ControlCall) -> dict[str, Any]:
    body, memory = control.body, control.call.sandbox.memory
    rate_limiting.forget(control.call.sandbox)
    if body.get("rate") is None:
        memory.pop("vinr.rate_limit", None)
        return {"rate": None, "size": None}
    memory["vinr.rate_limit"] = (float(body["rate"]), int(body.get("size", 50)))
    return {"rate": body["rate"], "size": body.get("size", 50)}


# Purchases


@contextmanager
def _told() -> Generator[None]:
    """Let what is wrong with a purchase be the control plane's response."""
    try:
        yield
    except purchases.PurchaseError as error:
        raise ControlError(error.status, str(error)) from error


def _buy(control: ControlCall) -> purchases.Purchase:
    body = control.body
    with _told():
        return purchases.buy(control.call, body["customer"], body["amount"], body["currency"])


def _purchase(control: ControlCall) -> purchases.Purchase:
    with _told():
        return purchases.find(control.call, control.path["id"])


def _refund(control: ControlCall) -> purchases.Purchase:
    with _told():
        return purchases.refund(control.call, control.path["id"], control.body.get("amount"))


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 255}
_OPTIONAL: Final = {"type": ["string", "null"], "maxLength": 320}
_AMOUNT: Final = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1, "description": "Minor units."}
_SCOPES: Final = {"type": "array", "items": {"enum": [READ, WRITE]}}


ROUTES: Final = (
    ControlRoute("vinr.customers.list", "GET", "/_mock/vinr/customers", "List customers", _customers, writes=False),
    ControlRoute(
        "vinr.customers.create",
        "POST",
        "/_mock/vinr/customers",
        "Add a customer",
        _add_customer,
        status=201,
        body=_closed([], id=_TEXT, email=_TEXT, name=_OPTIONAL, phone=_OPTIONAL, default_payment_method=_OPTIONAL),
    ),
    ControlRoute(
        "vinr.keys.create",
        "POST",
        "/_mock/vinr/keys",
        "Issue a key, or say what one may do",
        _put_key,
        status=201,
        body=_closed(
            [],
            key=_TEXT,
            scopes=_SCOPES,
            expires_at={
                "type": ["number", "null"],
                "minimum": 0,
                "maximum": MAXIMUM_TIME,
                "description": "Unix seconds.",
            },
        ),
    ),
    ControlRoute(
        "vinr.keys.change",
        "POST",
        "/_mock/vinr/keys/change",
        "Expire, revoke or restore a key",
        _change_key,
        body=_closed(["key", "action"], key=_TEXT, action={"enum": ["expire", "revoke", "restore"]}),
    ),
    ControlRoute(
        "vinr.rate_limit.set",
        "POST",
        "/_mock/vinr/rate-limit",
        "Limit requests, or stop limiting",
        _rate_limit,
        body=_closed(
            [],
            rate={
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "description": "Requests per second; null is none.",
            },
            size={"type": "integer", "minimum": 1},
        ),
    ),
    ControlRoute(
        "vinr.purchases.create",
        "POST",
        "/_mock/vinr/purchases",
        "Buy something with store credit",
        _buy,
        status=201,
        body=_closed(
            ["customer", "amount", "currency"],
            customer=_TEXT,
            amount=_AMOUNT,
            currency={"type": "string", "pattern": "^[A-Za-z]{3}$"},
        ),
    ),
    ControlRoute(
        "vinr.purchases.retrieve", "GET", "/_mock/vinr/purchases/{id}", "Show a purchase", _purchase, writes=False
    ),
    ControlRoute(
        "vinr.purchases.refund",
        "POST",
        "/_mock/vinr/purchases/{id}/refund",
        "Take a purchase back",
        _refund,
        body=_closed([], amount={**_AMOUNT, "type": ["integer", "null"]}),
    ),
    *webhook_control_routes.ROUTES,
)
