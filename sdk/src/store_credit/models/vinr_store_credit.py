"""VinrStoreCredit. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.codec import is_object
from store_credit._core.model import (
    AS_IS,
    INTEGER,
    READ_ERRORS,
    UNIX_TIME,
    Codec,
    Model,
    nullable,
    one_of,
    read_integer,
)
from store_credit.models.vinr_customer import VinrCustomer

__all__ = ["VinrStoreCredit"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class VinrStoreCredit(Model):
    """Credit that a customer can spend on later purchases.

    Source: documented: VINR, Store Credit page, read 2026-11-22; decided: x-decisions in openapi.yaml.
    """

    id: str
    """The record's id. Begins with `sc_`; treat the rest as opaque."""

    customer: str | VinrCustomer
    """The owner. An id, or with `expand[]=customer` the customer itself."""

    amount: int
    """What was issued, in minor units of `currency`. Never changes."""

    currency: str
    """ISO 4217 code in capitals."""

    balance_remaining: int
    """What can still be spent, in minor units of `currency`. VINR lowers it; passing the expiry does not."""

    expires_at: datetime | None
    """From this time on the credit cannot be spent, in Unix seconds. Null means never."""

    created: datetime
    """When the credit was issued, in Unix seconds."""

    _fields: ClassVar[dict[str, Codec]] = {
        "id": AS_IS,
        "customer": one_of(VinrCustomer),
        "amount": INTEGER,
        "currency": AS_IS,
        "balance_remaining": INTEGER,
        "expires_at": nullable(UNIX_TIME),
        "created": UNIX_TIME,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from its JSON object. Unknown fields are kept, and what cannot be read stays as it came."""
        self = cls.__new__(cls)
        self._raw = data
        try:
            self.id = data["id"]
            self.customer = VinrCustomer.from_dict(value) if is_object(value := data["customer"]) else value
            self.amount = value if type(value := data["amount"]) is int else read_integer(value)
            self.currency = data["currency"]
            self.balance_remaining = value if type(value := data["balance_remaining"]) is int else read_integer(value)
            self.expires_at = None if (value := data["expires_at"]) is None else from_unix(value, UTC)
            self.created = from_unix(data["created"], UTC)
        except READ_ERRORS:
            self._read_each(data)
        return self
