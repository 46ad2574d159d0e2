"""SpreeV3StoreCreditCategory. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    DATE_TIME,
    ID,
    READ_ERRORS,
    Codec,
    from_text,
    in_utc,
)
from store_credit._core.model import Model, new

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StoreCreditCategory"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StoreCreditCategory(Model):
    """The reason for issuing a credit.

    Source: recorded: v3.admin.categories.list.spree561, v3.admin.categories.get.spree561.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "name": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "non_expiring": AS_IS,
    }
    _sparse: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "created_at",
            "updated_at",
            "non_expiring",
        }
    )

    id: str
    """The category's id, in the form `sccat_...`."""

    name: str
    """The category's name."""

    created_at: datetime
    """When the category was created."""

    updated_at: datetime
    """When the category was last changed."""

    non_expiring: bool
    """Whether credits in this category never expire. Spree itself does not expire credits."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.name = data["name"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.non_expiring = data["non_expiring"]
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
