"""SpreeV3Payment. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DECIMAL,
    ID,
    READ_ERRORS,
    Codec,
    is_plain,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.spree_v3_customer_store_credit import SpreeV3CustomerStoreCredit
from store_credit.models.spree_v3_payment_method import SpreeV3PaymentMethod

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Payment"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Payment(Model):
    """A payment, as the shopper sees it.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "payment_method_id": AS_IS,
        "response_code": AS_IS,
        "number": AS_IS,
        "amount": DECIMAL,
        "display_amount": AS_IS,
        "status": AS_IS,
        "source_type": AS_IS,
        "source_id": AS_IS,
        "source": nullable(one_of(SpreeV3CustomerStoreCredit), text=True),
        "payment_method": one_of(SpreeV3PaymentMethod),
    }

    id: str
    """The payment's id, in the form `py_...`."""

    payment_method_id: str
    """Id of the payment method, in the form `pm_...`."""

    response_code: str | None
    """The authorization code. For store credit, this is `<number of the credit>-SC-<time>`."""

    number: str
    """The payment number shown to customers and staff."""

    amount: Decimal
    """The amount of the payment, in major units of the cart's currency."""

    display_amount: str
    """The formatted `amount`, such as `$25.00`."""

    status: str
    """The state of the payment:

    - `checkout`: not processed yet; nothing is authorized or captured
    - `pending`: authorized, not captured yet
    - `processing`: being processed
    - `completed`: captured
    - `failed`: the authorization or capture was declined
    - `void`: the authorization was voided
    - `invalid`: removed or replaced
    """

    source_type: str | None
    """The kind of payment source, such as `store_credit`."""

    source_id: str | None
    """Id of the payment source. For store credit, this is the credit's id, in the form `credit_...`."""

    source: SpreeV3CustomerStoreCredit | None
    """The payment source. For store credit, this is the credit itself."""

    payment_method: SpreeV3PaymentMethod
    """The payment method."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.payment_method_id = data["payment_method_id"]
            self.response_code = data["response_code"]
            self.number = data["number"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_amount = data["display_amount"]
            self.status = data["status"]
            self.source_type = data["source_type"]
            self.source_id = data["source_id"]
            self.source = (
                None
                if (value := data["source"]) is None
                else SpreeV3CustomerStoreCredit._decode(value)
                if type(value) is dict
                else value
            )
            self.payment_method = (
                SpreeV3PaymentMethod._decode(value) if type(value := data["payment_method"]) is dict else value
            )
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
