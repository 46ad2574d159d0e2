"""SpreePayment. Generated from openapi.yaml by scripts/generate: do not edit."""

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
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_order import SpreeOrder
    from store_credit.models.spree_store_credit import SpreeStoreCredit

__all__ = ["SpreePayment"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreePayment(Resource):
    """A payment for an order, as back-office staff see it.

    Source: recorded: platform.orders.use_store_credit.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
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

    amount: Decimal
    """The amount of the payment."""

    state: str
    """The state of the payment:

    - `checkout`: not processed yet; nothing is authorized or captured
    - `pending`: authorized, not captured yet
    - `processing`: being processed
    - `completed`: captured
    - `failed`: the authorization or capture was declined
    - `void`: the authorization was voided
    - `invalid`: removed or replaced
    """

    response_code: str | None
    """The processor's reference. For store credit, this is the `authorization_code` of the payment's events."""

    number: str
    """The payment number shown to shoppers and staff."""

    source_type: str | None
    """Ruby class of the payment source. For store credit, this is `Spree::StoreCredit`."""

    avs_response: str | None
    """Result of the address verification. Null for store credit."""

    cvv_response_code: str | None
    """Result of the card security code check. Null for store credit."""

    cvv_response_message: str | None
    """Message from the card security code check. Null for store credit."""

    created_at: datetime
    """When the payment was created."""

    updated_at: datetime
    """When the payment was last changed."""

    public_metadata: dict[str, Any]
    """Custom data that the shopper can see."""

    private_metadata: dict[str, Any]
    """Custom data for the back office."""

    display_amount: str | None
    """The amount, formatted with its currency symbol."""

    display_credit_allowed: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. The formatted amount that can still be refunded."""

    display_source_name: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. Name of the payment source."""

    source: Related[SpreeStoreCredit | Resource | None] = field(init=False, default=Related())
    """The payment source. For store credit, this is the credit itself."""

    payment_method: Related[Resource | None] = field(init=False, default=Related())
    """The payment method."""

    order: Related[SpreeOrder | None] = field(init=False, default=Related())
    """The order that the payment is for."""

    log_entries: Related[list[Resource]] = field(init=False, default=Related())
    """The processor's responses."""

    state_changes: Related[list[Resource]] = field(init=False, default=Related())
    """The payment's history."""

    payment_capture_events: Related[list[Resource]] = field(init=False, default=Related())
    """Captures."""

    refunds: Related[list[Resource]] = field(init=False, default=Related())
    """Refunds."""

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
            self.state = data["state"]
            self.response_code = data["response_code"]
            self.number = data["number"]
            self.source_type = data["source_type"]
            self.avs_response = data["avs_response"]
            self.cvv_response_code = data["cvv_response_code"]
            self.cvv_response_message = data["cvv_response_message"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.public_metadata = data["public_metadata"]
            self.private_metadata = data["private_metadata"]
            self.display_amount = data["display_amount"]
            self.display_credit_allowed = data.get("display_credit_allowed", UNSET)
            self.display_source_name = data.get("display_source_name", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
