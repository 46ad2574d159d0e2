"""SpreeCartStoreCreditEvent. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    DATE_TIME,
    DECIMAL,
    READ_ERRORS,
    Codec,
    NotUTCError,
    read_decimal,
)

__all__ = ["SpreeCartStoreCreditEvent"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeCartStoreCreditEvent(Resource):
    """One movement in a credit's ledger, as the shopper sees it.

    Source: recorded: storefront.apply.include_source_deep.
    """

    action: str
    """What happened; see the Platform API's event."""

    amount: Decimal
    """How much was moved."""

    user_total_amount: Decimal
    """What the user could spend after the event, in the default currency of the default store."""

    created_at: datetime
    """When it happened."""

    order_number: str | None
    """Number of the order it belongs to; null if there is none."""

    _fields: ClassVar[dict[str, Codec]] = {
        "action": AS_IS,
        "amount": DECIMAL,
        "user_total_amount": DECIMAL,
        "created_at": DATE_TIME,
        "order_number": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})
    _relationships: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_resource(cls, data: Mapping[str, Any], document: Document | None = None) -> Self:
        """Make a record from its resource object; `document` is what its relationships lead to."""
        self = cls.__new__(cls)
        self._raw = data
        self._document = document
        try:
            self.id = data["id"]
            self.type = data["type"]
            data = data["attributes"]
            self.action = data["action"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and value[-1:] <= "9" else read_decimal(value)
            )
            self.user_total_amount = (
                Decimal(value)
                if type(value := data["user_total_amount"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            value = from_text(data["created_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.created_at = value
            self.order_number = data["order_number"]
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
