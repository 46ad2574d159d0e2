"""The clients of Spree's API v3, as a type checker sees them. Read by pyright and mypy, both strict; never run.

A line with `type: ignore` is one that must be refused: mypy reports an ignore that has nothing to ignore.
"""

from collections.abc import Awaitable
from datetime import datetime
from decimal import Decimal
from typing import Literal, assert_never, assert_type

from store_credit import (
    AsyncCountedPage,
    AsyncPages,
    AsyncSpreeAdminClient,
    AsyncSpreeStoreClient,
    CountedPage,
    Maybe,
    SpreeAdminClient,
    SpreeStoreClient,
    spree_webhooks,
)
from store_credit.models import (
    AnySpreeV3Event,
    SpreeV3AdminOrder,
    SpreeV3Cart,
    SpreeV3Customer,
    SpreeV3CustomerStoreCredit,
    SpreeV3Event,
    SpreeV3Order,
    SpreeV3PageMeta,
    SpreeV3StoreCredit,
    SpreeV3StoreCreditCreatedEvent,
    SpreeV3StoreCreditDeletedEvent,
    SpreeV3StoreCreditEvent,
    SpreeV3StoreCreditPageMeta,
    SpreeV3StoreCreditUpdatedEvent,
)


def back_office(admin: SpreeAdminClient) -> None:
    """Resources lead to resources; amounts are decimals, and what a version does not send may be absent."""
    credit = admin.customers.store_credits.create("cus_1", amount=Decimal("25.00"), currency="USD", memo="refund-4711")
    assert_type(credit, SpreeV3StoreCredit)
    assert_type(credit.amount, Decimal)
    assert_type(credit.memo, str | None)
    assert_type(credit.created_at, datetime)
    assert_type(credit.amount_authorized, Maybe[Decimal])
    assert_type(credit.category_id, Maybe[str])
    assert_type(admin.customers.get("cus_1"), SpreeV3Customer)
    assert_type(admin.orders.store_credits.apply("or_1", amount="10.00"), SpreeV3AdminOrder)
    assert_type(admin.orders.store_credits.remove("or_1"), None)
    admin.customers.store_credits.create("cus_1", amount=25.0, currency="USD")  # type: ignore[arg-type]
    admin.customers.store_credits.create(1, amount=25, currency="USD")  # type: ignore[arg-type]
    admin.customers.store_credits.update("cus_1", "credit_1", currency="EUR")  # type: ignore[call-arg]
    admin.carts  # type: ignore[attr-defined]  # noqa: B018


def lists(admin: SpreeAdminClient) -> None:
    """A page knows its records and what is said of the list; filters that the document does not know are refused."""
    page = admin.customers.store_credits.list("cus_1", filter={"currency_eq": "USD", "amount_gteq": Decimal(10)})
    assert_type(page, CountedPage[SpreeV3StoreCredit, SpreeV3PageMeta])
    assert_type(page.meta.count, int)
    assert_type([one.amount_remaining for one in page], list[Decimal])
    assert_type(page.next_page(), CountedPage[SpreeV3StoreCredit, SpreeV3PageMeta] | None)
    assert_type(admin.store_credits.list().meta, SpreeV3StoreCreditPageMeta)
    assert_type(admin.store_credits.events.list("credit_1")[0], SpreeV3StoreCreditEvent)
    admin.customers.list(filter={"emial_eq": "a@example.com"})  # type: ignore[arg-type]
    admin.customers.list(filter_unchecked={"own_scope": True})


def storefront(store: SpreeStoreClient) -> None:
    """What a shopper sees of a credit has neither owner nor memo."""
    credit = store.customer.store_credits.get("credit_1", customer_token="jwt")
    assert_type(credit, SpreeV3CustomerStoreCredit)
    assert_type(store.carts.store_credits.apply("cart_1", amount=Decimal(10)), SpreeV3Cart)
    assert_type(store.carts.complete("cart_1", cart_token="token"), SpreeV3Order)
    credit.memo  # type: ignore[attr-defined]  # noqa: B018


async def awaited(admin: AsyncSpreeAdminClient, store: AsyncSpreeStoreClient) -> None:
    """The same, awaited."""
    assert_type(await admin.customers.store_credits.get("cus_1", "credit_1"), SpreeV3StoreCredit)
    listed = admin.customers.list()
    assert_type(listed, AsyncPages[AsyncCountedPage[SpreeV3Customer, SpreeV3PageMeta], SpreeV3Customer])
    assert_type(await listed, AsyncCountedPage[SpreeV3Customer, SpreeV3PageMeta])
    async for customer in listed:
        assert_type(customer, SpreeV3Customer)
    pending: Awaitable[SpreeV3Cart] = store.carts.get("cart_1", cart_token="token")
    await pending


def made() -> None:
    """A credential is a text, or a function that gives one."""
    SpreeAdminClient("http://shop.test", "sk_1", server="6.0").with_options(staff_token=lambda: "jwt")
    SpreeStoreClient("http://shop.test", "pk_1", customer_token=lambda: "jwt", cart_token="token")
    SpreeAdminClient("http://shop.test", publishable_key="pk_1")  # type: ignore[call-arg]


def matched(event: AnySpreeV3Event, admin: SpreeAdminClient) -> str:
    """An event's name tells its class."""
    assert_type(spree_webhooks.parse(b"", {}), AnySpreeV3Event)
    assert_type(spree_webhooks.fetch_customer(event, admin), SpreeV3Customer | None)
    match event.name:
        case "store_credit.created":
            assert_type(event, SpreeV3StoreCreditCreatedEvent)
            return event.data.id
        case "store_credit.updated":
            assert_type(event, SpreeV3StoreCreditUpdatedEvent)
            return str(event.data.amount_remaining)
        case "store_credit.deleted":
            assert_type(event, SpreeV3StoreCreditDeletedEvent)
            return event.data.id
        case "unknown":
            assert_type(event, SpreeV3Event)
            assert_type(event.name, Literal["unknown"])
            return event.raw_name
    assert_never(event)
