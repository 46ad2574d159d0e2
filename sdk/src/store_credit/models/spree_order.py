"""SpreeOrder. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, field

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    DATE_TIME,
    DECIMAL,
    INTEGER,
    READ_ERRORS,
    Codec,
    NotUTCError,
    nullable,
    read_decimal,
    read_integer,
)
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit.models.spree_payment import SpreePayment
    from store_credit.models.spree_user import SpreeUser

__all__ = ["SpreeOrder"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeOrder(Resource):
    """An order, as the back office sees it.

    Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.orders.use_store_credit.
    """

    number: str
    """The number people know the order by."""

    state: str
    """How far the order is."""

    currency: str
    """ISO 4217 code."""

    email: str | None
    """E-mail address for messages about the order."""

    item_count: int
    """How many pieces were ordered."""

    item_total: Decimal
    """Sum of the lines before adjustments."""

    adjustment_total: Decimal
    """Sum of all adjustments, discounts negative."""

    taxable_adjustment_total: Decimal
    """Sum of the adjustments that are taxed."""

    non_taxable_adjustment_total: Decimal
    """Sum of the adjustments that are not taxed."""

    promo_total: Decimal
    """Sum of the promotions, negative."""

    included_tax_total: Decimal
    """Tax contained in the prices."""

    additional_tax_total: Decimal
    """Tax added to the prices."""

    shipment_total: Decimal
    """Sum of the shipments' cost."""

    total: Decimal
    """What the order costs. Store credit does not lower it."""

    payment_total: Decimal
    """What completed payments have paid."""

    payment_state: str | None
    """Whether it is paid; null before the order completes."""

    shipment_state: str | None
    """Whether it is shipped; null before the order completes."""

    completed_at: datetime | None
    """When the shopper completed it."""

    approved_at: datetime | None
    """When somebody approved it."""

    canceled_at: datetime | None
    """When it was cancelled."""

    created_at: datetime
    """When the cart was opened."""

    updated_at: datetime
    """When it last changed."""

    special_instructions: str | None
    """The shopper's wishes."""

    internal_note: str | None
    """The back office's note."""

    last_ip_address: str | None
    """Address the shopper last came from."""

    channel: str | None
    """Where the order came from; `spree` by default."""

    confirmation_delivered: bool | None
    """Whether the shopper was sent a confirmation."""

    store_owner_notification_delivered: bool | None
    """Whether the store was told."""

    state_lock_version: int
    """Counts changes of state, to notice conflicting ones."""

    public_metadata: dict[str, Any]
    """Anything attached that the shopper may see."""

    private_metadata: dict[str, Any]
    """Anything attached for the back office."""

    display_item_total: str | None
    """Text of `item_total`."""

    display_adjustment_total: str | None
    """Text of `adjustment_total`."""

    display_promo_total: str | None
    """Text of `promo_total`."""

    display_cart_promo_total: str | None
    """Text of the promotions on lines and order."""

    display_included_tax_total: str | None
    """Text of `included_tax_total`."""

    display_additional_tax_total: str | None
    """Text of `additional_tax_total`."""

    display_tax_total: str | None
    """Text of both taxes together."""

    display_ship_total: str | None
    """Text of `shipment_total`."""

    display_shipment_total: str | None
    """Text of `shipment_total`."""

    display_pre_tax_item_amount: str | None
    """Text of the lines' amount before tax."""

    display_pre_tax_total: str | None
    """Text of the total before tax."""

    display_total: str | None
    """Text of `total`."""

    display_outstanding_balance: str | None
    """Text of what completed payments have not covered yet."""

    display_total_available_store_credit: str | None
    """Text of the store credit the order's user has."""

    display_total_applicable_store_credit: str | None
    """Text, negative, of the store credit that can be put on the order."""

    display_total_applied_store_credit: str | None
    """Text, negative, of the store credit that is on the order."""

    display_order_total_after_store_credit: str | None
    """Text of what would be left to pay if all applicable store credit were used."""

    display_store_credit_remaining_after_capture: str | None
    """Text of the store credit the user would keep."""

    accept_marketing: Maybe[bool | None] = UNSET
    """From Spree 5 on. Whether the shopper wants advertising."""

    signup_for_an_account: Maybe[bool | None] = UNSET
    """From Spree 5 on. Whether the shopper wants an account."""

    display_payment_total: Maybe[str | None] = UNSET
    """From Spree 5 on. Text of `payment_total`."""

    display_gift_card_total: Maybe[str | None] = UNSET
    """From Spree 5.1 on. Text of what a gift card pays."""

    display_total_minus_store_credits: Maybe[str | None] = UNSET
    """From Spree 5 on. Text of what is left to pay after the store credit that is on the order."""

    payments: list[SpreePayment] = field(init=False)
    """Every payment ever made, invalid ones too."""

    user: SpreeUser | None = field(init=False)
    """The shopper; none for a guest."""

    created_by: SpreeUser | None = field(init=False)
    """Who opened it, if that was not the shopper."""

    approver: SpreeUser | None = field(init=False)
    """Who approved it."""

    canceler: SpreeUser | None = field(init=False)
    """Who cancelled it."""

    bill_address: Resource | None = field(init=False)
    """The address for the bill."""

    ship_address: Resource | None = field(init=False)
    """The address for the delivery."""

    line_items: list[Resource] = field(init=False)
    """What was ordered."""

    shipments: list[Resource] = field(init=False)
    """How it is shipped."""

    state_changes: list[Resource] = field(init=False)
    """The order's history."""

    return_authorizations: list[Resource] = field(init=False)
    """Permissions to send something back."""

    reimbursements: list[Resource] = field(init=False)
    """What was paid back for returns."""

    adjustments: list[Resource] = field(init=False)
    """Adjustments of the order itself."""

    all_adjustments: list[Resource] = field(init=False)
    """Adjustments of the order, its lines and its shipments."""

    order_promotions: list[Resource] = field(init=False)
    """Promotions that apply."""

    metafields: list[Resource] = field(init=False)
    """From Spree 5.2 on. Custom fields."""

    _fields: ClassVar[dict[str, Codec]] = {
        "number": AS_IS,
        "state": AS_IS,
        "currency": AS_IS,
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
        "internal_note": AS_IS,
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
    _relationships: ClassVar[tuple[str, ...]] = (
        "payments",
        "user",
        "created_by",
        "approver",
        "canceler",
        "bill_address",
        "ship_address",
        "line_items",
        "shipments",
        "state_changes",
        "return_authorizations",
        "reimbursements",
        "adjustments",
        "all_adjustments",
        "order_promotions",
        "metafields",
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
            self.number = data["number"]
            self.state = data["state"]
            self.currency = data["currency"]
            self.email = data["email"]
            self.item_count = value if type(value := data["item_count"]) is int else read_integer(value)
            self.item_total = (
                Decimal(value)
                if type(value := data["item_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.adjustment_total = (
                Decimal(value)
                if type(value := data["adjustment_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.taxable_adjustment_total = (
                Decimal(value)
                if type(value := data["taxable_adjustment_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.non_taxable_adjustment_total = (
                Decimal(value)
                if type(value := data["non_taxable_adjustment_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.promo_total = (
                Decimal(value)
                if type(value := data["promo_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.included_tax_total = (
                Decimal(value)
                if type(value := data["included_tax_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.additional_tax_total = (
                Decimal(value)
                if type(value := data["additional_tax_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.shipment_total = (
                Decimal(value)
                if type(value := data["shipment_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and value[-1:] <= "9" else read_decimal(value)
            )
            self.payment_total = (
                Decimal(value)
                if type(value := data["payment_total"]) is str and value[-1:] <= "9"
                else read_decimal(value)
            )
            self.payment_state = data["payment_state"]
            self.shipment_state = data["shipment_state"]
            value = None if (value := data["completed_at"]) is None else from_text(value)
            if value is not None and value.tzinfo is not UTC:
                raise NotUTCError
            self.completed_at = value
            value = None if (value := data["approved_at"]) is None else from_text(value)
            if value is not None and value.tzinfo is not UTC:
                raise NotUTCError
            self.approved_at = value
            value = None if (value := data["canceled_at"]) is None else from_text(value)
            if value is not None and value.tzinfo is not UTC:
                raise NotUTCError
            self.canceled_at = value
            value = from_text(data["created_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.created_at = value
            value = from_text(data["updated_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.updated_at = value
            self.special_instructions = data["special_instructions"]
            self.internal_note = data["internal_note"]
            self.last_ip_address = data["last_ip_address"]
            self.channel = data["channel"]
            self.confirmation_delivered = data["confirmation_delivered"]
            self.store_owner_notification_delivered = data["store_owner_notification_delivered"]
            self.state_lock_version = value if type(value := data["state_lock_version"]) is int else read_integer(value)
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
            if document is not None and document.bare:
                data = self._raw["relationships"]
                known = document.known
                self.payments = [
                    known[value["type"]].get(value["id"]) or document.refer(value) for value in data["payments"]["data"]
                ]
                self.user = (
                    None
                    if (value := data["user"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.created_by = (
                    None
                    if (value := data["created_by"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.approver = (
                    None
                    if (value := data["approver"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
                self.canceler = (
                    None
                    if (value := data["canceler"]["data"]) is None
                    else known[value["type"]].get(value["id"]) or document.refer(value)
                )
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
                self.line_items = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["line_items"]["data"]
                ]
                self.shipments = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["shipments"]["data"]
                ]
                self.state_changes = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["state_changes"]["data"]
                ]
                self.return_authorizations = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["return_authorizations"]["data"]
                ]
                self.reimbursements = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["reimbursements"]["data"]
                ]
                self.adjustments = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["adjustments"]["data"]
                ]
                self.all_adjustments = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["all_adjustments"]["data"]
                ]
                self.order_promotions = [
                    known[value["type"]].get(value["id"]) or document.refer(value)
                    for value in data["order_promotions"]["data"]
                ]
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
