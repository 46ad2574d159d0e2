"""What Spree's routes of the control plane share: schemas, what their bodies name, and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoute
from store_credit_mock.systems.spree import fixtures, users
from store_credit_mock.systems.spree.order_lifecycle import ImpossibleError
from store_credit_mock.systems.spree.payments import DeclinedError

__all__ = [
    "AMOUNT",
    "FLAG",
    "ID",
    "TEXT",
    "Body",
    "amount_of",
    "closed_object",
    "payment_methods",
    "route",
    "user_id_of",
]

TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 500}
ID: Final = {"type": "integer", "minimum": 1}
AMOUNT: Final = {"type": ["number", "string"]}
FLAG: Final = {"type": "boolean"}

Body = dict[str, Any]


def closed_object(required: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    """JSON Schema of an object that has no other members."""
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}


def amount_of(control: ControlCall, name: str = "amount") -> int | None:
    """Read an amount of the body, in hundredths; None where it was left out.

    Raises:
        ControlError: It is not a decimal.
    """
    value = control.body.get(name)
    if value is None:
        return None
    try:
        return fixtures.amount_of(value, name)
    except ValueError as error:
        raise ControlError(400, str(error)) from None


def user_id_of(control: ControlCall) -> int | None:
    """Find the user that the body names by id or e-mail.

    Raises:
        ControlError: There is no such user.
    """
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


def payment_methods(control: ControlCall) -> list[Body]:
    """List the payment methods."""
    rows = control.call.db.all(
        "SELECT id, kind, name, active, auto_capture FROM spree_method WHERE sandbox = ? ORDER BY id",
        (control.call.sandbox.name,),
    )
    return [
        {"id": row[0], "type": row[1], "name": row[2], "active": bool(row[3]), "auto_capture": bool(row[4])}
        for row in rows
    ]


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


def route(
    identity: str,
    method: str,
    path: str,
    summary: str,
    handler: Callable[[ControlCall], Any],
    body: dict[str, Any] | None = None,
    **more: Any,
) -> ControlRoute:
    """Declare a route whose refusals by an order's state are 409, and by the store credit 422."""
    return ControlRoute("spree." + identity, method, path, summary, _guarded(handler), body, **more)
