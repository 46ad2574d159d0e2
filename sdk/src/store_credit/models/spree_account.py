"""SpreeAccount. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from attrs import define, field

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    DECIMAL,
    INTEGER,
    READ_ERRORS,
    Codec,
    read_decimal,
    read_integer,
)
from store_credit._core.unset import UNSET, Maybe

__all__ = ["SpreeAccount"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeAccount(Resource):
    """The shopper's account.

    Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.account.retrieve.
    """

    email: str
    """E-mail address, also the login."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    store_credits: Decimal
    """What the shopper can still spend, in major units of the default currency of the default store. The number 0 if
    there is no credit, otherwise a decimal in a string. From Spree 5.1 on without credit that came from a gift card.
    """

    completed_orders: int
    """How many orders the shopper completed."""

    public_metadata: dict[str, Any]
    """Anything attached that the shopper may see."""

    selected_locale: Maybe[str | None] = UNSET
    """From Spree 4.9 on. The language the shopper chose."""

    tags: Maybe[list[str]] = UNSET
    """From Spree 5 on. Labels the store gave the shopper."""

    default_billing_address: Resource | None = field(init=False)
    """The address for bills."""

    default_shipping_address: Resource | None = field(init=False)
    """The address for deliveries."""

    _fields: ClassVar[dict[str, Codec]] = {
        "email": AS_IS,
        "first_name": AS_IS,
        "last_name": AS_IS,
        "store_credits": DECIMAL,
        "completed_orders": INTEGER,
        "public_metadata": AS_IS,
        "selected_locale": AS_IS,
        "tags": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "selected_locale",
            "tags",
        }
    )
    _relationships: ClassVar[tuple[str, ...]] = (
        "default_billing_address",
        "default_shipping_address",
    )

    @classmethod
    def from_resource(cls, data: Mapping[str, Any], document: Document | None = None) -> Self:
        """Make a record from its resource object; `document` is what its relationships lead to."""
        self = cls.__new__(cls)
        self._raw = data
        self._document = document
        try:
            self.id = data["id"]
            self.type = data["type"]
            data = data["attributes"]
            self.email = data["email"]
            self.first_name = data["first_name"]
            self.last_name = data["last_name"]
            self.store_credits = (
                Decimal(value)
                if type(value := data["store_credits"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.completed_orders = value if type(value := data["completed_orders"]) is int else read_integer(value)
            self.public_metadata = data["public_metadata"]
            self.selected_locale = data.get("selected_locale", UNSET)
            self.tags = data.get("tags", UNSET)
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.default_billing_address = (
                    None
                    if (value := data["default_billing_address"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.default_shipping_address = (
                    None
                    if (value := data["default_shipping_address"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
