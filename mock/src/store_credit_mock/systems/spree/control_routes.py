"""Spree's routes of the control plane: everything the recorded script's preparation and back office did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute
from store_credit_mock.systems.spree import (
    authentication,
    fixtures,
    order_lifecycle,
    orders,
    payments,
    store_credits,
    users,
)
from store_credit_mock.systems.spree.jsonapi import View, document
from store_credit_mock.systems.spree.money import decimal_text
from store_credit_mock.systems.spree.order_lifecycle import ImpossibleError
from store_credit_mock.systems.spree.order_serializers import CART
from store_credit_mock.systems.spree.orders import Order
from store_credit_mock.systems.spree.payments import DeclinedError, Payment
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["ROUTES"]

_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 500}
_ID: Final = {"type": "integer", "minimum": 1}
_AMOUNT: Final = {"type": ["number", "string"]}
_FLAG: Final = {"type": "boolean"}

Body = dict[str, Any]


def _object(required: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


def _amount(control: ControlCall, name: str = "amount") -> int | None:
    value = control.body.get(name)
    if value is None:
        return None
    try:
        return fixtures.amount_of(value, name)
    except ValueError as error:
        raise ControlError(400, str(error)) from None


def _order(control: ControlCall) -> Order:
    order = orders.find(control.call, control.path["number"])
    if order is None:
        raise ControlError(404, f"there is no cart or order {control.path['number']}")
    return order


def _guarded(work: Callable[[ControlCall], Any]) -> Callable[[ControlCall], Any]:
    """A handler whose refusals by the order's state are 409, and by the store credit 422."""

    def handler(control: ControlCall) -> Any:
        try:
            return work(control)
        except ImpossibleError as error:
            raise ControlError(409, str(error)) from None
        except DeclinedError as error:
            raise ControlError(422, str(error)) from None

    return handler


def _summary(control: ControlCall, order: Order) -> Body:
    found = payments.of_order(control.call, order.id)
    return {
        "id": order.id,
        "number": order.number,
        "token": order.token,
        "state": order.state,
        "currency": order.currency,
        "user_id": order.user_id,
        "total": decimal_text(order.total),
        "payment_total": decimal_text(order.payment_total),
        "payment_state": order.payment_state,
        "line_items": [
            {"id": line.id, "variant_id": line.variant_id, "quantity": line.quantity, "price": decimal_text(line.price)}
            for line in orders.lines(control.call, order.id)
        ],
        "payments": [
            {
                "id": payment.id,
                "amount": decimal_text(payment.amount),
                "state": payment.state,
                "response_code": payment.code,
                "store_credit_id": payment.credit_id,
            }
            for payment in found
        ],
    }


def _add_user(control: ControlCall) -> Body:
    body = control.body
    user = users.add(
        control.call, body["email"], body.get("first_name"), body.get("last_name"), admin=body.get("admin", False)
    )
    return {"id": user.id, "email": user.email}


def _user_id(control: ControlCall) -> int | None:
    body = control.body
    if "email" in body:
        row = control.call.db.one(
            "SELECT id FROM spree_user WHERE sandbox = ? AND email = ?", (control.call.sandbox.name, body["email"])
        )
        if row is None:
            raise ControlError(404, f"there is no user {body['email']}")
        return row[0]
    user_id = body.get("user_id")
    if user_id is not None and not users.exists(control.call, user_id):
        raise ControlError(404, f"there is no user {user_id}")
    return user_id


def _issue(control: ControlCall) -> Body:
    call, body = control.call, control.body
    token = body.get("token") or call.sandbox.token("spree access token", length=43)
    if call.db.one("SELECT token FROM spree_token WHERE sandbox = ? AND token = ?", (call.sandbox.name, token)):
        raise ControlError(409, "this token exists already")
    life = body.get("expires_in", profile_of(call).token_life)
    user_id = _user_id(control)
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


def _methods(control: ControlCall) -> list[Body]:
    rows = control.call.db.all(
        "SELECT id, kind, name, active, auto_capture FROM spree_method WHERE sandbox = ? ORDER BY id",
        (control.call.sandbox.name,),
    )
    return [
        {"id": row[0], "type": row[1], "name": row[2], "active": bool(row[3]), "auto_capture": bool(row[4])}
        for row in rows
    ]


def _set_method(control: ControlCall) -> Body:
    call = control.call
    identity = control.path["id"]
    for name in ("active", "auto_capture"):
        if name in control.body:
            call.db.run(
                f"UPDATE spree_method SET {name} = ? WHERE sandbox = ? AND id = ?",  # noqa: S608
                (int(control.body[name]), call.sandbox.name, int(identity) if identity.isdecimal() else 0),
            )
    found = [method for method in _methods(control) if str(method["id"]) == identity]
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


def _add_cart(control: ControlCall) -> Body:
    store_id = control.body.get("store_id", 1)
    known = orders.currencies(control.call, store_id)
    if not known:
        raise ControlError(404, f"there is no store {store_id}")
    currency = control.body.get("currency", known[0])
    if currency not in known:
        raise ControlError(400, f"store {store_id} does not take {currency}; {', '.join(known)} it does")
    number = control.body.get("number")
    if number is not None and orders.find(control.call, number) is not None:
        raise ControlError(409, f"there is a cart {number} already")
    return _summary(control, orders.create(control.call, _user_id(control), currency, store_id, number))


def _show_cart(control: ControlCall) -> Body:
    return _summary(control, _order(control))


def _show_document(control: ControlCall) -> Body:
    include = control.query.get("include")
    view = View(control.call, profile_of(control.call), tuple(include.split(",")) if include else None, {})
    return document(view, CART, _order(control))


def _add_item(control: ControlCall) -> Body:
    order, body = _order(control), control.body
    if ("variant_id" in body) == ("price" in body):
        raise ControlError(400, "name one of variant_id and price")
    order_lifecycle.add_item(
        control.call, order, body.get("variant_id"), body.get("quantity", 1), _amount(control, "price")
    )
    return _summary(control, order)


def _set_item(control: ControlCall) -> Body:
    order = _order(control)
    line = control.path["id"]
    order_lifecycle.set_quantity(control.call, order, int(line) if line.isdecimal() else 0, control.body["quantity"])
    return _summary(control, order)


def _address(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.address(control.call, order, control.body.get("email"))
    return _summary(control, order)


def _next(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.advance(control.call, order)
    return _summary(control, order)


def _pay(control: ControlCall) -> Body:
    order = _order(control)
    method_id = control.body["payment_method_id"]
    if all(method["id"] != method_id for method in _methods(control)):
        raise ControlError(404, f"there is no payment method {method_id}")
    order_lifecycle.pay_otherwise(control.call, order, method_id, _amount(control))
    return _summary(control, order)


def _complete(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.complete(control.call, order)
    return _summary(control, order)


def _payment(control: ControlCall, order: Order, states: tuple[str, ...]) -> Payment:
    """The payment named, or the newest one with store credit in one of these states."""
    wanted = control.body.get("payment_id")
    for payment in reversed(payments.of_order(control.call, order.id)):
        if wanted == payment.id or (wanted is None and payment.credit_id is not None and payment.state in states):
            return payment
    raise ControlError(404, f"order {order.number} has no such payment")


def _capture(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.capture(control.call, order, _payment(control, order, ("pending",)), _amount(control))
    return _summary(control, order)


def _void(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.void(control.call, order, _payment(control, order, ("pending",)))
    return _summary(control, order)


def _refund(control: ControlCall) -> Body:
    order = _order(control)
    payment = _payment(control, order, ("completed",))
    amount = _amount(control)
    if amount is None:
        amount = payment.amount - payments.refunded(control.call, payment.id)
    order_lifecycle.refund(control.call, order, payment, amount, control.body.get("reason"))
    return _summary(control, order)


def _cancel(control: ControlCall) -> Body:
    order = _order(control)
    order_lifecycle.cancel(control.call, order, control.body.get("user_id"))
    return _summary(control, order)


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


_CARTS: Final = "/_mock/spree/carts"
_ORDERS: Final = "/_mock/spree/orders"


def _route(
    identity: str,
    method: str,
    path: str,
    summary: str,
    handler: Callable[[ControlCall], Any],
    body: dict[str, Any] | None = None,
    **more: Any,
) -> ControlRoute:
    return ControlRoute("spree." + identity, method, path, summary, _guarded(handler), body, **more)


ROUTES: Final = (
    _route(
        "users.create", "POST", "/_mock/spree/users", "Add a user", _add_user,
        _object(("email",), email=_TEXT, first_name=_TEXT, last_name=_TEXT, admin=_FLAG),
    ),
    _route(
        "tokens.issue", "POST", "/_mock/spree/tokens", "Issue an access token", _issue,
        _object(
            user_id=_ID, email=_TEXT, application={"type": ["string", "null"]}, scopes={"type": "string"}, token=_TEXT,
            expires_in={"type": ["integer", "null"], "minimum": 1},
        ),
    ),
    _route(
        "tokens.expire", "POST", "/_mock/spree/tokens/expire", "Let tokens expire now", _expire,
        _object(token=_TEXT, user_id=_ID, scopes={"type": "string"}),
    ),
    _route(
        "tokens.revoke", "POST", "/_mock/spree/tokens/revoke", "Revoke tokens now", _revoke,
        _object(token=_TEXT, user_id=_ID, scopes={"type": "string"}),
    ),
    _route(
        "stores.create", "POST", "/_mock/spree/stores", "Add a store", _add_store,
        _object(
            ("name",), name=_TEXT, default_currency=_TEXT,
            supported_currencies={"type": "array", "items": _TEXT, "minItems": 1},
        ),
    ),
    _route(
        "variants.create", "POST", "/_mock/spree/variants", "Add something to buy", _add_variant,
        _object(("name", "prices"), name=_TEXT, prices={"type": "object", "additionalProperties": _AMOUNT}),
    ),
    _route(
        "payment_methods.list", "GET", "/_mock/spree/payment_methods", "List the payment methods", _methods,
        result={"type": "array"}, writes=False,
    ),
    _route(
        "payment_methods.update", "PATCH", "/_mock/spree/payment_methods/{id}",
        "Make a payment method active or capturing", _set_method, _object(active=_FLAG, auto_capture=_FLAG),
    ),
    _route(
        "settings.update", "PATCH", "/_mock/spree/settings", "Repair the known leaks or not, set shipping costs",
        _settings,
        _object(repair_leaks=_FLAG, shipping={"type": "object", "additionalProperties": _AMOUNT}),
    ),
    _route(
        "carts.create", "POST", _CARTS, "Open a cart", _add_cart,
        _object(
            user_id=_ID, email=_TEXT, currency=_TEXT, store_id=_ID,
            number={"type": "string", "pattern": "^R[0-9]{1,20}$"},
        ),
    ),
    _route("carts.retrieve", "GET", _CARTS + "/{number}", "Show a cart or an order", _show_cart, writes=False),
    _route(
        "carts.document", "GET", _CARTS + "/{number}/document", "Show a cart as the storefront would", _show_document,
        query={"include": {"type": "string"}}, writes=False,
    ),
    _route(
        "carts.add_item", "POST", _CARTS + "/{number}/items", "Put something into a cart", _add_item,
        _object(variant_id=_ID, price=_AMOUNT, quantity={"type": "integer", "minimum": 1, "maximum": 1_000_000}),
    ),
    _route(
        "carts.set_quantity", "PATCH", _CARTS + "/{number}/items/{id}", "Change a line of a cart", _set_item,
        _object(("quantity",), quantity={"type": "integer", "minimum": 0, "maximum": 1_000_000}),
    ),
    _route(
        "carts.address", "POST", _CARTS + "/{number}/address", "Say where a cart goes", _address, _object(email=_TEXT)
    ),
    _route("carts.next", "POST", _CARTS + "/{number}/next", "Take a cart one step on", _next, _object()),
    _route(
        "carts.pay", "POST", _CARTS + "/{number}/payments", "Add a payment by other means", _pay,
        _object(("payment_method_id",), payment_method_id=_ID, amount=_AMOUNT),
    ),
    _route("carts.complete", "POST", _CARTS + "/{number}/complete", "Complete a cart", _complete, _object()),
    _route(
        "orders.capture", "POST", _ORDERS + "/{number}/capture", "Capture a pending payment", _capture,
        _object(payment_id=_ID, amount=_AMOUNT),
    ),
    _route(
        "orders.void", "POST", _ORDERS + "/{number}/void", "Void a pending payment", _void, _object(payment_id=_ID)
    ),
    _route(
        "orders.refund", "POST", _ORDERS + "/{number}/refund", "Refund a completed payment", _refund,
        _object(payment_id=_ID, amount=_AMOUNT, reason=_TEXT),
    ),
    _route(
        "orders.cancel", "POST", _ORDERS + "/{number}/cancel", "Cancel a completed order", _cancel, _object(user_id=_ID)
    ),
    _route(
        "store_credits.destroy", "POST", "/_mock/spree/store_credits/destroy", "Delete store credit for good", _destroy,
        _object(id=_ID, currency=_TEXT),
    ),
)  # fmt: skip
"""Refusals: 409 where the order's state does not allow it, 422 where the store credit does not cover it."""
