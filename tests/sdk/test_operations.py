"""Every method of the clients, as its request stands on the wire: sync and async put the same there."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

import pytest

from store_credit import api
from store_credit._core.operation import Operation
from together import together

PLATFORM = "/api/v2/platform"
STOREFRONT = "/api/v2/storefront"
MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


class Row(NamedTuple):
    """One call and what it sends; `answer` names the answer it gets."""

    call: Callable[[Any, Any], Any]
    line: str
    body: Any
    answer: str
    query: list[tuple[str, str]] = []  # noqa: RUF012 - never changed


WIRE: dict[str, Row] = {
    "vinr.store_credit.create": Row(
        lambda vinr, spree: vinr.store_credit.create(
            customer="cust_1", amount=1000, currency="USD", expires_at=MOMENT, expand=["customer"]
        ),
        "POST /v1/store-credit",
        {"customer": "cust_1", "amount": 1000, "currency": "USD", "expires_at": 1893456000},
        "vinr",
        [("expand[]", "customer")],
    ),
    "vinr.store_credit.retrieve": Row(
        lambda vinr, spree: vinr.store_credit.retrieve("sc/1", expand="customer"),
        "GET /v1/store-credit/sc%2F1",
        None,
        "vinr",
        [("expand[]", "customer")],
    ),
    "vinr.store_credit.update": Row(
        lambda vinr, spree: vinr.store_credit.update("sc_1", expires_at=None),
        "POST /v1/store-credit/sc_1",
        {"expires_at": None},
        "vinr",
    ),
    "vinr.store_credit.list": Row(
        lambda vinr, spree: vinr.store_credit.list(
            customer="cust_1", limit=5, ending_before="sc_9", expand=["customer"]
        ),
        "GET /v1/store-credit",
        None,
        "vinr list",
        [("customer", "cust_1"), ("limit", "5"), ("ending_before", "sc_9"), ("expand[]", "customer")],
    ),
    "spree.store_credits.create": Row(
        lambda vinr, spree: spree.store_credits.create(
            user_id="2",
            category_id=4,
            created_by_id="5",
            amount=Decimal("25.50"),
            currency="USD",
            type_id=None,
            memo="Sorry",
            amount_used=0,
            amount_authorized="1.00",
            store_id="1",
            originator_id=8,
            originator_type="Spree::Order",
            public_metadata={"a": [None, 1]},
            private_metadata={},
            include=["user", "store_credit_events"],
            fields={"store_credit": ["amount", "user"]},
            query_currency="EUR",
            locale="de",
        ),
        f"POST {PLATFORM}/store_credits",
        {
            "store_credit": {
                "user_id": "2",
                "category_id": "4",
                "created_by_id": "5",
                "amount": 25.5,
                "currency": "USD",
                "type_id": None,
                "memo": "Sorry",
                "amount_used": 0,
                "amount_authorized": 1.0,
                "store_id": "1",
                "originator_id": "8",
                "originator_type": "Spree::Order",
                "public_metadata": {"a": [None, 1]},
                "private_metadata": {},
            }
        },
        "store_credit",
        [
            ("include", "user,store_credit_events"),
            ("fields[store_credit]", "amount,user"),
            ("currency", "EUR"),
            ("locale", "de"),
        ],
    ),
    "spree.store_credits.retrieve": Row(
        lambda vinr, spree: spree.store_credits.retrieve(7, include="user", fields={"user": "email"}, currency="EUR"),
        f"GET {PLATFORM}/store_credits/7",
        None,
        "store_credit",
        [("include", "user"), ("fields[user]", "email"), ("currency", "EUR")],
    ),
    "spree.store_credits.update": Row(
        lambda vinr, spree: spree.store_credits.update("7", amount=Decimal(30), memo=None, user_id=None),
        f"PATCH {PLATFORM}/store_credits/7",
        {"store_credit": {"amount": 30, "memo": None, "user_id": None}},
        "store_credit",
    ),
    "spree.store_credits.delete": Row(
        lambda vinr, spree: spree.store_credits.delete("7"), f"DELETE {PLATFORM}/store_credits/7", None, "nothing"
    ),
    "spree.store_credits.list": Row(
        lambda vinr, spree: spree.store_credits.list(
            page=1, per_page=50, sort="-id", filter={"user_id_eq": 2, "memo_cont": "a&b"}, include=["user"]
        ),
        f"GET {PLATFORM}/store_credits",
        None,
        "list",
        [
            ("page", "1"),
            ("per_page", "50"),
            ("sort", "-id"),
            ("filter[user_id_eq]", "2"),
            ("filter[memo_cont]", "a&b"),
            ("include", "user"),
        ],
    ),
    "spree.store_credit_categories.create": Row(
        lambda vinr, spree: spree.store_credit_categories.create(name="Goodwill"),
        f"POST {PLATFORM}/store_credit_categories",
        {"store_credit_category": {"name": "Goodwill"}},
        "store_credit_category",
    ),
    "spree.store_credit_categories.retrieve": Row(
        lambda vinr, spree: spree.store_credit_categories.retrieve("4"),
        f"GET {PLATFORM}/store_credit_categories/4",
        None,
        "store_credit_category",
    ),
    "spree.store_credit_categories.update": Row(
        lambda vinr, spree: spree.store_credit_categories.update("4", name="Gift"),
        f"PATCH {PLATFORM}/store_credit_categories/4",
        {"store_credit_category": {"name": "Gift"}},
        "store_credit_category",
    ),
    "spree.store_credit_categories.delete": Row(
        lambda vinr, spree: spree.store_credit_categories.delete("4"),
        f"DELETE {PLATFORM}/store_credit_categories/4",
        None,
        "nothing",
    ),
    "spree.store_credit_categories.list": Row(
        lambda vinr, spree: spree.store_credit_categories.list(filter={"name_eq": "Gift"}),
        f"GET {PLATFORM}/store_credit_categories",
        None,
        "list",
        [("sort", "id"), ("filter[name_eq]", "Gift")],
    ),
    "spree.store_credit_types.create": Row(
        lambda vinr, spree: spree.store_credit_types.create(name="Expiring", priority=1),
        f"POST {PLATFORM}/store_credit_types",
        {"store_credit_type": {"name": "Expiring", "priority": 1}},
        "store_credit_type",
    ),
    "spree.store_credit_types.retrieve": Row(
        lambda vinr, spree: spree.store_credit_types.retrieve("1"),
        f"GET {PLATFORM}/store_credit_types/1",
        None,
        "store_credit_type",
    ),
    "spree.store_credit_types.update": Row(
        lambda vinr, spree: spree.store_credit_types.update("1", priority=None),
        f"PATCH {PLATFORM}/store_credit_types/1",
        {"store_credit_type": {"priority": None}},
        "store_credit_type",
    ),
    "spree.store_credit_types.delete": Row(
        lambda vinr, spree: spree.store_credit_types.delete("1"),
        f"DELETE {PLATFORM}/store_credit_types/1",
        None,
        "nothing",
    ),
    "spree.store_credit_types.list": Row(
        lambda vinr, spree: spree.store_credit_types.list(sort="name"),
        f"GET {PLATFORM}/store_credit_types",
        None,
        "list",
        [("sort", "name")],
    ),
    "spree.orders.use_store_credit": Row(
        lambda vinr, spree: spree.orders.use_store_credit("R100200300", amount="5.00", include=["payments.source"]),
        f"PATCH {PLATFORM}/orders/R100200300/use_store_credit",
        {"amount": 5.0},
        "order",
        [("include", "payments.source")],
    ),
    "spree.checkout.add_store_credit": Row(
        lambda vinr, spree: spree.checkout.add_store_credit(
            amount=5, order_token="t", include="payments", currency="EUR"
        ),
        f"POST {STOREFRONT}/checkout/add_store_credit",
        {"amount": 5},
        "cart",
        [("include", "payments"), ("currency", "EUR")],
    ),
    "spree.checkout.remove_store_credit": Row(
        lambda vinr, spree: spree.checkout.remove_store_credit(customer_token="c", fields={"cart": ["total"]}),
        f"POST {STOREFRONT}/checkout/remove_store_credit",
        None,
        "cart",
        [("fields[cart]", "total")],
    ),
    "spree.account.retrieve": Row(
        lambda vinr, spree: spree.account.retrieve(customer_token="c", include="default_billing_address"),
        f"GET {STOREFRONT}/account",
        None,
        "user",
        [("include", "default_billing_address")],
    ),
}


def answer(name: str, credit: Any) -> Any:
    """What a server might answer."""
    record = {"id": "1", "type": name, "attributes": {}, "relationships": {}}
    return {
        "vinr": credit,
        "vinr list": {"data": [credit], "page": {"has_more": False, "next_cursor": None}},
        "list": {"data": [], "meta": {"total_pages": 1}},
        "nothing": (204, b""),
    }.get(name, {"data": record})


def wire(server: Any) -> tuple[str, Any, list[tuple[str, str]]]:
    """The request on the wire."""
    request = server.request
    path = request.url.raw_path.decode().partition("?")[0]
    body = json.loads(request.content) if request.content else None
    return f"{request.method} {path}", body, request.url.params.multi_items()


@together("name", WIRE)
def test_the_request_of_every_method(serve: Callable[..., Any], credit: Any, name: str) -> None:
    """Verb, path, body and query, and nothing that was not asked for."""
    row = WIRE[name]
    server = serve(answer(row.answer, credit))
    result = row.call(server.vinr(), server.spree())

    assert wire(server) == (row.line, row.body, row.query)
    assert server.request.extensions["store_credit"]["operation"] == name
    assert (result is None) is (row.answer == "nothing")


@pytest.mark.anyio
@together("name", WIRE)
async def test_the_request_of_every_method_awaited(serve: Callable[..., Any], credit: Any, name: str) -> None:
    """The same."""
    row = WIRE[name]
    server = serve(answer(row.answer, credit))
    async with server.async_vinr() as vinr, server.async_spree() as spree:
        await row.call(vinr, spree)

    assert wire(server) == (row.line, row.body, row.query)


def test_every_agreed_method_has_its_row() -> None:
    """The table has the operations of the agreed document; one added later is not missed here."""
    modules = [import_module(f"store_credit.api.{one.name}") for one in iter_modules(api.__path__)]
    operations = {one.id for module in modules for one in vars(module).values() if isinstance(one, Operation)}

    assert set(WIRE) <= operations
    assert len(WIRE) == 23


def test_an_amount_may_be_left_out(serve: Callable[..., Any]) -> None:
    """As much as is outstanding is used then."""
    server = serve(answer("order", None), answer("cart", None))
    server.spree().orders.use_store_credit("R1")
    server.spree().checkout.add_store_credit(order_token="t")

    assert [json.loads(one.content or b"{}") for one in server.requests] == [{}, {}]
