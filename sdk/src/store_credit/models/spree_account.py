"""SpreeAccount. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field, setters

from store_credit._core.attributes import Related, prepare
from store_credit._core.fields import (
    AS_IS,
    DECIMAL,
    ID,
    INTEGER,
    READ_ERRORS,
    Codec,
    either,
    list_of,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_currency_amount import SpreeCurrencyAmount

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeAccount"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeAccount(Resource):
    """The shopper's account.

    Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.account.retrieve.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "email": AS_IS,
        "first_name": AS_IS,
        "last_name": AS_IS,
        "store_credits": either(DECIMAL, list_of(one_of(SpreeCurrencyAmount))),
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

    email: str
    """The user's e-mail address, which is also the user's login."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    store_credits: Decimal | list[SpreeCurrencyAmount]
    """The balance that the shopper can still spend, in major units of the default store's default currency. The value
    is the number 0 if there is no credit, and a decimal string otherwise. In Spree 5.1 and later, credit that came
    from a gift card is not included.

    If the account is included as a cart's `user`, the value may be a list, as in the Platform API. Spree 5.3.6 may
    return a list if shoppers and administrators share one Ruby class and the response cache (enabled by default)
    contains the user from an earlier Platform API request.
    """

    completed_orders: int
    """Number of completed orders."""

    public_metadata: dict[str, Any] | None
    """Custom data that the shopper can see. In Spree 5.1 and later, the value is null unless spree_auth_devise
    provides the shop's user class.
    """

    selected_locale: Maybe[str | None] = UNSET
    """Available in Spree 4.9 and later. The language that the shopper chose."""

    tags: Maybe[list[str]] = UNSET
    """Available in Spree 5 and later. Labels that the store assigned to the shopper."""

    default_billing_address: Related[Resource | None] = field(init=False, default=Related())
    """The billing address."""

    default_shipping_address: Related[Resource | None] = field(init=False, default=Related())
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
            self.store_credits = cls._fields["store_credits"].read(data["store_credits"])
            self.completed_orders = value if type(value := data["completed_orders"]) is int else INTEGER.read(value)
            self.public_metadata = data["public_metadata"]
            self.selected_locale = data.get("selected_locale", UNSET)
            self.tags = data.get("tags", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
