"""SpreeV3EventMetadata. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3EventMetadata"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3EventMetadata(Model):
    """The origin of the event.

    Source: recorded: v3.webhooks.store_credit_created.spree561, v3.webhooks.store_credit_created.spree600alpha.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "spree_version": AS_IS,
    }

    spree_version: str
    """The version of Spree, such as `5.6.1`."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.spree_version = data["spree_version"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
