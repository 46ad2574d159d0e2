"""SpreeStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field, setters

from store_credit._core.attributes import Related, prepare
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
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_store_credit_category import SpreeStoreCreditCategory
    from store_credit.models.spree_store_credit_event import SpreeStoreCreditEvent
    from store_credit.models.spree_store_credit_type import SpreeStoreCreditType
    from store_credit.models.spree_user import SpreeUser

__all__ = ["SpreeStoreCredit"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeStoreCredit(Resource):
    """A store credit.

    Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.store_credits.retrieve.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "amount_authorized": DECIMAL,
        "memo": AS_IS,
        "currency": CURRENCY,
        "originator_type": AS_IS,
        "deleted_at": nullable(DATE_TIME),
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "public_metadata": AS_IS,
        "private_metadata": AS_IS,
        "display_amount": AS_IS,
        "display_amount_used": AS_IS,
        "display_amount_remaining": AS_IS,
        "display_amount_authorized": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_amount_remaining",
            "display_amount_authorized",
        }
    )

    amount: Decimal
    """The amount issued."""

    amount_used: Decimal
    """The amount captured by payments."""

    amount_authorized: Decimal
    """The amount reserved by payments that are authorized but not yet captured."""

    memo: str | None
    """Free text for the back office."""

    currency: str
    """ISO 4217 currency code, exactly as it was sent. Spree checks only that a value is present."""

    originator_type: str | None
    """Ruby class of the record that the credit originated from, such as `Spree::Order`."""

    deleted_at: datetime | None
    """When the credit was deleted. Always null, except in the response to a create request that set `deleted_at`."""

    created_at: datetime
    """When the credit was issued."""

    updated_at: datetime
    """When the credit was last changed."""

    public_metadata: dict[str, Any]
    """Custom data from the back office that shoppers can see."""

    private_metadata: dict[str, Any]
    """Custom data from the back office that shoppers cannot see."""

    display_amount: str | None
    """The amount issued, formatted with its currency symbol. Null if the currency is unknown."""

    display_amount_used: str | None
    """The amount used, formatted with its currency symbol. Null if the currency is unknown."""

    display_amount_remaining: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. The remaining amount, formatted with its currency symbol."""

    display_amount_authorized: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. The amount authorized, formatted with its currency symbol."""

    user: Related[SpreeUser | None] = field(init=False, default=Related())
    """The owner. In Spree 4.9 and later, the owner is null if the user was removed from the credit."""

    created_by: Related[SpreeUser | None] = field(init=False, default=Related())
    """The user who issued the credit. The type is `user`, or `admin_user` in Spree 4.9 and later."""

    store_credit_category: Related[SpreeStoreCreditCategory | None] = field(init=False, default=Related())
    """The credit's category."""

    store_credit_type: Related[SpreeStoreCreditType | None] = field(init=False, default=Related())
    """The credit's type. The id is still returned after the type is deleted. In Spree 4.9 and later, the type is null
    if none was sent.
    """

    store_credit_events: Related[list[SpreeStoreCreditEvent]] = field(init=False, default=Related())
    """The events in the credit's ledger."""

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
            self.amount_authorized = (
                Decimal(value)
                if type(value := data["amount_authorized"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.memo = data["memo"]
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.originator_type = data["originator_type"]
            self.deleted_at = (
                None
                if (value := data["deleted_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.public_metadata = data["public_metadata"]
            self.private_metadata = data["private_metadata"]
            self.display_amount = data["display_amount"]
            self.display_amount_used = data["display_amount_used"]
            self.display_amount_remaining = data.get("display_amount_remaining", UNSET)
            self.display_amount_authorized = data.get("display_amount_authorized", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
