"""SpreeV3Requirement. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    AS_IS,
    READ_ERRORS,
    Codec,
)
from store_credit._core.model import Model, new
from store_credit._core.unset import UNSET, Maybe

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3Requirement"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3Requirement(Model):
    """A requirement that the cart does not yet meet.

    Source: recorded: v3.store.carts.get_after_not_covered.spree561, v3.store.carts.apply_string.spree561,
    v3.store.carts.apply_string.spree600alpha, v3.store.carts.apply_string.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "step": AS_IS,
        "field": AS_IS,
        "message": AS_IS,
        "code": AS_IS,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "code",
        }
    )

    step: str
    """The checkout step that the requirement belongs to."""

    field: str
    """The missing field."""

    message: str
    """A human-readable message."""

    code: Maybe[str] = UNSET
    """The code to use in your error handling. Available only in 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.step = data["step"]
            self.field = data["field"]
            self.message = data["message"]
            self.code = data.get("code", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
