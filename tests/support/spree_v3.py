"""Spree's API v3 in tests: clients of a prepared server, and records as it sends them (recorded, Spree 5.6.1)."""

from typing import Any

from store_credit import AsyncSpreeAdminClient, AsyncSpreeStoreClient, SpreeAdminClient, SpreeStoreClient

__all__ = ["CREDIT", "CUSTOMER", "URL", "admin", "async_admin", "async_store", "page", "refusal", "store"]

URL = "http://spree.test"
CUSTOMER = "cus_UkLWZg9DAJ"
CREDIT: dict[str, Any] = {
    "id": "credit_UkLWZg9DAJ",
    "amount": "50.0",
    "amount_used": "24.99",
    "amount_remaining": "25.01",
    "display_amount": "$50.00",
    "display_amount_used": "$24.99",
    "display_amount_remaining": "$25.01",
    "currency": "USD",
    "memo": "Goodwill 2",
    "metadata": {},
    "created_at": "2026-11-28T16:59:10.669Z",
    "updated_at": "2026-11-28T16:59:19.966Z",
    "customer_id": CUSTOMER,
    "created_by_id": None,
    "category_id": "sccat_UkLWZg9DAJ",
    "category_name": "Default",
}


def admin(**settings: Any) -> SpreeAdminClient:
    """A client of the Admin API, with a key unless it is given another credential."""
    key = {} if {"secret_key", "staff_token"} & settings.keys() else {"secret_key": "sk_secret"}
    return SpreeAdminClient(**{"base_url": URL, **key, **settings})


def store(**settings: Any) -> SpreeStoreClient:
    """A client of the Store API, with a publishable key."""
    return SpreeStoreClient(**{"base_url": URL, "publishable_key": "pk_public", **settings})


def async_admin(**settings: Any) -> AsyncSpreeAdminClient:
    """As `admin`, awaited."""
    key = {} if {"secret_key", "staff_token"} & settings.keys() else {"secret_key": "sk_secret"}
    return AsyncSpreeAdminClient(**{"base_url": URL, **key, **settings})


def async_store(**settings: Any) -> AsyncSpreeStoreClient:
    """As `store`, awaited."""
    return AsyncSpreeStoreClient(**{"base_url": URL, "publishable_key": "pk_public", **settings})


def page(*records: dict[str, Any], number: int = 1, pages: int = 1, count: int | None = None) -> dict[str, Any]:
    """One page of a list."""
    return {
        "data": list(records),
        "meta": {
            "page": number,
            "limit": 25,
            "count": len(records) if count is None else count,
            "pages": pages,
            "from": 1,
            "to": len(records),
            "in": len(records),
            "previous": number - 1 if number > 1 else None,
            "next": number + 1 if number < pages else None,
        },
    }


def refusal(code: str, message: str = "No.", **details: Any) -> dict[str, Any]:
    """The body of a refusal."""
    return {"error": {"code": code, "message": message, **({"details": details} if details else {})}}
