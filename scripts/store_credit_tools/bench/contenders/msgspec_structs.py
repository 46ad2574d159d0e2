"""The same records in msgspec, with the same types. A time in Unix seconds needs its lax mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder

from store_credit_tools.bench.contenders.reading import spree_nested, spree_v3, vinr, vinr_expanded

__all__ = ["MSGSPEC"]


class VinrCustomer(Struct):
    """An expanded customer."""

    id: str
    email: str
    name: str | None = None
    phone: str | None = None
    default_payment_method: str | None = None
    created: datetime | None = None


class VinrStoreCredit(Struct):
    """A VINR store credit."""

    id: str
    customer: str | VinrCustomer
    amount: int
    currency: str
    balance_remaining: int
    expires_at: datetime | None
    created: datetime


class VinrPosition(Struct):
    """Where a page stands in its list."""

    has_more: bool
    next_cursor: str | None
    total_estimate: int | None = None


class VinrPage(Struct):
    """A page of VINR store credits."""

    data: list[VinrStoreCredit]
    page: VinrPosition


class Identifier(Struct):
    """Which record a relationship leads to."""

    id: str
    type: str


class One(Struct):
    """A relationship to one record or none."""

    data: Identifier | None


class Many(Struct):
    """A relationship to several records."""

    data: list[Identifier]


class Relationships(Struct):
    """What a Spree store credit is related to."""

    user: One
    created_by: One
    store_credit_category: One
    store_credit_type: One
    store_credit_events: Many


class Attributes(Struct):
    """The attributes of a Spree store credit."""

    amount: Decimal
    amount_used: Decimal
    amount_authorized: Decimal
    memo: str | None
    currency: str
    originator_type: str | None
    deleted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    public_metadata: dict[str, Any]
    private_metadata: dict[str, Any]
    display_amount: str | None
    display_amount_used: str | None
    display_amount_remaining: str | None = None
    display_amount_authorized: str | None = None


class SpreeStoreCredit(Struct):
    """A Spree store credit."""

    id: str
    type: str
    attributes: Attributes
    relationships: Relationships


class SpreePage(Struct):
    """A page of Spree store credits."""

    data: list[SpreeStoreCredit]
    meta: dict[str, int]
    links: dict[str, str]


class SpreeV3StoreCredit(Struct):
    """A store credit of Spree's API v3."""

    id: str
    amount: Decimal
    amount_used: Decimal
    amount_remaining: Decimal
    currency: str
    memo: str | None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    customer_id: str | None
    created_by_id: str | None
    display_amount: str | None = None
    display_amount_used: str | None = None
    display_amount_remaining: str | None = None
    category_id: str | None = None
    category_name: str | None = None


class SpreeV3Meta(Struct):
    """Where a page of API v3 stands in its list."""

    page: int
    limit: int
    count: int
    pages: int
    next: int | None
    previous: int | None


class SpreeV3Page(Struct):
    """A page of store credits of Spree's API v3."""

    data: list[SpreeV3StoreCredit]
    meta: SpreeV3Meta


_vinr = Decoder(VinrPage, strict=False)
_spree = Decoder(SpreePage)
_spree_v3 = Decoder(SpreeV3Page)


def _page(
    decode: Callable[[bytes], VinrPage | SpreePage | SpreeV3Page], read: Callable[[Iterable[Any]], None]
) -> Callable[[bytes], None]:
    return lambda content: read(decode(content).data)


MSGSPEC = {
    "vinr": _page(_vinr.decode, vinr),
    "vinr_expanded": _page(_vinr.decode, vinr_expanded),
    "spree": _page(_spree.decode, spree_nested),
    "spree_v3": _page(_spree_v3.decode, spree_v3),
}
"""By the body's name: what is done with the content."""
