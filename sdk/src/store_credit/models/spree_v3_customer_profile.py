"""SpreeV3CustomerProfile. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DECIMAL,
    ID,
    READ_ERRORS,
    Codec,
    is_plain,
    list_of,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_v3_address import SpreeV3Address

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3CustomerProfile"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3CustomerProfile(Model):
    """The shopper's own profile.

    Source: recorded: v3.store.me.profile.spree561, v3.store.me.profile.spree600alpha, v3.store.me.profile.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "email": AS_IS,
        "first_name": AS_IS,
        "last_name": AS_IS,
        "phone": AS_IS,
        "accepts_email_marketing": AS_IS,
        "full_name": AS_IS,
        "available_store_credit_total": DECIMAL,
        "display_available_store_credit_total": AS_IS,
        "addresses": list_of(one_of(SpreeV3Address)),
        "default_billing_address": nullable(one_of(SpreeV3Address), text=True),
        "default_shipping_address": nullable(one_of(SpreeV3Address), text=True),
        "newsletter_subscriber": AS_IS,
        "customer_groups": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "newsletter_subscriber",
            "customer_groups",
        }
    )
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "email",
            "first_name",
            "last_name",
            "phone",
            "accepts_email_marketing",
            "full_name",
            "available_store_credit_total",
            "display_available_store_credit_total",
            "addresses",
            "default_billing_address",
            "default_shipping_address",
        }
    )

    id: str
    """The customer's id: `cus_...` in 5.6 and earlier, and `cust_...` in 6.0-alpha and later."""

    email: str
    """The customer's e-mail address."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    phone: str | None
    """Telephone number."""

    accepts_email_marketing: bool
    """Whether the customer agreed to receive marketing e-mails."""

    full_name: str
    """First and last name."""

    available_store_credit_total: Decimal
    """The balance that the customer can still spend, excluding authorized amounts, in major units of the store's
    currency. The value is `0` if there is no credit.
    """

    display_available_store_credit_total: str
    """The formatted `available_store_credit_total`, such as `$25.00`."""

    addresses: list[SpreeV3Address]
    """The addresses."""

    default_billing_address: SpreeV3Address | None
    """The billing address."""

    default_shipping_address: SpreeV3Address | None
    """The shipping address."""

    newsletter_subscriber: Maybe[dict[str, Any] | None] = UNSET
    """The newsletter subscription. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    customer_groups: Maybe[list[dict[str, Any]]] = UNSET
    """The customer groups. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.email = data["email"]
            self.first_name = data["first_name"]
            self.last_name = data["last_name"]
            self.phone = data["phone"]
            self.accepts_email_marketing = data["accepts_email_marketing"]
            self.full_name = data["full_name"]
            self.available_store_credit_total = (
                Decimal(value)
                if type(value := data["available_store_credit_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_available_store_credit_total = data["display_available_store_credit_total"]
            self.addresses = cls._fields["addresses"].read(data["addresses"])
            self.default_billing_address = (
                None
                if (value := data["default_billing_address"]) is None
                else SpreeV3Address._decode(value)
                if type(value) is dict
                else value
            )
            self.default_shipping_address = (
                None
                if (value := data["default_shipping_address"]) is None
                else SpreeV3Address._decode(value)
                if type(value) is dict
                else value
            )
            self.newsletter_subscriber = data.get("newsletter_subscriber", UNSET)
            self.customer_groups = data.get("customer_groups", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
