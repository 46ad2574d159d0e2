"""VinrStoreCreditCreatedEvent. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    READ_ERRORS,
    UNIX_TIME,
    Codec,
    from_unix,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.vinr_event_data import VinrEventData

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["VinrStoreCreditCreatedEvent"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class VinrStoreCreditCreatedEvent(Model):
    """A credit was issued. `data.object` contains the credit as it was when the event occurred.

    Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Events page, read 2026-11-22.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": AS_IS,
        "data": one_of(VinrEventData),
        "created": UNIX_TIME,
    }

    id: str
    """The event's id, which is the same for every delivery. Begins with `evt_`."""

    type: Literal["store_credit.created"]
    """Always `store_credit.created`."""

    data: VinrEventData
    """The object that the event relates to."""

    created: datetime
    """When the event occurred, in Unix seconds."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.type = data["type"]
            self.data = VinrEventData._decode(value) if type(value := data["data"]) is dict else value
            self.created = from_unix(value, UTC) if type(value := data["created"]) is int else UNIX_TIME.read(value)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
