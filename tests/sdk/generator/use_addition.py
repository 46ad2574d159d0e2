"""Calls what addition.yaml adds, sync and async, as a user would; prints what it saw as JSON.

Run by test_addition.py with the generated package before everything else on the path.
"""

import asyncio
import json
from decimal import Decimal
from typing import Any

import httpx

import store_credit
from store_credit import (
    AsyncSpreeClient,
    AsyncVinrClient,
    OutcomeUnknownError,
    SpreeClient,
    VinrClient,
    models,
)

CREDIT = {
    "id": "sc_1",
    "customer": "cust_2",
    "amount": 5,
    "currency": "USD",
    "balance_remaining": 5,
    "expires_at": None,
    "created": 1780000000,
}
CARD = {"id": "gc_1", "code": "SECRETCODE", "value": 500, "expires_at": 1893456000, "design": "neon", "new": [1.50]}
SPREE_CARD = {
    "id": "1",
    "type": "gift_card",
    "attributes": {"code": "A", "amount": "25.10", "created_at": "2026-11-22T10:00:00Z"},
    "relationships": {
        "parent": {"data": {"id": "2", "type": "gift_card"}},
        "user": {"data": {"id": "3", "type": "user"}},
        "orders": {"data": []},
    },
}
PARENT = {**SPREE_CARD, "id": "2", "relationships": {**SPREE_CARD["relationships"], "parent": {"data": None}}}
ANSWERS: dict[tuple[str, str], Any] = {
    ("POST", "/v1/store-credit/sc_1/transfer"): CREDIT,
    ("POST", "/v1/gift-cards"): CARD,
    ("DELETE", "/v1/gift-cards/gc_1"): None,
    ("POST", "/api/v2/platform/gift_cards"): {"data": SPREE_CARD, "included": [PARENT]},
    ("POST", "/api/v2/storefront/checkout/apply_gift_card"): {"data": SPREE_CARD},
}
sent: list[dict[str, Any]] = []
failing = False


def answer(request: httpx.Request) -> httpx.Response:
    """Answer as the document promises, and keep the request."""
    if failing:
        return httpx.Response(503)
    kept = {
        name: value
        for name, value in request.headers.items()
        if name in ("authorization", "x-api-key", "x-spree-order-token")
    }
    sent.append(
        {
            "call": f"{request.method} {request.url.raw_path.decode()}",
            "body": request.content.decode(),
            "key": "idempotency-key" in request.headers,
            "credentials": kept,
        }
    )
    if request.method == "GET" and "platform" in request.url.path:
        page = int(request.url.params.get("page", 1))
        data = [SPREE_CARD, PARENT] if page == 1 else [{**SPREE_CARD, "id": "9"}]
        return httpx.Response(200, json={"data": data, "meta": {"total_pages": 2}})
    if request.url.path.endswith("/summary"):
        return httpx.Response(200, json={**CARD, "parts": [{"name": "a", "at": 1893456000}, {"name": "b", "new": 1}]})
    if request.method == "GET":
        last = "starting_after" in request.url.params
        return httpx.Response(200, json={"data": [CARD], "page": {"has_more": not last, "next_cursor": "gc_1"}})
    body = ANSWERS[request.method, request.url.path]
    return httpx.Response(204) if body is None else httpx.Response(201, json=body)


def sync() -> dict[str, Any]:
    """Every new method, and the errors of a create."""
    global failing  # noqa: PLW0603 - the server is the module
    http_client = httpx.Client(transport=httpx.MockTransport(answer))
    vinr: Any = VinrClient("sk_test_1", http_client=http_client, max_retries=0)
    spree: Any = SpreeClient("http://spree.test", "admin", http_client=http_client, max_retries=0)
    credit = vinr.store_credit.transfer("sc_1", to="cust_2", at=None)
    card = vinr.gift_cards.create(value=500)
    deleted = vinr.gift_cards.delete(card.id)
    summary = vinr.gift_cards.summary()
    cards = [one.id for one in vinr.gift_cards.list(design=["plain", "neon"])]
    created = spree.gift_cards.create(amount=Decimal("25.10"))
    listed = list(spree.gift_cards.list(filter={"code_eq": "A", "amount_gt": "1"}))
    applied = spree.gift_cards.apply(code="A", order_token="cart")
    failing = True
    unknown: list[dict[str, Any]] = []
    for create in (lambda: vinr.gift_cards.create(value=1), lambda: spree.gift_cards.create(amount="1", code="A")):
        try:
            create()
        except OutcomeUnknownError as error:
            unknown.append({"key": error.idempotency_key is not None, "lookup": dict(error.lookup)})
    failing = False
    return {
        "credit": [type(credit).__name__, credit.customer],
        "card": [type(card).__name__, card.expires_at.isoformat(), card.design, card.new],
        "card hides its code": "SECRETCODE" not in repr(card),
        "card gives itself back": card.to_dict() == CARD,
        "deleted": deleted,
        "parts": [type(summary.parts[0]).__name__, summary.parts[0].at.isoformat(), summary.parts[1].to_dict()],
        "cards": cards,
        "created": [repr(created.amount), created.created_at.isoformat(), created.note is store_credit.UNSET],
        "parent": [type(created.parent).__name__, created.parent.id, created.parent.parent, created.parent.code],
        "user": [type(created.user).__name__, created.user.id],
        "orders": created.orders,
        "listed": [one.id for one in listed],
        "listed parent is the listed one": listed[0].parent is listed[1],
        "applied": applied.id,
        "unknown": unknown,
        "models": [hasattr(models, name) for name in ("VinrGiftCard", "SpreeGiftCard")],
        "resources": [sorted(vinr._resources), "gift_cards" in spree._resources],
        "home": store_credit.__file__,
    }


async def awaited() -> dict[str, Any]:
    """The same methods, awaited."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
        vinr: Any = AsyncVinrClient("sk_test_1", http_client=http_client)
        spree: Any = AsyncSpreeClient("http://spree.test", "admin", http_client=http_client)
        return {
            "credit": (await vinr.store_credit.transfer("sc_1", to="cust_2", amount=5, idempotency_key="k")).customer,
            "cards": [one.id async for one in vinr.gift_cards.list()],
            "created": str((await spree.gift_cards.create(amount="25.10", code="A")).amount),
            "listed": [one.id async for one in spree.gift_cards.list()],
            "applied": (await spree.gift_cards.apply(code="A", customer_token="shopper")).id,
        }


if __name__ == "__main__":
    print(json.dumps({"sync": sync(), "async": asyncio.run(awaited()), "sent": sent}))
