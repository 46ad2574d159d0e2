"""SpreeCartPayment. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    DECIMAL,
    READ_ERRORS,
    Codec,
    read_decimal,
)

if TYPE_CHECKING:
    from store_credit.models.spree_cart_store_credit import SpreeCartStoreCredit

__all__ = ["SpreeCartPayment"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeCartPayment(Resource):
    """A payment of a cart, as the shopper sees it.

    Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.all.
    """

    amount: Decimal
    """What the payment is worth."""

    response_code: str | None
    """The processor's reference; for store credit the `authorization_code` of its events."""

    number: str
    """The number people know the payment by."""

    cvv_response_code: str | None
    """Result of the card-code check; null for store credit."""

    cvv_response_message: str | None
    """Text of the card-code check; null for store credit."""

    payment_method_id: str | int
    """Id of the payment method. An integer, from Spree 5 on a string."""

    payment_method_name: str
    """Name of the payment method."""

    state: str
    """How far the payment is."""

    public_metadata: dict[str, Any]
    """Anything attached that the shopper may see."""

    source: SpreeCartStoreCredit | Resource | None = field(init=False)
    """What pays; for store credit the credit."""

    payment_method: Resource | None = field(init=False)
    """The payment method."""

    metafields: list[Resource] = field(init=False)
    """From Spree 5.2 on. Custom fields."""

    _fields: ClassVar[dict[str, Codec]] = {
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
    _optional: ClassVar[frozenset[str]] = frozenset({})
    _relationships: ClassVar[tuple[str, ...]] = (
        "source",
        "payment_method",
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
            self.response_code = data["response_code"]
            self.number = data["number"]
            self.cvv_response_code = data["cvv_response_code"]
            self.cvv_response_message = data["cvv_response_message"]
            self.payment_method_id = data["payment_method_id"]
            self.payment_method_name = data["payment_method_name"]
            self.state = data["state"]
            self.public_metadata = data["public_metadata"]
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
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
