"""SpreeCartStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field, setters

from store_credit._core.attributes import Related, prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    DECIMAL,
    ID,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
    is_plain,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_cart_store_credit_category import SpreeCartStoreCreditCategory
    from store_credit.models.spree_cart_store_credit_event import SpreeCartStoreCreditEvent
    from store_credit.models.spree_cart_store_credit_type import SpreeCartStoreCreditType

__all__ = ["SpreeCartStoreCredit"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeCartStoreCredit(Resource):
    """A store credit that is used to pay for the cart, as the shopper sees it.

    Source: recorded: storefront.apply.include_source_deep.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "created_at": DATE_TIME,
        "public_metadata": AS_IS,
    }

    amount: Decimal
    """The amount issued."""

    amount_used: Decimal
    """The amount captured by payments."""

    created_at: datetime
    """When the credit was issued."""

    public_metadata: dict[str, Any]
    """Custom data that the shopper can see."""

    category: Related[SpreeCartStoreCreditCategory | None] = field(init=False, default=Related())
    """The credit's category."""

    credit_type: Related[SpreeCartStoreCreditType | None] = field(init=False, default=Related())
    """The credit's type. In Spree 4.9 and later, the type is null if none was sent."""

    store_credit_events: Related[list[SpreeCartStoreCreditEvent]] = field(init=False, default=Related())
    """The credit's ledger."""

    metafields: Related[list[Resource]] = field(init=False, default=Related())
    """Available in Spree 5.2 and later. Custom fields."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        self._document = document
        self._related = None
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.type = value if type(value := data["type"]) is str and value else ID.read(value)
            data = data["attributes"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.amount_used = (
                Decimal(value) if type(value := data["amount_used"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.public_metadata = data["public_metadata"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
