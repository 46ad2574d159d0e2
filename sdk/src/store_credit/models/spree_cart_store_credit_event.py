"""SpreeCartStoreCreditEvent. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
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

__all__ = ["SpreeCartStoreCreditEvent"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeCartStoreCreditEvent(Resource):
    """One entry in a credit's ledger, as the shopper sees it.

    Source: recorded: storefront.apply.include_source_deep.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "action": AS_IS,
        "amount": DECIMAL,
        "user_total_amount": DECIMAL,
        "created_at": DATE_TIME,
        "order_number": AS_IS,
    }

    action: str
    """What happened:

    - `allocation`: the credit was issued, or one of its amounts was changed
    - `eligible`: a payment was created from the credit
    - `authorize`: the payment was authorized, which locks the amount
    - `capture`: the payment was captured, which spends the amount
    - `void`: the authorization was voided
    - `credit`: a captured amount was given back
    """

    amount: Decimal
    """The amount of the entry."""

    user_total_amount: Decimal
    """The user's balance after the event, in the default store's default currency."""

    created_at: datetime
    """When the event occurred."""

    order_number: str | None
    """Number of the order that the event belongs to. Null if the event does not belong to an order."""

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
            self.action = data["action"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.user_total_amount = (
                Decimal(value)
                if type(value := data["user_total_amount"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.order_number = data["order_number"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
