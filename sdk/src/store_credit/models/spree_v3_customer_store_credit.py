"""SpreeV3CustomerStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    DECIMAL,
    ID,
    READ_ERRORS,
    Codec,
    is_plain,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3CustomerStoreCredit"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3CustomerStoreCredit(Model):
    """A store credit as shoppers and webhook receivers see it, without its memo and owner.

    Source: recorded: v3.store.me.list.spree561, v3.store.me.get.spree600alpha.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "amount": DECIMAL,
        "amount_used": DECIMAL,
        "amount_remaining": DECIMAL,
        "display_amount": AS_IS,
        "display_amount_used": AS_IS,
        "display_amount_remaining": AS_IS,
        "currency": CURRENCY,
    }
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "amount",
            "amount_used",
            "amount_remaining",
            "display_amount",
            "display_amount_used",
            "display_amount_remaining",
            "currency",
        }
    )

    id: str
    """The credit's id, in the form `credit_...`."""

    amount: Decimal
    """The amount issued, in major units of `currency`."""

    amount_used: Decimal
    """The amount captured by payments, in major units."""

    amount_remaining: Decimal
    """The amount that can still be spent, excluding authorized amounts, in major units."""

    display_amount: str | None
    """The formatted `amount`, such as `$25.00`. Null if the currency is unknown."""

    display_amount_used: str | None
    """The formatted `amount_used`, such as `$25.00`. Null if the currency is unknown."""

    display_amount_remaining: str | None
    """The formatted `amount_remaining`, such as `$25.00`. Null if the currency is unknown."""

    currency: str
    """ISO 4217 currency code for the amounts."""

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
            self.amount_remaining = (
                Decimal(value)
                if type(value := data["amount_remaining"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_amount = data["display_amount"]
            self.display_amount_used = data["display_amount_used"]
            self.display_amount_remaining = data["display_amount_remaining"]
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
