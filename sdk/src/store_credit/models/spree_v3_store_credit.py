"""SpreeV3StoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
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
from store_credit.models.spree_v3_customer import SpreeV3Customer

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StoreCredit"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StoreCredit(Model):
    """A store credit, as back-office staff see it. Amounts are decimal strings in major units of `currency`. Versions
    before 6.0 return them in the form `25.0`; in 6.0 and later, they have as many decimal places as the currency
    (`25.00`, `1000` for JPY, `1.500` for KWD).

    Source: recorded: v3.admin.store_credits.create.spree561, v3.admin.store_credits.create.spree600alpha,
    v3.admin.all_store_credits.list.spree600alpha_overlay,
    v3.admin.all_store_credits.list_expand.spree600alpha_overlay; read from code: Spree 6.0, October 2026; decided:
    x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "amount_authorized": DECIMAL,
        "amount_remaining": DECIMAL,
        "outstanding": AS_IS,
        "display_amount": AS_IS,
        "display_amount_used": AS_IS,
        "display_amount_authorized": AS_IS,
        "display_amount_remaining": AS_IS,
        "currency": CURRENCY,
        "memo": AS_IS,
        "metadata": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "customer_id": AS_IS,
        "created_by_id": AS_IS,
        "category_id": AS_IS,
        "category_name": AS_IS,
        "originator_type": AS_IS,
        "originator_id": AS_IS,
        "customer": nullable(one_of(SpreeV3Customer), text=True),
        "created_by": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "amount_authorized",
            "outstanding",
            "display_amount",
            "display_amount_used",
            "display_amount_authorized",
            "display_amount_remaining",
            "category_id",
            "category_name",
            "originator_type",
            "originator_id",
            "customer",
            "created_by",
        }
    )
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "amount",
            "amount_used",
            "amount_remaining",
            "currency",
            "memo",
            "metadata",
            "created_at",
            "updated_at",
            "customer_id",
            "created_by_id",
        }
    )

    id: str
    """The credit's id, in the form `credit_...`."""

    amount: Decimal
    """The amount issued, in major units of `currency`."""

    amount_used: Decimal
    """The amount captured by payments, in major units."""

    amount_remaining: Decimal
    """The remaining amount, in major units: `amount - amount_used - amount_authorized`."""

    currency: str
    """ISO 4217 currency code, exactly as it was sent. The server accepts any text that is not blank."""

    memo: str | None
    """Free text for the back office. If you include your own reference in the memo, you can use it to find the
    credit.
    """

    metadata: dict[str, Any]
    """Custom data attached by applications. No operation in `openapi.yaml` sets this field."""

    created_at: datetime
    """When the credit was issued."""

    updated_at: datetime
    """When the credit was last changed."""

    customer_id: str | None
    """Id of the owner: `cus_...` in 5.6 and earlier, and `cust_...` in 6.0-alpha and later. In `6.0-alpha+ledger` and
    later, the id is null for a credit that was created from a gift card applied to a guest's cart.
    """

    created_by_id: str | None
    """Id of the member of staff who issued the credit. Null if the request was sent with only an API key."""

    amount_authorized: Maybe[Decimal] = UNSET
    """The amount reserved by payments that are authorized but not yet captured, in major units. Available only in
    6.0-alpha+ledger, 6.0.
    """

    outstanding: Maybe[bool] = UNSET
    """True if part of the credit remains and none of it is authorized. A credit with an authorized amount does not
    count as outstanding, so the sum of the outstanding credits can be less than the amount that the shop owes.
    Available only in 6.0.
    """

    display_amount: Maybe[str | None] = UNSET
    """The formatted `amount`, such as `$25.00`. Null if the currency is unknown. Available only in 5.5, 5.6,
    6.0-alpha, 6.0-alpha+ledger.
    """

    display_amount_used: Maybe[str | None] = UNSET
    """The formatted `amount_used`, such as `$25.00`. Null if the currency is unknown. Available only in 5.5, 5.6,
    6.0-alpha, 6.0-alpha+ledger.
    """

    display_amount_authorized: Maybe[str | None] = UNSET
    """The formatted `amount_authorized`, such as `$25.00`. Null if the currency is unknown. Available only in
    6.0-alpha+ledger.
    """

    display_amount_remaining: Maybe[str | None] = UNSET
    """The formatted `amount_remaining`, such as `$25.00`. Null if the currency is unknown. Available only in 5.5,
    5.6, 6.0-alpha, 6.0-alpha+ledger.
    """

    category_id: Maybe[str] = UNSET
    """Id of the credit's category, in the form `sccat_...`. Available only in 5.5, 5.6."""

    category_name: Maybe[str] = UNSET
    """Name of the credit's category. Available only in 5.5, 5.6."""

    originator_type: Maybe[str | None] = UNSET
    """The kind of record that created the credit: `return`, `exchange`, `claim` or `gift_card`. Null if the credit
    was created by a person or with an API key. Available only in 6.0-alpha+ledger, 6.0.
    """

    originator_id: Maybe[str | None] = UNSET
    """Id of the record that created the credit, such as `gc_...`. Available only in 6.0-alpha+ledger, 6.0."""

    customer: Maybe[SpreeV3Customer | None] = UNSET
    """The customer who owns the credit, if requested with `expand`. Available only in 6.0-alpha+ledger, 6.0."""

    created_by: Maybe[dict[str, Any] | None] = UNSET
    """The member of staff who issued the credit, if requested with `expand`. Available only in 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.amount_used = (
                Decimal(value) if type(value := data["amount_used"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.amount_authorized = (
                value
                if (value := data.get("amount_authorized", UNSET)) is UNSET
                else Decimal(value)
                if type(value) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.amount_remaining = (
                Decimal(value)
                if type(value := data["amount_remaining"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.outstanding = data.get("outstanding", UNSET)
            self.display_amount = data.get("display_amount", UNSET)
            self.display_amount_used = data.get("display_amount_used", UNSET)
            self.display_amount_authorized = data.get("display_amount_authorized", UNSET)
            self.display_amount_remaining = data.get("display_amount_remaining", UNSET)
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.memo = data["memo"]
            self.metadata = data["metadata"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.customer_id = data["customer_id"]
            self.created_by_id = data["created_by_id"]
            self.category_id = data.get("category_id", UNSET)
            self.category_name = data.get("category_name", UNSET)
            self.originator_type = data.get("originator_type", UNSET)
            self.originator_id = data.get("originator_id", UNSET)
            self.customer = (
                value
                if (value := data.get("customer", UNSET)) is UNSET or value is None
                else SpreeV3Customer._decode(value)
                if type(value) is dict
                else value
            )
            self.created_by = data.get("created_by", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
