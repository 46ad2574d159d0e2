"""VinrStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    CURRENCY,
    ID,
    MINOR_UNITS,
    READ_ERRORS,
    UNIX_TIME,
    Codec,
    from_unix,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.vinr_customer import VinrCustomer

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["VinrStoreCredit"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class VinrStoreCredit(Model):
    """Credit that a customer can spend on future purchases.

    Source: documented: VINR, Store Credit page, read 2026-11-22; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "customer": one_of(VinrCustomer),
        "amount": MINOR_UNITS,
        "currency": CURRENCY,
        "balance_remaining": MINOR_UNITS,
        "expires_at": nullable(UNIX_TIME),
        "created": UNIX_TIME,
    }

    id: str
    """The record's id. Begins with `sc_`; treat the rest as opaque."""

    customer: str | VinrCustomer
    """The customer who owns the credit: an id, or the customer object if you send `expand[]=customer`."""

    amount: int
    """The amount issued, in minor units of `currency`. Never changes."""

    currency: str
    """ISO 4217 currency code, always in uppercase."""

    balance_remaining: int
    """The remaining balance, in minor units of `currency`. VINR reduces the balance as the credit is spent; expiry
    does not change the balance.
    """

    expires_at: datetime | None
    """The time at which the credit expires and can no longer be spent, in Unix seconds. Null means that the credit
    never expires.
    """

    created: datetime
    """When the credit was issued, in Unix seconds."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.customer = VinrCustomer._decode(value) if type(value := data["customer"]) is dict else value
            self.amount = value if type(value := data["amount"]) is int else MINOR_UNITS.read(value)
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.balance_remaining = (
                value if type(value := data["balance_remaining"]) is int else MINOR_UNITS.read(value)
            )
            self.expires_at = (
                None
                if (value := data["expires_at"]) is None
                else from_unix(value, UTC)
                if type(value) is int
                else UNIX_TIME.read(value)
            )
            self.created = from_unix(value, UTC) if type(value := data["created"]) is int else UNIX_TIME.read(value)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
