"""SpreeCurrencyAmount. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.model import (
    AS_IS,
    DECIMAL,
    READ_ERRORS,
    Codec,
    Model,
    read_decimal,
)

__all__ = ["SpreeCurrencyAmount"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeCurrencyAmount(Model):
    """An amount in one currency.

    Source: recorded: platform.store_credits.retrieve_include_all.
    """

    currency: str
    """ISO 4217 code."""

    amount: Decimal
    """The amount in major units, here always with two decimals."""

    _fields: ClassVar[dict[str, Codec]] = {
        "currency": AS_IS,
        "amount": DECIMAL,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from its JSON object. Unknown fields are kept, and what cannot be read stays as it came."""
        self = cls.__new__(cls)
        self._raw = data
        try:
            self.currency = data["currency"]
            self.amount = (
                Decimal(value) if type(value := data["amount"]) is str and value[-1:] <= "9" else read_decimal(value)
            )
        except READ_ERRORS:
            self._read_each(data)
        return self
