"""SpreeV3Fulfillment. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

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
from store_credit.models.spree_v3_delivery_method import SpreeV3DeliveryMethod
from store_credit.models.spree_v3_delivery_rate import SpreeV3DeliveryRate
from store_credit.models.spree_v3_fulfillment_item import SpreeV3FulfillmentItem
from store_credit.models.spree_v3_stock_location import SpreeV3StockLocation

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Fulfillment"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Fulfillment(Model):
    """A parcel.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "number": AS_IS,
        "tracking": AS_IS,
        "tracking_url": AS_IS,
        "cost": DECIMAL,
        "display_cost": AS_IS,
        "total": DECIMAL,
        "display_total": AS_IS,
        "discount_total": DECIMAL,
        "display_discount_total": AS_IS,
        "additional_tax_total": DECIMAL,
        "display_additional_tax_total": AS_IS,
        "included_tax_total": DECIMAL,
        "display_included_tax_total": AS_IS,
        "tax_total": DECIMAL,
        "display_tax_total": AS_IS,
        "status": AS_IS,
        "fulfillment_type": AS_IS,
        "fulfilled_at": nullable(DATE_TIME),
        "items": list_of(one_of(SpreeV3FulfillmentItem)),
        "delivery_method": nullable(one_of(SpreeV3DeliveryMethod), text=True),
        "stock_location": nullable(one_of(SpreeV3StockLocation), text=True),
        "delivery_rates": list_of(one_of(SpreeV3DeliveryRate)),
        "tracking_carrier": AS_IS,
        "tracking_carrier_name": AS_IS,
        "pickup_point_data": AS_IS,
        "selected_delivery_rate_id": AS_IS,
        "tracking_status": AS_IS,
        "estimated_delivery_at": nullable(DATE_TIME),
        "delivered_at": nullable(DATE_TIME),
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "tracking_carrier",
            "tracking_carrier_name",
            "pickup_point_data",
            "selected_delivery_rate_id",
            "tracking_status",
            "estimated_delivery_at",
            "delivered_at",
        }
    )

    id: str
    """The parcel's id."""

    number: str
    """The parcel number shown to customers and staff."""

    tracking: str | None
    """Tracking number."""

    tracking_url: str | None
    """URL where the parcel can be tracked."""

    cost: Decimal
    """The cost of delivery, in major units of the order's currency."""

    display_cost: str
    """The formatted `cost`, such as `$25.00`."""

    total: Decimal
    """The amount to pay before store credit and gift cards are applied, in major units of the order's currency."""

    display_total: str
    """The formatted `total`, such as `$25.00`."""

    discount_total: Decimal
    """Sum of the discounts, in major units of the order's currency. Zero or negative."""

    display_discount_total: str
    """The formatted `discount_total`, such as `$25.00`."""

    additional_tax_total: Decimal
    """Taxes added to the prices, in major units of the order's currency."""

    display_additional_tax_total: str
    """The formatted `additional_tax_total`, such as `$25.00`."""

    included_tax_total: Decimal
    """Taxes included in the prices, in major units of the order's currency."""

    display_included_tax_total: str
    """The formatted `included_tax_total`, such as `$25.00`."""

    tax_total: Decimal
    """Sum of the taxes, in major units of the order's currency."""

    display_tax_total: str
    """The formatted `tax_total`, such as `$25.00`."""

    status: str
    """The parcel's state:

    - `pending` (5.5 and 5.6): the order is not paid in full
    - `ready` (5.5 and 5.6): the order is paid in full
    - `unfulfilled` (6.0): not sent yet
    - `shipped`: sent
    - `canceled`: the order was cancelled
    """

    fulfillment_type: str
    """The kind of delivery."""

    fulfilled_at: datetime | None
    """When the parcel was sent."""

    items: list[SpreeV3FulfillmentItem]
    """The items."""

    delivery_method: SpreeV3DeliveryMethod | None
    """The kind of delivery."""

    stock_location: SpreeV3StockLocation | None
    """The stock location that the parcel ships from."""

    delivery_rates: list[SpreeV3DeliveryRate]
    """The available delivery rates."""

    tracking_carrier: Maybe[str | None] = UNSET
    """The carrier's code. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    tracking_carrier_name: Maybe[str | None] = UNSET
    """Name of the carrier. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    pickup_point_data: Maybe[dict[str, Any] | None] = UNSET
    """The pick-up point. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    selected_delivery_rate_id: Maybe[str | None] = UNSET
    """Id of the selected delivery rate. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    tracking_status: Maybe[str | None] = UNSET
    """The status reported by the carrier. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    estimated_delivery_at: Maybe[datetime | None] = UNSET
    """When delivery is expected. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    delivered_at: Maybe[datetime | None] = UNSET
    """When the parcel was delivered. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.number = data["number"]
            self.tracking = data["tracking"]
            self.tracking_url = data["tracking_url"]
            self.cost = (
                Decimal(value) if type(value := data["cost"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_cost = data["display_cost"]
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_total = data["display_total"]
            self.discount_total = (
                Decimal(value)
                if type(value := data["discount_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.display_discount_total = data["display_discount_total"]
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
            self.tax_total = (
                Decimal(value) if type(value := data["tax_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_tax_total = data["display_tax_total"]
            self.status = data["status"]
            self.fulfillment_type = data["fulfillment_type"]
            self.fulfilled_at = (
                None
                if (value := data["fulfilled_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.items = cls._fields["items"].read(data["items"])
            self.delivery_method = (
                None
                if (value := data["delivery_method"]) is None
                else SpreeV3DeliveryMethod._decode(value)
                if type(value) is dict
                else value
            )
            self.stock_location = (
                None
                if (value := data["stock_location"]) is None
                else SpreeV3StockLocation._decode(value)
                if type(value) is dict
                else value
            )
            self.delivery_rates = cls._fields["delivery_rates"].read(data["delivery_rates"])
            self.tracking_carrier = data.get("tracking_carrier", UNSET)
            self.tracking_carrier_name = data.get("tracking_carrier_name", UNSET)
            self.pickup_point_data = data.get("pickup_point_data", UNSET)
            self.selected_delivery_rate_id = data.get("selected_delivery_rate_id", UNSET)
            self.tracking_status = data.get("tracking_status", UNSET)
            self.estimated_delivery_at = (
                value
                if (value := data.get("estimated_delivery_at", UNSET)) is UNSET or value is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.delivered_at = (
                value
                if (value := data.get("delivered_at", UNSET)) is UNSET or value is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
