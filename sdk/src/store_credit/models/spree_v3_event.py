"""SpreeV3Event. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    ID,
    READ_ERRORS,
    Codec,
    constant,
    from_text,
    in_utc,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.spree_v3_event_metadata import SpreeV3EventMetadata

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Event"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Event(Model):
    """Any event from a shop. Check `name`, and ignore unknown names and fields.

    Source: recorded: v3.webhooks.store_credit_created.spree561, v3.webhooks.store_credit_created.spree600alpha;
    decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": constant("unknown"),
        "raw_name": AS_IS,
        "created_at": DATE_TIME,
        "data": AS_IS,
        "metadata": one_of(SpreeV3EventMetadata),
    }
    _wire: ClassVar[dict[str, str]] = {
        "raw_name": "name",
    }

    id: str
    """The event's id, which is a UUID. The id is the same for every delivery and redelivery."""

    name: Literal["unknown"]
    """Always `unknown`; `raw_name` is the received value."""

    raw_name: str
    """What happened."""

    created_at: datetime
    """When the event occurred, with a precision of one second."""

    data: dict[str, Any]
    """The record that the event relates to. It can be a record of any kind."""

    metadata: SpreeV3EventMetadata
    """The origin of the event."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.name = cls._fields["name"].read(data["name"])
            self.raw_name = data["name"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.data = data["data"]
            self.metadata = SpreeV3EventMetadata._decode(value) if type(value := data["metadata"]) is dict else value
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
