"""SpreeCart. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field, setters

from store_credit._core.attributes import Related, prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    DATE_TIME,
    DECIMAL,
    ID,
    INTEGER,
    READ_ERRORS,
    SECRET,
    Codec,
    from_text,
    in_utc,
    is_plain,
    nullable,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_account import SpreeAccount
    from store_credit.models.spree_cart_payment import SpreeCartPayment

__all__ = ["SpreeCart"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeCart(Resource):
    """The shopper's open order.

    Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.all.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "number": AS_IS,
        "state": AS_IS,
        "token": SECRET,
        "currency": CURRENCY,
        "email": AS_IS,
        "item_count": INTEGER,
        "item_total": DECIMAL,
        "ship_total": DECIMAL,
        "adjustment_total": DECIMAL,
        "promo_total": DECIMAL,
        "included_tax_total": DECIMAL,
        "additional_tax_total": DECIMAL,
        "tax_total": DECIMAL,
        "pre_tax_item_amount": DECIMAL,
        "pre_tax_total": DECIMAL,
        "total": DECIMAL,
        "total_minus_store_credits": DECIMAL,
        "payment_state": AS_IS,
        "shipment_state": AS_IS,
        "special_instructions": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "completed_at": nullable(DATE_TIME),
        "public_metadata": AS_IS,
        "display_item_total": AS_IS,
        "display_ship_total": AS_IS,
        "display_adjustment_total": AS_IS,
        "display_promo_total": AS_IS,
        "display_included_tax_total": AS_IS,
        "display_additional_tax_total": AS_IS,
        "display_tax_total": AS_IS,
        "display_pre_tax_item_amount": AS_IS,
        "display_pre_tax_total": AS_IS,
        "display_total": AS_IS,
        "display_total_minus_store_credits": AS_IS,
        "subtotal_cents": INTEGER,
        "ship_total_cents": INTEGER,
        "promo_total_cents": INTEGER,
        "tax_total_cents": INTEGER,
        "total_cents": INTEGER,
        "store_credit_total_cents": INTEGER,
        "total_minus_store_credits_cents": INTEGER,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "total_minus_store_credits",
            "display_total_minus_store_credits",
            "subtotal_cents",
            "ship_total_cents",
            "promo_total_cents",
            "tax_total_cents",
            "total_cents",
            "store_credit_total_cents",
            "total_minus_store_credits_cents",
        }
    )

    number: str
    """The order number shown to shoppers and staff."""

    state: str
    """The state of the checkout. `cart` to `confirm` are its steps; `complete` is a placed order. Store credit does
    not affect this state.
    """

    token: str
    """The order token. Keep the token secret: anyone who has it can act on the cart."""

    currency: str
    """ISO 4217 code."""

    email: str | None
    """E-mail address for messages about the order."""

    item_count: int
    """Number of items in the cart."""

    item_total: Decimal
    """Sum of the line items before adjustments."""

    ship_total: Decimal
    """Cost of shipping."""

    adjustment_total: Decimal
    """Sum of all adjustments. Discounts are negative."""

    promo_total: Decimal
    """Sum of the promotional discounts, as a negative amount."""

    included_tax_total: Decimal
    """Tax included in the prices."""

    additional_tax_total: Decimal
    """Tax added to the prices."""

    tax_total: Decimal
    """Sum of the included and additional taxes."""

    pre_tax_item_amount: Decimal
    """The amount of the line items before tax. This amount may have four decimal places."""

    pre_tax_total: Decimal
    """The total before tax. This amount may have four decimal places."""

    total: Decimal
    """The total of the cart. Store credit does not reduce the total."""

    payment_state: str | None
    """The payment state of the cart. Null until the order is completed. `paid`: completed payments cover the total;
    `balance_due`: they do not.
    """

    shipment_state: str | None
    """The shipment state of the cart. Null if there is no shipment. `pending`: the order is not paid in full;
    `ready`: it is.
    """

    special_instructions: str | None
    """Special instructions from the shopper."""

    created_at: datetime
    """When the cart was created."""

    updated_at: datetime
    """When the cart was last changed."""

    completed_at: datetime | None
    """When the shopper completed the order."""

    public_metadata: dict[str, Any]
    """Custom data that the shopper can see."""

    display_item_total: str | None
    """The formatted `item_total`."""

    display_ship_total: str | None
    """The formatted `ship_total`."""

    display_adjustment_total: str | None
    """The formatted `adjustment_total`."""

    display_promo_total: str | None
    """The formatted `promo_total`."""

    display_included_tax_total: str | None
    """The formatted `included_tax_total`."""

    display_additional_tax_total: str | None
    """The formatted `additional_tax_total`."""

    display_tax_total: str | None
    """The formatted `tax_total`."""

    display_pre_tax_item_amount: str | None
    """The formatted `pre_tax_item_amount`."""

    display_pre_tax_total: str | None
    """The formatted `pre_tax_total`."""

    display_total: str | None
    """The formatted `total`."""

    total_minus_store_credits: Maybe[Decimal] = UNSET
    """Available in Spree 5 and later. The amount left to pay."""

    display_total_minus_store_credits: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. The formatted `total_minus_store_credits`."""

    subtotal_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. `item_total` in hundredths."""

    ship_total_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. `ship_total` in hundredths."""

    promo_total_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. `promo_total` in hundredths, without the minus sign."""

    tax_total_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. `tax_total` in hundredths."""

    total_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. `total` in hundredths."""

    store_credit_total_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. The store credit applied to the cart, in hundredths."""

    total_minus_store_credits_cents: Maybe[int] = UNSET
    """Available in Spree 5 and later. `total_minus_store_credits` in hundredths."""

    line_items: Related[list[Resource]] = field(init=False, default=Related())
    """The items in the cart."""

    variants: Related[list[Resource]] = field(init=False, default=Related())
    """The product variants of the line items."""

    promotions: Related[list[Resource]] = field(init=False, default=Related())
    """Promotions that apply."""

    payments: Related[list[SpreeCartPayment]] = field(init=False, default=Related())
    """Valid payments. Invalid, failed and void payments are omitted."""

    shipments: Related[list[Resource]] = field(init=False, default=Related())
    """The shipments of the cart."""

    user: Related[SpreeAccount | None] = field(init=False, default=Related())
    """The shopper. Null for a guest."""

    billing_address: Related[Resource | None] = field(init=False, default=Related())
    """The billing address."""

    shipping_address: Related[Resource | None] = field(init=False, default=Related())
    """The shipping address."""

    gift_card: Related[Resource | None] = field(init=False, default=Related())
    """Available in Spree 5.1 and later. The gift card applied to the cart."""

    metafields: Related[list[Resource]] = field(init=False, default=Related())
    """Available in Spree 5.2 and later. Custom fields."""

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
            self.number = data["number"]
            self.state = data["state"]
            self.token = data["token"]
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.email = data["email"]
            self.item_count = value if type(value := data["item_count"]) is int else INTEGER.read(value)
            self.item_total = (
                Decimal(value) if type(value := data["item_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.ship_total = (
                Decimal(value) if type(value := data["ship_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.adjustment_total = (
                Decimal(value)
                if type(value := data["adjustment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.promo_total = (
                Decimal(value) if type(value := data["promo_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.included_tax_total = (
                Decimal(value)
                if type(value := data["included_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.additional_tax_total = (
                Decimal(value)
                if type(value := data["additional_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.tax_total = (
                Decimal(value) if type(value := data["tax_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.pre_tax_item_amount = (
                Decimal(value)
                if type(value := data["pre_tax_item_amount"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.pre_tax_total = (
                Decimal(value)
                if type(value := data["pre_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.total_minus_store_credits = (
                value
                if (value := data.get("total_minus_store_credits", UNSET)) is UNSET
                else Decimal(value)
                if type(value) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.payment_state = data["payment_state"]
            self.shipment_state = data["shipment_state"]
            self.special_instructions = data["special_instructions"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.completed_at = (
                None
                if (value := data["completed_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.public_metadata = data["public_metadata"]
            self.display_item_total = data["display_item_total"]
            self.display_ship_total = data["display_ship_total"]
            self.display_adjustment_total = data["display_adjustment_total"]
            self.display_promo_total = data["display_promo_total"]
            self.display_included_tax_total = data["display_included_tax_total"]
            self.display_additional_tax_total = data["display_additional_tax_total"]
            self.display_tax_total = data["display_tax_total"]
            self.display_pre_tax_item_amount = data["display_pre_tax_item_amount"]
            self.display_pre_tax_total = data["display_pre_tax_total"]
            self.display_total = data["display_total"]
            self.display_total_minus_store_credits = data.get("display_total_minus_store_credits", UNSET)
            self.subtotal_cents = (
                value
                if (value := data.get("subtotal_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.ship_total_cents = (
                value
                if (value := data.get("ship_total_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.promo_total_cents = (
                value
                if (value := data.get("promo_total_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.tax_total_cents = (
                value
                if (value := data.get("tax_total_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.total_cents = (
                value
                if (value := data.get("total_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.store_credit_total_cents = (
                value
                if (value := data.get("store_credit_total_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.total_minus_store_credits_cents = (
                value
                if (value := data.get("total_minus_store_credits_cents", UNSET)) is UNSET
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
