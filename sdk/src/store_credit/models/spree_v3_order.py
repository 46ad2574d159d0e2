"""SpreeV3Order. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    CURRENCY,
    DATE_TIME,
    DECIMAL,
    ID,
    MINOR_UNITS,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
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

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Order"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Order(Model):
    """An order, as the shopper sees it.

    Source: recorded: v3.store.carts.complete.spree561, v3.store.carts.complete.spree600alpha,
    v3.store.carts.complete.spree554; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "market_id": AS_IS,
        "channel_id": AS_IS,
        "number": AS_IS,
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
        "fulfillment_status": AS_IS,
        "payment_status": AS_IS,
        "completed_at": nullable(DATE_TIME),
        "store_credit_total": DECIMAL,
        "display_store_credit_total": AS_IS,
        "covered_by_store_credit": AS_IS,
        "discounts": AS_IS,
        "items": list_of(one_of(SpreeV3LineItem)),
        "fulfillments": list_of(one_of(SpreeV3Fulfillment)),
        "payments": list_of(one_of(SpreeV3Payment)),
        "billing_address": nullable(one_of(SpreeV3Address), text=True),
        "shipping_address": nullable(one_of(SpreeV3Address), text=True),
        "gift_card": AS_IS,
        "market": one_of(SpreeV3Market),
        "cart_id": AS_IS,
        "coupon_code": AS_IS,
        "fee_total": DECIMAL,
        "display_fee_total": AS_IS,
        "fees": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "cart_id",
            "coupon_code",
            "fee_total",
            "display_fee_total",
            "fees",
        }
    )
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "market_id",
            "channel_id",
            "number",
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
            "fulfillment_status",
            "payment_status",
            "completed_at",
            "store_credit_total",
            "display_store_credit_total",
            "covered_by_store_credit",
            "discounts",
            "items",
            "fulfillments",
            "payments",
            "billing_address",
            "shipping_address",
            "gift_card",
            "market",
        }
    )

    id: str
    """The order's id, in the form `or_...`."""

    market_id: str
    """Id of the market, in the form `mkt_...`."""

    channel_id: str
    """Id of the sales channel, in the form `ch_...`."""

    number: str
    """The order number shown to customers and staff."""

    email: str | None
    """The customer's e-mail address."""

    customer_note: str | None
    """A note from the customer."""

    currency: str
    """ISO 4217 currency code for the amounts."""

    locale: str
    """Language of the text in the order."""

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

    fulfillment_status: str
    """The fulfillment state of the order. Values that were recorded:

    - `pending` (5.5 and 5.6): not paid in full
    - `ready` (5.5 and 5.6): paid in full
    - `unfulfilled` (6.0): placed, not sent yet
    - `canceled`: the order was cancelled
    """

    payment_status: str
    """The payment state of the order:

    - `paid`: captured payments cover the total
    - `balance_due` (5.5 and 5.6): captured payments do not cover the total
    - `authorized` (6.0): authorized, not captured yet
    - `none` (6.0): nothing is authorized or captured
    - `failed`: seen in 5.6 after an order that credit had paid was cancelled
    - `void`
    - `credit_owed`
    - `pending`
    """

    completed_at: datetime | None
    """When the order was placed."""

    store_credit_total: Decimal
    """The amount paid with store credit, in major units of `currency`. The value is `0` or `0.0` if no credit is
    applied; in 5.6, it is negative after a negative amount has been applied.
    """

    display_store_credit_total: str
    """The formatted `store_credit_total`, as a deduction, such as `-$25.00`."""

    covered_by_store_credit: bool
    """Whether store credit covers the whole total."""

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

    gift_card: dict[str, Any] | None
    """The gift card applied to the order."""

    market: SpreeV3Market
    """The market that the order belongs to."""

    cart_id: Maybe[str] = UNSET
    """Id of the cart that became this order, in the form `cart_...`. Available only in 6.0-alpha, 6.0-alpha+ledger,
    6.0.
    """

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
            self.channel_id = data["channel_id"]
            self.number = data["number"]
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
            self.fulfillment_status = data["fulfillment_status"]
            self.payment_status = data["payment_status"]
            self.completed_at = (
                None
                if (value := data["completed_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.store_credit_total = (
                Decimal(value)
                if type(value := data["store_credit_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_store_credit_total = data["display_store_credit_total"]
            self.covered_by_store_credit = data["covered_by_store_credit"]
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
            self.gift_card = data["gift_card"]
            self.market = SpreeV3Market._decode(value) if type(value := data["market"]) is dict else value
            self.cart_id = data.get("cart_id", UNSET)
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
