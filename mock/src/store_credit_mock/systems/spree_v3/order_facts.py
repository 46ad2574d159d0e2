"""What customers and their profiles show of orders and addresses."""

from __future__ import annotations

from typing import Any

from store_credit_mock.systems.call import Call

__all__ = ["addresses", "totals"]


def totals(call: Call, customer_id: int) -> tuple[int, int, int | None]:
    """How many orders a customer has completed, their sum in ten-thousandths, and when the last one was, in ms."""
    del call, customer_id
    return 0, 0, None


def addresses(call: Call, customer_id: int) -> list[dict[str, Any]]:
    """The customer's addresses as the profile shows them."""
    del call, customer_id
    return []
