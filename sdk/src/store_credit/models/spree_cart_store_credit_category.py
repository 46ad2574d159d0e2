"""SpreeCartStoreCreditCategory. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import (
    AS_IS,
    READ_ERRORS,
    Codec,
)

__all__ = ["SpreeCartStoreCreditCategory"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class SpreeCartStoreCreditCategory(Resource):
    """A credit's category, as the shopper sees it.

    Source: recorded: storefront.apply.include_source_deep.
    """

    name: str
    """What the category is called."""

    _fields: ClassVar[dict[str, Codec]] = {
        "name": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})
    _relationships: ClassVar[tuple[str, ...]] = ()

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
        except READ_ERRORS:
            self._read_each(self._raw)
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
