"""HTTP clients that a caller injects: what they keep of their own, what is refused, and how to make one like ours."""

from collections.abc import Callable
from typing import Any

import pytest

from http_library import httpx
from store_credit import (
    AsyncSpreeClient,
    ConfigurationError,
    SpreeClient,
    Timeout,
    VinrClient,
    default_async_http_client,
    default_http_client,
)
from together import together


class Seen:
    """A transport of a caller's own that keeps what it is asked."""

    def __init__(self, body: Any) -> None:
        self.body = body
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json=self.body)

    @property
    def request(self) -> httpx.Request:
        """The only one."""
        (only,) = self.requests
        return only

    def client(self, **settings: Any) -> Any:
        """A client of the library with this transport."""
        return httpx.Client(transport=httpx.MockTransport(self), **settings)

    def spree(self, http_client: Any, **settings: Any) -> SpreeClient:
        """An SDK client with that client."""
        return SpreeClient("http://spree.test", "admin-token", http_client=http_client, **settings)


@pytest.fixture
def seen(store_credit: Any) -> Seen:
    """A transport that answers with a Spree credit."""
    return Seen(store_credit)


# What it keeps


def test_its_headers_parameters_and_timeout_are_its_own(seen: Seen) -> None:
    """They go with every request, beside what the SDK sends."""
    http_client = seen.client(headers={"X-Corp": "1"}, params={"tenant": "7"}, timeout=3)
    seen.spree(http_client).store_credits.retrieve("7", include="user")

    assert seen.request.headers["X-Corp"] == "1"
    assert seen.request.url.params.multi_items() == [("tenant", "7"), ("include", "user")]
    assert seen.request.extensions["timeout"] == {"connect": 3, "read": 3, "write": 3, "pool": 3}
    assert seen.request.headers["Authorization"] == "Bearer admin-token"
    assert seen.request.headers.get_list("Accept") == ["application/vnd.api+json"]


def test_what_the_caller_gave_the_sdk_wins_over_it(seen: Seen) -> None:
    """It was meant for these calls."""
    http_client = seen.client(headers={"X-Corp": "1", "X-App": "pool"}, timeout=3)
    client = seen.spree(http_client, headers={"x-app": "shop"}, timeout=Timeout(read=9))
    client.store_credits.retrieve("7")
    client.store_credits.retrieve("7", extra_headers={"X-CORP": "2"}, timeout=2)

    assert [one.headers.get_list("X-App") for one in seen.requests] == [["shop"], ["shop"]]
    assert [one.headers.get_list("X-Corp") for one in seen.requests] == [["1"], ["2"]]
    assert [one.extensions["timeout"]["read"] for one in seen.requests] == [9, 2]


def test_what_the_library_puts_on_every_client_is_not_the_callers(seen: Seen) -> None:
    """Its User-Agent, Accept and five seconds of timeout are not meant for anything."""
    seen.spree(seen.client()).store_credits.retrieve("7")

    assert seen.request.headers.get_list("User-Agent")[0].startswith("store-credit-python/")
    assert seen.request.headers.get_list("Accept-Encoding") == ["gzip, deflate"]
    assert seen.request.extensions["timeout"]["read"] == 30.0


def test_a_user_agent_of_its_own_is_kept(seen: Seen) -> None:
    """And is the only one."""
    seen.spree(seen.client(headers={"User-Agent": "corp/1"})).store_credits.retrieve("7")

    assert seen.request.headers.get_list("User-Agent") == ["corp/1"]


def test_a_copy_keeps_them_too(seen: Seen) -> None:
    """Also one for another server."""
    client = seen.spree(seen.client(headers={"X-Corp": "1"}, params={"tenant": "7"}))
    client.with_options(base_url="http://other.test", max_retries=0).store_credits.retrieve("7")

    assert seen.request.headers["X-Corp"] == "1"
    assert seen.request.url == "http://other.test/api/v2/platform/store_credits/7?tenant=7"


def test_a_raw_request_has_them_too(seen: Seen) -> None:
    """They are the client's."""
    http_client = seen.client(headers={"X-Corp": "1"}, params={"tenant": "7"})
    seen.spree(http_client).request("GET", "/api/v2/platform/orders?a=1", query={"b": "2"})

    assert seen.request.url.params.multi_items() == [("a", "1"), ("tenant", "7"), ("b", "2")]
    assert seen.request.headers["X-Corp"] == "1"


def test_its_hooks_see_every_attempt(seen: Seen) -> None:
    """Requests go through its `send`."""
    heard: list[str] = []
    hooks = {"request": [lambda request: heard.append("request")], "response": [lambda response: heard.append("r")]}
    seen.spree(seen.client(event_hooks=hooks)).store_credits.retrieve("7")

    assert heard == ["request", "r"]


# What is refused

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "auth": ({"auth": ("user", "S3CRET")}, "its own auth"),
    "bearer auth": ({"auth": lambda request: request}, "its own auth"),
    "base_url": ({"base_url": "https://S3CRET.test"}, "base_url"),
    "cookies": ({"cookies": {"session": "S3CRET"}}, "cookies"),
    "Cookie": ({"headers": {"Cookie": "S3CRET"}}, "the header cookie"),
    "Authorization": ({"headers": {"authorization": "Bearer S3CRET"}}, "the header authorization"),
    "X-Api-Key": ({"headers": {"X-API-KEY": "S3CRET"}}, "the header x-api-key"),
    "order token": ({"headers": {"X-Spree-Order-Token": "S3CRET"}}, "the header x-spree-order-token"),
    "Host": ({"headers": {"Host": "S3CRET.test"}}, "the header host"),
    "Content-Type": ({"headers": {"Content-Type": "text/S3CRET"}}, "the header content-type"),
    "Content-Length": ({"headers": {"Content-Length": "5"}}, "the header content-length"),
    "Idempotency-Key": ({"headers": {"Idempotency-Key": "S3CRET"}}, "the header idempotency-key"),
    "version": ({"headers": {"Vinr-Version": "S3CRET"}}, "the header vinr-version"),
    "Accept": ({"headers": {"Accept": "text/S3CRET"}}, "the header accept"),
}


@together("setting", REFUSED)
def test_what_would_change_the_meaning_of_a_request_is_refused(seen: Seen, setting: str) -> None:
    """When the client is made, with what it is and what to do instead; its value is not shown."""
    given, says = REFUSED[setting]
    with seen.client(**given) as http_client, pytest.raises(ConfigurationError, match=says) as raised:
        seen.spree(http_client)

    assert "S3CRET" not in str(raised.value)
    assert "; " in str(raised.value), "what to do instead"


@pytest.mark.anyio
async def test_an_async_client_is_treated_alike(seen: Seen) -> None:
    """Kept and refused."""
    async with (
        httpx.AsyncClient(transport=httpx.MockTransport(seen), headers={"X-Corp": "1"}, timeout=3) as http_client,
        AsyncSpreeClient("http://spree.test", "t", http_client=http_client) as client,
    ):
        await client.store_credits.retrieve("7")
    async with httpx.AsyncClient(auth=("user", "S3CRET")) as http_client:
        with pytest.raises(ConfigurationError, match="its own auth"):
            AsyncSpreeClient("http://spree.test", "t", http_client=http_client)

    assert seen.request.headers["X-Corp"] == "1"
    assert seen.request.extensions["timeout"]["read"] == 3


@pytest.mark.anyio
async def test_an_auth_that_it_is_given_later_is_not_used(seen: Seen) -> None:
    """It would take the place of the SDK's own credential."""
    with seen.client() as sync:
        client = seen.spree(sync)
        sync.auth = ("user", "S3CRET")
        client.store_credits.retrieve("7")
    async with httpx.AsyncClient(transport=httpx.MockTransport(seen)) as other:
        awaited = AsyncSpreeClient("http://spree.test", "admin-token", http_client=other)
        other.auth = ("user", "S3CRET")
        await awaited.store_credits.retrieve("7")

    assert [one.headers.get_list("Authorization") for one in seen.requests] == [["Bearer admin-token"]] * 2


@pytest.mark.parametrize("timeout", [None, 7, httpx.Timeout(7, pool=None)], ids=repr)
def test_a_timeout_of_any_form_is_taken_over(seen: Seen, timeout: Any) -> None:
    """Without end too."""
    seen.spree(seen.client(timeout=timeout)).store_credits.retrieve("7")

    assert seen.request.extensions["timeout"]["read"] == (None if timeout is None else 7)


# One like ours


def test_a_default_client_is_made_with_settings_of_the_callers(seen: Seen) -> None:
    """It may be injected as it is."""
    with default_http_client(transport=httpx.MockTransport(seen), headers={"X-Corp": "1"}) as http_client:
        assert isinstance(http_client, httpx.Client)
        with seen.spree(http_client) as client:
            client.store_credits.retrieve("7")
        assert not http_client.is_closed, "its owner closes it"

    assert seen.request.headers["X-Corp"] == "1"
    assert seen.request.extensions["timeout"]["read"] == 30.0


def test_a_default_client_keeps_no_cookie(store_credit: Any) -> None:
    """One tenant's session must not go along with another's request, of raw requests either."""
    asked: list[Any] = []

    def answer(request: Any) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=store_credit, headers={"Set-Cookie": "session=S3CRET"})

    with default_http_client(transport=httpx.MockTransport(answer)) as http_client:
        client = SpreeClient("http://spree.test", "t", http_client=http_client)
        client.store_credits.retrieve("7")
        client.request("GET", "/api/v2/platform/orders")

    assert not any("Cookie" in request.headers for request in asked)


@pytest.mark.anyio
async def test_a_default_async_client_is_made_with_settings_of_the_callers(seen: Seen) -> None:
    """The same, awaited."""
    async with default_async_http_client(transport=httpx.MockTransport(seen)) as http_client:
        assert isinstance(http_client, httpx.AsyncClient)
        async with AsyncSpreeClient("http://spree.test", "t", http_client=http_client) as client:
            await client.store_credits.retrieve("7")

    assert len(seen.requests) == 1


@pytest.mark.parametrize("make", [default_http_client, default_async_http_client])
def test_a_default_client_of_an_unusable_environment_says_which_variables(
    environment: pytest.MonkeyPatch, make: Callable[..., Any]
) -> None:
    """As the SDK's own client does."""
    environment.setenv("HTTPS_PROXY", "ftp://user:S3CRET@proxy.test:1")
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY") as raised:
        make()

    assert "S3CRET" not in str(raised.value)


# Members and names of a caller's own


def test_members_are_added_to_the_body_of_a_method(serve: Callable[..., Any], credit: Any, store_credit: Any) -> None:
    """Beside those of its arguments, in the object where these stand."""
    server = serve(credit)
    server.vinr().store_credit.create(customer="c", amount=1, currency="USD", extra_body={"note": {"a": [1]}})
    assert server.body == {"customer": "c", "amount": 1, "currency": "USD", "note": {"a": [1]}}

    server = serve(store_credit)
    server.spree().store_credits.update("7", memo="x", extra_body={"store_id": "2"})
    assert server.body == {"store_credit": {"memo": "x", "store_id": "2"}}

    server = serve({"data": {"id": "1", "type": "cart", "attributes": {}}})
    server.spree().checkout.remove_store_credit(order_token="t", extra_body={"note": 1})
    assert server.body == {"note": 1}
    assert server.request.headers["Content-Type"] == "application/json"


@together("extra", [{"amount": 2}, {"customer": "c"}, ["note"], "note", {"note": b"bytes"}, {"note": float("nan")}])
def test_members_that_cannot_be_added_are_refused(serve: Callable[..., Any], extra: Any) -> None:
    """One of the method's own above all: which of the two should count?"""
    server = serve(200)
    with pytest.raises(ValueError, match=r"extra_body|cannot be written as JSON"):
        server.vinr().store_credit.create(customer="c", amount=1, currency="USD", extra_body=extra)

    assert server.requests == []


def test_members_cannot_be_added_to_a_body_that_is_not_an_object(serve: Callable[..., Any]) -> None:
    """Bytes and arrays have none."""
    server = serve(200)
    for body in ({"content": b"a=b"}, {"json": [1]}):
        with pytest.raises(ValueError, match="extra_body"):
            server.vinr().request("POST", "/v1/x", extra_body={"note": 1}, **body)

    assert server.requests == []


def test_the_callers_program_is_named_behind_the_sdk(serve: Callable[..., Any], credit: Any) -> None:
    """In the one User-Agent there is."""
    server = serve(credit)
    server.vinr(app_info="my-shop/1.4").store_credit.retrieve("sc_1")
    (agent,) = server.request.headers.get_list("User-Agent")

    assert agent.startswith("store-credit-python/")
    assert agent.endswith(" my-shop/1.4")


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", "Accept-Encoding"])
def test_headers_of_the_callers_replace_those_of_the_sdk(serve: Callable[..., Any], credit: Any, name: str) -> None:
    """Of the client, of a copy and of a call: there is one of each name."""
    server = serve(credit)
    server.vinr(headers={name: "identity"}).store_credit.retrieve("sc_1")
    server.vinr().with_options(headers={name: "identity"}).store_credit.retrieve("sc_1")
    server.vinr().store_credit.retrieve("sc_1", extra_headers={name: "identity"})

    assert [request.headers.get_list(name) for request in server.requests] == [["identity"]] * 3


@together("given", ["", "  ", "a\nb", "ä", 5, b"shop"])
def test_app_info_is_text_that_can_stand_in_a_header(given: Any) -> None:
    """The error names the argument."""
    with pytest.raises(ConfigurationError, match="app_info"):
        VinrClient("sk_test_1", app_info=given)
