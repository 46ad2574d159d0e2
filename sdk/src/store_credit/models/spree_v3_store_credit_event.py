"""SpreeV3StoreCreditEvent. Generated from openapi.yaml by scripts/generate: do not edit."""

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
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StoreCreditEvent"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StoreCreditEvent(Model):
    """One entry in a credit's ledger.

    Source: recorded: v3.admin.all_store_credits.events_captured_voided.spree600alpha_overlay,
    v3.admin.all_store_credits.events_refunded.spree600alpha_overlay; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "action": AS_IS,
        "authorization_code": AS_IS,
        "display_action": AS_IS,
        "amount": DECIMAL,
        "display_amount": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "store_credit_id": AS_IS,
        "originator_type": AS_IS,
        "originator_id": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_amount",
        }
    )
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "action",
            "authorization_code",
            "display_action",
            "amount",
            "created_at",
            "updated_at",
            "store_credit_id",
            "originator_type",
            "originator_id",
        }
    )

    id: str
    """The event's id, in the form `scevt_...`."""

    action: str
    """What happened:

    - `allocation`: the credit was issued, or one of its amounts was changed
    - `eligible`: a payment was created from the credit
    - `authorize`: the payment was authorized, which locks the amount
    - `capture`: the payment was captured, which spends the amount
    - `void`: the authorization was voided
    - `credit`: a captured amount was given back
    """

    authorization_code: str | None
    """A code that links an authorization to its capture or void. It is the same as the payment's `response_code`."""

    display_action: str | None
    """The action as human-readable text: `Added`, `Authorized`, `Used`, `Credit` (for `credit` and `void`) or
    `Eligible`.
    """

    amount: Decimal
    """The amount of the entry, in major units of the credit's currency."""

    created_at: datetime
    """When the event occurred."""

    updated_at: datetime
    """When the event was last changed. Changing a credit's amount rewrites its `allocation` event."""

    store_credit_id: str
    """Id of the credit."""

    originator_type: str | None
    """The kind of record that caused the event, such as `refund`."""

    originator_id: str | None
    """Id of the record that caused the event, such as `re_...`."""

    display_amount: Maybe[str | None] = UNSET
    """The formatted `amount`, such as `$25.00`. Null if the currency is unknown. Available only in 6.0-alpha+ledger."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.action = data["action"]
            self.authorization_code = data["authorization_code"]
            self.display_action = data["display_action"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_amount = data.get("display_amount", UNSET)
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.store_credit_id = data["store_credit_id"]
            self.originator_type = data["originator_type"]
            self.originator_id = data["originator_id"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
