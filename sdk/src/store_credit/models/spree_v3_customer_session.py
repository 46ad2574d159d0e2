"""SpreeV3CustomerSession. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    READ_ERRORS,
    SECRET,
    Codec,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_v3_customer_profile import SpreeV3CustomerProfile

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3CustomerSession"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3CustomerSession(Model):
    """A customer token and the customer that it belongs to.

    Source: read from code: Spree cee28a23, store auth controller; decided: x-decisions in openapi.yaml.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "token": SECRET,
        "user": one_of(SpreeV3CustomerProfile),
        "refresh_token": SECRET,
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "refresh_token",
        }
    )

    token: str
    """A JSON Web Token that is valid for one hour."""

    user: SpreeV3CustomerProfile
    """The shopper's own profile."""

    refresh_token: Maybe[str | None] = UNSET
    """A refresh token that can be exchanged for a new token."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.token = data["token"]
            self.user = SpreeV3CustomerProfile._decode(value) if type(value := data["user"]) is dict else value
            self.refresh_token = data.get("refresh_token", UNSET)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
