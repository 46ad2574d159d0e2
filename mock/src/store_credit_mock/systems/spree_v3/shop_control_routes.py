"""What a shopper does before store credit comes into play: signing in, and filling a cart."""

from __future__ import annotations

from typing import Any

from store_credit_mock.systems.call import FixturesError
from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.spree_v3 import back_office, customers, ids, stores, web_tokens
from store_credit_mock.systems.spree_v3 import shop_control_models as models
from store_credit_mock.systems.spree_v3.cart_fixtures import load_cart
from store_credit_mock.systems.spree_v3.stores import DEFAULT_STORE

__all__ = ["routes"]

routes = ControlRoutes("/_mock/spree_v3", "spree_v3.")


@routes.add("POST", "/customer-tokens", "customer_tokens.issue", status=201)
def issue_customer_token(control: ControlCall, body: models.NewCustomerToken) -> models.IssuedCustomerToken:
    """Sign a customer in without a password."""
    customer = _customer(control, body.customer_id)
    return models.IssuedCustomerToken(web_tokens.issue(control.call, customer.id, "store_api"))


@routes.add("POST", "/carts", "carts.create", status=201)
def fill_cart(control: ControlCall, body: models.NewFilledCart) -> models.FilledCart:
    """Create a cart with an item."""
    call = control.call
    customer = None if body.customer_id is None else _customer(control, body.customer_id)
    items = [{"variant_id": body.variant, "quantity": body.quantity}]
    cart: dict[str, Any] = {"items": items, "address": body.address, "store_credit": body.store_credit}
    if body.currency is not None:
        cart["currency"] = body.currency
    try:
        with back_office.working(call):
            made = load_cart(call, cart, "", stores.find(call, DEFAULT_STORE), customer)
    except FixturesError as error:
        raise ControlError(422, str(error)) from error
    return models.FilledCart(ids.shown(call, "cart", made.id) or "", made.token, f"{made.total / 10_000:.2f}")


def _customer(control: ControlCall, identity: str) -> customers.Customer:
    found = customers.find(control.call, ids.number_of(control.call, "customer", identity))
    if found is None:
        raise ControlError(404, f"customer_id: there is no customer {identity[:100]}")
    return found
