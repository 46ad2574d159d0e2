"""SpreeStoreCreditEvent. Generated from openapi.yaml by scripts/generate: do not edit."""

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

if TYPE_CHECKING:
    from store_credit.models.spree_store_credit import SpreeStoreCredit

__all__ = ["SpreeStoreCreditEvent"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeStoreCreditEvent(Resource):
    """One movement in a store credit's ledger.

    Source: recorded: platform.store_credits.retrieve_include_events.
    """

    action: str
    """`allocation` the credit was issued or one of its amounts edited; `eligible` a payment was made from it;
    `authorize`, `capture` and `void` what became of that payment; `credit` a refund.
    """

    amount: Decimal
    """How much was moved; for `allocation` what is issued."""

    authorization_code: str
    """Shared by the events of one payment, and its `response_code`. `<credit id>-SC-<UTC time>`."""

    user_total_amount: Decimal
    """What the user could spend after the event, in the default currency of the default store."""

    originator_type: str | None
    """Ruby class of what caused the event, such as `Spree::Refund`."""

    deleted_at: datetime | None
    """When it was deleted; null as long as it can be read."""

    created_at: datetime
    """When it happened."""

    updated_at: datetime
    """When it was last rewritten; only an `allocation` is."""

    display_amount: str | None
    """The amount as text with its currency sign."""

    display_user_total_amount: str | None
    """The user's total as text with its currency sign."""

    display_action: str | None
    """The action in words, such as `Added` or `Used`; empty for `eligible` before Spree 5."""

    store_credit: SpreeStoreCredit | None = field(init=False)
    """The credit it belongs to."""

    originator: Resource | None = field(init=False)
    """What caused it, such as a refund."""

    _fields: ClassVar[dict[str, Codec]] = {
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
    _optional: ClassVar[frozenset[str]] = frozenset({})
    _relationships: ClassVar[tuple[str, ...]] = (
        "store_credit",
        "originator",
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
            self.action = data["action"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and value[-1:] <= "9" else read_decimal(value)
            )
            self.authorization_code = data["authorization_code"]
            self.user_total_amount = (
                Decimal(value)
                if type(value := data["user_total_amount"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
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
            self.display_amount = data["display_amount"]
            self.display_user_total_amount = data["display_user_total_amount"]
            self.display_action = data["display_action"]
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.store_credit = (
                    None
                    if (value := data["store_credit"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.originator = (
                    None
                    if (value := data["originator"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
