"""Where webhook endpoints and their deliveries are kept. Times are Unix milliseconds, truth values 0 and 1."""

from __future__ import annotations

from typing import Final

from store_credit_mock.storage import Table

__all__ = ["WEBHOOK_TABLES"]

WEBHOOK_TABLES: Final = (
    Table(
        "spree_v3_webhook_endpoint",
        {
            "id": "BIGINT NOT NULL",
            "store_id": "BIGINT NOT NULL",
            "name": "TEXT",
            "url": "TEXT NOT NULL",
            "secret": "TEXT NOT NULL",
            "subscriptions": "TEXT NOT NULL",
            "active": "BIGINT NOT NULL",
            "disabled_reason": "TEXT",
            "disabled_at": "BIGINT",
            "refused_with": "BIGINT",
            "created_at": "BIGINT NOT NULL",
            "updated_at": "BIGINT NOT NULL",
        },
        key=("id",),
    ),
    Table(
        "spree_v3_webhook_delivery",
        {
            "id": "BIGINT NOT NULL",
            "endpoint_id": "BIGINT NOT NULL",
            "event_name": "TEXT NOT NULL",
            "event_id": "TEXT",
            "payload": "TEXT NOT NULL",
            "state": "TEXT NOT NULL",
            "attempts": "BIGINT NOT NULL",
            "due_ms": "BIGINT NOT NULL",
            "claimed_ms": "BIGINT NOT NULL",
            "response_code": "BIGINT",
            "error_type": "TEXT",
            "request_errors": "TEXT",
            "success": "BIGINT",
            "created_at": "BIGINT NOT NULL",
            "updated_at": "BIGINT NOT NULL",
            "delivered_at": "BIGINT",
        },
        key=("id",),
        indexes=[("state", "due_ms", "id"), ("endpoint_id", "id")],
    ),
)
"""`refused_with` is the status that the control plane has a listener answer with, without asking it."""
