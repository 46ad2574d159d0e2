"""Which credential goes with which request: the key, the admin's token, and those of a shopper."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

from http_library import httpx
from store_credit import (
    AsyncClientCredentials,
    AuthenticationError,
    ClientCredentials,
    ConfigurationError,
    InvalidResponseError,
    ValidationError,
)
from together import together

STOREFRONT: dict[str, Callable[..., Any]] = {
    "add": lambda spree, **o: spree.checkout.add_store_credit(**({"order_token": "cart"} | o)),
    "remove": lambda spree, **o: spree.checkout.remove_store_credit(**({"order_token": "cart"} | o)),
    "account": lambda spree, **o: spree.account.retrieve(**({"customer_token": "shopper"} | o)),
}
CART = {"data": {"id": "1", "type": "cart", "attributes": {}}}


def values(request: Any) -> list[str]:
    """Everything a request says, header by header, and its address."""
    return [*request.headers.values(), str(request.url), request.content.decode()]


def test_vinr_takes_its_key_in_a_header_of_its_own(serve: Callable[..., Any], credit: Any) -> None:
    """And in no other place."""
    server = serve(credit)
    server.vinr(api_key="sk_test_secret").store_credit.retrieve("sc_1")

    assert server.request.headers["X-Api-Key"] == "sk_test_secret"
    assert sum("sk_test_secret" in value for value in values(server.request)) == 1


def test_the_platform_takes_a_bearer_token(serve: Callable[..., Any], store_credit: Any) -> None:
    """And in no other place."""
    server = serve(store_credit)
    server.spree().store_credits.retrieve("7")

    assert server.request.headers["Authorization"] == "Bearer admin-token"
    assert sum("admin-token" in value for value in values(server.request)) == 1


@together("call", STOREFRONT.values())
@together("token", ["admin-token", lambda: "admin-token"])
def test_a_storefront_call_never_carries_the_admins_token(
    serve: Callable[..., Any], store_credit: Any, call: Any, token: Any
) -> None:
    """Not after the client has used it, not on a resend, and not after a 401."""
    spree = serve(store_credit).spree(token=token)
    spree.store_credits.retrieve("7")
    for answers in ([CART], [httpx.ConnectError("refused"), CART], [401]):
        server = serve(*answers)
        with nullcontext() if answers != [401] else pytest.raises(AuthenticationError):
            call(spree)

        assert len(server.requests) == len(answers)
        for request in server.requests:
            assert not any("admin-token" in value for value in values(request))


@together(
    ("tokens", "sent"),
    [
        ({"order_token": "cart"}, {"x-spree-order-token": "cart"}),
        ({"order_token": None, "customer_token": "shopper"}, {"authorization": "Bearer shopper"}),
        ({"customer_token": "shopper"}, {"x-spree-order-token": "cart", "authorization": "Bearer shopper"}),
    ],
)
@together("name", ["add", "remove"])
def test_a_cart_is_named_by_its_own_token_or_by_its_shoppers(
    serve: Callable[..., Any], name: str, tokens: dict[str, Any], sent: dict[str, str]
) -> None:
    """Each in the header it belongs into, never in the address."""
    server = serve(CART)
    STOREFRONT[name](server.spree(), **tokens)
    headers = server.request.headers

    assert {key: headers[key] for key in ("x-spree-order-token", "authorization") if key in headers} == sent
    assert server.request.url.query == b""


def test_an_account_is_asked_for_with_the_shoppers_token(serve: Callable[..., Any], recorded: Any) -> None:
    """It is the only argument it needs."""
    server = serve(recorded("storefront.account.retrieve"))
    server.spree().account.retrieve(customer_token="shopper")

    assert server.request.headers["Authorization"] == "Bearer shopper"


RAW_STOREFRONT = [
    "/api/v2/storefront/account",
    "/api/v2/storefront/checkout/add_store_credit",
    "/api/v2/storefront/cart?include=user",
    "/api/v2/platform/../storefront/account",
    "/api/v2/platform/%2e%2e/storefront/account",
    "/api/v2/platform/%2E%2E/storefront/account",
    "/api/v2/platform/.%2e/storefront/account",
    "/api/v2/platform/%2e%2e%2fstorefront/account",
    "/api/v2/platform\\..\\storefront\\account",
    "/api/v2/platform%2f..%2fstorefront",
    "/api/v2/platforms",
    "/api/v1/orders",
    "/spree_oauth/token",
    "/",
]


@together("path", RAW_STOREFRONT)
def test_a_raw_request_outside_the_platform_carries_no_token(serve: Callable[..., Any], path: str) -> None:
    """However the path is written."""
    server = serve({})
    server.spree().request("POST", path, json={})

    assert not any("admin-token" in value for value in values(server.request))


@pytest.mark.parametrize("path", ["/api/v2/platform/orders", "/api/v2/platform/orders/R1?include=user"])
def test_a_raw_request_to_the_platform_carries_the_token(serve: Callable[..., Any], path: str) -> None:
    """As the methods do."""
    server = serve({})
    server.spree().request("GET", path)

    assert server.request.headers["Authorization"] == "Bearer admin-token"


def test_a_raw_request_without_any_credential_is_the_servers_to_refuse(serve: Callable[..., Any]) -> None:
    """The methods say so themselves."""
    server = serve(401)
    client = server.spree(token=None)
    with pytest.raises(AuthenticationError, match="SPREE_TOKEN"):
        client.request("GET", "/api/v2/platform/orders")
    with pytest.raises(ConfigurationError, match="SPREE_TOKEN"):
        client.store_credits.list()

    assert "Authorization" not in server.request.headers


# Tokens from a function, and from client credentials


@together("given", [None, 5, "", "two\nlines", b"bytes"])
def test_a_token_function_that_gives_no_token_is_named(serve: Callable[..., Any], given: Any) -> None:
    """Nothing is sent."""
    server = serve(200)
    with pytest.raises(ConfigurationError, match="token function"):
        server.spree(token=lambda: given).store_credits.retrieve("7")

    assert server.requests == []


def test_an_async_function_on_a_sync_client_is_named(
    serve: Callable[..., Any], recwarn: pytest.WarningsRecorder
) -> None:
    """In words, and not by a coroutine that was never awaited."""

    async def token() -> str:
        return "never"

    server = serve(200)
    with pytest.raises(ConfigurationError, match="token function"):
        server.spree(token=token).store_credits.retrieve("7")

    assert server.requests == []
    assert [str(one.message) for one in recwarn] == []


def test_tokens_that_are_gone_are_not_kept(serve: Callable[..., Any], store_credit: Any) -> None:
    """A client that renews its token every hour does not grow for years."""
    asked: list[str] = []

    def token() -> str:
        asked.append("asked")
        return f"token-{len(asked)}"

    client = serve(*([401, store_credit] * 100)).spree(token=token)
    for _ in range(99):
        client.store_credits.retrieve("7")

    assert len(asked) == 100
    assert len(client._settings.gates._gates) < 100


def test_what_a_token_function_raises_is_the_callers_own(serve: Callable[..., Any]) -> None:
    """It is not dressed up as something else."""

    def token() -> str:
        raise KeyError("vault")

    with pytest.raises(KeyError, match="vault"):
        serve(200).spree(token=token).store_credits.retrieve("7")


def test_a_token_function_that_has_no_more_is_an_error(serve: Callable[..., Any]) -> None:
    """A StopIteration of its own must not end the call as if it had succeeded with nothing."""
    tokens = iter(["one"])
    server = serve(401)
    client = server.spree(token=lambda: next(tokens))
    with pytest.raises(RuntimeError, match="StopIteration"):
        client.store_credit_types.create(name="x", priority=1)

    assert len(server.requests) == 1


def test_client_credentials_are_a_token_function(serve: Callable[..., Any], store_credit: Any) -> None:
    """They are exchanged at Spree's token endpoint as a form; the response's token goes to the Platform."""
    server = serve({"access_token": "fresh", "token_type": "Bearer"}, store_credit)
    token = ClientCredentials("id-1", "secret-1", base_url="http://spree.test")
    server.spree(token=token).store_credits.retrieve("7")
    asked, used = server.requests

    assert (asked.method, asked.url.path) == ("POST", "/spree_oauth/token")
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.content == b"grant_type=client_credentials&scope=admin&client_id=id-1&client_secret=secret-1"
    assert used.headers["Authorization"] == "Bearer fresh"


def test_client_credentials_read_what_a_real_server_answers(serve: Callable[..., Any], recorded: Any) -> None:
    """And raise what it refuses."""
    token = ClientCredentials("id-1", "secret-1", base_url="http://spree.test")
    serve(recorded("oauth.token.client_credentials"))
    assert token() == recorded("oauth.token.client_credentials")["access_token"]
    serve((401, recorded("oauth.token.wrong_secret")))
    with pytest.raises(AuthenticationError, match="invalid_client"):
        token()
    serve((400, recorded("oauth.token.wrong_scope")))
    with pytest.raises(ValidationError):
        token()


@pytest.mark.anyio
async def test_async_client_credentials(serve: Callable[..., Any], store_credit: Any) -> None:
    """The same, awaited."""
    server = serve({"access_token": "fresh"}, store_credit)
    token = AsyncClientCredentials("id-1", "secret-1", base_url="http://spree.test", scope="read write")
    async with server.async_spree(token=token) as client:
        await client.store_credits.retrieve("7")

    assert b"scope=read+write" in server.requests[0].content
    assert server.requests[1].headers["Authorization"] == "Bearer fresh"


@together("body", [{}, {"access_token": None}, [], b"<html>", b""])
def test_a_token_answer_without_a_token_is_an_error(serve: Callable[..., Any], body: Any) -> None:
    """It says what is missing, and shows nothing of what came."""
    serve(body if isinstance(body, dict) else (200, body))
    with pytest.raises(InvalidResponseError, match=r"spree\.oauth\.token"):
        ClientCredentials("id-1", "secret-1", base_url="http://spree.test", max_retries=0)()


@together("arguments", [("", "s"), ("i", ""), (None, "s"), ("i", 5), ("i", "s\n")])
def test_client_credentials_are_checked_when_they_are_given(arguments: tuple[Any, Any]) -> None:
    """The error names the one that is wrong."""
    with pytest.raises(ConfigurationError, match=r"client_id|client_secret"):
        ClientCredentials(*arguments, base_url="http://spree.test")
