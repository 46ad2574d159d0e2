"""Several credentials in one program: each request carries one, the one it was given, and goes where that belongs."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from http_library import httpx
from store_credit import (
    AsyncVinrClient,
    AuthenticationError,
    ConfigurationError,
    InvalidArgumentError,
    SpreeClient,
    VinrClient,
)
from together import together

CREDENTIALS = ("x-api-key", "authorization", "x-spree-token")


def credentials(request: Any) -> list[str]:
    """Every credential of a request."""
    return [value for name, value in request.headers.multi_items() if name.lower().replace("_", "-") in CREDENTIALS]


def sent(server: Any) -> list[str]:
    """The one credential of each request; where there are several this fails."""
    found: list[str] = []
    for request in server.requests:
        (only,) = credentials(request)
        found.append(only)
    return found


# Copies


def test_a_copy_for_another_tenant_leaves_the_client_as_it_was(
    serve: Callable[..., Any], credit: Any, store_credit: Any
) -> None:
    """Both go on, over the same connections, each with its own credential."""
    server = serve(credit)
    one = server.vinr(api_key="sk_test_ONE")
    other = one.with_options(api_key="sk_test_OTHER")
    for client in (one, other, one.with_options(timeout=3), other.with_options(timeout=3), one):
        client.store_credit.retrieve("sc_1")
    assert sent(server) == ["sk_test_ONE", "sk_test_OTHER", "sk_test_ONE", "sk_test_OTHER", "sk_test_ONE"]
    assert other._transport is one._transport

    server = serve(store_credit)
    spree = server.spree(token="ONE")
    spree.with_options(token="OTHER").store_credits.retrieve("7")
    spree.store_credits.retrieve("7")
    assert sent(server) == ["Bearer OTHER", "Bearer ONE"]


def test_a_copy_for_another_server_goes_there(serve: Callable[..., Any], credit: Any) -> None:
    """With the same credential unless it is given another, and with the Host of that server."""
    server = serve(credit)
    client = server.vinr(api_key="sk_test_ONE", headers={"X-App": "shop"})
    other = client.with_options(base_url="http://other.test:8080/vinr")
    other.store_credit.retrieve("sc_1")
    client.store_credit.retrieve("sc_1")

    assert [str(request.url) for request in server.requests] == [
        "http://other.test:8080/vinr/v1/store-credit/sc_1",
        "http://vinr.test/v1/store-credit/sc_1",
    ]
    assert [request.headers.get_list("Host") for request in server.requests] == [["other.test:8080"], ["vinr.test"]]
    assert sent(server) == ["sk_test_ONE"] * 2
    assert {request.headers["X-App"] for request in server.requests} == {"shop"}


@pytest.mark.parametrize("client", [VinrClient, AsyncVinrClient])
def test_a_key_of_the_other_environment_goes_to_its_own_host(client: Any) -> None:
    """A live key never reaches the sandbox, nor a test key the live host, whichever the copy is made of."""
    sandbox = client("sk_test_1")
    live = sandbox.with_options(api_key="sk_live_1")

    assert sandbox.base_url == "https://sandbox.api.vinr.com"
    assert live.base_url == "https://api.vinr.com"
    assert live.with_options(api_key="rk_test_1").base_url == "https://sandbox.api.vinr.com"
    assert live.with_options(timeout=1).base_url == "https://api.vinr.com"


def test_a_base_url_that_was_given_stays(serve: Callable[..., Any]) -> None:
    """Where the caller named the server, the key's prefix does not."""
    client = serve(200).vinr(base_url="https://proxy.test")

    assert client.with_options(api_key="sk_live_1").base_url == "https://proxy.test"


REFUSED: dict[str, Callable[[], Any]] = {
    "publishable": lambda: VinrClient("sk_test_1").with_options(api_key="pk_test_S3CRET"),
    "unknown prefix": lambda: VinrClient("sk_test_1").with_options(api_key="S3CRET"),
    "empty": lambda: VinrClient("sk_test_1").with_options(api_key=""),
    "line break": lambda: VinrClient("sk_test_1").with_options(api_key="sk_test_S3CRET\n"),
    "not text": lambda: VinrClient("sk_test_1").with_options(api_key=b"sk_test_S3CRET"),  # type: ignore[typeddict-item]
    "live over http": lambda: VinrClient("sk_test_1", base_url="http://vinr.test").with_options(
        api_key="sk_live_S3CRET"
    ),
    "live key, http address": lambda: VinrClient("sk_live_S3CRET").with_options(base_url="http://vinr.test"),
    "not an address": lambda: VinrClient("sk_test_S3CRET").with_options(base_url="vinr.test"),
    "empty token": lambda: SpreeClient("http://spree.test", "t").with_options(token=" "),
}


@together("slip", REFUSED)
def test_a_credential_that_does_not_belong_there_is_refused_and_not_shown(slip: str) -> None:
    """When the copy is made, not at its first call."""
    with pytest.raises(ConfigurationError) as raised:
        REFUSED[slip]()

    assert "S3CRET" not in f"{raised.value} {raised.value!r}"


def test_each_system_has_its_own_argument_for_a_credential() -> None:
    """The other's is one that the client does not know; its value is not shown."""
    with pytest.raises(TypeError, match="a VINR client has no argument 'token'") as key:
        VinrClient("sk_test_1").with_options(token="S3CRET")
    with pytest.raises(TypeError, match="a Spree client has no argument 'api_key'") as token:
        SpreeClient("http://spree.test", "t").with_options(api_key="S3CRET")

    assert "S3CRET" not in f"{key.value} {token.value}"


# One call


def test_a_call_may_have_a_credential_of_its_own(serve: Callable[..., Any], credit: Any, store_credit: Any) -> None:
    """For that call alone, of methods and of raw requests, with its resends."""
    server = serve(503, credit)
    vinr = server.vinr(api_key="sk_test_ONE")
    vinr.store_credit.retrieve("sc_1", api_key="sk_test_OTHER")
    vinr.store_credit.retrieve("sc_1")
    vinr.request("GET", "/v1/events", api_key="sk_test_OTHER")
    assert sent(server) == ["sk_test_OTHER", "sk_test_OTHER", "sk_test_ONE", "sk_test_OTHER"]

    server = serve(store_credit)
    spree = server.spree(token=None)
    spree.store_credits.retrieve("7", token="OTHER")
    spree.request("GET", "/api/v2/platform/orders", token="OTHER")
    assert sent(server) == ["Bearer OTHER"] * 2


def test_a_page_goes_on_with_the_credential_it_began_with(serve: Callable[..., Any], credit: Any) -> None:
    """Of a list that is iterated, every page is the same tenant's."""
    more = {"data": [credit], "page": {"has_more": True, "next_cursor": "sc_4Bk9mQ"}}
    last = {"data": [], "page": {"has_more": False, "next_cursor": None}}
    server = serve(more, last)
    vinr = server.vinr(api_key="sk_test_ONE")
    assert len(list(vinr.store_credit.list(api_key="sk_test_OTHER"))) == 1

    assert sent(server) == ["sk_test_OTHER"] * 2


MISPLACED: dict[str, tuple[Callable[[Any, Any], Any], type[Exception]]] = {
    "publishable": (lambda vinr, spree: vinr.store_credit.retrieve("s", api_key="pk_test_S3CRET"), ConfigurationError),
    "other host's": (lambda vinr, spree: vinr.store_credit.retrieve("s", api_key="sk_live_S3CRET"), ConfigurationError),
    "line break": (lambda vinr, spree: vinr.store_credit.retrieve("s", api_key="S3CRET\n"), ConfigurationError),
    "not text": (lambda vinr, spree: vinr.store_credit.retrieve("s", api_key=5), ConfigurationError),
    "token for VINR": (lambda vinr, spree: vinr.store_credit.retrieve("s", token="S3CRET"), InvalidArgumentError),
    "key for Spree": (lambda vinr, spree: spree.store_credits.retrieve("7", api_key="S3CRET"), InvalidArgumentError),
    "storefront": (
        lambda vinr, spree: spree.account.retrieve(customer_token="c", token="S3CRET"),
        InvalidArgumentError,
    ),
    "raw storefront": (
        lambda vinr, spree: spree.request("GET", "/api/v2/storefront/cart", token="S3CRET"),
        InvalidArgumentError,
    ),
    "key and header": (
        lambda vinr, spree: vinr.request("GET", "/v1/x", api_key="a", headers={"X-Api-Key": "S3CRET"}),
        InvalidArgumentError,
    ),
    "token and header": (
        lambda vinr, spree: spree.request("GET", "/api/v2/platform/x", token="a", headers={"authorization": "S3CRET"}),
        InvalidArgumentError,
    ),
    "two headers": (
        lambda vinr, spree: vinr.request("GET", "/v1/x", headers={"X-Api-Key": "S3CRET", "Authorization": "b"}),
        InvalidArgumentError,
    ),
}


@together("slip", MISPLACED)
def test_a_credential_that_a_call_cannot_carry_is_refused(serve: Callable[..., Any], slip: str) -> None:
    """Nothing is sent, and its value is not shown."""
    server = serve(200)
    call, error = MISPLACED[slip]
    # The host of the key follows from its prefix, so that a key of the other environment has another.
    vinr = VinrClient("sk_test_1")
    with pytest.raises(error) as raised:
        call(vinr, server.spree())

    assert server.requests == []
    assert "S3CRET" not in f"{raised.value} {raised.value!r}"


# Credentials among the headers


@together(
    "name",
    [
        "Authorization",
        "authorization",
        "X-Api-Key",
        "x-spree-order-token",
        "X-Spree-Token",
        "X_Api_Key",
        "x_spree_token",
    ],
)
def test_a_credential_among_the_headers_is_refused_and_pointed_to_its_argument(
    serve: Callable[..., Any], name: str
) -> None:
    """Of a client, of a copy and of one call: it would go out beside the client's own."""
    server = serve(200)
    headers = {name: "Bearer S3CRET"}
    for call in (
        lambda: server.vinr(headers=headers),
        lambda: server.vinr().with_options(headers=headers),
        lambda: server.vinr().store_credit.retrieve("sc_1", extra_headers=headers),
        lambda: server.spree().store_credits.retrieve("7", extra_headers=headers),
        lambda: server.vinr().request("GET", "/v1/events", extra_headers=headers),
    ):
        with pytest.raises((ConfigurationError, InvalidArgumentError), match="pass it as") as raised:
            call()
        assert "S3CRET" not in f"{raised.value} {raised.value!r}"
    assert server.requests == []


@together("name", ["Authorization", "X-Api-Key", "X-Spree-Token", "X_Api_Key"])
@together("system", ["vinr", "spree"])
def test_a_credential_among_the_headers_of_a_raw_request_goes_alone(
    serve: Callable[..., Any], system: str, name: str
) -> None:
    """It replaces the client's, whichever header that has."""
    server = serve({})
    getattr(server, system)().request("GET", "/api/v2/platform/orders", headers={name: "mine"})

    assert credentials(server.request) == ["mine"]


# A function that gives the key


def numbered(asked: list[str]) -> Callable[[], str]:
    """A function that gives another key each time."""

    def key() -> str:
        asked.append("asked")
        return f"sk_test_{len(asked)}"

    return key


def test_a_key_function_is_asked_when_it_is_needed_and_once_more_after_a_401(
    serve: Callable[..., Any], credit: Any
) -> None:
    """Keys that are rotated need no new client; the renewal costs no retry."""
    asked: list[str] = []
    server = serve(credit, 401, credit)
    client = server.vinr(api_key=numbered(asked), max_retries=0)
    assert asked == []
    for _ in range(2):
        client.store_credit.retrieve("sc_1")

    assert sent(server) == ["sk_test_1", "sk_test_1", "sk_test_2"]
    assert len(asked) == 2


def test_a_second_401_is_raised(serve: Callable[..., Any]) -> None:
    """Asking for ever would hide a key that was revoked."""
    asked: list[str] = []
    server = serve(401)
    with pytest.raises(AuthenticationError):
        server.vinr(api_key=numbered(asked)).store_credit.retrieve("sc_1")

    assert sent(server) == ["sk_test_1", "sk_test_2"]


def test_a_create_is_sent_again_under_its_key_with_the_new_credential(serve: Callable[..., Any], credit: Any) -> None:
    """A 401 is given before anything is executed."""
    server = serve(401, credit)
    server.vinr(api_key=numbered([])).store_credit.create(customer="c", amount=1, currency="USD")

    assert sent(server) == ["sk_test_1", "sk_test_2"]
    assert len({request.headers["Idempotency-Key"] for request in server.requests}) == 1


def test_a_credential_of_one_call_is_not_renewed(serve: Callable[..., Any]) -> None:
    """The function gives the client's, and this one was not the client's."""
    asked: list[str] = []
    server = serve(401)
    with pytest.raises(AuthenticationError):
        server.vinr(api_key=numbered(asked)).store_credit.retrieve("sc_1", api_key="sk_test_OTHER")

    assert sent(server) == ["sk_test_OTHER"]
    assert asked == []


def test_a_copy_for_another_tenant_asks_its_own_function(serve: Callable[..., Any], credit: Any) -> None:
    """And a copy with other options shares the key that was fetched."""
    one: list[str] = []
    server = serve(credit)
    client = server.vinr(api_key=numbered(one))
    client.store_credit.retrieve("sc_1")
    client.with_options(timeout=3).store_credit.retrieve("sc_1")
    client.with_options(api_key=lambda: "sk_test_OTHER").store_credit.retrieve("sc_1")

    assert sent(server) == ["sk_test_1", "sk_test_1", "sk_test_OTHER"]
    assert len(one) == 1


def test_a_key_function_needs_the_address_of_its_server() -> None:
    """Its prefix is not known before it is asked."""
    with pytest.raises(ConfigurationError, match="pass base_url="):
        VinrClient(lambda: "sk_test_1")
    with pytest.raises(ConfigurationError, match="pass base_url="):
        VinrClient("sk_test_1").with_options(api_key=lambda: "sk_test_1")


@together(
    ("given", "says"),
    [
        (None, "is None"),
        (b"sk_test_S3CRET", "bytes"),
        ("", "is empty"),
        ("sk_test_S3CRET\n", "line break"),
        ("pk_test_S3CRET", "publishable"),
        ("sk_live_S3CRET", "plain http"),
    ],
)
def test_what_a_key_function_gives_is_checked_as_a_key_is(serve: Callable[..., Any], given: Any, says: str) -> None:
    """Each time it is asked; nothing is sent, and its value is not shown."""
    server = serve(200)
    with pytest.raises(ConfigurationError, match=says) as raised:
        server.vinr(api_key=lambda: given).store_credit.retrieve("sc_1")

    assert server.requests == []
    assert "S3CRET" not in f"{raised.value} {raised.value!r}"


def test_a_key_function_is_asked_once_for_all_threads(serve: Callable[..., Any], credit: Any) -> None:
    """However many are refused the same key."""
    asked: list[str] = []
    lock, numbers = threading.Lock(), numbered(asked)

    def key() -> str:
        with lock:
            return numbers()

    def answer(request: Any) -> httpx.Response:
        fresh = request.headers["X-Api-Key"] == "sk_test_2"
        return httpx.Response(200, json={**credit, "id": "sc_1"}) if fresh else httpx.Response(401)

    client = serve(answer).vinr(api_key=key)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: client.store_credit.retrieve("sc_1"), range(24)))

    assert len(asked) == 2


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_an_async_client_takes_a_key_function_of_either_kind(
    serve: Callable[..., Any], credit: Any, kind: str
) -> None:
    """It is asked once for all tasks, and once more after a 401."""
    asked: list[str] = []
    plain = numbered(asked)

    async def awaited() -> str:
        await anyio.lowlevel.checkpoint()
        return plain()

    def answer(request: Any) -> httpx.Response:
        fresh = request.headers["X-Api-Key"] == "sk_test_2"
        return httpx.Response(200, json={**credit, "id": "sc_1"}) if fresh else httpx.Response(401)

    async with (
        serve(answer).async_vinr(api_key=plain if kind == "sync" else awaited) as client,
        anyio.create_task_group() as tasks,
    ):
        for _ in range(10):
            tasks.start_soon(client.store_credit.retrieve, "sc_1")

    assert len(asked) == 2


@pytest.fixture(autouse=True)
def every_request_carries_one_credential(serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever else a test here is about."""
    seen: list[Any] = []
    handler = type(serve(200)).__call__

    def watching(server: Any, request: Any) -> Any:
        seen.append(request)
        return handler(server, request)

    monkeypatch.setattr(type(serve(200)), "__call__", watching)
    yield
    assert all(len(credentials(request)) <= 1 for request in seen)
