"""SpreeRichText. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    INTEGER,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
    nullable,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeRichText"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeRichText(Model):
    """Rich text, as returned by Spree 5.

    Source: recorded: platform.orders.use_store_credit.spree536.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": nullable(INTEGER),
        "name": AS_IS,
        "body": AS_IS,
        "record_type": AS_IS,
        "record_id": INTEGER,
        "created_at": nullable(DATE_TIME),
        "updated_at": nullable(DATE_TIME),
        "locale": AS_IS,
    }

    id: int | None
    """The text's id. Null if there is no text."""

    name: str
    """The purpose of the text, such as `internal_note`."""

    body: str | None
    """The text as HTML. Null if there is no text."""

    record_type: str
    """The class of the record that the text belongs to, such as `Spree::Order`."""

    record_id: int
    """The id of the record that the text belongs to."""

    created_at: datetime | None
    """When the text was first written."""

    updated_at: datetime | None
    """When the text was last changed."""

    locale: str
    """The language of the text."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = None if (value := data["id"]) is None else value if type(value) is int else INTEGER.read(value)
            self.name = data["name"]
            self.body = data["body"]
            self.record_type = data["record_type"]
            self.record_id = value if type(value := data["record_id"]) is int else INTEGER.read(value)
            self.created_at = (
                None
                if (value := data["created_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.updated_at = (
                None
                if (value := data["updated_at"]) is None
                else moment
                if (moment := from_text(value)).tzinfo is UTC
                else in_utc(moment)
            )
            self.locale = data["locale"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
