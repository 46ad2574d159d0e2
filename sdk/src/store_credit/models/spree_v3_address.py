"""SpreeV3Address. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Address"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Address(Model):
    """A postal address.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "first_name": AS_IS,
        "last_name": AS_IS,
        "full_name": AS_IS,
        "address1": AS_IS,
        "address2": AS_IS,
        "postal_code": AS_IS,
        "city": AS_IS,
        "phone": AS_IS,
        "company": AS_IS,
        "country_name": AS_IS,
        "country_iso": AS_IS,
        "state_text": AS_IS,
        "state_abbr": AS_IS,
        "quick_checkout": AS_IS,
        "is_default_billing": AS_IS,
        "is_default_shipping": AS_IS,
        "state_name": AS_IS,
        "country_code": AS_IS,
        "state_code": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "country_code",
            "state_code",
        }
    )

    id: str
    """The address's id."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    full_name: str | None
    """First and last name."""

    address1: str | None
    """Street."""

    address2: str | None
    """The second line of the street address."""

    postal_code: str | None
    """Postal code."""

    city: str | None
    """City."""

    phone: str | None
    """Telephone number."""

    company: str | None
    """Company."""

    country_name: str | None
    """Name of the country."""

    country_iso: str | None
    """ISO 3166 code of the country."""

    state_text: str | None
    """The state as entered, or its code."""

    state_abbr: str | None
    """The state's code."""

    quick_checkout: bool
    """Whether the address came from a digital wallet."""

    is_default_billing: bool
    """Whether this is the customer's default billing address."""

    is_default_shipping: bool
    """Whether this is the customer's default shipping address."""

    state_name: str | None
    """Name of the state."""

    country_code: Maybe[str | None] = UNSET
    """ISO 3166 code of the country. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    state_code: Maybe[str | None] = UNSET
    """The state's code. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.first_name = data["first_name"]
            self.last_name = data["last_name"]
            self.full_name = data["full_name"]
            self.address1 = data["address1"]
            self.address2 = data["address2"]
            self.postal_code = data["postal_code"]
            self.city = data["city"]
            self.phone = data["phone"]
            self.company = data["company"]
            self.country_name = data["country_name"]
            self.country_iso = data["country_iso"]
            self.state_text = data["state_text"]
            self.state_abbr = data["state_abbr"]
            self.quick_checkout = data["quick_checkout"]
            self.is_default_billing = data["is_default_billing"]
            self.is_default_shipping = data["is_default_shipping"]
            self.state_name = data["state_name"]
            self.country_code = data.get("country_code", UNSET)
            self.state_code = data.get("state_code", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
