"""SpreeV3StockLocation. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    INTEGER,
    READ_ERRORS,
    Codec,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StockLocation"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StockLocation(Model):
    """A location where goods are stocked.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": AS_IS,
        "address1": AS_IS,
        "city": AS_IS,
        "zipcode": AS_IS,
        "country_name": AS_IS,
        "state_text": AS_IS,
        "state_abbr": AS_IS,
        "country_iso": AS_IS,
        "country_code": AS_IS,
        "state_code": AS_IS,
        "pickup_ready_in_minutes": nullable(INTEGER),
        "pickup_instructions": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "state_abbr",
            "country_iso",
            "country_code",
            "state_code",
            "pickup_ready_in_minutes",
            "pickup_instructions",
        }
    )

    id: str
    """The stock location's id."""

    name: str
    """The stock location's name."""

    address1: str | None
    """Street."""

    city: str | None
    """City."""

    zipcode: str | None
    """Postal code."""

    country_name: str | None
    """Name of the country."""

    state_text: str | None
    """The state as entered, or its code."""

    state_abbr: Maybe[str | None] = UNSET
    """The state's code. Available only in 5.5, 5.6."""

    country_iso: Maybe[str | None] = UNSET
    """ISO 3166 code of the country. Available only in 5.5, 5.6."""

    country_code: Maybe[str | None] = UNSET
    """ISO 3166 code of the country. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    state_code: Maybe[str | None] = UNSET
    """The state's code. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    pickup_ready_in_minutes: Maybe[int | None] = UNSET
    """Minutes until the goods are ready for pick-up. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    pickup_instructions: Maybe[str | None] = UNSET
    """Instructions for pick-up. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.name = data["name"]
            self.address1 = data["address1"]
            self.city = data["city"]
            self.zipcode = data["zipcode"]
            self.country_name = data["country_name"]
            self.state_text = data["state_text"]
            self.state_abbr = data.get("state_abbr", UNSET)
            self.country_iso = data.get("country_iso", UNSET)
            self.country_code = data.get("country_code", UNSET)
            self.state_code = data.get("state_code", UNSET)
            self.pickup_ready_in_minutes = (
                value
                if (value := data.get("pickup_ready_in_minutes", UNSET)) is UNSET or value is None
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.pickup_instructions = data.get("pickup_instructions", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
