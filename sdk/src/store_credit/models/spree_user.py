"""SpreeUser. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from attrs import define, field

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    DATE_TIME,
    READ_ERRORS,
    Codec,
    NotUTCError,
    list_of,
    one_of,
)
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_currency_amount import SpreeCurrencyAmount

__all__ = ["SpreeUser"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeUser(Resource):
    """A user of the store, or from Spree 4.9 on an administrator.

    Source: recorded: platform.store_credits.retrieve_include_all,
    platform.store_credits.retrieve_include_all.spree4103; decided: x-decisions in openapi.yaml.
    """

    email: str
    """E-mail address, also the login."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    created_at: datetime
    """When the user was created."""

    updated_at: datetime
    """When the user last changed."""

    public_metadata: dict[str, Any]
    """Anything the back office attached that the user may see."""

    private_metadata: dict[str, Any]
    """Anything the back office attached for itself."""

    average_order_value: list[SpreeCurrencyAmount]
    """Average total of the completed orders, for each currency."""

    lifetime_value: list[SpreeCurrencyAmount]
    """Sum of the completed orders, for each currency."""

    store_credits: list[SpreeCurrencyAmount]
    """Store credit the user can still spend, for each currency."""

    selected_locale: Maybe[str | None] = UNSET
    """From Spree 4.9 on. The language the user chose."""

    bill_address: Resource | None = field(init=False)
    """The address for bills."""

    ship_address: Resource | None = field(init=False)
    """The address for deliveries."""

    _fields: ClassVar[dict[str, Codec]] = {
        "email": AS_IS,
        "first_name": AS_IS,
        "last_name": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "public_metadata": AS_IS,
        "private_metadata": AS_IS,
        "selected_locale": AS_IS,
        "average_order_value": list_of(one_of(SpreeCurrencyAmount)),
        "lifetime_value": list_of(one_of(SpreeCurrencyAmount)),
        "store_credits": list_of(one_of(SpreeCurrencyAmount)),
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "selected_locale",
        }
    )
    _relationships: ClassVar[tuple[str, ...]] = (
        "bill_address",
        "ship_address",
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
            value = from_text(data["created_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.created_at = value
            value = from_text(data["updated_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.updated_at = value
            self.public_metadata = data["public_metadata"]
            self.private_metadata = data["private_metadata"]
            self.selected_locale = data.get("selected_locale", UNSET)
            self.average_order_value = list_of(one_of(SpreeCurrencyAmount)).read(data["average_order_value"])
            self.lifetime_value = list_of(one_of(SpreeCurrencyAmount)).read(data["lifetime_value"])
            self.store_credits = list_of(one_of(SpreeCurrencyAmount)).read(data["store_credits"])
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.bill_address = (
                    None
                    if (value := data["bill_address"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.ship_address = (
                    None
                    if (value := data["ship_address"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
