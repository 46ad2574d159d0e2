"""SpreeV3Cart. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    DECIMAL,
    ID,
    MINOR_UNITS,
    READ_ERRORS,
    SECRET,
    Codec,
    is_plain,
    list_of,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_v3_address import SpreeV3Address
from store_credit.models.spree_v3_fulfillment import SpreeV3Fulfillment
from store_credit.models.spree_v3_line_item import SpreeV3LineItem
from store_credit.models.spree_v3_market import SpreeV3Market
from store_credit.models.spree_v3_payment import SpreeV3Payment
from store_credit.models.spree_v3_payment_method import SpreeV3PaymentMethod
from store_credit.models.spree_v3_requirement import SpreeV3Requirement

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Cart"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Cart(Model):
    """A cart, with the store credit that is applied to it. Formatted amounts are in the request's language.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554; decided: x-decisions in
    openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "market_id": AS_IS,
        "number": AS_IS,
        "token": SECRET,
        "email": AS_IS,
        "customer_note": AS_IS,
        "currency": CURRENCY,
        "locale": AS_IS,
        "total_quantity": MINOR_UNITS,
        "item_total": DECIMAL,
        "display_item_total": AS_IS,
        "adjustment_total": DECIMAL,
        "display_adjustment_total": AS_IS,
        "discount_total": DECIMAL,
        "display_discount_total": AS_IS,
        "tax_total": DECIMAL,
        "display_tax_total": AS_IS,
        "included_tax_total": DECIMAL,
        "display_included_tax_total": AS_IS,
        "additional_tax_total": DECIMAL,
        "display_additional_tax_total": AS_IS,
        "total": DECIMAL,
        "display_total": AS_IS,
        "gift_card_total": DECIMAL,
        "display_gift_card_total": AS_IS,
        "amount_due": DECIMAL,
        "display_amount_due": AS_IS,
        "delivery_total": DECIMAL,
        "display_delivery_total": AS_IS,
        "warnings": AS_IS,
        "store_credit_total": DECIMAL,
        "display_store_credit_total": AS_IS,
        "covered_by_store_credit": AS_IS,
        "current_step": AS_IS,
        "completed_steps": AS_IS,
        "requirements": list_of(one_of(SpreeV3Requirement)),
        "shipping_eq_billing_address": AS_IS,
        "discounts": AS_IS,
        "items": list_of(one_of(SpreeV3LineItem)),
        "fulfillments": list_of(one_of(SpreeV3Fulfillment)),
        "payments": list_of(one_of(SpreeV3Payment)),
        "billing_address": nullable(one_of(SpreeV3Address), text=True),
        "shipping_address": nullable(one_of(SpreeV3Address), text=True),
        "payment_methods": list_of(one_of(SpreeV3PaymentMethod)),
        "gift_card": AS_IS,
        "market": one_of(SpreeV3Market),
        "channel_id": AS_IS,
        "preferred_stock_location_id": AS_IS,
        "coupon_code": AS_IS,
        "fee_total": DECIMAL,
        "display_fee_total": AS_IS,
        "fees": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "channel_id",
            "preferred_stock_location_id",
            "coupon_code",
            "fee_total",
            "display_fee_total",
            "fees",
        }
    )
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "market_id",
            "number",
            "token",
            "email",
            "customer_note",
            "currency",
            "locale",
            "total_quantity",
            "item_total",
            "display_item_total",
            "adjustment_total",
            "display_adjustment_total",
            "discount_total",
            "display_discount_total",
            "tax_total",
            "display_tax_total",
            "included_tax_total",
            "display_included_tax_total",
            "additional_tax_total",
            "display_additional_tax_total",
            "total",
            "display_total",
            "gift_card_total",
            "display_gift_card_total",
            "amount_due",
            "display_amount_due",
            "delivery_total",
            "display_delivery_total",
            "warnings",
            "store_credit_total",
            "display_store_credit_total",
            "covered_by_store_credit",
            "current_step",
            "completed_steps",
            "requirements",
            "shipping_eq_billing_address",
            "discounts",
            "items",
            "fulfillments",
            "payments",
            "billing_address",
            "shipping_address",
            "payment_methods",
            "gift_card",
            "market",
        }
    )

    id: str
    """The cart's id, in the form `cart_...`."""

    market_id: str
    """Id of the market, in the form `mkt_...`."""

    number: str
    """The order number shown to customers and staff."""

    token: str
    """The cart's own token. Keep the token secret: anyone who has it and the publishable key can read the cart."""

    email: str | None
    """The customer's e-mail address."""

    customer_note: str | None
    """A note from the customer."""

    currency: str
    """ISO 4217 currency code for the amounts."""

    locale: str
    """Language of the text in the cart."""

    total_quantity: int
    """Number of items."""

    item_total: Decimal
    """Total price of the items, in major units of `currency`."""

    display_item_total: str
    """The formatted `item_total`, such as `$25.00`."""

    adjustment_total: Decimal
    """Sum of the adjustments, in major units of `currency`."""

    display_adjustment_total: str
    """The formatted `adjustment_total`, such as `$25.00`."""

    discount_total: Decimal
    """Sum of the discounts, in major units of `currency`. Zero or negative."""

    display_discount_total: str
    """The formatted `discount_total`, such as `$25.00`."""

    tax_total: Decimal
    """Sum of the taxes, in major units of `currency`."""

    display_tax_total: str
    """The formatted `tax_total`, such as `$25.00`."""

    included_tax_total: Decimal
    """Taxes included in the prices, in major units of `currency`."""

    display_included_tax_total: str
    """The formatted `included_tax_total`, such as `$25.00`."""

    additional_tax_total: Decimal
    """Taxes added to the prices, in major units of `currency`."""

    display_additional_tax_total: str
    """The formatted `additional_tax_total`, such as `$25.00`."""

    total: Decimal
    """The amount to pay before store credit and gift cards are applied, in major units of `currency`."""

    display_total: str
    """The formatted `total`, such as `$25.00`."""

    gift_card_total: Decimal
    """The amount paid by gift card, in major units of `currency`."""

    display_gift_card_total: str
    """The formatted `gift_card_total`, such as `$25.00`."""

    amount_due: Decimal
    """The amount still to be paid, in major units of `currency`. The value is a string, or the number 0 if nothing is
    due.
    """

    display_amount_due: str
    """The formatted `amount_due`, such as `$25.00`."""

    delivery_total: Decimal
    """The cost of delivery, in major units of `currency`."""

    display_delivery_total: str
    """The formatted `delivery_total`, such as `$25.00`."""

    warnings: list[dict[str, Any]]
    """Warnings for the shopper, for example that an item has been removed."""

    store_credit_total: Decimal
    """The amount paid with store credit, in major units of `currency`. The value is `0` or `0.0` if no credit is
    applied; in 5.6, it is negative after a negative amount has been applied.
    """

    display_store_credit_total: str
    """The formatted `store_credit_total`, as a deduction, such as `-$25.00`."""

    covered_by_store_credit: bool
    """Whether store credit covers the whole total. Complete the cart only if this field is true or another payment
    covers the rest.
    """

    current_step: str
    """The next checkout step."""

    completed_steps: list[str]
    """The checkout steps that have been completed."""

    requirements: list[SpreeV3Requirement]
    """What is still required before the cart can be completed."""

    shipping_eq_billing_address: bool
    """Whether the shipping address is the same as the billing address."""

    discounts: list[dict[str, Any]]
    """The discounts."""

    items: list[SpreeV3LineItem]
    """The items."""

    fulfillments: list[SpreeV3Fulfillment]
    """The parcels."""

    payments: list[SpreeV3Payment]
    """The payments. Removed payments are included with the status `invalid`."""

    billing_address: SpreeV3Address | None
    """The billing address."""

    shipping_address: SpreeV3Address | None
    """The shipping address."""

    payment_methods: list[SpreeV3PaymentMethod]
    """The available payment methods."""

    gift_card: dict[str, Any] | None
    """The gift card applied to the cart."""

    market: SpreeV3Market
    """The market that the cart belongs to."""

    channel_id: Maybe[str] = UNSET
    """Id of the sales channel, in the form `ch_...`. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    preferred_stock_location_id: Maybe[str | None] = UNSET
    """Id of the preferred stock location. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    coupon_code: Maybe[str | None] = UNSET
    """The coupon code that was entered. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    fee_total: Maybe[Decimal] = UNSET
    """Sum of the fees, in major units of `currency`. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    display_fee_total: Maybe[str] = UNSET
    """The formatted `fee_total`, such as `$25.00`. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    fees: Maybe[list[dict[str, Any]]] = UNSET
    """The fees. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.market_id = data["market_id"]
            self.number = data["number"]
            self.token = data["token"]
            self.email = data["email"]
            self.customer_note = data["customer_note"]
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.locale = data["locale"]
            self.total_quantity = value if type(value := data["total_quantity"]) is int else MINOR_UNITS.read(value)
            self.item_total = (
                Decimal(value) if type(value := data["item_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_item_total = data["display_item_total"]
            self.adjustment_total = (
                Decimal(value)
                if type(value := data["adjustment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_adjustment_total = data["display_adjustment_total"]
            self.discount_total = (
                Decimal(value)
                if type(value := data["discount_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_discount_total = data["display_discount_total"]
            self.tax_total = (
                Decimal(value) if type(value := data["tax_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_tax_total = data["display_tax_total"]
            self.included_tax_total = (
                Decimal(value)
                if type(value := data["included_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_included_tax_total = data["display_included_tax_total"]
            self.additional_tax_total = (
                Decimal(value)
                if type(value := data["additional_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_additional_tax_total = data["display_additional_tax_total"]
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_total = data["display_total"]
            self.gift_card_total = (
                Decimal(value)
                if type(value := data["gift_card_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_gift_card_total = data["display_gift_card_total"]
            self.amount_due = (
                Decimal(value) if type(value := data["amount_due"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_amount_due = data["display_amount_due"]
            self.delivery_total = (
                Decimal(value)
                if type(value := data["delivery_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_delivery_total = data["display_delivery_total"]
            self.warnings = data["warnings"]
            self.store_credit_total = (
                Decimal(value)
                if type(value := data["store_credit_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_store_credit_total = data["display_store_credit_total"]
            self.covered_by_store_credit = data["covered_by_store_credit"]
            self.current_step = data["current_step"]
            self.completed_steps = data["completed_steps"]
            self.requirements = cls._fields["requirements"].read(data["requirements"])
            self.shipping_eq_billing_address = data["shipping_eq_billing_address"]
            self.discounts = data["discounts"]
            self.items = cls._fields["items"].read(data["items"])
            self.fulfillments = cls._fields["fulfillments"].read(data["fulfillments"])
            self.payments = cls._fields["payments"].read(data["payments"])
            self.billing_address = (
                None
                if (value := data["billing_address"]) is None
                else SpreeV3Address._decode(value)
                if type(value) is dict
                else value
            )
            self.shipping_address = (
                None
                if (value := data["shipping_address"]) is None
                else SpreeV3Address._decode(value)
                if type(value) is dict
                else value
            )
            self.payment_methods = cls._fields["payment_methods"].read(data["payment_methods"])
            self.gift_card = data["gift_card"]
            self.market = SpreeV3Market._decode(value) if type(value := data["market"]) is dict else value
            self.channel_id = data.get("channel_id", UNSET)
            self.preferred_stock_location_id = data.get("preferred_stock_location_id", UNSET)
            self.coupon_code = data.get("coupon_code", UNSET)
            self.fee_total = (
                value
                if (value := data.get("fee_total", UNSET)) is UNSET
                else Decimal(value)
                if type(value) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_fee_total = data.get("display_fee_total", UNSET)
            self.fees = data.get("fees", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
