"""SpreeCartStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field

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

if TYPE_CHECKING:
    from store_credit.models.spree_cart_store_credit_category import SpreeCartStoreCreditCategory
    from store_credit.models.spree_cart_store_credit_event import SpreeCartStoreCreditEvent
    from store_credit.models.spree_cart_store_credit_type import SpreeCartStoreCreditType

__all__ = ["SpreeCartStoreCredit"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeCartStoreCredit(Resource):
    """A store credit that pays for the cart, as the shopper sees it.

    Source: recorded: storefront.apply.include_source_deep.
    """

    amount: Decimal
    """What was issued."""

    amount_used: Decimal
    """What has been captured by payments."""

    created_at: datetime
    """When it was issued."""

    public_metadata: dict[str, Any]
    """Anything attached that the shopper may see."""

    category: SpreeCartStoreCreditCategory | None = field(init=False)
    """Its category."""

    credit_type: SpreeCartStoreCreditType | None = field(init=False)
    """Its type; none from Spree 4.9 on, if no type was given."""

    store_credit_events: list[SpreeCartStoreCreditEvent] = field(init=False)
    """Its ledger."""

    metafields: list[Resource] = field(init=False)
    """From Spree 5.2 on. Custom fields."""

    _fields: ClassVar[dict[str, Codec]] = {
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "created_at": DATE_TIME,
        "public_metadata": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})
    _relationships: ClassVar[tuple[str, ...]] = (
        "category",
        "credit_type",
        "store_credit_events",
        "metafields",
    )

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
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and value[-1:] <= "9" else read_decimal(value)
            )
            self.amount_used = (
                Decimal(value)
                if type(value := data["amount_used"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            value = from_text(data["created_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.created_at = value
            self.public_metadata = data["public_metadata"]
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.category = (
                    None
                    if (value := data["category"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.credit_type = (
                    None
                    if (value := data["credit_type"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.store_credit_events = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["store_credit_events"]["data"]
                ]
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
