"""Where orders and carts are kept."""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table

__all__ = ["ORDER_TABLES"]

ORDER_TABLES: Final[tuple[Table, ...]] = ()
