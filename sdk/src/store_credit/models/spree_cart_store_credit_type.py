"""SpreeCartStoreCreditType. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    ID,
    READ_ERRORS,
    Codec,
)
from store_credit._core.jsonapi import Resource, Types
from store_credit._core.model import new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeCartStoreCreditType"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeCartStoreCreditType(Resource):
    """A credit's type, as the shopper sees it.

    Source: recorded: storefront.apply.include_source_deep.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "type": ID,
        "name": AS_IS,
    }

    name: str
    """The name of the type."""

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
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self

    @classmethod
    def _types(cls) -> Types:
        from store_credit.models import DOCUMENTS

        return DOCUMENTS["SpreeCartDocument"]
