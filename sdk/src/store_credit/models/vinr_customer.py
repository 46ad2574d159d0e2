"""VinrCustomer. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.model import (
    AS_IS,
    READ_ERRORS,
    UNIX_TIME,
    Codec,
    Model,
)
from store_credit._core.unset import UNSET, Maybe

__all__ = ["VinrCustomer"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class VinrCustomer(Model):
    """A customer, as `expand[]=customer` puts it into a store credit.

    Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Customers page, read 2026-11-22; decided:
    x-decisions in openapi.yaml.
    """

    id: str
    """The customer's id. Begins with `cust_`."""

    email: str
    """E-mail address on the customer's record."""

    name: Maybe[str | None] = UNSET
    """Full name."""

    phone: Maybe[str | None] = UNSET
    """Telephone number in E.164 form."""

    default_payment_method: Maybe[str | None] = UNSET
    """Id of the payment method that is charged by default."""

    created: Maybe[datetime] = UNSET
    """When the customer was created, in Unix seconds."""

    _fields: ClassVar[dict[str, Codec]] = {
        "id": AS_IS,
        "email": AS_IS,
        "name": AS_IS,
        "phone": AS_IS,
        "default_payment_method": AS_IS,
        "created": UNIX_TIME,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "phone",
            "default_payment_method",
            "created",
        }
    )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from its JSON object. Unknown fields are kept, and what cannot be read stays as it came."""
        self = cls.__new__(cls)
        self._raw = data
        try:
            self.id = data["id"]
            self.email = data["email"]
            self.name = data.get("name", UNSET)
            self.phone = data.get("phone", UNSET)
            self.default_payment_method = data.get("default_payment_method", UNSET)
            self.created = value if (value := data.get("created", UNSET)) is UNSET else from_unix(value, UTC)
        except READ_ERRORS:
            self._read_each(data)
        return self
