"""SpreeV3DeliveryRate. Generated from openapi.yaml by scripts/generate: do not edit."""
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
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_v3_delivery_method import SpreeV3DeliveryMethod

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3DeliveryRate"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3DeliveryRate(Model):
    """A delivery method with its price.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "delivery_method_id": AS_IS,
        "name": AS_IS,
        "selected": AS_IS,
        "cost": DECIMAL,
        "total": DECIMAL,
        "additional_tax_total": DECIMAL,
        "included_tax_total": DECIMAL,
        "tax_total": DECIMAL,
        "display_cost": AS_IS,
        "display_total": AS_IS,
        "display_additional_tax_total": AS_IS,
        "display_included_tax_total": AS_IS,
        "display_tax_total": AS_IS,
        "delivery_method": one_of(SpreeV3DeliveryMethod),
        "carrier": AS_IS,
        "service_level": AS_IS,
        "estimated_delivery_date": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "carrier",
            "service_level",
            "estimated_delivery_date",
        }
    )

    id: str
    """The delivery rate's id."""

    delivery_method_id: str
    """Id of the delivery method, in the form `dm_...`."""

    name: str
    """The delivery rate's name."""

    selected: bool
    """Whether this rate is selected."""

    cost: Decimal
    """The cost of delivery, in major units of the order's currency."""

    total: Decimal
    """The amount to pay before store credit and gift cards are applied, in major units of the order's currency."""

    additional_tax_total: Decimal
    """Taxes added to the prices, in major units of the order's currency."""

    included_tax_total: Decimal
    """Taxes included in the prices, in major units of the order's currency."""

    tax_total: Decimal
    """Sum of the taxes, in major units of the order's currency."""

    display_cost: str
    """The formatted `cost`, such as `$25.00`."""

    display_total: str
    """The formatted `total`, such as `$25.00`."""

    display_additional_tax_total: str
    """The formatted `additional_tax_total`, such as `$25.00`."""

    display_included_tax_total: str
    """The formatted `included_tax_total`, such as `$25.00`."""

    display_tax_total: str
    """The formatted `tax_total`, such as `$25.00`."""

    delivery_method: SpreeV3DeliveryMethod
    """The kind of delivery."""

    carrier: Maybe[str | None] = UNSET
    """The carrier. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    service_level: Maybe[str | None] = UNSET
    """The service. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    estimated_delivery_date: Maybe[str | None] = UNSET
    """The date on which delivery is expected. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.delivery_method_id = data["delivery_method_id"]
            self.name = data["name"]
            self.selected = data["selected"]
            self.cost = (
                Decimal(value) if type(value := data["cost"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.total = (
                Decimal(value) if type(value := data["total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.additional_tax_total = (
                Decimal(value)
                if type(value := data["additional_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.included_tax_total = (
                Decimal(value)
                if type(value := data["included_tax_total"]) is str and is_plain(value)
                else DECIMAL.read(value)
            )
            self.tax_total = (
                Decimal(value) if type(value := data["tax_total"]) is str and is_plain(value) else DECIMAL.read(value)
            )
            self.display_cost = data["display_cost"]
            self.display_total = data["display_total"]
            self.display_additional_tax_total = data["display_additional_tax_total"]
            self.display_included_tax_total = data["display_included_tax_total"]
            self.display_tax_total = data["display_tax_total"]
            self.delivery_method = (
                SpreeV3DeliveryMethod._decode(value) if type(value := data["delivery_method"]) is dict else value
            )
            self.carrier = data.get("carrier", UNSET)
            self.service_level = data.get("service_level", UNSET)
            self.estimated_delivery_date = data.get("estimated_delivery_date", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
