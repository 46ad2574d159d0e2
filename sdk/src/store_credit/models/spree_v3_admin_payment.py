"""SpreeV3AdminPayment. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

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
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_v3_store_credit import SpreeV3StoreCredit

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3AdminPayment"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3AdminPayment(Model):
    """A payment for an order, as back-office staff see it.

    Source: recorded: v3.admin.orders.payments.spree561, v3.admin.orders.capture.spree561,
    v3.admin.orders.void_payment.spree600alpha; read from code: Spree 6.0, October 2026; decided: x-decisions in
    openapi.yaml.
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
        "source": nullable(one_of(SpreeV3StoreCredit), text=True),
        "metadata": AS_IS,
        "avs_response": AS_IS,
        "cvv_response_code": AS_IS,
        "cvv_response_message": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "captured_amount": DECIMAL,
        "order_id": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_amount",
        }
    )
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "payment_method_id",
            "response_code",
            "number",
            "amount",
            "status",
            "source_type",
            "source_id",
            "source",
            "metadata",
            "avs_response",
            "cvv_response_code",
            "cvv_response_message",
            "created_at",
            "updated_at",
            "captured_amount",
            "order_id",
        }
    )

    id: str
    """The payment's id, in the form `py_...`."""

    payment_method_id: str
    """Id of the payment method, in the form `pm_...`."""

    response_code: str | None
    """The authorization code. For store credit, this is `<number of the credit>-SC-<time>`."""

    number: str
    """The payment number shown to customers and staff."""

    amount: Decimal
    """The amount of the payment, in major units of the order's currency."""

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

    source: SpreeV3StoreCredit | None
    """The payment source. For store credit, this is the credit itself."""

    metadata: dict[str, Any]
    """Custom data attached by applications."""

    avs_response: str | None
    """The gateway's address verification result."""

    cvv_response_code: str | None
    """The gateway's result code for the card security code check."""

    cvv_response_message: str | None
    """The gateway's message for the card security code check."""

    created_at: datetime
    """When the payment was created."""

    updated_at: datetime
    """When the payment was last changed."""

    captured_amount: Decimal
    """The amount captured, in major units of the order's currency."""

    order_id: str
    """Id of the order, in the form `or_...`."""

    display_amount: Maybe[str] = UNSET
    """The formatted `amount`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

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
            self.display_amount = data.get("display_amount", UNSET)
            self.status = data["status"]
            self.source_type = data["source_type"]
            self.source_id = data["source_id"]
            self.source = (
                None
                if (value := data["source"]) is None
                else SpreeV3StoreCredit._decode(value)
                if type(value) is dict
                else value
            )
            self.metadata = data["metadata"]
            self.avs_response = data["avs_response"]
            self.cvv_response_code = data["cvv_response_code"]
            self.cvv_response_message = data["cvv_response_message"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.captured_amount = (
                Decimal(value)
                if type(value := data["captured_amount"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.order_id = data["order_id"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
