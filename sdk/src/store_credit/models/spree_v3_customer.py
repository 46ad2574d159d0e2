"""SpreeV3Customer. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    DECIMAL,
    ID,
    INTEGER,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
    is_plain,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Customer"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Customer(Model):
    """A customer, as back-office staff see it.

    Source: recorded: v3.admin.customers.get.spree561, v3.admin.customers.get.spree600alpha,
    v3.admin.customers.list_one.spree554; read from code: Spree 6.0, October 2026; decided: x-decisions in
    openapi.yaml.
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
        "login": AS_IS,
        "metadata": AS_IS,
        "last_sign_in_at": nullable(DATE_TIME),
        "current_sign_in_at": nullable(DATE_TIME),
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "sign_in_count": INTEGER,
        "failed_attempts": INTEGER,
        "last_sign_in_ip": AS_IS,
        "current_sign_in_ip": AS_IS,
        "tags": AS_IS,
        "internal_note_html": AS_IS,
        "default_billing_address_id": AS_IS,
        "default_shipping_address_id": AS_IS,
        "orders_count": INTEGER,
        "total_spent": DECIMAL,
        "display_total_spent": AS_IS,
        "last_order_completed_at": nullable(DATE_TIME),
        "customer_group_ids": AS_IS,
        "internal_note": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_available_store_credit_total",
            "login",
            "last_sign_in_at",
            "current_sign_in_at",
            "sign_in_count",
            "last_sign_in_ip",
            "current_sign_in_ip",
            "display_total_spent",
            "customer_group_ids",
            "internal_note",
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
            "metadata",
            "created_at",
            "updated_at",
            "failed_attempts",
            "tags",
            "internal_note_html",
            "default_billing_address_id",
            "default_shipping_address_id",
            "orders_count",
            "total_spent",
            "last_order_completed_at",
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

    metadata: dict[str, Any]
    """Custom data attached by applications."""

    created_at: datetime
    """When the customer was created."""

    updated_at: datetime
    """When the customer was last changed."""

    failed_attempts: int
    """Number of failed sign-ins."""

    tags: list[str]
    """The customer's tags."""

    internal_note_html: str | None
    """The internal note as HTML."""

    default_billing_address_id: str | None
    """Id of the default billing address."""

    default_shipping_address_id: str | None
    """Id of the default shipping address."""

    orders_count: int
    """Number of orders that the customer has placed."""

    total_spent: Decimal
    """The total amount that the customer has paid for orders, in major units of the store's currency."""

    last_order_completed_at: datetime | None
    """When the customer placed their last order."""

    display_available_store_credit_total: Maybe[str] = UNSET
    """The formatted `available_store_credit_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha,
    6.0-alpha+ledger.
    """

    login: Maybe[str | None] = UNSET
    """The name used to sign in. Available only in 5.5, 5.6."""

    last_sign_in_at: Maybe[datetime | None] = UNSET
    """The time of the previous sign-in. Available only in 5.5, 5.6."""

    current_sign_in_at: Maybe[datetime | None] = UNSET
    """The time of the current sign-in. Available only in 5.5, 5.6."""

    sign_in_count: Maybe[int] = UNSET
    """Number of sign-ins. Available only in 5.5, 5.6."""

    last_sign_in_ip: Maybe[str | None] = UNSET
    """The IP address of the previous sign-in. Available only in 5.5, 5.6."""

    current_sign_in_ip: Maybe[str | None] = UNSET
    """The IP address of the current sign-in. Available only in 5.5, 5.6."""

    display_total_spent: Maybe[str] = UNSET
    """The formatted `total_spent`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    customer_group_ids: Maybe[list[str]] = UNSET
    """Ids of the customer's groups. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    internal_note: Maybe[str | None] = UNSET
    """A note written by staff. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

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
            self.display_available_store_credit_total = data.get("display_available_store_credit_total", UNSET)
            self.login = data.get("login", UNSET)
            self.metadata = data["metadata"]
            self.last_sign_in_at = (
                value
                if (value := data.get("last_sign_in_at", UNSET)) is UNSET or value is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.current_sign_in_at = (
                value
                if (value := data.get("current_sign_in_at", UNSET)) is UNSET or value is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.sign_in_count = (
                value
                if (value := data.get("sign_in_count", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.failed_attempts = value if type(value := data["failed_attempts"]) is int else INTEGER.read(value)
            self.last_sign_in_ip = data.get("last_sign_in_ip", UNSET)
            self.current_sign_in_ip = data.get("current_sign_in_ip", UNSET)
            self.tags = data["tags"]
            self.internal_note_html = data["internal_note_html"]
            self.default_billing_address_id = data["default_billing_address_id"]
            self.default_shipping_address_id = data["default_shipping_address_id"]
            self.orders_count = value if type(value := data["orders_count"]) is int else INTEGER.read(value)
            self.total_spent = (
                Decimal(value) if type(value := data["total_spent"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_total_spent = data.get("display_total_spent", UNSET)
            self.last_order_completed_at = (
                None
                if (value := data["last_order_completed_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.customer_group_ids = data.get("customer_group_ids", UNSET)
            self.internal_note = data.get("internal_note", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
