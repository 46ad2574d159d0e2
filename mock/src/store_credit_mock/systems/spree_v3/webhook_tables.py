"""Where webhook endpoints and deliveries are kept."""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table

__all__ = ["WEBHOOK_TABLES"]

WEBHOOK_TABLES: Final[tuple[Table, ...]] = ()
