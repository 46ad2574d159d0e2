"""SpreeV3AdminOrder. Generated from openapi.yaml by scripts/generate: do not edit."""
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
from store_credit.models.spree_v3_admin_market import SpreeV3AdminMarket
from store_credit.models.spree_v3_admin_payment import SpreeV3AdminPayment

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3AdminOrder"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3AdminOrder(Model):
    """An order, as back-office staff see it. Items and payments are separate records. Formatted amounts are in the
    request's language.

    Source: recorded: v3.admin.orders.apply.spree561, v3.admin.orders.apply.spree600alpha,
    v3.admin.orders.cancel.spree561; read from code: Spree 6.0, October 2026; decided: x-decisions in openapi.yaml.
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
        "fulfillment_status": AS_IS,
        "payment_status": AS_IS,
        "completed_at": nullable(DATE_TIME),
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
        "store_credit_total": DECIMAL,
        "display_store_credit_total": AS_IS,
        "covered_by_store_credit": AS_IS,
        "gift_card": AS_IS,
        "market": one_of(SpreeV3AdminMarket),
        "status": AS_IS,
        "last_ip_address": AS_IS,
        "considered_risky": AS_IS,
        "confirmation_delivered": AS_IS,
        "store_owner_notification_delivered": AS_IS,
        "payment_total": DECIMAL,
        "display_payment_total": AS_IS,
        "metadata": AS_IS,
        "canceled_at": nullable(DATE_TIME),
        "approved_at": nullable(DATE_TIME),
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "preferred_stock_location_id": AS_IS,
        "tags": AS_IS,
        "internal_note": AS_IS,
        "approver_id": AS_IS,
        "canceler_id": AS_IS,
        "created_by_id": AS_IS,
        "customer_id": AS_IS,
        "cart_id": AS_IS,
        "coupon_code": AS_IS,
        "fee_total": DECIMAL,
        "display_fee_total": AS_IS,
        "company_location_id": AS_IS,
        "seller_id": AS_IS,
        "order_group_id": AS_IS,
        "company_id": AS_IS,
        "internal_note_html": AS_IS,
        "payments": list_of(one_of(SpreeV3AdminPayment)),
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "display_item_total",
            "display_adjustment_total",
            "display_discount_total",
            "display_tax_total",
            "display_included_tax_total",
            "display_additional_tax_total",
            "display_total",
            "display_gift_card_total",
            "display_amount_due",
            "display_delivery_total",
            "display_store_credit_total",
            "display_payment_total",
            "cart_id",
            "coupon_code",
            "fee_total",
            "display_fee_total",
            "company_location_id",
            "seller_id",
            "order_group_id",
            "company_id",
            "internal_note_html",
            "payments",
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
            "fulfillment_status",
            "payment_status",
            "completed_at",
            "item_total",
            "adjustment_total",
            "discount_total",
            "tax_total",
            "included_tax_total",
            "additional_tax_total",
            "total",
            "gift_card_total",
            "amount_due",
            "delivery_total",
            "store_credit_total",
            "covered_by_store_credit",
            "gift_card",
            "market",
            "status",
            "last_ip_address",
            "considered_risky",
            "confirmation_delivered",
            "store_owner_notification_delivered",
            "payment_total",
            "metadata",
            "canceled_at",
            "approved_at",
            "created_at",
            "updated_at",
            "preferred_stock_location_id",
            "tags",
            "internal_note",
            "approver_id",
            "canceler_id",
            "created_by_id",
            "customer_id",
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

    fulfillment_status: str | None
    """The fulfillment state of the order. Null until the order is placed. Values that were recorded:

    - `pending` (5.5 and 5.6): not paid in full
    - `ready` (5.5 and 5.6): paid in full
    - `unfulfilled` (6.0): placed, not sent yet
    - `canceled`: the order was cancelled
    """

    payment_status: str | None
    """The payment state of the order. Null until the order is placed; in 6.0, also `none`.

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

    item_total: Decimal
    """Total price of the items, in major units of `currency`."""

    adjustment_total: Decimal
    """Sum of the adjustments, in major units of `currency`."""

    discount_total: Decimal
    """Sum of the discounts, in major units of `currency`. Zero or negative."""

    tax_total: Decimal
    """Sum of the taxes, in major units of `currency`."""

    included_tax_total: Decimal
    """Taxes included in the prices, in major units of `currency`."""

    additional_tax_total: Decimal
    """Taxes added to the prices, in major units of `currency`."""

    total: Decimal
    """The amount to pay before store credit and gift cards are applied, in major units of `currency`."""

    gift_card_total: Decimal
    """The amount paid by gift card, in major units of `currency`."""

    amount_due: Decimal
    """The amount still to be paid, in major units of `currency`. The value is a string, or the number 0 if nothing is
    due.
    """

    delivery_total: Decimal
    """The cost of delivery, in major units of `currency`."""

    store_credit_total: Decimal
    """The amount paid with store credit, in major units of `currency`. The value is `0` or `0.0` if no credit is
    applied; in 5.6, it is negative after a negative amount has been applied.
    """

    covered_by_store_credit: bool
    """Whether store credit covers the whole total."""

    gift_card: dict[str, Any] | None
    """The gift card applied to the order."""

    market: SpreeV3AdminMarket
    """The market that the order belongs to."""

    status: str
    """The order's state."""

    last_ip_address: str | None
    """The customer's last IP address."""

    considered_risky: bool
    """Whether the order is suspected to be fraudulent."""

    confirmation_delivered: bool
    """Whether a confirmation was sent to the customer."""

    store_owner_notification_delivered: bool | None
    """Whether the store owner was notified of the order."""

    payment_total: Decimal
    """The amount paid so far, in major units of `currency`."""

    metadata: dict[str, Any]
    """Custom data attached by applications."""

    canceled_at: datetime | None
    """When the order was cancelled."""

    approved_at: datetime | None
    """When the order was approved."""

    created_at: datetime
    """When the order was created."""

    updated_at: datetime
    """When the order was last changed."""

    preferred_stock_location_id: str | None
    """Id of the preferred stock location."""

    tags: list[str]
    """The order's tags."""

    internal_note: str | None
    """A note written by staff."""

    approver_id: str | None
    """Id of the user who approved the order."""

    canceler_id: str | None
    """Id of the user who cancelled the order."""

    created_by_id: str | None
    """Id of the member of staff who created the order. Null if the request was sent with only an API key."""

    customer_id: str | None
    """The id of the customer: `cus_...` in 5.6 and earlier, and `cust_...` in 6.0-alpha and later."""

    display_item_total: Maybe[str] = UNSET
    """The formatted `item_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_adjustment_total: Maybe[str] = UNSET
    """The formatted `adjustment_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_discount_total: Maybe[str] = UNSET
    """The formatted `discount_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_tax_total: Maybe[str] = UNSET
    """The formatted `tax_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_included_tax_total: Maybe[str] = UNSET
    """The formatted `included_tax_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_additional_tax_total: Maybe[str] = UNSET
    """The formatted `additional_tax_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha,
    6.0-alpha+ledger.
    """

    display_total: Maybe[str] = UNSET
    """The formatted `total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_gift_card_total: Maybe[str] = UNSET
    """The formatted `gift_card_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_amount_due: Maybe[str] = UNSET
    """The formatted `amount_due`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_delivery_total: Maybe[str] = UNSET
    """The formatted `delivery_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    display_store_credit_total: Maybe[str] = UNSET
    """The formatted `store_credit_total`, as a deduction, such as `-$25.00`. Available only in 5.5, 5.6, 6.0-alpha,
    6.0-alpha+ledger.
    """

    display_payment_total: Maybe[str] = UNSET
    """The formatted `payment_total`, such as `$25.00`. Available only in 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger."""

    cart_id: Maybe[str | None] = UNSET
    """Id of the cart that became this order, in the form `cart_...`. Available only in 6.0-alpha, 6.0-alpha+ledger,
    6.0.
    """

    coupon_code: Maybe[str | None] = UNSET
    """The coupon code that was entered. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    fee_total: Maybe[Decimal] = UNSET
    """Sum of the fees, in major units of `currency`. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    display_fee_total: Maybe[str] = UNSET
    """The formatted `fee_total`, such as `$25.00`. Available only in 6.0-alpha, 6.0-alpha+ledger."""

    company_location_id: Maybe[str | None] = UNSET
    """Id of the company's location. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    seller_id: Maybe[str | None] = UNSET
    """Id of the seller. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    order_group_id: Maybe[str | None] = UNSET
    """Id of the order group. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    company_id: Maybe[str | None] = UNSET
    """Id of the company. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    internal_note_html: Maybe[str | None] = UNSET
    """The internal note as HTML. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    payments: Maybe[list[SpreeV3AdminPayment]] = UNSET
    """The order's payments, if requested with `expand`."""

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
            self.fulfillment_status = data["fulfillment_status"]
            self.payment_status = data["payment_status"]
            self.completed_at = (
                None
                if (value := data["completed_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.item_total = (
                Decimal(value) if type(value := data["item_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_item_total = data.get("display_item_total", UNSET)
            self.adjustment_total = (
                Decimal(value)
                if type(value := data["adjustment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_adjustment_total = data.get("display_adjustment_total", UNSET)
            self.discount_total = (
                Decimal(value)
                if type(value := data["discount_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_discount_total = data.get("display_discount_total", UNSET)
            self.tax_total = (
                Decimal(value) if type(value := data["tax_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_tax_total = data.get("display_tax_total", UNSET)
            self.included_tax_total = (
                Decimal(value)
                if type(value := data["included_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_included_tax_total = data.get("display_included_tax_total", UNSET)
            self.additional_tax_total = (
                Decimal(value)
                if type(value := data["additional_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_additional_tax_total = data.get("display_additional_tax_total", UNSET)
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_total = data.get("display_total", UNSET)
            self.gift_card_total = (
                Decimal(value)
                if type(value := data["gift_card_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_gift_card_total = data.get("display_gift_card_total", UNSET)
            self.amount_due = (
                Decimal(value) if type(value := data["amount_due"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_amount_due = data.get("display_amount_due", UNSET)
            self.delivery_total = (
                Decimal(value)
                if type(value := data["delivery_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_delivery_total = data.get("display_delivery_total", UNSET)
            self.store_credit_total = (
                Decimal(value)
                if type(value := data["store_credit_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_store_credit_total = data.get("display_store_credit_total", UNSET)
            self.covered_by_store_credit = data["covered_by_store_credit"]
            self.gift_card = data["gift_card"]
            self.market = SpreeV3AdminMarket._decode(value) if type(value := data["market"]) is dict else value
            self.status = data["status"]
            self.last_ip_address = data["last_ip_address"]
            self.considered_risky = data["considered_risky"]
            self.confirmation_delivered = data["confirmation_delivered"]
            self.store_owner_notification_delivered = data["store_owner_notification_delivered"]
            self.payment_total = (
                Decimal(value)
                if type(value := data["payment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_payment_total = data.get("display_payment_total", UNSET)
            self.metadata = data["metadata"]
            self.canceled_at = (
                None
                if (value := data["canceled_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.approved_at = (
                None
                if (value := data["approved_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.preferred_stock_location_id = data["preferred_stock_location_id"]
            self.tags = data["tags"]
            self.internal_note = data["internal_note"]
            self.approver_id = data["approver_id"]
            self.canceler_id = data["canceler_id"]
            self.created_by_id = data["created_by_id"]
            self.customer_id = data["customer_id"]
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
            self.company_location_id = data.get("company_location_id", UNSET)
            self.seller_id = data.get("seller_id", UNSET)
            self.order_group_id = data.get("order_group_id", UNSET)
            self.company_id = data.get("company_id", UNSET)
            self.internal_note_html = data.get("internal_note_html", UNSET)
            self.payments = (
                value if (value := data.get("payments", UNSET)) is UNSET else cls._fields["payments"].read(value)
            )
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
