"""SpreeV3PaymentMethod. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3PaymentMethod"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3PaymentMethod(Model):
    """A payment method.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": AS_IS,
        "description": AS_IS,
        "type": AS_IS,
        "session_required": AS_IS,
        "source_required": AS_IS,
    }

    id: str
    """The payment method's id."""

    name: str
    """The payment method's name."""

    description: str | None
    """A human-readable description."""

    type: str
    """The type, such as `store_credit` or `check`."""

    session_required: bool
    """Whether a payment session must be created first."""

    source_required: bool
    """Whether a payment source, such as a card, is required."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.name = data["name"]
            self.description = data["description"]
            self.type = data["type"]
            self.session_required = data["session_required"]
            self.source_required = data["source_required"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
