"""SpreeUser. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field, setters

from store_credit._core.attributes import Related, prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    ID,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
    list_of,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_currency_amount import SpreeCurrencyAmount

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeUser"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeUser(Resource):
    """A user of the store or, in Spree 4.9 and later, an administrator.

    Source: recorded: platform.store_credits.retrieve_include_all,
    platform.store_credits.retrieve_include_all.spree4103; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
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

    email: str
    """The user's e-mail address, which is also the user's login."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    created_at: datetime
    """When the user was created."""

    updated_at: datetime
    """When the user was last changed."""

    public_metadata: dict[str, Any] | None
    """Custom data from the back office that the user can see. In Spree 5.1 and later, the value is null unless
    spree_auth_devise provides the shop's user class.
    """

    private_metadata: dict[str, Any] | None
    """Custom data for the back office. Null whenever `public_metadata` is null."""

    average_order_value: list[SpreeCurrencyAmount]
    """Average total of the user's completed orders, by currency."""

    lifetime_value: list[SpreeCurrencyAmount]
    """Sum of the totals of the user's completed orders, by currency."""

    store_credits: list[SpreeCurrencyAmount]
    """Store credit that the user can still spend, by currency."""

    selected_locale: Maybe[str | None] = UNSET
    """Available in Spree 4.9 and later. The language that the user chose."""

    bill_address: Related[Resource | None] = field(init=False, default=Related())
    """The billing address."""

    ship_address: Related[Resource | None] = field(init=False, default=Related())
    """The shipping address."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        self._document = document
        self._related = None
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.type = value if type(value := data["type"]) is str and value else ID.read(value)
            data = data["attributes"]
            self.email = data["email"]
            self.first_name = data["first_name"]
            self.last_name = data["last_name"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.public_metadata = data["public_metadata"]
            self.private_metadata = data["private_metadata"]
            self.selected_locale = data.get("selected_locale", UNSET)
            self.average_order_value = cls._fields["average_order_value"].read(data["average_order_value"])
            self.lifetime_value = cls._fields["lifetime_value"].read(data["lifetime_value"])
            self.store_credits = cls._fields["store_credits"].read(data["store_credits"])
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
