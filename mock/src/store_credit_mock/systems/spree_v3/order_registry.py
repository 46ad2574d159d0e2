"""What the server does for each route of carts, orders and payments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store_credit_mock.systems.spree_v3 import (
    cart_operations,
    gift_card_operations,
    order_operations,
    payment_operations,
    preparing_operations,
    purchase_lookup,
)
from store_credit_mock.systems.spree_v3.actions import Action, Route

__all__ = ["ORDER_ACTIONS", "ORDER_ROUTES"]

_CARTS: Final = "store.carts"
_CART_CREDITS: Final = "store.carts.store_credits"
_ORDERS: Final = "admin.orders"
_PAYMENTS: Final = "admin.orders.payments"

ORDER_ACTIONS: Final[Mapping[str, Action]] = {
    "spree_v3.store.carts.get": Action(
        run=cart_operations.get, side="store", controller=_CARTS, find=purchase_lookup.find_cart
    ),
    "spree_v3.store.carts.complete": Action(
        run=cart_operations.complete, side="store", controller=_CARTS, find=purchase_lookup.find_result
    ),
    "spree_v3.store.carts.store_credits.apply": Action(
        run=cart_operations.apply, side="store", controller=_CART_CREDITS, customer="after",
        find=purchase_lookup.find_cart,
    ),
    "spree_v3.store.carts.store_credits.remove": Action(
        run=cart_operations.remove, side="store", controller=_CART_CREDITS, customer="after",
        find=purchase_lookup.find_cart,
    ),
    "spree_v3.admin.orders.get": Action(
        run=order_operations.get, side="admin", controller=_ORDERS, scope="orders", find=purchase_lookup.find_order
    ),
    "spree_v3.admin.orders.complete": Action(
        run=order_operations.complete, side="admin", controller=_ORDERS, scope="orders", writes=True,
        find=purchase_lookup.find_order,
    ),
    "spree_v3.admin.orders.cancel": Action(
        run=order_operations.cancel, side="admin", controller=_ORDERS, scope="orders", writes=True,
        find=purchase_lookup.find_order,
    ),
    "spree_v3.admin.orders.store_credits.apply": Action(
        run=order_operations.apply, side="admin", controller="admin.orders.store_credits", scope="orders", writes=True,
        find=purchase_lookup.find_parent_order,
    ),
    "spree_v3.admin.orders.store_credits.remove": Action(
        run=order_operations.remove, side="admin", controller="admin.orders.store_credits", scope="orders", writes=True,
        find=purchase_lookup.find_parent_order,
    ),
    "spree_v3.admin.orders.payments.list": Action(
        run=payment_operations.list_, side="admin", controller=_PAYMENTS, scope="payments",
        find=purchase_lookup.find_parent_order,
    ),
    "spree_v3.admin.orders.payments.capture": Action(
        run=payment_operations.capture, side="admin", controller=_PAYMENTS, scope="payments", writes=True,
        find=purchase_lookup.find_payment,
    ),
    "spree_v3.admin.orders.payments.void": Action(
        run=payment_operations.void, side="admin", controller=_PAYMENTS, scope="payments", writes=True,
        find=purchase_lookup.find_payment,
    ),
}  # fmt: skip
"""By operationId."""

ORDER_ROUTES: Final = (
    Route(
        "POST", "/api/v3/store/carts",
        Action(run=preparing_operations.create_cart, side="store", controller=_CARTS),
    ),
    Route(
        "PATCH", "/api/v3/store/carts/{id}",
        Action(
            run=preparing_operations.update_cart, side="store", controller=_CARTS, find=purchase_lookup.find_cart
        ),
    ),
    Route(
        "PATCH", "/api/v3/store/carts/{id}/associate",
        Action(
            run=preparing_operations.associate, side="store", controller=_CARTS, customer="first",
            find=purchase_lookup.find_free_cart,
        ),
    ),
    Route(
        "POST", "/api/v3/store/carts/{cart_id}/gift_cards",
        Action(
            run=gift_card_operations.apply, side="store", controller="store.carts.gift_cards",
            find=purchase_lookup.find_cart,
        ),
    ),
    Route(
        "DELETE", "/api/v3/store/carts/{cart_id}/gift_cards/{id}",
        Action(
            run=gift_card_operations.remove, side="store", controller="store.carts.gift_cards",
            find=purchase_lookup.find_cart,
        ),
    ),
    Route(
        "GET", "/api/v3/store/currencies",
        Action(run=preparing_operations.list_currencies, side="store", controller="store.currencies"),
    ),
    Route(
        "POST", "/api/v3/admin/orders",
        Action(
            run=preparing_operations.create_order, side="admin", controller=_ORDERS, scope="orders", writes=True
        ),
    ),
    Route(
        "POST", "/api/v3/admin/orders/{order_id}/refunds",
        Action(
            run=payment_operations.refund, side="admin", controller="admin.orders.refunds", scope="refunds",
            writes=True, find=purchase_lookup.find_parent_order,
        ),
    ),
    Route(
        "PATCH", "/api/v3/admin/payment_methods/{id}",
        Action(
            run=preparing_operations.update_method, side="admin", controller="admin.payment_methods",
            scope="payment_methods", writes=True,
        ),
    ),
    Route(
        "POST", "/api/v3/admin/gift_cards",
        Action(
            run=preparing_operations.create_gift_card, side="admin", controller="admin.gift_cards", scope="gift_cards",
            writes=True,
        ),
    ),
)  # fmt: skip
"""What the document lacks."""
