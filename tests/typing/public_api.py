"""The public calls as an integrator's type checker sees them. Read by pyright and mypy, both strict; never run.

A line with `type: ignore` is one that must be refused: mypy reports an ignore that has nothing to ignore.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import assert_type

from store_credit import (
    AsyncCursorPage,
    AsyncNumberedPage,
    AsyncPages,
    AsyncSpreeClient,
    AsyncVinrClient,
    ConflictError,
    CursorPage,
    NumberedPage,
    OutcomeUnknownError,
    RateLimitError,
    Response,
    SpreeClient,
    VinrClient,
    from_minor_units,
    to_minor_units,
)
from store_credit.models import (
    SpreeAccount,
    SpreeStoreCredit,
    SpreeStoreCreditCategory,
    SpreeStoreCreditEvent,
    SpreeStoreCreditType,
    SpreeUser,
    VinrCustomer,
    VinrStoreCredit,
)


def vinr(client: VinrClient) -> None:
    """Every method of VINR's one resource."""
    credit = client.store_credit.create(customer="cust_1", amount=1000, currency="USD", idempotency_key="k", timeout=3)
    assert_type(credit, VinrStoreCredit)
    assert_type(credit.amount, int)
    assert_type(credit.expires_at, datetime | None)
    assert_type(credit.customer, str | VinrCustomer)
    assert_type(client.store_credit.retrieve(credit.id, expand=["customer"]), VinrStoreCredit)
    client.store_credit.update(credit.id, expires_at=None)
    client.store_credit.update(credit.id, expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    page = client.store_credit.list(customer="cust_1")
    assert_type(page, CursorPage[VinrStoreCredit])
    assert_type(next(iter(page)), VinrStoreCredit)
    assert_type(page.pages(), Iterator[CursorPage[VinrStoreCredit]])
    assert_type(client.request("GET", "/v1/store-credit"), Response)
    assert_type(client.with_raw_response(client.store_credit.retrieve, "sc_1").parsed, VinrStoreCredit)
    assert_type(client.with_options(max_retries=0), VinrClient)

    client.store_credit.create(customer="cust_1", amount=10.5, currency="USD")  # type: ignore[arg-type]
    client.store_credit.create(customer="cust_1", amount=1000)  # type: ignore[call-arg]
    client.store_credit.update(credit.id, amount=1)  # type: ignore[call-arg]
    client.store_credits.list()  # type: ignore[attr-defined]


def spree(client: SpreeClient) -> None:
    """Spree's resources, one call of each kind."""
    credit = client.store_credits.create(
        user_id="2", category_id=4, created_by_id="5", amount=Decimal("25.50"), currency="USD", memo=None
    )
    assert_type(credit, SpreeStoreCredit)
    assert_type(credit.amount, Decimal)
    assert_type(credit.created_at, datetime)
    assert_type(credit.user, SpreeUser | None)
    assert_type(credit.store_credit_events, list[SpreeStoreCreditEvent])
    page = client.store_credits.list(filter={"user_id_eq": "2"}, include=["user"], sort="-created_at")
    assert_type(page, NumberedPage[SpreeStoreCredit])
    assert_type([one.amount for one in page], list[Decimal])
    assert_type(client.store_credit_categories.retrieve("4"), SpreeStoreCreditCategory)
    assert_type(client.store_credit_types.retrieve("1"), SpreeStoreCreditType)
    assert_type(client.account.retrieve(customer_token="t"), SpreeAccount)
    client.checkout.add_store_credit(order_token="t", amount="5.00")
    client.checkout.remove_store_credit(order_token="t")
    client.store_credits.delete("2")

    client.store_credits.create(user_id="2", category_id="4", created_by_id="5", amount=2.5, currency="USD")  # type: ignore[arg-type]
    client.account.retrieve()  # type: ignore[call-arg]


async def awaited(vinr: AsyncVinrClient, spree: AsyncSpreeClient) -> None:
    """The same methods on the clients that are awaited."""
    async with vinr, spree:
        assert_type(await vinr.store_credit.retrieve("sc_1"), VinrStoreCredit)
        listed = vinr.store_credit.list()
        assert_type(listed, AsyncPages[AsyncCursorPage[VinrStoreCredit], VinrStoreCredit])
        assert_type([one async for one in listed], list[VinrStoreCredit])
        assert_type(await spree.store_credits.list(), AsyncNumberedPage[SpreeStoreCredit])
        async for page in spree.store_credits.list().pages():
            assert_type(page.data, list[SpreeStoreCredit])


def errors(client: VinrClient) -> str | None:
    """What a handler reads from the errors it tells apart."""
    try:
        client.store_credit.create(customer="cust_1", amount=1000, currency="USD")
    except RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except ConflictError as error:
        assert_type(error.request_id, str | None)
        assert_type(error.code, str | None)
    except OutcomeUnknownError as error:
        return error.idempotency_key
    return None


def money() -> None:
    """Both directions of the conversion."""
    assert_type(to_minor_units("25.00", "USD"), int)
    assert_type(from_minor_units(2500, "USD"), Decimal)
    to_minor_units(25.0, "USD")  # type: ignore[arg-type]
