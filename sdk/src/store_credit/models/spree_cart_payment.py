"""SpreeCartPayment. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field, setters

from store_credit._core.attributes import Related, prepare
from store_credit._core.fields import (
    AS_IS,
    DECIMAL,
    ID,
    READ_ERRORS,
    Codec,
    is_plain,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_cart_store_credit import SpreeCartStoreCredit

__all__ = ["SpreeCartPayment"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeCartPayment(Resource):
    """A payment for a cart, as the shopper sees it.

    Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.all.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "amount": DECIMAL,
        "response_code": AS_IS,
        "number": AS_IS,
        "cvv_response_code": AS_IS,
        "cvv_response_message": AS_IS,
        "payment_method_id": AS_IS,
        "payment_method_name": AS_IS,
        "state": AS_IS,
        "public_metadata": AS_IS,
    }

    amount: Decimal
    """The amount of the payment."""

    response_code: str | None
    """The processor's reference. For store credit, this is the `authorization_code` of the payment's events."""

    number: str
    """The payment number shown to shoppers and staff."""

    cvv_response_code: str | None
    """Result of the card security code check. Null for store credit."""

    cvv_response_message: str | None
    """Message from the card security code check. Null for store credit."""

    payment_method_id: str | int
    """Id of the payment method: an integer before Spree 5, and a string in Spree 5 and later."""

    payment_method_name: str
    """Name of the payment method."""

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

    public_metadata: dict[str, Any]
    """Custom data that the shopper can see."""

    source: Related[SpreeCartStoreCredit | Resource | None] = field(init=False, default=Related())
    """The payment source. For store credit, this is the credit itself."""

    payment_method: Related[Resource | None] = field(init=False, default=Related())
    """The payment method."""

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
            self.response_code = data["response_code"]
            self.number = data["number"]
            self.cvv_response_code = data["cvv_response_code"]
            self.cvv_response_message = data["cvv_response_message"]
            self.payment_method_id = data["payment_method_id"]
            self.payment_method_name = data["payment_method_name"]
            self.state = data["state"]
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
