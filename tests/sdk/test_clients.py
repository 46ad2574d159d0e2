"""Around the calls: options, injected clients, raw requests and responses, hooks."""

import inspect
import json
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from unittest import mock

import pytest

from http_library import httpx
from store_credit import (
    APIStatusError,
    AsyncSpreeClient,
    AsyncVinrClient,
    ConfigurationError,
    InvalidArgumentError,
    NotModifiedError,
    ServerError,
    SpreeClient,
    Timeout,
    VinrClient,
    api,
)


def mocked(body: Any, seen: list[httpx.Request]) -> Callable[[httpx.Request], httpx.Response]:
    """A handler that answers with a body and keeps the requests."""

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=body)

    return answer


def serve_with(http_client: Any) -> Any:
    return SpreeClient("http://spree.test", "admin-token", http_client=http_client)


# What the example of the README does


def test_a_credit_is_issued_and_its_expiry_taken_away(serve: Callable[..., Any], credit: Any) -> None:
    """None clears; leaving it out does not touch it."""
    server = serve((201, credit), credit, credit)
    with server.vinr() as vinr:
        issued = vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
        vinr.store_credit.update(issued.id, expires_at=None)
        vinr.store_credit.update(issued.id)

    assert [(one.method, one.url.path) for one in server.requests] == [
        ("POST", "/v1/store-credit"),
        ("POST", "/v1/store-credit/sc_4Bk9mQ"),
        ("POST", "/v1/store-credit/sc_4Bk9mQ"),
    ]
    assert [json.loads(one.content) for one in server.requests] == [
        {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"},
        {"expires_at": None},
        {},
    ]


@pytest.mark.parametrize(
    ("amount", "written"), [(Decimal("25.00"), b"25.00"), ("25.10", b"25.10"), (25, b"25"), (Decimal("1E+2"), b"100")]
)
def test_a_spree_amount_goes_out_as_a_number_with_its_own_digits(
    serve: Callable[..., Any], store_credit: Any, amount: Any, written: bytes
) -> None:
    """A text would be read by the store's locale."""
    server = serve(store_credit)
    server.spree().store_credits.create(user_id="2", category_id="4", created_by_id="5", amount=amount, currency="USD")

    assert b'"amount":' + written + b"," in server.request.content
    assert server.body["store_credit"]["user_id"] == "2"


def test_a_request_says_what_it_is(serve: Callable[..., Any], store_credit: Any) -> None:
    """Its type, its length, what it takes, and which program sends it."""
    server = serve(store_credit)
    server.spree().store_credits.update("7", memo="naïve")
    headers = server.request.headers

    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Length"] == str(len(server.request.content))
    assert headers["Accept"] == "application/vnd.api+json"
    assert headers["User-Agent"].startswith("store-credit-python/")


def test_a_post_without_a_body_says_so(serve: Callable[..., Any]) -> None:
    """Some servers refuse one without a length."""
    server = serve({"data": {"id": "1", "type": "cart", "attributes": {}}})
    server.spree().checkout.remove_store_credit(order_token="t")

    assert server.request.headers["Content-Length"] == "0"
    assert "Content-Type" not in server.request.headers


def test_an_answer_that_is_still_current_is_an_error_of_its_own(serve: Callable[..., Any], store_credit: Any) -> None:
    """The ETag comes with the response and goes out with the next request."""
    server = serve((200, store_credit, {"ETag": 'W/"1"'}), (304, b"", {"ETag": 'W/"1"'}))
    client = server.spree()
    answer = client.store_credits.retrieve("7").last_response
    assert answer is not None
    with pytest.raises(NotModifiedError) as raised:
        client.store_credits.retrieve("7", if_none_match=answer.headers["ETag"])

    assert server.requests[1].headers["If-None-Match"] == 'W/"1"'
    assert raised.value.response.headers["etag"] == 'W/"1"'


# Options


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({}, {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": None}),
        ({"timeout": 3}, {"connect": 3, "read": 3, "write": 3, "pool": None}),
        ({"timeout": 60}, {"connect": 5.0, "read": 60, "write": 60, "pool": None}),
        ({"timeout": None}, {"connect": None, "read": None, "write": None, "pool": None}),
        ({"timeout": Timeout(read=9, connect=1)}, {"connect": 1, "read": 9, "write": 30.0, "pool": None}),
        ({"timeout": Timeout(pool=2)}, {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 2}),
        ({"timeout": httpx.Timeout(9, pool=2)}, {"connect": 9, "read": 9, "write": 9, "pool": 2}),
    ],
    ids=str,
)
def test_timeouts_go_to_httpx(serve: Callable[..., Any], store_credit: Any, given: Any, sent: Any) -> None:
    """For the client and for one call, in seconds."""
    server = serve(store_credit)
    server.spree(**given).store_credits.retrieve("7")
    server.spree(timeout=7).store_credits.retrieve("7", **given)

    assert server.requests[0].extensions["timeout"] == sent
    if given:
        assert server.requests[1].extensions["timeout"] == sent


def test_a_copy_with_other_options_leaves_the_client_as_it_was(serve: Callable[..., Any], store_credit: Any) -> None:
    """And what is not named stays as it was in the copy."""
    server = serve(store_credit)
    client = server.spree(headers={"X-App": "shop"}, timeout=7)
    other = client.with_options(timeout=9, headers={"X-Tenant": "2", "x-app": "tool"}, max_retries=0)
    another = other.with_options(max_retries=1)
    for one in (client, other, another):
        one.store_credits.retrieve("7")

    assert [one.extensions["timeout"]["read"] for one in server.requests] == [7, 9, 9]
    assert [one.headers.get_list("X-App") for one in server.requests] == [["shop"], ["tool"], ["tool"]]
    assert [one.headers.get("X-Tenant") for one in server.requests] == [None, "2", "2"]
    assert {one.headers["Authorization"] for one in server.requests} == {"Bearer admin-token"}
    assert type(other) is type(client)


def test_a_copy_has_resources_of_its_own(serve: Callable[..., Any], store_credit: Any) -> None:
    """Those of the client go on with the client's options."""
    server = serve(500)
    client = server.spree(max_retries=0)
    kept = client.store_credits
    other = client.with_options(max_retries=2)
    for resource, attempts in ((kept, 1), (other.store_credits, 3), (client.store_credits, 1)):
        with pytest.raises(ServerError) as raised:
            resource.retrieve("7")
        assert raised.value.attempts == attempts


def test_a_copy_shares_the_token_of_its_client(serve: Callable[..., Any], store_credit: Any) -> None:
    """A function is asked once for both."""
    asked: list[int] = []

    def token() -> str:
        asked.append(1)
        return "t"

    client = serve(store_credit).spree(token=token)
    client.with_options(timeout=5).store_credits.retrieve("7")
    client.store_credits.retrieve("7")

    assert len(asked) == 1


def test_the_options_of_one_call(serve: Callable[..., Any], store_credit: Any) -> None:
    """Headers replace the SDK's own of the same name, query parameters those of the method."""
    server = serve(store_credit)
    server.spree().store_credits.retrieve(
        "7",
        locale="de",
        extra_headers={"accept": "application/json", "X-Trace": "1"},
        extra_query={"locale": "fr", "deep[a]": "ä&="},
    )

    assert server.request.headers.get_list("Accept") == ["application/json"]
    assert server.request.headers["X-Trace"] == "1"
    assert server.request.url.params.multi_items() == [("locale", "fr"), ("deep[a]", "ä&=")]


@pytest.mark.parametrize("name", ["Idempotency-Key", "Content-Length", "Transfer-Encoding", "Host", "Authorization"])
def test_a_header_of_the_sdks_own_is_never_sent_twice(serve: Callable[..., Any], store_credit: Any, name: str) -> None:
    """As a setting, in a copy or for one call: it is refused, or takes the place of the SDK's."""
    server = serve(store_credit)
    for call in (
        lambda: server.spree(headers={name: "5"}).store_credits.update("7", memo="x"),
        lambda: server.spree().with_options(headers={name: "5"}).store_credits.update("7", memo="x"),
        lambda: server.spree().store_credits.update("7", memo="x", extra_headers={name: "5"}),
    ):
        with suppress(ConfigurationError, InvalidArgumentError):
            call()

    for request in server.requests:
        assert len(request.headers.get_list(name)) <= 1
        assert request.headers["Content-Length"] == str(len(request.content))
        assert "Transfer-Encoding" not in request.headers


# Clients of httpx


@pytest.mark.anyio
async def test_an_injected_async_client_is_used_and_left_open(store_credit: Any) -> None:
    """Its owner closes it."""
    seen: list[httpx.Request] = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(mocked(store_credit, seen))) as http_client:
        async with AsyncSpreeClient("http://spree.test", "t", http_client=http_client) as client:
            await client.store_credits.retrieve("7")
        assert not http_client.is_closed

    assert len(seen) == 1


def test_an_injected_client_follows_no_redirect_and_keeps_no_cookie(store_credit: Any) -> None:
    """Whatever its own settings are: a redirect would take the credential along, a cookie another tenant's session."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(302, headers={"Location": "http://evil.test/", "Set-Cookie": "a=b"})

    with httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True, timeout=1) as http_client:
        client = serve_with(http_client)
        for _ in range(2):
            with pytest.raises(APIStatusError, match="redirect"):
                client.store_credits.retrieve("7")

    assert len(seen) == 2
    assert {one.headers["Authorization"] for one in seen} == {"Bearer admin-token"}
    assert not any("Cookie" in one.headers for one in seen)


def test_closing_a_client_closes_what_it_opened(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand or at the end of a block."""
    closed: list[str] = []
    monkeypatch.setattr(httpx.HTTPTransport, "close", lambda self: closed.append("closed"))
    serve(200).spree().close()
    with serve(200).vinr():
        pass

    assert closed == ["closed", "closed"]


# Mocks of the caller's tests


@pytest.mark.anyio
async def test_a_method_of_an_async_client_can_be_replaced_too(serve: Callable[..., Any]) -> None:
    """What stands there then can be awaited."""
    client = serve(500).async_spree()
    with mock.patch.object(client.store_credits, "retrieve", return_value="patched"):
        assert await client.store_credits.retrieve("7") == "patched"


def test_a_client_can_be_stood_in_for_whole(serve: Callable[..., Any]) -> None:
    """`create_autospec` knows its resources and their arguments."""
    fake: Any = mock.create_autospec(serve(500).vinr(), instance=True)
    fake.store_credit.create.return_value = "made"

    assert fake.store_credit.create(customer="c", amount=1, currency="USD") == "made"
    with pytest.raises(TypeError):
        fake.store_credit.create(nonsense=1)


# Async


@pytest.mark.anyio
async def test_an_async_client_does_what_the_sync_one_does(
    serve: Callable[..., Any], credit: Any, store_credit: Any, waits: list[float]
) -> None:
    """On asyncio and on trio, retries and all."""
    server = serve(httpx.ReadTimeout("slow"), 429, (201, credit), store_credit, 503, (204, b""))
    async with server.async_vinr() as vinr:
        issued = await vinr.store_credit.create(customer="c", amount=1, currency="USD")
    async with server.async_spree() as spree:
        found = await spree.store_credits.retrieve("7")
        deleted = await spree.store_credits.delete("7")

    assert (issued.id, found.id, deleted) == ("sc_4Bk9mQ", "7", None)
    assert len(waits) == 3
    assert len({one.headers.get("Idempotency-Key") for one in server.requests[:3]}) == 1


def test_sync_and_async_clients_have_the_same_surface() -> None:
    """One is the other, awaited."""
    for sync, other in ((VinrClient, AsyncVinrClient), (SpreeClient, AsyncSpreeClient)):
        names = {name for name in dir(sync) if not name.startswith("_")}
        assert names <= set(dir(other))
        for name in ("request", "with_options", "close"):
            assert list(inspect.signature(getattr(sync, name)).parameters) == list(
                inspect.signature(getattr(other, name)).parameters
            )


def test_sync_and_async_resources_have_the_same_methods() -> None:
    """With the same arguments, defaults and texts."""
    for module in (import_module(f"store_credit.api.{one.name}") for one in iter_modules(api.__path__)):
        (sync,) = [getattr(module, name) for name in module.__all__ if not name.startswith("Async")]
        other = getattr(module, f"Async{sync.__name__}")
        methods = {name: value for name, value in vars(sync).items() if inspect.isfunction(value) and name[0] != "_"}

        assert methods
        for name, method in methods.items():
            twin = getattr(other, name)
            assert inspect.signature(twin).parameters == inspect.signature(method).parameters
            assert twin.__doc__ == method.__doc__
