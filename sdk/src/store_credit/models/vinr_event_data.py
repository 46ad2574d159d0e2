"""VinrEventData. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.vinr_store_credit import VinrStoreCredit

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["VinrEventData"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class VinrEventData(Model):
    """The object that the event relates to.

    Source: documented: VINR, Events page, read 2026-11-22; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "object": one_of(VinrStoreCredit),
    }

    object: VinrStoreCredit
    """Credit that a customer can spend on future purchases."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.object = VinrStoreCredit._decode(value) if type(value := data["object"]) is dict else value
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
