"""SpreeV3DeliveryMethod. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    INTEGER,
    READ_ERRORS,
    Codec,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3DeliveryMethod"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3DeliveryMethod(Model):
    """A delivery method.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": AS_IS,
        "code": AS_IS,
        "estimated_transit_business_days_min": nullable(INTEGER),
        "estimated_transit_business_days_max": nullable(INTEGER),
        "digital": AS_IS,
        "pickup": AS_IS,
        "pickup_point": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "estimated_transit_business_days_min",
            "estimated_transit_business_days_max",
            "digital",
            "pickup",
            "pickup_point",
        }
    )

    id: str
    """The delivery method's id."""

    name: str
    """The delivery method's name."""

    code: str | None
    """The delivery method's code."""

    estimated_transit_business_days_min: Maybe[int | None] = UNSET
    """The shortest transit time, in working days. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    estimated_transit_business_days_max: Maybe[int | None] = UNSET
    """The longest transit time, in working days. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    digital: Maybe[bool] = UNSET
    """Whether the goods are digital and therefore not shipped. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    pickup: Maybe[bool] = UNSET
    """Whether the customer picks up the goods. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    pickup_point: Maybe[bool] = UNSET
    """Whether the goods are delivered to a pick-up point. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.name = data["name"]
            self.code = data["code"]
            self.estimated_transit_business_days_min = (
                value
                if (value := data.get("estimated_transit_business_days_min", UNSET)) is UNSET or value is None
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.estimated_transit_business_days_max = (
                value
                if (value := data.get("estimated_transit_business_days_max", UNSET)) is UNSET or value is None
                else value
                if type(value) is int
                else INTEGER.read(value)
            )
            self.digital = data.get("digital", UNSET)
            self.pickup = data.get("pickup", UNSET)
            self.pickup_point = data.get("pickup_point", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
