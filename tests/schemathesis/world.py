"""What a mock is filled with before it is probed, so that generated requests find records to work on."""

from __future__ import annotations

from typing import Any

from mutants import SPREE_TOKEN, SPREE_V3_KEY, VINR_KEY
from store_credit_mock.control import Control
from store_credit_mock.systems.spree.control_models import Cart
from store_credit_mock.systems.spree_v3.ids import encode
from store_credit_mock.verify.fuzz.existing_records import KnownRecords
from store_credit_mock.verify.roles import Role

__all__ = ["KEYS", "SPREE_TOKEN", "SPREE_V3_KEY", "VINR_KEY", "fill"]

_SPARE = 24
"""Records of each kind: deletions must not use them up."""
_SHOPPER = 5
"""Whose carts and account are probed."""
KEYS = [f"sk_probe{number}" for number in range(40)]
"""Keys of Spree v3 that take turns, as each may send six hundred requests a minute from 6.0-alpha on."""
_PUBLISHABLE = [f"pk_probe{number}" for number in range(40)]
_V3_SHOPPER = "erin@example.com"


def fill(control: Control) -> KnownRecords:
    """Fill a fresh sandbox through the control plane."""
    customers = ["cust_8aZ2", "cust_probe"]
    issued = [f"sc_probe{number:02}" for number in range(_SPARE)]
    vinr: list[dict[str, Any]] = [
        {"id": identity, "customer": customers[number % 2], "amount": 1000 + number, "currency": "USD"}
        for number, identity in enumerate(issued)
    ]
    named = [{"name": f"Probed {number}"} for number in range(_SPARE)]
    given = [{"user_id": 2 + number % 2, "amount": f"{10 + number}.00"} for number in range(_SPARE)]
    # The credits carts are paid with, and their type, come after those that are offered to be changed and deleted.
    types = [*named, {"name": "Kept"}]
    given += [{"user_id": _SHOPPER, "amount": "9000.00", "type_id": 3 + _SPARE} for _ in range(3)]
    control.seed(
        {
            "vinr": {"customers": [{"id": customers[1], "email": "probe@example.com"}], "store_credits": vinr},
            "spree": {
                # The one that the document's examples name.
                "applications": [
                    {"name": "Example", "client_id": "example-client-id", "client_secret": "example-client-secret"}
                ],
                "store_credit_categories": named,
                "store_credit_types": types,
                "store_credits": given,
            },
            "spree_v3": {
                "keys": [
                    *({"key": key, "scopes": ["write_all"]} for key in KEYS),
                    *({"key": key} for key in _PUBLISHABLE),
                ],
                "store_credits": [{"customer": "alice@example.com", "amount": f"{10 + n}.00"} for n in range(_SPARE)]
                + [{"customer": _V3_SHOPPER, "amount": "9000.00"} for _ in range(3)],
            },
        }
    )
    carts = [_cart(control) for _ in range(3)]
    orders = [_cart(control) for _ in range(3)]
    # Four categories and two types are there from the start; what is seeded follows them.
    platform = {
        "spree.store_credits": [str(1 + number) for number in range(_SPARE)],
        "spree.store_credit_categories": [str(5 + number) for number in range(_SPARE)],
        "spree.store_credit_types": [str(3 + number) for number in range(_SPARE)],
        "spree.orders": [order.number for order in orders],
    }
    members = {
        "customer": customers,
        "user_id": ["2", "3", "4"],
        "created_by_id": ["1"],
        "category_id": ["1", "2", "3", "4"],
        "type_id": ["1", "2"],
        "store_id": ["1"],
        "starting_after": issued,
        "ending_before": issued,
    }
    token = control.spree.issue_token(user_id=_SHOPPER).token
    v3, shopper = _v3(control)

    def credentials(operation: str, number: int) -> list[tuple[str, str]]:
        if operation.startswith("vinr."):
            return [("X-Api-Key", VINR_KEY)]
        if operation.startswith("spree.checkout."):
            return [("X-Spree-Order-Token", carts[number % len(carts)].token)]
        if operation.startswith("spree_v3.store."):
            key = _PUBLISHABLE[number % len(_PUBLISHABLE)]
            return [("X-Spree-Api-Key", key), ("Authorization", f"Bearer {shopper}")]
        if operation.startswith("spree_v3."):
            return [("X-Spree-Api-Key", KEYS[number % len(KEYS)])]
        return [("Authorization", f"Bearer {token if operation.startswith('spree.account.') else SPREE_TOKEN}")]

    return KnownRecords({"vinr.store_credit": issued, **platform, **members, **v3}, credentials, _role)


def _v3(control: Control) -> tuple[dict[str, list[str]], str]:
    """What there is of Spree v3, and a shopper's token: on 5.x a cart is an order that is not placed yet."""
    shop = control.spree_v3
    added = shop.add_customer("probe@example.com")
    kind = added.id.partition("_")[0]
    alice, erin = (f"{kind}_{encode(number)}" for number in (1, 5))
    own = [f"credit_{encode(1 + _SPARE + number)}" for number in range(3)]
    carts = [shop.fill_cart(erin, store_credit=True).id for _ in range(3 * _SPARE)]
    orders = [shop.fill_cart(erin, store_credit=True).id.replace("cart_", "or_") for _ in range(_SPARE)]
    found = {
        "customer_id": [alice],
        "spree_v3.admin.customers": [alice, erin],
        "spree_v3.admin.customers.store_credits": [f"credit_{encode(1 + number)}" for number in range(_SPARE)],
        "spree_v3.store.customer.store_credits": own,
        "spree_v3.admin.store_credit_categories": [f"sccat_{encode(number)}" for number in (1, 2, 3)],
        "spree_v3.admin.orders": orders,
        "order_id": orders,
        "spree_v3.admin.orders.payments": [f"py_{encode(3 * _SPARE + 1 + number)}" for number in range(_SPARE)],
        "spree_v3.store.carts": carts,
        "cart_id": carts,
    }
    return found, shop.issue_customer_token(erin).token


def _role(operation: str) -> Role:
    """What an operation does; those of v3 on a cart or an order name it in their path."""
    resource, _, action = operation.rpartition(".")
    if resource in {"spree_v3.admin.store_credits", "spree_v3.admin.store_credits.events"}:
        identity = "store_credit_id" if resource.endswith("events") else "id"
        return Role("spree_v3.admin.customers.store_credits", action, identity)
    for parent, identity in (("spree_v3.admin.orders", "order_id"), ("spree_v3.store.carts", "cart_id")):
        if resource == f"{parent}.store_credits":
            return Role(parent, action, identity)
    return Role(resource, action)


def _cart(control: Control) -> Cart:
    cart = control.spree.create_cart(user_id=_SHOPPER, currency="USD")
    control.spree.add_item(cart.number, price="30.00")
    return cart
