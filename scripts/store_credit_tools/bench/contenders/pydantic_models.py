"""The same records in pydantic, with the same types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from store_credit_tools.bench.contenders.reading import spree_nested, spree_v3, vinr, vinr_expanded

__all__ = ["PYDANTIC"]


class VinrCustomer(BaseModel):
    """An expanded customer."""

    id: str
    email: str
    name: str | None = None
    phone: str | None = None
    default_payment_method: str | None = None
    created: datetime | None = None


class VinrStoreCredit(BaseModel):
    """A VINR store credit."""

    id: str
    customer: str | VinrCustomer
    amount: int
    currency: str
    balance_remaining: int
    expires_at: datetime | None
    created: datetime


class VinrPosition(BaseModel):
    """Where a page stands in its list."""

    has_more: bool
    next_cursor: str | None
    total_estimate: int | None = None


class VinrPage(BaseModel):
    """A page of VINR store credits."""

    data: list[VinrStoreCredit]
    page: VinrPosition


class Identifier(BaseModel):
    """Which record a relationship leads to."""

    id: str
    type: str


class One(BaseModel):
    """A relationship to one record or none."""

    data: Identifier | None


class Many(BaseModel):
    """A relationship to several records."""

    data: list[Identifier]


class Relationships(BaseModel):
    """What a Spree store credit is related to."""

    user: One
    created_by: One
    store_credit_category: One
    store_credit_type: One
    store_credit_events: Many


class Attributes(BaseModel):
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


class SpreeStoreCredit(BaseModel):
    """A Spree store credit."""

    id: str
    type: str
    attributes: Attributes
    relationships: Relationships


class SpreePage(BaseModel):
    """A page of Spree store credits."""

    data: list[SpreeStoreCredit]
    meta: dict[str, int]
    links: dict[str, str]


class SpreeV3StoreCredit(BaseModel):
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


class SpreeV3Meta(BaseModel):
    """Where a page of API v3 stands in its list."""

    page: int
    limit: int
    count: int
    pages: int
    next: int | None
    previous: int | None


class SpreeV3Page(BaseModel):
    """A page of store credits of Spree's API v3."""

    data: list[SpreeV3StoreCredit]
    meta: SpreeV3Meta


def _page(
    model: type[VinrPage] | type[SpreePage] | type[SpreeV3Page], read: Callable[[Iterable[Any]], None]
) -> Callable[[bytes], None]:
    return lambda content: read(model.model_validate_json(content).data)


PYDANTIC = {
    "vinr": _page(VinrPage, vinr),
    "vinr_expanded": _page(VinrPage, vinr_expanded),
    "spree": _page(SpreePage, spree_nested),
    "spree_v3": _page(SpreeV3Page, spree_v3),
}
"""By the body's name: what is done with the content."""
