"""SpreeV3StaffUser. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

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
    list_of,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit._core.unset import UNSET, Maybe
from store_credit.models.spree_v3_role import SpreeV3Role
from store_credit.models.spree_v3_store_name import SpreeV3StoreName

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StaffUser"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StaffUser(Model):
    """A member of staff.

    Source: recorded: v3.admin.auth.login.spree561, v3.admin.auth.login.spree600alpha, v3.admin.auth.login.spree554.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "id": ID,
        "email": AS_IS,
        "first_name": AS_IS,
        "last_name": AS_IS,
        "full_name": AS_IS,
        "created_at": DATE_TIME,
        "updated_at": DATE_TIME,
        "roles": list_of(one_of(SpreeV3Role)),
        "selected_locale": AS_IS,
        "avatar_url": AS_IS,
        "stores": list_of(one_of(SpreeV3StoreName)),
    }
    _optional: ClassVar[frozenset[str]] = frozenset(
        {
            "selected_locale",
            "avatar_url",
            "stores",
        }
    )

    id: str
    """The id of the member of staff: `admin_...` in 5.6 and earlier, and `adm_...` in 6.0-alpha and later."""

    email: str
    """The user's e-mail address."""

    first_name: str | None
    """First name."""

    last_name: str | None
    """Last name."""

    full_name: str
    """First and last name."""

    created_at: datetime
    """When the user was created."""

    updated_at: datetime
    """When the user was last changed."""

    roles: list[SpreeV3Role]
    """The user's roles in the store."""

    selected_locale: Maybe[str | None] = UNSET
    """The user's language. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    avatar_url: Maybe[str | None] = UNSET
    """URL of the user's picture. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    stores: Maybe[list[SpreeV3StoreName]] = UNSET
    """The stores that the user can access. Available only in 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0."""

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.id = value if type(value := data["id"]) is str and value else ID.read(value)
            self.email = data["email"]
            self.first_name = data["first_name"]
            self.last_name = data["last_name"]
            self.full_name = data["full_name"]
            self.created_at = moment if (moment := from_text(data["created_at"])).tzinfo is UTC else in_utc(moment)
            self.updated_at = moment if (moment := from_text(data["updated_at"])).tzinfo is UTC else in_utc(moment)
            self.roles = cls._fields["roles"].read(data["roles"])
            self.selected_locale = data.get("selected_locale", UNSET)
            self.avatar_url = data.get("avatar_url", UNSET)
            self.stores = value if (value := data.get("stores", UNSET)) is UNSET else cls._fields["stores"].read(value)
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
