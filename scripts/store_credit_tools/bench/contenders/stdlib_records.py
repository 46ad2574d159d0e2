"""The least that Python can do without a library: `json.loads`, then plain classes with slots filled from its dicts.

The JSON object is kept, since unknown fields have to survive a round trip; beyond that nothing is checked, no record is
found twice, and a surprise ends the whole page. What an SDK without a fast codec can reach lies above this.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from store_credit_tools.bench.contenders.reading import spree_flat, spree_v3, vinr, vinr_expanded

__all__ = ["BARE"]

_unix = datetime.fromtimestamp
_text = datetime.fromisoformat


class Customer:
    """An expanded customer."""

    __slots__ = ("created", "default_payment_method", "email", "id", "name", "phone", "raw")

    def __init__(self, data: Any) -> None:
        self.raw = data
        self.id = data["id"]
        self.email = data["email"]
        self.name = data["name"]
        self.phone = data["phone"]
        self.default_payment_method = data["default_payment_method"]
        self.created = _unix(data["created"], UTC)


class VinrCredit:
    """A VINR store credit."""

    __slots__ = ("amount", "balance_remaining", "created", "currency", "customer", "expires_at", "id", "raw")

    def __init__(self, data: Any) -> None:
        self.raw = data
        self.id = data["id"]
        self.customer = Customer(value) if type(value := data["customer"]) is dict else value
        self.amount = data["amount"]
        self.currency = data["currency"]
        self.balance_remaining = data["balance_remaining"]
        self.expires_at = None if (value := data["expires_at"]) is None else _unix(value, UTC)
        self.created = _unix(data["created"], UTC)


class Related:
    """A related record of which id and type are known."""

    __slots__ = ("id", "raw", "type")

    def __init__(self, data: Any) -> None:
        self.raw = data
        self.id = data["id"]
        self.type = data["type"]


class SpreeCredit:
    """A Spree store credit."""

    __slots__ = (
        "amount",
        "amount_authorized",
        "amount_used",
        "created_at",
        "created_by",
        "currency",
        "deleted_at",
        "display_amount",
        "display_amount_used",
        "id",
        "memo",
        "originator_type",
        "private_metadata",
        "public_metadata",
        "raw",
        "store_credit_category",
        "store_credit_events",
        "store_credit_type",
        "type",
        "updated_at",
        "user",
    )

    def __init__(self, data: Any) -> None:
        self.raw = data
        self.id = data["id"]
        self.type = data["type"]
        attributes = data["attributes"]
        self.amount = Decimal(attributes["amount"])
        self.amount_used = Decimal(attributes["amount_used"])
        self.amount_authorized = Decimal(attributes["amount_authorized"])
        self.memo = attributes["memo"]
        self.currency = attributes["currency"]
        self.originator_type = attributes["originator_type"]
        self.deleted_at = None if (value := attributes["deleted_at"]) is None else _text(value)
        self.created_at = _text(attributes["created_at"])
        self.updated_at = _text(attributes["updated_at"])
        self.public_metadata = attributes["public_metadata"]
        self.private_metadata = attributes["private_metadata"]
        self.display_amount = attributes["display_amount"]
        self.display_amount_used = attributes["display_amount_used"]
        related = data["relationships"]
        self.user = Related(related["user"]["data"])
        self.created_by = Related(related["created_by"]["data"])
        self.store_credit_category = Related(related["store_credit_category"]["data"])
        self.store_credit_type = Related(related["store_credit_type"]["data"])
        self.store_credit_events = [Related(one) for one in related["store_credit_events"]["data"]]


class SpreeV3Credit:
    """A store credit of Spree's API v3."""

    __slots__ = (
        "amount",
        "amount_remaining",
        "amount_used",
        "category_id",
        "category_name",
        "created_at",
        "created_by_id",
        "currency",
        "customer_id",
        "display_amount",
        "display_amount_remaining",
        "display_amount_used",
        "id",
        "memo",
        "metadata",
        "raw",
        "updated_at",
    )

    def __init__(self, data: Any) -> None:
        self.raw = data
        self.id = data["id"]
        self.amount = Decimal(data["amount"])
        self.amount_used = Decimal(data["amount_used"])
        self.amount_remaining = Decimal(data["amount_remaining"])
        self.display_amount = data["display_amount"]
        self.display_amount_used = data["display_amount_used"]
        self.display_amount_remaining = data["display_amount_remaining"]
        self.currency = data["currency"]
        self.memo = data["memo"]
        self.metadata = data["metadata"]
        self.created_at = _text(data["created_at"])
        self.updated_at = _text(data["updated_at"])
        self.customer_id = data["customer_id"]
        self.created_by_id = data["created_by_id"]
        self.category_id = data["category_id"]
        self.category_name = data["category_name"]


def _page(
    model: type[VinrCredit] | type[SpreeCredit] | type[SpreeV3Credit], read: Callable[[Iterable[Any]], None]
) -> Callable[[bytes], None]:
    return lambda content: read([model(one) for one in json.loads(content)["data"]])


BARE = {
    "vinr": _page(VinrCredit, vinr),
    "vinr_expanded": _page(VinrCredit, vinr_expanded),
    "spree": _page(SpreeCredit, spree_flat),
    "spree_v3": _page(SpreeV3Credit, spree_v3),
}
"""By the body's name: what is done with the content."""
