"""Of carts and orders, the members that store credit decides: only these are compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, cast

__all__ = ["CART", "ORDER", "decided"]

_BOTH: Final = frozenset(
    {
        "id", "number", "email", "currency", "total_quantity", "total", "display_total", "item_total",
        "display_item_total", "delivery_total", "display_delivery_total", "gift_card_total", "display_gift_card_total",
        "store_credit_total", "display_store_credit_total", "covered_by_store_credit", "amount_due",
        "display_amount_due", "payments",
    }
)  # fmt: skip
CART: Final = _BOTH | {"token", "current_step", "completed_steps", "requirements", "warnings"}
"""Of carts: also how far the checkout has come, as a cart that credit covers needs no other payment."""
ORDER: Final = _BOTH | {
    "cart_id", "status", "payment_status", "payment_total", "display_payment_total", "completed_at", "canceled_at",
    "created_at", "updated_at", "customer_id",
}  # fmt: skip
"""Of orders: also what was paid and when."""

_IS_CART: Final = re.compile(r"cart_\w+")
_IS_ORDER: Final = re.compile(r"or_\w+")


def decided(body: Any) -> Any:
    """A body without the members of a cart or an order that have nothing to do with store credit."""
    if not isinstance(body, Mapping):
        return body
    members = cast("Mapping[str, Any]", body)
    identity = str(members.get("id", ""))
    if "store_credit_total" not in members:
        return members
    if _IS_CART.fullmatch(identity):
        return {name: value for name, value in members.items() if name in CART}
    if _IS_ORDER.fullmatch(identity):
        return {name: value for name, value in members.items() if name in ORDER}
    return members
