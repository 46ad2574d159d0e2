"""Every action there is: those of the document by operationId, and the routes it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store_credit_mock.systems.spree_v3.actions import Action, RouteTable

__all__ = ["ACTIONS", "ROUTES"]

ACTIONS: Final[Mapping[str, Action]] = {}
"""By operationId."""

ROUTES: Final = RouteTable(())
"""What others need before they can use the operations: carts, customers, keys."""
