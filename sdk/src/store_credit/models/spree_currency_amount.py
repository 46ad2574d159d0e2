"""SpreeCurrencyAmount. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    CURRENCY,
    DECIMAL,
    READ_ERRORS,
    Codec,
    is_plain,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeCurrencyAmount"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeCurrencyAmount(Model):
    """An amount in one currency.

    Source: recorded: platform.store_credits.retrieve_include_all.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "currency": CURRENCY,
        "amount": DECIMAL,
    }

    currency: str
    """ISO 4217 code."""

    amount: Decimal
    """The amount in major units, always with two decimal places."""

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
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
