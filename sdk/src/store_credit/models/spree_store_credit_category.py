"""SpreeStoreCreditCategory. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    DATE_TIME,
    READ_ERRORS,
    Codec,
    NotUTCError,
)

__all__ = ["SpreeStoreCreditCategory"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeStoreCreditCategory(Resource):
    """A store credit category.

    Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.retrieve.
    """

    name: str
    """What the category is called."""

    created_at: datetime
    """When it was added."""

    updated_at: datetime
    """When it last changed."""

    _fields: ClassVar[dict[str, Codec]] = {
        "name": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})
    _relationships: ClassVar[tuple[str, ...]] = ()
    _linked: ClassVar[dict[str, bool]] = {}

    @classmethod
    def from_resource(cls, data: Mapping[str, Any], document: Document | None = None) -> Self:
        """Make a record from its resource object; `document` is what its relationships lead to."""
        self = cls.__new__(cls)
        self._raw = data
        self._document = document
        try:
            self.id = data["id"]
            self.type = data["type"]
            data = data["attributes"]
            self.name = data["name"]
            value = from_text(data["created_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.created_at = value
            value = from_text(data["updated_at"])
            if value.tzinfo is not UTC:
                raise NotUTCError
            self.updated_at = value
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def from_struct(cls, data: Any, raw: tuple[Any, ...], document: Document) -> Self:
        """Make a record as `from_resource` does, from a struct of a page on which nothing is included."""
        self = cls.__new__(cls)
        self._raw = raw
        self._document = document
        self.id = data.id
        self.type = data.type
        data = data.attributes
        self.name = data.name
        value = from_text(data.created_at)
        if value.tzinfo is not UTC:
            raise NotUTCError
        self.created_at = value
        value = from_text(data.updated_at)
        if value.tzinfo is not UTC:
            raise NotUTCError
        self.updated_at = value
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeStoreCreditDocument"]
