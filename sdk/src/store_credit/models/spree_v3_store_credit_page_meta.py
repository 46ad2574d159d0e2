"""SpreeV3StoreCreditPageMeta. Generated from openapi.yaml by scripts/generate: do not edit."""
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from attrs import define, setters

from store_credit._core.attributes import prepare
from store_credit._core.fields import (
    INTEGER,
    READ_ERRORS,
    Codec,
    list_of,
    nullable,
)
from store_credit._core.model import Model, new
from store_credit._core.nested import one_of
from store_credit.models.spree_v3_store_credit_total import SpreeV3StoreCreditTotal

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document

__all__ = ["SpreeV3StoreCreditPageMeta"]


@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class SpreeV3StoreCreditPageMeta(Model):
    """The position of this page in the list.

    Source: recorded: v3.admin.all_store_credits.list.spree600alpha_overlay.
    """

    _fields: ClassVar[dict[str, Codec]] = {
        "page": INTEGER,
        "limit": INTEGER,
        "count": INTEGER,
        "pages": INTEGER,
        "from_": INTEGER,
        "to": INTEGER,
        "in_": INTEGER,
        "previous": nullable(INTEGER),
        "next": nullable(INTEGER),
        "totals": list_of(one_of(SpreeV3StoreCreditTotal)),
    }
    _wire: ClassVar[dict[str, str]] = {
        "from_": "from",
        "in_": "in",
    }

    page: int
    """The number of this page, starting at 1."""

    limit: int
    """Maximum number of records per page."""

    count: int
    """Total number of records on all pages."""

    pages: int
    """Number of pages. An empty list has 1 page."""

    from_: int
    """The position of this page's first record in the list, starting at 1. On an empty page, the value is 0."""

    to: int
    """The position of this page's last record in the list. On an empty page, the value is 0."""

    in_: int
    """Number of records on this page."""

    previous: int | None
    """The number of the previous page, or of the last page if the requested page is past the end of the list."""

    next: int | None
    """The number of the next page. Null on the last page and on any page past the end of the list."""

    totals: list[SpreeV3StoreCreditTotal]
    """One entry for each currency, with the totals of all credits that match the filter, including those on other
    pages.
    """

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        """Make a record over its JSON value; see `Model`."""
        self = new(cls)
        self._raw = data
        try:
            self.page = value if type(value := data["page"]) is int else INTEGER.read(value)
            self.limit = value if type(value := data["limit"]) is int else INTEGER.read(value)
            self.count = value if type(value := data["count"]) is int else INTEGER.read(value)
            self.pages = value if type(value := data["pages"]) is int else INTEGER.read(value)
            self.from_ = value if type(value := data["from"]) is int else INTEGER.read(value)
            self.to = value if type(value := data["to"]) is int else INTEGER.read(value)
            self.in_ = value if type(value := data["in"]) is int else INTEGER.read(value)
            self.previous = (
                None if (value := data["previous"]) is None else value if type(value) is int else INTEGER.read(value)
            )
            self.next = (
                None if (value := data["next"]) is None else value if type(value) is int else INTEGER.read(value)
            )
            self.totals = cls._fields["totals"].read(data["totals"])
        except READ_ERRORS:
            # A member is absent or odd: from it on, each is read when it is asked for.
            if strict:
                self._validate()
        return self
