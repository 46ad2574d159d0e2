"""A record and the creates that tests of the SDK make when it does not matter which."""

from typing import Any, Final

__all__ = ["CREATE", "CREDIT", "SPREE_CREATE"]

CREDIT: Final[dict[str, Any]] = {
    "id": "sc_1",
    "customer": "cust_1",
    "amount": 1000,
    "currency": "USD",
    "balance_remaining": 1000,
    "expires_at": None,
    "created": 1780000000,
}
"""A VINR credit."""
CREATE: Final[dict[str, Any]] = {"customer": "cust_1", "amount": 1000, "currency": "USD"}
"""A create of VINR, which has an idempotency key."""
SPREE_CREATE: Final[dict[str, Any]] = {
    "user_id": "2",
    "category_id": "4",
    "created_by_id": "5",
    "amount": "25",
    "currency": "USD",
}
"""A create of Spree, which has none."""
