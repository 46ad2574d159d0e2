"""SpreeV3AdminMarket. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    DATE_TIME,
    ID,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3AdminMarket"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3AdminMarket(Model):
    """The market that an order belongs to.

    Source: recorded: v3.admin.orders.apply.spree561, v3.admin.orders.apply.spree600alpha,
    v3.admin.orders.cancel.spree561; read from code: Spree 6.0, October 2026; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": AS_IS,
        "currency": CURRENCY,
        "default_locale": AS_IS,
        "tax_inclusive": AS_IS,
        "default": AS_IS,
        "supported_locales": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "country_isos": AS_IS,
        "country_codes": AS_IS,
        "tax_provider": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "country_isos",
            "country_codes",
            "tax_provider",
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

    created_at: datetime
    """When the market was created."""

    updated_at: datetime
    """When the market was last changed."""

    country_isos: Maybe[list[str]] = UNSET
    """ISO 3166 codes of the market's countries. Available only in 5.5, 5.6."""

    country_codes: Maybe[list[str]] = UNSET
    """ISO 3166 codes of the market's countries. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    tax_provider: Maybe[str | None] = UNSET
    """The service that calculates taxes. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

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
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.country_isos = data.get("country_isos", UNSET)
            self.country_codes = data.get("country_codes", UNSET)
            self.tax_provider = data.get("tax_provider", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
