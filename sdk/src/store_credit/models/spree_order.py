"""SpreeOrder. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

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
    Codec,
    from_text,
    in_utc,
    is_plain,
    nullable,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_rich_text import SpreeRichText

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document
    from store_credit.models.spree_payment import SpreePayment
    from store_credit.models.spree_user import SpreeUser

__all__ = ["SpreeOrder"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeOrder(Resource):
    """An order, as back-office staff see it.

    Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.orders.use_store_credit.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "number": AS_IS,
        "state": AS_IS,
        "currency": CURRENCY,
        "email": AS_IS,
        "item_count": INTEGER,
        "item_total": DECIMAL,
        "adjustment_total": DECIMAL,
        "taxable_adjustment_total": DECIMAL,
        "non_taxable_adjustment_total": DECIMAL,
        "promo_total": DECIMAL,
        "included_tax_total": DECIMAL,
        "additional_tax_total": DECIMAL,
        "shipment_total": DECIMAL,
        "total": DECIMAL,
        "payment_total": DECIMAL,
        "payment_state": AS_IS,
        "shipment_state": AS_IS,
        "completed_at": nullable(DATE_TIME),
        "approved_at": nullable(DATE_TIME),
        "canceled_at": nullable(DATE_TIME),
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "special_instructions": AS_IS,
        "internal_note": nullable(one_of(SpreeRichText), text=True),
        "last_ip_address": AS_IS,
        "channel": AS_IS,
        "confirmation_delivered": AS_IS,
        "store_owner_notification_delivered": AS_IS,
        "state_lock_version": INTEGER,
        "public_metadata": AS_IS,
        "private_metadata": AS_IS,
        "display_item_total": AS_IS,
        "display_adjustment_total": AS_IS,
        "display_promo_total": AS_IS,
        "display_cart_promo_total": AS_IS,
        "display_included_tax_total": AS_IS,
        "display_additional_tax_total": AS_IS,
        "display_tax_total": AS_IS,
        "display_ship_total": AS_IS,
        "display_shipment_total": AS_IS,
        "display_pre_tax_item_amount": AS_IS,
        "display_pre_tax_total": AS_IS,
        "display_total": AS_IS,
        "display_outstanding_balance": AS_IS,
        "display_total_available_store_credit": AS_IS,
        "display_total_applicable_store_credit": AS_IS,
        "display_total_applied_store_credit": AS_IS,
        "display_order_total_after_store_credit": AS_IS,
        "display_store_credit_remaining_after_capture": AS_IS,
        "accept_marketing": AS_IS,
        "signup_for_an_account": AS_IS,
        "display_payment_total": AS_IS,
        "display_gift_card_total": AS_IS,
        "display_total_minus_store_credits": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "accept_marketing",
            "signup_for_an_account",
            "display_payment_total",
            "display_gift_card_total",
            "display_total_minus_store_credits",
        }
    )

    number: str
    """The order number shown to shoppers and staff."""

    state: str
    """The state of the order. `cart` to `confirm` are the steps of the checkout; `complete` is a placed order."""

    currency: str
    """ISO 4217 code."""

    email: str | None
    """E-mail address for messages about the order."""

    item_count: int
    """Number of items in the order."""

    item_total: Decimal
    """Sum of the line items before adjustments."""

    adjustment_total: Decimal
    """Sum of all adjustments. Discounts are negative."""

    taxable_adjustment_total: Decimal
    """Sum of the taxable adjustments."""

    non_taxable_adjustment_total: Decimal
    """Sum of the non-taxable adjustments."""

    promo_total: Decimal
    """Sum of the promotional discounts, as a negative amount."""

    included_tax_total: Decimal
    """Tax included in the prices."""

    additional_tax_total: Decimal
    """Tax added to the prices."""

    shipment_total: Decimal
    """Total cost of the shipments."""

    total: Decimal
    """The total of the order. Store credit does not reduce the total."""

    payment_total: Decimal
    """The sum of the completed payments."""

    payment_state: str | None
    """The payment state of the order. Null until the order is completed. `paid`: completed payments cover the total;
    `balance_due`: they do not.
    """

    shipment_state: str | None
    """The shipment state of the order. Null until the order is completed. `pending`: the order is not paid in full;
    `ready`: it is.
    """

    completed_at: datetime | None
    """When the shopper completed the order."""

    approved_at: datetime | None
    """When a member of staff approved the order."""

    canceled_at: datetime | None
    """When the order was cancelled."""

    created_at: datetime
    """When the cart was created."""

    updated_at: datetime
    """When the order was last changed."""

    special_instructions: str | None
    """Special instructions from the shopper."""

    internal_note: str | SpreeRichText | None
    """A note for the back office. In Spree 5 and later, a rich text object is always returned, even if there is no
    note.
    """

    last_ip_address: str | None
    """The last IP address that the shopper used."""

    channel: str | None
    """The sales channel of the order; `spree` by default."""

    confirmation_delivered: bool | None
    """Whether a confirmation was sent to the shopper."""

    store_owner_notification_delivered: bool | None
    """Whether the store owner was notified of the order."""

    state_lock_version: int
    """Number of state changes, used to detect conflicting changes."""

    public_metadata: dict[str, Any]
    """Custom data that the shopper can see."""

    private_metadata: dict[str, Any]
    """Custom data for the back office."""

    display_item_total: str | None
    """The formatted `item_total`."""

    display_adjustment_total: str | None
    """The formatted `adjustment_total`."""

    display_promo_total: str | None
    """The formatted `promo_total`."""

    display_cart_promo_total: str | None
    """The formatted sum of the promotional discounts on the order and its line items."""

    display_included_tax_total: str | None
    """The formatted `included_tax_total`."""

    display_additional_tax_total: str | None
    """The formatted `additional_tax_total`."""

    display_tax_total: str | None
    """The formatted sum of the included and additional taxes."""

    display_ship_total: str | None
    """The formatted `shipment_total`."""

    display_shipment_total: str | None
    """The formatted `shipment_total`."""

    display_pre_tax_item_amount: str | None
    """The formatted amount of the line items before tax."""

    display_pre_tax_total: str | None
    """The formatted total before tax."""

    display_total: str | None
    """The formatted `total`."""

    display_outstanding_balance: str | None
    """The formatted amount not yet covered by completed payments."""

    display_total_available_store_credit: str | None
    """The formatted amount of store credit available to the order's user."""

    display_total_applicable_store_credit: str | None
    """The store credit that can be applied to the order, formatted as a negative amount."""

    display_total_applied_store_credit: str | None
    """The store credit applied to the order, formatted as a negative amount."""

    display_order_total_after_store_credit: str | None
    """The formatted amount that would be left to pay if all applicable store credit were used."""

    display_store_credit_remaining_after_capture: str | None
    """The formatted amount of store credit that the user would have left after capture."""

    accept_marketing: Maybe[bool | None] = UNSET
    """Available in Spree 5 and later. Whether the shopper agreed to receive marketing e-mails."""

    signup_for_an_account: Maybe[bool | None] = UNSET
    """Available in Spree 5 and later. Whether the shopper wants to create an account."""

    display_payment_total: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. The formatted `payment_total`."""

    display_gift_card_total: Maybe[str | None] = UNSET
    """Available in Spree 5.1 and later. The formatted amount paid by gift card."""

    display_total_minus_store_credits: Maybe[str | None] = UNSET
    """Available in Spree 5 and later. The formatted amount left to pay after store credit is applied."""

    payments: Related[list[SpreePayment]] = field(init=False, default=Related())
    """All payments for the order, including invalid ones."""

    user: Related[SpreeUser | None] = field(init=False, default=Related())
    """The shopper. Null for a guest."""

    created_by: Related[SpreeUser | None] = field(init=False, default=Related())
    """The user who created the order, if not the shopper."""

    approver: Related[SpreeUser | None] = field(init=False, default=Related())
    """The user who approved the order."""

    canceler: Related[SpreeUser | None] = field(init=False, default=Related())
    """The user who cancelled the order."""

    bill_address: Related[Resource | None] = field(init=False, default=Related())
    """The billing address."""

    ship_address: Related[Resource | None] = field(init=False, default=Related())
    """The shipping address."""

    line_items: Related[list[Resource]] = field(init=False, default=Related())
    """The items in the order."""

    shipments: Related[list[Resource]] = field(init=False, default=Related())
    """The shipments of the order."""

    state_changes: Related[list[Resource]] = field(init=False, default=Related())
    """The order's history."""

    return_authorizations: Related[list[Resource]] = field(init=False, default=Related())
    """Authorizations to return items."""

    reimbursements: Related[list[Resource]] = field(init=False, default=Related())
    """Reimbursements for returns."""

    adjustments: Related[list[Resource]] = field(init=False, default=Related())
    """Adjustments to the order itself."""

    all_adjustments: Related[list[Resource]] = field(init=False, default=Related())
    """Adjustments to the order, its line items and its shipments."""

    order_promotions: Related[list[Resource]] = field(init=False, default=Related())
    """Promotions that apply."""

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
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.email = data["email"]
            self.item_count = value if type(value := data["item_count"]) is int else INTEGER.read(value)
            self.item_total = (
                Decimal(value) if type(value := data["item_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.adjustment_total = (
                Decimal(value)
                if type(value := data["adjustment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.taxable_adjustment_total = (
                Decimal(value)
                if type(value := data["taxable_adjustment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.non_taxable_adjustment_total = (
                Decimal(value)
                if type(value := data["non_taxable_adjustment_total"]) is str and is_plain(value)
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
            self.shipment_total = (
                Decimal(value)
                if type(value := data["shipment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.payment_total = (
                Decimal(value)
                if type(value := data["payment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.payment_state = data["payment_state"]
            self.shipment_state = data["shipment_state"]
            self.completed_at = (
                None
                if (value := data["completed_at"]) is None
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
            self.canceled_at = (
                None
                if (value := data["canceled_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.special_instructions = data["special_instructions"]
            self.internal_note = (
                None
                if (value := data["internal_note"]) is None
                else SpreeRichText._decode(value)
                if type(value) is dict
                else value
            )
            self.last_ip_address = data["last_ip_address"]
            self.channel = data["channel"]
            self.confirmation_delivered = data["confirmation_delivered"]
            self.store_owner_notification_delivered = data["store_owner_notification_delivered"]
            self.state_lock_version = value if type(value := data["state_lock_version"]) is int else INTEGER.read(value)
            self.public_metadata = data["public_metadata"]
            self.private_metadata = data["private_metadata"]
            self.display_item_total = data["display_item_total"]
            self.display_adjustment_total = data["display_adjustment_total"]
            self.display_promo_total = data["display_promo_total"]
            self.display_cart_promo_total = data["display_cart_promo_total"]
            self.display_included_tax_total = data["display_included_tax_total"]
            self.display_additional_tax_total = data["display_additional_tax_total"]
            self.display_tax_total = data["display_tax_total"]
            self.display_ship_total = data["display_ship_total"]
            self.display_shipment_total = data["display_shipment_total"]
            self.display_pre_tax_item_amount = data["display_pre_tax_item_amount"]
            self.display_pre_tax_total = data["display_pre_tax_total"]
            self.display_total = data["display_total"]
            self.display_outstanding_balance = data["display_outstanding_balance"]
            self.display_total_available_store_credit = data["display_total_available_store_credit"]
            self.display_total_applicable_store_credit = data["display_total_applicable_store_credit"]
            self.display_total_applied_store_credit = data["display_total_applied_store_credit"]
            self.display_order_total_after_store_credit = data["display_order_total_after_store_credit"]
            self.display_store_credit_remaining_after_capture = data["display_store_credit_remaining_after_capture"]
            self.accept_marketing = data.get("accept_marketing", UNSET)
            self.signup_for_an_account = data.get("signup_for_an_account", UNSET)
            self.display_payment_total = data.get("display_payment_total", UNSET)
            self.display_gift_card_total = data.get("display_gift_card_total", UNSET)
            self.display_total_minus_store_credits = data.get("display_total_minus_store_credits", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
