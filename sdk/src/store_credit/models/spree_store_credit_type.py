"""SpreeStoreCreditType. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    ID,
    INTEGER,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
    nullable,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeStoreCreditType"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeStoreCreditType(Resource):
    """A store credit type.

    Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.retrieve.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "name": AS_IS,
        "priority": nullable(INTEGER),
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
    }

    name: str
    """The name of the type."""

    priority: int | None
    """Credits whose type has the lowest priority number are spent first. Credits without a type or a priority number
    come last on PostgreSQL, and first on SQLite and MySQL.
    """

    created_at: datetime
    """When the type was added."""

    updated_at: datetime
    """When the type was last changed."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        self._document = document
        self._related = None
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.type = value if type(value := data["type"]) is str and value else ID.read(value)
            data = data["attributes"]
            self.name = data["name"]
            self.priority = (
                None if (value := data["priority"]) is None else value if type(value) is int else INTEGER.read(value)
            )
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
