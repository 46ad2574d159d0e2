"""SpreeV3StaffSession. Generated from openapi.yaml by scripts/generate: do not edit."""
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
from store_credit.models.spree_v3_staff_user import SpreeV3StaffUser

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StaffSession"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StaffSession(Model):
    """A staff token and the user that it belongs to.

    Source: recorded: v3.admin.auth.login.spree561, v3.admin.auth.login.spree600alpha.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "token": SECRET,
        "user": one_of(SpreeV3StaffUser),
    }

    token: str
    """A JSON Web Token that is valid for 5 minutes."""

    user: SpreeV3StaffUser
    """A member of staff."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.token = data["token"]
            self.user = SpreeV3StaffUser._decode(value) if type(value := data["user"]) is dict else value
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
