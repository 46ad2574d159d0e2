"""Every action there is: those of the document by operationId, and the routes it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store_credit_mock.systems.spree_v3.actions import Action, RouteTable
from store_credit_mock.systems.spree_v3.category_actions import CATEGORY_ACTIONS
from store_credit_mock.systems.spree_v3.credit_actions import CREDIT_ACTIONS
from store_credit_mock.systems.spree_v3.customer_actions import CUSTOMER_ACTIONS, CUSTOMER_ROUTES
from store_credit_mock.systems.spree_v3.key_actions import KEY_ROUTES
from store_credit_mock.systems.spree_v3.ledger_actions import LEDGER_ACTIONS
from store_credit_mock.systems.spree_v3.order_registry import ORDER_ACTIONS, ORDER_ROUTES
from store_credit_mock.systems.spree_v3.own_credit_actions import OWN_CREDIT_ACTIONS
from store_credit_mock.systems.spree_v3.sign_in import SIGN_IN_ACTIONS, SIGN_IN_ROUTES
from store_credit_mock.systems.spree_v3.webhook_operations import WEBHOOK_ROUTES

__all__ = ["ACTIONS", "ROUTES"]

ACTIONS: Final[Mapping[str, Action]] = {
    **SIGN_IN_ACTIONS,
    **ORDER_ACTIONS,
    **CUSTOMER_ACTIONS,
    **CREDIT_ACTIONS,
    **LEDGER_ACTIONS,
    **CATEGORY_ACTIONS,
    **OWN_CREDIT_ACTIONS,
}
"""By operationId."""

ROUTES: Final = RouteTable((*WEBHOOK_ROUTES, *ORDER_ROUTES, *SIGN_IN_ROUTES, *CUSTOMER_ROUTES, *KEY_ROUTES))
"""What others need before they can use the operations: carts, customers, keys."""
