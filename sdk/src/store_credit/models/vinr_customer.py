"""VinrCustomer. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    READ_ERRORS,
    UNIX_TIME,
    Codec,
    from_unix,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["VinrCustomer"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class VinrCustomer(Model):
    """The customer object that a store credit contains when you send `expand[]=customer`.

    Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Customers page, read 2026-11-22; decided:
    x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
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

    id: str
    """The customer's id. Begins with `cust_`."""

    email: str
    """The customer's e-mail address."""

    name: Maybe[str | None] = UNSET
    """Full name."""

    phone: Maybe[str | None] = UNSET
    """Telephone number in E.164 format."""

    default_payment_method: Maybe[str | None] = UNSET
    """Id of the customer's default payment method."""

    created: Maybe[datetime] = UNSET
    """When the customer was created, in Unix seconds."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.email = data["email"]
            self.name = data.get("name", UNSET)
            self.phone = data.get("phone", UNSET)
            self.default_payment_method = data.get("default_payment_method", UNSET)
            self.created = (
                value
                if (value := data.get("created", UNSET)) is UNSET
                else from_unix(value, UTC)
                if type(value) is int
                else UNIX_TIME.read(value)
            )
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
