"""The operations that spend: add, remove and use store credit, and the account that shows the balance."""

from __future__ import annotations

from typing import Final

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.rails.parameters import to_float
from store_credit_mock.systems.spree import apply_credit, errors, orders, users
from store_credit_mock.systems.spree.jsonapi import IncludeError, Kind, View, response
from store_credit_mock.systems.spree.order_serializers import ORDER
from store_credit_mock.systems.spree.orders import Order
from store_credit_mock.systems.spree.rails_params import parameters
from store_credit_mock.systems.spree.storefront_serializers import ACCOUNT, CART
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["account", "add_store_credit", "remove_store_credit", "use_store_credit"]

_HEADER: Final = "x-spree-order-token"


def add_store_credit(call: Call) -> SystemResponse:
    """Apply store credit to the caller's cart."""
    order = _cart(call)
    return _done(call, CART, order, apply_credit.apply(call, order, to_float(parameters(call).get("amount"))))


def remove_store_credit(call: Call) -> SystemResponse:
    """Take store credit off the caller's cart."""
    order = _cart(call)
    return _done(call, CART, order, apply_credit.remove(call, order))


def use_store_credit(call: Call) -> SystemResponse:
    """Apply store credit to any order; a finished one is left as it is (spree.md 13.13)."""
    sent = parameters(call)
    order = orders.find(call, call.path["id"])
    if order is None or order.store_id != 1:
        raise Abort(errors.not_found())
    return _done(call, ORDER, order, apply_credit.apply(call, order, to_float(sent.get("amount"))))


def account(call: Call) -> SystemResponse:
    """Show the customer, and what remains of their store credit."""
    user = users.find(call, call.caller.user_id)
    if user is None:
        return errors.error(403, errors.NOT_ALLOWED)
    return response(View.of(call), 200, ACCOUNT, user)


def _cart(call: Call) -> Order:
    sent = parameters(call)
    store = orders.currencies(call)
    currency = sent.get("currency")
    if not isinstance(currency, str) or currency.upper() not in store:
        currency = store[0] if store else "USD"
    token = call.request.header(_HEADER) or sent.get("order_token")
    order = orders.current(call, token if isinstance(token, str) else None, call.caller.user_id, currency.upper())
    if order is None:
        raise Abort(errors.not_found())
    return order


def _done(call: Call, kind: Kind, order: Order, refusal: str | None) -> SystemResponse:
    """The order, or the refusal: with or without `errors` by version (spree.md section 2, 13.17, D14)."""
    if refusal is None:
        try:
            return response(View.of(call), 200, kind, order)
        except IncludeError as error:
            return error.answer
    if refusal and kind is CART and not profile_of(call).text_errors:
        return errors.error(422, refusal)
    return SystemResponse(422, {"error": refusal, "errors": {}})
