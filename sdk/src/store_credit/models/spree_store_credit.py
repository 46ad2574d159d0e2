"""SpreeStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""

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
    nullable,
    read_decimal,
)
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit.models.spree_store_credit_category import SpreeStoreCreditCategory
    from store_credit.models.spree_store_credit_event import SpreeStoreCreditEvent
    from store_credit.models.spree_store_credit_type import SpreeStoreCreditType
    from store_credit.models.spree_user import SpreeUser

__all__ = ["SpreeStoreCredit"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeStoreCredit(Resource):
    """A store credit.

    Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.store_credits.retrieve.
    """

    amount: Decimal
    """What was issued."""

    amount_used: Decimal
    """What has been captured by payments."""

    amount_authorized: Decimal
    """What is reserved by payments that are authorized and not yet captured."""

    memo: str | None
    """Free text for the back office."""

    currency: str
    """ISO 4217 code as it was sent; the server checks nothing but presence."""

    originator_type: str | None
    """Ruby class of what caused the credit, such as `Spree::Order`."""

    deleted_at: datetime | None
    """When it was deleted. Null in every answer but that of a create which set it."""

    created_at: datetime
    """When it was issued."""

    updated_at: datetime
    """When it last changed."""

    public_metadata: dict[str, Any]
    """Anything the back office attached that shoppers may see."""

    private_metadata: dict[str, Any]
    """Anything the back office attached for itself."""

    display_amount: str | None
    """The amount issued as text with its currency sign. Null if the currency is unknown."""

    display_amount_used: str | None
    """The amount used as text with its currency sign. Null if the currency is unknown."""

    display_amount_remaining: Maybe[str | None] = UNSET
    """From Spree 5 on. What remains as text with its currency sign."""

    display_amount_authorized: Maybe[str | None] = UNSET
    """From Spree 5 on. The amount authorized as text with its currency sign."""

    user: SpreeUser | None = field(init=False)
    """The owner. None from Spree 4.9 on, if the user was removed from the credit."""

    created_by: SpreeUser | None = field(init=False)
    """Who issued it. Its type is `user`, from Spree 4.9 on `admin_user`."""

    store_credit_category: SpreeStoreCreditCategory | None = field(init=False)
    """Its category."""

    store_credit_type: SpreeStoreCreditType | None = field(init=False)
    """Its type; the id stays when the type is deleted. None from Spree 4.9 on, if no type was sent."""

    store_credit_events: list[SpreeStoreCreditEvent] = field(init=False)
    """Its ledger, one event for each movement."""

    metafields: list[Resource] = field(init=False)
    """From Spree 5.2 on. Custom fields."""

    _fields: ClassVar[dict[str, Codec]] = {
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "amount_authorized": DECIMAL,
        "memo": AS_IS,
        "currency": AS_IS,
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
    _relationships: ClassVar[tuple[str, ...]] = (
        "user",
        "created_by",
        "store_credit_category",
        "store_credit_type",
        "store_credit_events",
        "metafields",
    )
    _linked: ClassVar[dict[str, bool]] = {
        "user": False,
        "created_by": False,
        "store_credit_category": False,
        "store_credit_type": False,
        "store_credit_events": True,
    }

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
            self.amount_used = (
                Decimal(value)
                if type(value := data["amount_used"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.amount_authorized = (
                Decimal(value)
                if type(value := data["amount_authorized"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.memo = data["memo"]
            self.currency = data["currency"]
            self.originator_type = data["originator_type"]
            value = None if (value := data["deleted_at"]) is None else from_text(value)
            if value is not None and value.tzinfo is not UTC:
                raise NotUTCError
            self.deleted_at = value
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
            self.display_amount_used = data["display_amount_used"]
            self.display_amount_remaining = data.get("display_amount_remaining", UNSET)
            self.display_amount_authorized = data.get("display_amount_authorized", UNSET)
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.user = (
                    None
                    if (value := data["user"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.created_by = (
                    None
                    if (value := data["created_by"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.store_credit_category = (
                    None
                    if (value := data["store_credit_category"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.store_credit_type = (
                    None
                    if (value := data["store_credit_type"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.store_credit_events = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["store_credit_events"]["data"]
                ]
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def from_struct(cls, data: Any, raw: tuple[Any, ...], document: Document) -> Self:
        """Make a record as `from_resource` does, from a struct of a page on which nothing is included."""
        self = cls.__new__(cls)
        self._raw = raw
        self._document = document
        self.id = data.id
        self.type = data.type
        links = data.relationships
        data = data.attributes
        self.amount = Decimal(value) if type(value := data.amount) is str and value[-1:] <= "9" else read_decimal(value)
        self.amount_used = (
            Decimal(value) if type(value := data.amount_used) is str and value[-1:] <= "9" else read_decimal(value)
        )
        self.amount_authorized = (
            Decimal(value)
            if type(value := data.amount_authorized) is str and value[-1:] <= "9"
            else read_decimal(value)
        )
        self.memo = data.memo
        self.currency = data.currency
        self.originator_type = data.originator_type
        value = None if (value := data.deleted_at) is None else from_text(value)
        if value is not None and value.tzinfo is not UTC:
            raise NotUTCError
        self.deleted_at = value
        value = from_text(data.created_at)
        if value.tzinfo is not UTC:
            raise NotUTCError
        self.created_at = value
        value = from_text(data.updated_at)
        if value.tzinfo is not UTC:
            raise NotUTCError
        self.updated_at = value
        self.public_metadata = data.public_metadata
        self.private_metadata = data.private_metadata
        self.display_amount = data.display_amount
        self.display_amount_used = data.display_amount_used
        self.display_amount_remaining = data.display_amount_remaining
        self.display_amount_authorized = data.display_amount_authorized
        known = document.known
        self.user = (
            None
            if (value := links.user.data) is None
            else known[value.type].get(value.id) or document.refer_struct(value, raw, "user")
        )
        self.created_by = (
            None
            if (value := links.created_by.data) is None
            else known[value.type].get(value.id) or document.refer_struct(value, raw, "created_by")
        )
        self.store_credit_category = (
            None
            if (value := links.store_credit_category.data) is None
            else known[value.type].get(value.id) or document.refer_struct(value, raw, "store_credit_category")
        )
        self.store_credit_type = (
            None
            if (value := links.store_credit_type.data) is None
            else known[value.type].get(value.id) or document.refer_struct(value, raw, "store_credit_type")
        )
        self.store_credit_events = [
            known[value.type].get(value.id) or document.refer_struct(value, raw, "store_credit_events", place)
            for place, value in enumerate(links.store_credit_events.data)
        ]
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
