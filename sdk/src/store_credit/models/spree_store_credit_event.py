"""SpreeStoreCreditEvent. Generated from openapi.yaml by scripts/generate: do not edit."""

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
    nullable,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_store_credit import SpreeStoreCredit

__all__ = ["SpreeStoreCreditEvent"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeStoreCreditEvent(Resource):
    """One entry in a store credit's ledger.

    Source: recorded: platform.store_credits.retrieve_include_events.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "action": AS_IS,
        "amount": DECIMAL,
        "authorization_code": AS_IS,
        "user_total_amount": DECIMAL,
        "originator_type": AS_IS,
        "deleted_at": nullable(DATE_TIME),
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "display_amount": AS_IS,
        "display_user_total_amount": AS_IS,
        "display_action": AS_IS,
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
    """The amount of the entry. For an `allocation` event, this is the amount issued."""

    authorization_code: str
    """A code shared by all events of one payment; it is the same as the payment's `response_code`. The format is
    `<credit id>-SC-<UTC time>`.
    """

    user_total_amount: Decimal
    """The user's balance after the event, in the default store's default currency."""

    originator_type: str | None
    """Ruby class of the record that caused the event, such as `Spree::Refund`."""

    deleted_at: datetime | None
    """When the event was deleted. Always null, because deleted events cannot be read."""

    created_at: datetime
    """When the event occurred."""

    updated_at: datetime
    """When the event was last rewritten. Only `allocation` events are ever rewritten."""

    display_amount: str | None
    """The amount, formatted with its currency symbol."""

    display_user_total_amount: str | None
    """The user's balance after the event, formatted with its currency symbol."""

    display_action: str | None
    """The action as human-readable text, such as `Added` or `Used`. Before Spree 5, the text is empty for an
    `eligible` event.
    """

    store_credit: Related[SpreeStoreCredit | None] = field(init=False, default=Related())
    """The credit that the event belongs to."""

    originator: Related[Resource | None] = field(init=False, default=Related())
    """The record that caused the event, such as a refund."""

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
            self.authorization_code = data["authorization_code"]
            self.user_total_amount = (
                Decimal(value)
                if type(value := data["user_total_amount"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
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
            self.display_amount = data["display_amount"]
            self.display_user_total_amount = data["display_user_total_amount"]
            self.display_action = data["display_action"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
