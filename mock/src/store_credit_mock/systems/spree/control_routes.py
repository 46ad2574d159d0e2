"""Spree's routes of the control plane: everything the recorded script's preparation and back office did."""

from __future__ import annotations

from typing import Any, Final, cast

from store_credit_mock.systems.control_route import ControlCall, ControlError
from store_credit_mock.systems.spree import (
    authentication,
    fixtures,
    order_control_routes,
    store_credits,
    users,
)
from store_credit_mock.systems.spree.control_declarations import (
    AMOUNT,
    FLAG,
    ID,
    TEXT,
    Body,
    closed_object,
    payment_methods,
    route,
    user_id_of,
)
from store_credit_mock.systems.spree.money import decimal_text
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["ROUTES"]


def _add_user(control: ControlCall) -> Body:
    body = control.body
    user = users.add(
        control.call, body["email"], body.get("first_name"), body.get("last_name"), admin=body.get("admin", False)
    )
    return {"id": user.id, "email": user.email}


def _issue(control: ControlCall) -> Body:
    call, body = control.call, control.body
    token = body.get("token") or call.sandbox.token("spree access token", length=43)
    if call.db.one("SELECT token FROM spree_token WHERE sandbox = ? AND token = ?", (call.sandbox.name, token)):
        raise ControlError(409, "this token exists already")
    life = body.get("expires_in", profile_of(call).token_life)
    user_id = user_id_of(control)
    application = body.get("application", None if user_id is not None else "back-office")
    scopes = body.get("scopes", "" if application is None else "admin")
    authentication.issue(call, token, user_id, application, scopes, life)
    return {"token": token, "user_id": user_id, "application": application, "scopes": scopes, "expires_in": life}


def _which(control: ControlCall) -> tuple[str, list[Any]]:
    body = control.body
    if len(body) != 1:
        raise ControlError(400, "name one of token, user_id, scopes")
    name, value = next(iter(body.items()))
    return f"{name} = ?", [control.call.sandbox.name, value]


def _expire(control: ControlCall) -> Body:
    where, values = _which(control)
    changed = control.call.db.run(
        f"UPDATE spree_token SET expires_at = ? WHERE sandbox = ? AND {where}",  # noqa: S608
        [control.call.now, *values],
    )
    return {"tokens": changed}


def _revoke(control: ControlCall) -> Body:
    where, values = _which(control)
    changed = control.call.db.run(
        f"UPDATE spree_token SET revoked_at = ? WHERE sandbox = ? AND revoked_at IS NULL AND {where}",  # noqa: S608
        [control.call.now, *values],
    )
    return {"tokens": changed}


def _add_store(control: ControlCall) -> Body:
    body = control.body
    currencies = body.get("supported_currencies", ["USD"])
    identity = fixtures.add_store(control.call, body["name"], body.get("default_currency", currencies[0]), currencies)
    return {"id": identity}


def _add_variant(control: ControlCall) -> Body:
    body = control.body
    try:
        prices = {name: fixtures.amount_of(value, name) for name, value in body["prices"].items()}
    except ValueError as error:
        raise ControlError(400, str(error)) from None
    return {"id": fixtures.add_variant(control.call, body["name"], prices)}


def _set_method(control: ControlCall) -> Body:
    call = control.call
    identity = control.path["id"]
    for name in ("active", "auto_capture"):
        if name in control.body:
            call.db.run(
                f"UPDATE spree_method SET {name} = ? WHERE sandbox = ? AND id = ?",  # noqa: S608
                (int(control.body[name]), call.sandbox.name, int(identity) if identity.isdecimal() else 0),
            )
    found = [method for method in payment_methods(control) if str(method["id"]) == identity]
    if not found:
        raise ControlError(404, f"there is no payment method {identity}")
    return found[0]


def _settings(control: ControlCall) -> Body:
    call = control.call
    if "repair_leaks" in control.body:
        call.sandbox.set_extra("spree.repair_leaks", control.body["repair_leaks"])
    if "shipping" in control.body:
        try:
            costs = {name: fixtures.amount_of(value, name) for name, value in control.body["shipping"].items()}
        except ValueError as error:
            raise ControlError(400, str(error)) from None
        call.sandbox.set_extra("spree.shipping", costs)
    costs = cast("dict[str, int]", call.sandbox.extra("spree.shipping", {}))
    return {
        "repair_leaks": bool(call.sandbox.extra("spree.repair_leaks", False)),
        "shipping": {name: decimal_text(cost) for name, cost in costs.items()},
    }


def _destroy(control: ControlCall) -> Body:
    """Delete for good: rows and events go, the ledger's entries stay and end at 0."""
    call = control.call
    where, values = _destroyed(control)
    rows = call.db.all(
        f"SELECT {store_credits.COLUMNS} FROM spree_credit WHERE sandbox = ? AND {where}",  # noqa: S608
        [call.sandbox.name, *values],
    )
    for row in rows:
        credit = store_credits.read(row)
        store_credits.destroy(call, credit)
    return {"store_credits": len(rows)}


def _destroyed(control: ControlCall) -> tuple[str, list[Any]]:
    if len(control.body) != 1:
        raise ControlError(400, "name one of id, currency")
    name, value = next(iter(control.body.items()))
    return f"{name} = ?", [value]


ROUTES: Final = (
    route(
        "users.create", "POST", "/_mock/spree/users", "Add a user", _add_user,
        closed_object(("email",), email=TEXT, first_name=TEXT, last_name=TEXT, admin=FLAG),
    ),
    route(
        "tokens.issue", "POST", "/_mock/spree/tokens", "Issue an access token", _issue,
        closed_object(
            user_id=ID, email=TEXT, application={"type": ["string", "null"]}, scopes={"type": "string"}, token=TEXT,
            expires_in={"type": ["integer", "null"], "minimum": 1},
        ),
    ),
    route(
        "tokens.expire", "POST", "/_mock/spree/tokens/expire", "Let tokens expire now", _expire,
        closed_object(token=TEXT, user_id=ID, scopes={"type": "string"}),
    ),
    route(
        "tokens.revoke", "POST", "/_mock/spree/tokens/revoke", "Revoke tokens now", _revoke,
        closed_object(token=TEXT, user_id=ID, scopes={"type": "string"}),
    ),
    route(
        "stores.create", "POST", "/_mock/spree/stores", "Add a store", _add_store,
        closed_object(
            ("name",), name=TEXT, default_currency=TEXT,
            supported_currencies={"type": "array", "items": TEXT, "minItems": 1},
        ),
    ),
    route(
        "variants.create", "POST", "/_mock/spree/variants", "Add something to buy", _add_variant,
        closed_object(("name", "prices"), name=TEXT, prices={"type": "object", "additionalProperties": AMOUNT}),
    ),
    route(
        "payment_methods.list", "GET", "/_mock/spree/payment_methods", "List the payment methods", payment_methods,
        result={"type": "array"}, writes=False,
    ),
    route(
        "payment_methods.update", "PATCH", "/_mock/spree/payment_methods/{id}",
        "Make a payment method active or capturing", _set_method, closed_object(active=FLAG, auto_capture=FLAG),
    ),
    route(
        "settings.update", "PATCH", "/_mock/spree/settings", "Repair the known leaks or not, set shipping costs",
        _settings,
        closed_object(repair_leaks=FLAG, shipping={"type": "object", "additionalProperties": AMOUNT}),
    ),
    route(
        "store_credits.destroy", "POST", "/_mock/spree/store_credits/destroy", "Delete store credit for good", _destroy,
        closed_object(id=ID, currency=TEXT),
    ),
    *order_control_routes.ROUTES,
)  # fmt: skip
