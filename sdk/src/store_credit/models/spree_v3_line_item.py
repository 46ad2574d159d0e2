"""SpreeV3LineItem. Generated from openapi.yaml by scripts/generate: do not edit."""

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
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3LineItem"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3LineItem(Model):
    """An item in a cart or order.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "variant_id": AS_IS,
        "quantity": MINOR_UNITS,
        "currency": CURRENCY,
        "name": AS_IS,
        "slug": AS_IS,
        "options_text": AS_IS,
        "price": DECIMAL,
        "display_price": AS_IS,
        "total": DECIMAL,
        "display_total": AS_IS,
        "adjustment_total": DECIMAL,
        "display_adjustment_total": AS_IS,
        "additional_tax_total": DECIMAL,
        "display_additional_tax_total": AS_IS,
        "included_tax_total": DECIMAL,
        "display_included_tax_total": AS_IS,
        "discount_total": DECIMAL,
        "display_discount_total": AS_IS,
        "pre_tax_amount": DECIMAL,
        "display_pre_tax_amount": AS_IS,
        "discounted_amount": DECIMAL,
        "display_discounted_amount": AS_IS,
        "display_compare_at_amount": AS_IS,
        "compare_at_amount": nullable(DECIMAL),
        "thumbnail_url": AS_IS,
        "option_values": AS_IS,
        "digital_links": AS_IS,
        "preorder": AS_IS,
        "preorder_ships_at": nullable(DATE_TIME),
        "seller_id": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "preorder",
            "preorder_ships_at",
            "seller_id",
        }
    )

    id: str
    """The item's id, in the form `li_...`."""

    variant_id: str
    """Id of the variant, in the form `variant_...`."""

    quantity: int
    """The quantity."""

    currency: str
    """ISO 4217 currency code for the amounts."""

    name: str
    """The item's name."""

    slug: str
    """The name of the product, as used in URLs."""

    options_text: str
    """The variant's options, as text."""

    price: Decimal
    """Unit price, in major units of `currency`."""

    display_price: str
    """The formatted `price`, such as `$25.00`."""

    total: Decimal
    """The amount to pay before store credit and gift cards are applied, in major units of `currency`."""

    display_total: str
    """The formatted `total`, such as `$25.00`."""

    adjustment_total: Decimal
    """Sum of the adjustments, in major units of `currency`."""

    display_adjustment_total: str
    """The formatted `adjustment_total`, such as `$25.00`."""

    additional_tax_total: Decimal
    """Taxes added to the prices, in major units of `currency`."""

    display_additional_tax_total: str
    """The formatted `additional_tax_total`, such as `$25.00`."""

    included_tax_total: Decimal
    """Taxes included in the prices, in major units of `currency`."""

    display_included_tax_total: str
    """The formatted `included_tax_total`, such as `$25.00`."""

    discount_total: Decimal
    """Sum of the discounts, in major units of `currency`. Zero or negative."""

    display_discount_total: str
    """The formatted `discount_total`, such as `$25.00`."""

    pre_tax_amount: Decimal
    """Amount before taxes, in major units of `currency`."""

    display_pre_tax_amount: str
    """The formatted `pre_tax_amount`, such as `$25.00`."""

    discounted_amount: Decimal
    """Amount after discounts, in major units of `currency`."""

    display_discounted_amount: str
    """The formatted `discounted_amount`, such as `$25.00`."""

    display_compare_at_amount: str
    """The formatted `compare_at_amount`, such as `$25.00`."""

    compare_at_amount: Decimal | None
    """The original price before a reduction, in major units of `currency`."""

    thumbnail_url: str | None
    """URL of the item's picture."""

    option_values: list[dict[str, Any]]
    """The variant's options."""

    digital_links: list[dict[str, Any]]
    """Download links for digital goods."""

    preorder: Maybe[bool] = UNSET
    """Whether the item was ordered before it was available. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    preorder_ships_at: Maybe[datetime | None] = UNSET
    """When a preordered item will be shipped. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    seller_id: Maybe[str | None] = UNSET
    """Id of the seller. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.variant_id = data["variant_id"]
            self.quantity = value if type(value := data["quantity"]) is int else MINOR_UNITS.read(value)
            self.currency = value if type(value := data["currency"]) is str else CURRENCY.read(value)
            self.name = data["name"]
            self.slug = data["slug"]
            self.options_text = data["options_text"]
            self.price = (
                Decimal(value) if type(value := data["price"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_price = data["display_price"]
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_total = data["display_total"]
            self.adjustment_total = (
                Decimal(value)
                if type(value := data["adjustment_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_adjustment_total = data["display_adjustment_total"]
            self.additional_tax_total = (
                Decimal(value)
                if type(value := data["additional_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_additional_tax_total = data["display_additional_tax_total"]
            self.included_tax_total = (
                Decimal(value)
                if type(value := data["included_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_included_tax_total = data["display_included_tax_total"]
            self.discount_total = (
                Decimal(value)
                if type(value := data["discount_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_discount_total = data["display_discount_total"]
            self.pre_tax_amount = (
                Decimal(value)
                if type(value := data["pre_tax_amount"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_pre_tax_amount = data["display_pre_tax_amount"]
            self.discounted_amount = (
                Decimal(value)
                if type(value := data["discounted_amount"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_discounted_amount = data["display_discounted_amount"]
            self.display_compare_at_amount = data["display_compare_at_amount"]
            self.compare_at_amount = (
                None
                if (value := data["compare_at_amount"]) is None
                else Decimal(value)
                if type(value) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.thumbnail_url = data["thumbnail_url"]
            self.option_values = data["option_values"]
            self.digital_links = data["digital_links"]
            self.preorder = data.get("preorder", UNSET)
            self.preorder_ships_at = (
                value
                if (value := data.get("preorder_ships_at", UNSET)) is UNSET or value is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.seller_id = data.get("seller_id", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
