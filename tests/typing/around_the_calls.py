"""What stands around the calls, as a type checker sees it. Read by pyright and mypy, both strict; never run.

A line with `type: ignore` is one that must be refused: mypy reports an ignore that has nothing to ignore.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, assert_never, assert_type

import attrs
import httpx

from store_credit import (
    UNSET,
    APIConnectionError,
    APIStatusError,
    AsyncClientCredentials,
    AsyncSpreeClient,
    AsyncVinrClient,
    AttemptFailed,
    CallEnded,
    CallOptions,
    ClientCredentials,
    Event,
    Headers,
    Mismatch,
    MissingFieldError,
    OutcomeUnknownError,
    RawResult,
    RequestSent,
    Resource,
    Response,
    ResponseReceived,
    RetryScheduled,
    SpreeClient,
    StoreCreditError,
    Timeout,
    Unset,
    ValidationError,
    VinrClient,
    WebhookVerificationError,
    default_async_http_client,
    default_http_client,
    webhooks,
)
from store_credit.models import (
    AnyEvent,
    SpreeCart,
    SpreeOrder,
    SpreeStoreCredit,
    SpreeStoreCreditCategory,
    SpreeStoreCreditType,
    SpreeUser,
    VinrCustomer,
    VinrEvent,
    VinrEventData,
    VinrStoreCredit,
    VinrStoreCreditCreatedEvent,
    VinrStoreCreditUpdatedEvent,
)


def clients(hook: "Hook") -> None:
    """Every setting, with what it may be."""
    VinrClient()
    VinrClient("sk_test_1", timeout=None, max_retries=0, api_version="2026-04-01", headers={"A": "b"})
    VinrClient(api_key="sk_test_1", base_url="https://vinr.test", timeout=Timeout(read=5), event_hooks=[hook])
    VinrClient(http_client=httpx.Client(proxy="http://proxy.test"))
    AsyncVinrClient(http_client=httpx.AsyncClient())
    SpreeClient("https://spree.test", "token")
    SpreeClient("https://spree.test", token=lambda: "token")
    SpreeClient(token=ClientCredentials("id", "secret", base_url="https://spree.test", timeout=3))
    AsyncSpreeClient(token=AsyncClientCredentials("id", "secret", base_url="https://spree.test"))
    AsyncSpreeClient(token=fetch)

    VinrClient(5)  # type: ignore[arg-type]
    VinrClient(http_client=httpx.AsyncClient())  # type: ignore[arg-type]
    SpreeClient(token=5)  # type: ignore[arg-type]
    SpreeClient(timeout="5")  # type: ignore[arg-type]
    SpreeClient(retries=5)  # type: ignore[call-arg]


async def fetch() -> str:
    """A token function of an async client."""
    return "token"


class Hook:
    """An event hook: events are told apart by their class."""

    def __call__(self, event: Event) -> None:
        assert_type(event.operation, str)
        match event:
            case RequestSent():
                assert_type(event.idempotency_key, str | None)
                assert_type(event.attempt, int)
            case ResponseReceived():
                assert_type(event.response, Response)
                assert_type(event.elapsed, float)
            case RetryScheduled():
                assert_type(event.delay, float)
                assert_type(event.reason, str)
            case AttemptFailed():
                assert_type(event.error, BaseException)
                assert_type(event.elapsed, float)
            case CallEnded():
                assert_type(event.outcome, Literal["success", "refused", "failed", "unknown", "interrupted"])
                assert_type(event.error, BaseException | None)
            case _:
                assert_never(event)


async def hook(event: Event) -> None:
    """A hook of an async client."""


def settled(vinr: VinrClient, error: OutcomeUnknownError) -> None:
    """What an unknown outcome holds, and settling it."""
    assert_type(error.started_at, datetime)
    assert_type(error.ended_at, datetime)
    assert_type(error.reference, str | None)
    assert_type(error.mismatch, tuple[Mismatch, ...])
    assert_type(error.candidates, tuple[Any, ...])
    assert_type(error.idempotency_key, str | None)
    vinr.settle(error, grace=60, key_window=3600, same_account=True)

    vinr.settle(ValueError())  # type: ignore[arg-type]
    vinr.settle(error, grace="60")  # type: ignore[arg-type]


def tenants(vinr: VinrClient, spree: SpreeClient) -> None:
    """Credentials of clients, copies and calls, and clients of the HTTP library."""
    VinrClient(lambda: "sk_test_1", base_url="http://vinr.test", deadline=5, app_info="shop/1", max_connections=10)
    AsyncVinrClient(fetch, base_url="http://vinr.test", event_hooks=[Hook(), hook])
    assert_type(vinr.with_options(api_key="sk_test_2", base_url="http://vinr.test"), VinrClient)
    assert_type(spree.with_options(token=lambda: "t", max_rate_limit_wait=5), SpreeClient)
    vinr.store_credit.retrieve("sc_1", api_key="sk_test_2", deadline=None, extra_body={"a": 1})
    with default_http_client(verify=True, max_connections=5) as http_client:
        VinrClient("sk_test_1", http_client=http_client)
    VinrClient("sk_test_1", timeout=httpx.Timeout(5))

    vinr.with_options(api_key=5)  # type: ignore[arg-type]
    vinr.store_credit.retrieve("sc_1", deadline="5")  # type: ignore[arg-type]
    VinrClient("sk_test_1", http_client=httpx.AsyncClient())  # type: ignore[arg-type]


async def awaited_client(vinr: AsyncVinrClient, error: OutcomeUnknownError) -> None:
    """The same, awaited."""
    async with default_async_http_client() as http_client:
        AsyncVinrClient("sk_test_1", http_client=http_client)
    await vinr.settle(error)


def options(client: SpreeClient) -> None:
    """Keywords of every method, and copies."""
    shared: CallOptions = {"timeout": 5, "max_retries": 0, "extra_headers": {"A": "b"}, "extra_query": {"a": "b"}}
    client.store_credits.retrieve("7", **shared)
    client.store_credits.delete("7", timeout=Timeout(connect=1), extra_headers={"A": "b"})
    assert_type(client.with_options(timeout=None).with_options(event_hooks=[]), SpreeClient)
    assert_type(client.base_url, str)

    client.store_credits.retrieve("7", timeout="5")  # type: ignore[arg-type]
    client.store_credits.retrieve("7", nonsense=5)  # type: ignore[call-arg]


def answers(client: SpreeClient) -> None:
    """Raw requests and responses."""
    answer = client.request(
        "POST", "/api/v2/platform/orders", json={"a": Decimal("1.50")}, query={"a": ["b"]}, timeout=5
    )
    assert_type(answer, Response)
    assert_type(answer.status_code, int)
    assert_type(answer.headers, Headers)
    assert_type(answer.headers.get("etag"), str | None)
    assert_type(answer.content, bytes)
    assert_type(answer.request_id, str | None)
    assert_type(answer.idempotency_key, str | None)
    result = client.with_raw_response(client.store_credits.retrieve, "7", include=["user"])
    assert_type(result, RawResult[SpreeStoreCredit])
    assert_type(result.response, Response)
    deleted = client.with_raw_response(client.store_credits.delete, "7")
    assert_type(deleted.response.status_code, int)

    client.with_raw_response(client.store_credits.retrieve)  # type: ignore[call-arg]


def records(credit: SpreeStoreCredit, order: SpreeOrder, cart: SpreeCart, vinr: VinrStoreCredit) -> None:
    """Attributes that are always sent are there; the rest may be UNSET; related records are typed."""
    assert_type(credit.amount, Decimal)
    assert_type(credit.created_at, datetime)
    assert_type(credit.deleted_at, datetime | None)
    assert_type(credit.memo, str | None)
    assert_type(credit.display_amount_remaining, str | None | Unset)
    assert_type(credit.store_credit_category, SpreeStoreCreditCategory | None)
    assert_type(credit.store_credit_type, SpreeStoreCreditType | None)
    assert_type(credit.included, list[Resource])
    assert_type(credit.to_dict(), dict[str, Any])
    assert_type(SpreeStoreCredit.from_dict({}), SpreeStoreCredit)
    if credit.user is not None and credit.user.selected_locale is not UNSET:
        assert_type(credit.user.selected_locale, str | None)
    assert_type(order.number, str)
    assert_type(cart.token, str)
    if isinstance(vinr.customer, VinrCustomer):
        assert_type(vinr.customer.email, str)
    else:
        assert_type(vinr.customer, str)
    vinr.expires_at = None

    _ = credit.amuont  # type: ignore[attr-defined]
    vinr.amount = "5"  # type: ignore[assignment]


def arguments(client: SpreeClient, credit: SpreeStoreCredit) -> None:
    """None clears where the server takes null, and nowhere else."""
    client.store_credits.update(credit.id, memo=None, type_id=None, amount="30.00")
    client.store_credits.list(filter={"user_id_in": [1, "2"], "memo_cont": "any other filter of the server's"})
    client.store_credits.list(include="user,created_by", fields={"user": "email", "store_credit": ["amount"]})
    assert_type(client.orders.use_store_credit("R1", amount=5), SpreeOrder)
    assert_type(client.checkout.add_store_credit(order_token="t"), SpreeCart)

    client.store_credits.update(credit.id, currency=None)  # type: ignore[arg-type]
    client.store_credits.update(credit.id, amount=2.5)  # type: ignore[arg-type]
    client.store_credits.list(page="2")  # type: ignore[arg-type]
    client.account.retrieve("token")  # type: ignore[call-arg]


def errors(client: VinrClient, spree: SpreeClient) -> Mapping[str, Any]:
    """What every error has, and what some have."""
    try:
        client.store_credit.create(customer="cust_1", amount=1000, currency="USD")
        spree.store_credit_types.create(name="Expiring", priority=1)
    except OutcomeUnknownError as error:
        assert_type(error.idempotency_key, str | None)
        return error.lookup
    except ValidationError as error:
        assert_type(error.param, str | None)
        assert_type(error.errors, Mapping[str, list[str]])
    except APIStatusError as error:
        assert_type(error.response, Response)
        assert_type(error.status_code, int)
    except APIConnectionError as error:
        assert_type(error.response, Response | None)
        assert_type(error.status_code, int | None)
    except MissingFieldError:
        pass
    except StoreCreditError as error:
        assert_type(error.message, str)
        assert_type(error.code, str | None)
        assert_type(error.request_id, str | None)
        assert_type(error.attempts, int)
    return {}


def events(body: bytes, headers: dict[str, str]) -> None:
    """A webhook's event is told apart by its type."""
    try:
        event = webhooks.parse(body, headers, secret=["whsec_new", "whsec_old"])
    except WebhookVerificationError as error:
        assert_type(error.check, str)
        return
    assert_type(event, VinrStoreCreditCreatedEvent | VinrStoreCreditUpdatedEvent | VinrEvent)
    assert_type(event.data.object, VinrStoreCredit | dict[str, Any] | None)
    assert_type(event.created, datetime)
    if event.type == "store_credit.created":
        assert_type(event, VinrStoreCreditCreatedEvent)
        assert_type(event.data.object, VinrStoreCredit)
    elif event.type == "store_credit.updated":
        assert_type(event, VinrStoreCreditUpdatedEvent)
    else:
        assert_type(event.type, Literal["unknown"])
        assert_type(event, VinrEvent)
        assert_type(event.raw_type, str)
        assert_type(event.data.object, dict[str, Any] | None)
    webhooks.verify(body, "signature", 1780000000, "whsec_1", tolerance=None)
    assert_type(webhooks.sign(body, 1780000000, "whsec_1"), str)

    webhooks.parse("text", headers)  # type: ignore[arg-type]


def matched(event: AnyEvent) -> str:
    """The same by `match`, in each way it can be written; a checker sees that no event is left."""
    match event:
        case VinrStoreCreditCreatedEvent(data=VinrEventData(object=credit)):
            assert_type(credit, VinrStoreCredit)
        case VinrStoreCreditUpdatedEvent():
            assert_type(event.data.object.amount, int)
        case VinrEvent(raw_type=kind):
            assert_type(kind, str)
    match event.type:
        case "store_credit.created" | "store_credit.updated":
            return event.type
        case "unknown":
            return "?"


def records_elsewhere(credit: VinrStoreCredit, resource: SpreeStoreCredit, user: SpreeUser) -> None:
    """What records are to other libraries and as values."""
    assert_type(credit.replace(amount=5), VinrStoreCredit)
    assert_type(attrs.evolve(credit, amount=5), VinrStoreCredit)
    assert_type(attrs.asdict(credit), dict[str, Any])
    assert_type(credit.to_json(), str)
    assert_type({credit: 1}, dict[VinrStoreCredit, int])
    assert_type(resource.user, SpreeUser | None)
    resource.user = user
    resource.user = 5  # type: ignore[assignment]
    VinrStoreCredit(id="sc_1", amount=5)  # type: ignore[call-arg]
