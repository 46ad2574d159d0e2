"""VinrUnknownEventData. Generated from openapi.yaml by scripts/generate: do not edit."""

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

__all__ = ["VinrUnknownEventData"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class VinrUnknownEventData(Model):
    """The data of an event whose type `openapi.yaml` does not describe.

    Source: documented: VINR, Events page, read 2026-11-22; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "object": AS_IS,
    }

    object: dict[str, Any] | None
    """The record that the event relates to. It can be a record of any kind."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.object = data["object"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
