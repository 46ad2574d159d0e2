"""SpreeV3FulfillmentItem. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    INTEGER,
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3FulfillmentItem"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3FulfillmentItem(Model):
    """The quantity of an item in a parcel.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "item_id": AS_IS,
        "variant_id": AS_IS,
        "quantity": INTEGER,
    }

    item_id: str
    """Id of the item, in the form `li_...`."""

    variant_id: str
    """Id of the variant, in the form `variant_...`."""

    quantity: int
    """The quantity."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.item_id = data["item_id"]
            self.variant_id = data["variant_id"]
            self.quantity = value if type(value := data["quantity"]) is int else INTEGER.read(value)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
