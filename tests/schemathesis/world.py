"""What a mock is filled with before it is probed, so that generated requests find records to work on."""

from __future__ import annotations

from typing import Any

from mutants import SPREE_TOKEN, VINR_KEY
from store_credit_mock.control import Control
from store_credit_mock.systems.spree.control_models import Cart
from store_credit_mock.verify.fuzz.existing_records import KnownRecords

__all__ = ["SPREE_TOKEN", "VINR_KEY", "fill"]

_SPARE = 24
"""Records of each kind: deletions must not use them up."""
_SHOPPER = 5
"""Whose carts and account are probed."""


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

    def credentials(operation: str, number: int) -> list[tuple[str, str]]:
        if operation.startswith("vinr."):
            return [("X-Api-Key", VINR_KEY)]
        if operation.startswith("spree.checkout."):
            return [("X-Spree-Order-Token", carts[number % len(carts)].token)]
        return [("Authorization", f"Bearer {token if operation.startswith('spree.account.') else SPREE_TOKEN}")]

    return KnownRecords({"vinr.store_credit": issued, **platform, **members}, credentials)


def _cart(control: Control) -> Cart:
    cart = control.spree.create_cart(user_id=_SHOPPER, currency="USD")
    control.spree.add_item(cart.number, price="30.00")
    return cart
