"""VinrEvent. Generated from openapi.yaml by scripts/generate: do not edit."""
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
    constant,
    from_unix,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.vinr_unknown_event_data import VinrUnknownEventData

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["VinrEvent"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class VinrEvent(Model):
    """Any store credit event. Check `type`, and ignore unknown types and fields.

    Source: documented: VINR, Events page, read 2026-11-22; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": constant("unknown"),
        "raw_type": AS_IS,
        "data": one_of(VinrUnknownEventData),
        "created": UNIX_TIME,
    }
    _wire: ClassVar[dict[str, str]] = {
        "raw_type": "type",
    }

    id: str
    """The event's id, which is the same for every delivery. Begins with `evt_`."""

    type: Literal["unknown"]
    """Always `unknown`; `raw_type` is the received value."""

    raw_type: str
    """What happened."""

    data: VinrUnknownEventData
    """The data of an event whose type `openapi.yaml` does not describe."""

    created: datetime
    """When the event occurred, in Unix seconds."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.type = cls._fields["type"].read(data["type"])
            self.raw_type = data["type"]
            self.data = VinrUnknownEventData._decode(value) if type(value := data["data"]) is dict else value
            self.created = from_unix(value, UTC) if type(value := data["created"]) is int else UNIX_TIME.read(value)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
