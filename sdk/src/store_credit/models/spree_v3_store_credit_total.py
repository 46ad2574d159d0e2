"""SpreeV3StoreCreditTotal. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    DECIMAL,
    READ_ERRORS,
    Codec,
    is_plain,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StoreCreditTotal"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StoreCreditTotal(Model):
    """The totals of the credits in one currency, in major units. `usd` and `USD` count as two different currencies.

    Source: recorded: v3.admin.all_store_credits.list.spree600alpha_overlay; read from code: Spree 6.0, October 2026.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "currency": CURRENCY,
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "amount_authorized": DECIMAL,
        "amount_remaining": DECIMAL,
        "display_amount": AS_IS,
        "display_amount_used": AS_IS,
        "display_amount_authorized": AS_IS,
        "display_amount_remaining": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_amount",
            "display_amount_used",
            "display_amount_authorized",
            "display_amount_remaining",
        }
    )

    currency: str
    """ISO 4217 code of this currency."""

    amount: Decimal
    """The amount issued."""

    amount_used: Decimal
    """The amount captured."""

    amount_authorized: Decimal
    """The amount reserved."""

    amount_remaining: Decimal
    """The amount that can still be spent."""

    display_amount: Maybe[str | None] = UNSET
    """The formatted `amount`, such as `$25.00`. Null if the currency is unknown. Available only in 6.0-alpha+ledger."""

    display_amount_used: Maybe[str | None] = UNSET
    """The formatted `amount_used`, such as `$25.00`. Null if the currency is unknown. Available only in
    6.0-alpha+ledger.
    """

    display_amount_authorized: Maybe[str | None] = UNSET
    """The formatted `amount_authorized`, such as `$25.00`. Null if the currency is unknown. Available only in
    6.0-alpha+ledger.
    """

    display_amount_remaining: Maybe[str | None] = UNSET
    """The formatted `amount_remaining`, such as `$25.00`. Null if the currency is unknown. Available only in
    6.0-alpha+ledger.
    """

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
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
            self.amount_remaining = (
                Decimal(value)
                if type(value := data["amount_remaining"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_amount = data.get("display_amount", UNSET)
            self.display_amount_used = data.get("display_amount_used", UNSET)
            self.display_amount_authorized = data.get("display_amount_authorized", UNSET)
            self.display_amount_remaining = data.get("display_amount_remaining", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
