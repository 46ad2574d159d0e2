"""VinrStoreCreditUpdatedEvent. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.model import (
    AS_IS,
    READ_ERRORS,
    UNIX_TIME,
    Codec,
    Model,
    one_of,
)
from store_credit.models.vinr_event_data import VinrEventData

__all__ = ["VinrStoreCreditUpdatedEvent"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class VinrStoreCreditUpdatedEvent(Model):
    """The expiry or the balance of a credit changed; `data.object` is the credit as it was then.

    Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Events page, read 2026-11-22; decided:
    x-decisions in openapi.yaml.
    """

    id: str
    """The event's id. Begins with `evt_`; the same on every delivery."""

    type: str
    """Always `store_credit.updated`."""

    data: VinrEventData
    """What the event is about."""

    created: datetime
    """When it happened, in Unix seconds."""

    _fields: ClassVar[dict[str, Codec]] = {
        "id": AS_IS,
        "type": AS_IS,
        "data": one_of(VinrEventData),
        "created": UNIX_TIME,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from its JSON object. Unknown fields are kept, and what cannot be read stays as it came."""
        self = cls.__new__(cls)
        self._raw = data
        try:
            self.id = data["id"]
            self.type = data["type"]
            self.data = VinrEventData.from_dict(data["data"])
            self.created = from_unix(data["created"], UTC)
        except READ_ERRORS:
            self._read_each(data)
        return self
