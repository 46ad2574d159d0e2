"""SpreePayment. Generated from openapi.yaml by scripts/generate: do not edit."""

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
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit.models.spree_order import SpreeOrder
    from store_credit.models.spree_store_credit import SpreeStoreCredit

__all__ = ["SpreePayment"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreePayment(Resource):
    """A payment of an order, as the back office sees it.

    Source: recorded: platform.orders.use_store_credit.
    """

    amount: Decimal
    """What the payment is worth."""

    state: str
    """How far the payment is. A store-credit payment that was replaced is `invalid`."""

    response_code: str | None
    """The processor's reference; for store credit the `authorization_code` of its events."""

    number: str
    """The number people know the payment by."""

    source_type: str | None
    """Ruby class of what pays; for store credit `Spree::StoreCredit`."""

    avs_response: str | None
    """Result of the address check; null for store credit."""

    cvv_response_code: str | None
    """Result of the card-code check; null for store credit."""

    cvv_response_message: str | None
    """Text of the card-code check; null for store credit."""

    created_at: datetime
    """When it was made."""

    updated_at: datetime
    """When it last changed."""

    public_metadata: dict[str, Any]
    """Anything attached that the shopper may see."""

    private_metadata: dict[str, Any]
    """Anything attached for the back office."""

    display_amount: str | None
    """The amount as text with its currency sign."""

    display_credit_allowed: Maybe[str | None] = UNSET
    """From Spree 5 on. Text of what can still be refunded."""

    display_source_name: Maybe[str | None] = UNSET
    """From Spree 5 on. What pays, in words."""

    source: SpreeStoreCredit | Resource | None = field(init=False)
    """What pays; for store credit the credit."""

    payment_method: Resource | None = field(init=False)
    """The payment method."""

    order: SpreeOrder | None = field(init=False)
    """The order it pays."""

    log_entries: list[Resource] = field(init=False)
    """What the processor answered."""

    state_changes: list[Resource] = field(init=False)
    """The payment's history."""

    payment_capture_events: list[Resource] = field(init=False)
    """Captures."""

    refunds: list[Resource] = field(init=False)
    """Refunds."""

    metafields: list[Resource] = field(init=False)
    """From Spree 5.2 on. Custom fields."""

    _fields: ClassVar[dict[str, Codec]] = {
        "amount": DECIMAL,
        "state": AS_IS,
        "response_code": AS_IS,
        "number": AS_IS,
        "source_type": AS_IS,
        "avs_response": AS_IS,
        "cvv_response_code": AS_IS,
        "cvv_response_message": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "public_metadata": AS_IS,
        "private_metadata": AS_IS,
        "display_amount": AS_IS,
        "display_credit_allowed": AS_IS,
        "display_source_name": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_credit_allowed",
            "display_source_name",
        }
    )
    _relationships: ClassVar[tuple[str, ...]] = (
        "source",
        "payment_method",
        "order",
        "log_entries",
        "state_changes",
        "payment_capture_events",
        "refunds",
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
            self.state = data["state"]
            self.response_code = data["response_code"]
            self.number = data["number"]
            self.source_type = data["source_type"]
            self.avs_response = data["avs_response"]
            self.cvv_response_code = data["cvv_response_code"]
            self.cvv_response_message = data["cvv_response_message"]
            value = from_text(data["created_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.created_at = value
            value = from_text(data["updated_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.updated_at = value
            self.public_metadata = data["public_metadata"]
            self.private_metadata = data["private_metadata"]
            self.display_amount = data["display_amount"]
            self.display_credit_allowed = data.get("display_credit_allowed", UNSET)
            self.display_source_name = data.get("display_source_name", UNSET)
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.source = (
                    None
                    if (value := data["source"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.payment_method = (
                    None
                    if (value := data["payment_method"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.order = (
                    None
                    if (value := data["order"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.log_entries = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["log_entries"]["data"]
                ]
                self.state_changes = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["state_changes"]["data"]
                ]
                self.payment_capture_events = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["payment_capture_events"]["data"]
                ]
                self.refunds = [
                    known[value["type"]].get(value["id"]) or document.refer(value) for value in data["refunds"]["data"]
                ]
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
