"""SpreeV3Market. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    ID,
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Market"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Market(Model):
    """The market that a cart or order belongs to.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": AS_IS,
        "currency": CURRENCY,
        "default_locale": AS_IS,
        "tax_inclusive": AS_IS,
        "default": AS_IS,
        "supported_locales": AS_IS,
        "country_isos": AS_IS,
        "country_codes": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "country_isos",
            "country_codes",
        }
    )

    id: str
    """The market's id."""

    name: str
    """The market's name."""

    currency: str
    """ISO 4217 currency code for the amounts."""

    default_locale: str
    """The market's default language."""

    tax_inclusive: bool
    """Whether prices include taxes."""

    default: bool
    """Whether this is the default market."""

    supported_locales: list[str]
    """The languages that the market supports."""

    country_isos: Maybe[list[str]] = UNSET
    """ISO 3166 codes of the market's countries. Available only in 5.5, 5.6."""

    country_codes: Maybe[list[str]] = UNSET
    """ISO 3166 codes of the market's countries. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.name = data["name"]
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.default_locale = data["default_locale"]
            self.tax_inclusive = data["tax_inclusive"]
            self.default = data["default"]
            self.supported_locales = data["supported_locales"]
            self.country_isos = data.get("country_isos", UNSET)
            self.country_codes = data.get("country_codes", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
