"""How clients are made: arguments, the environment, and one clear error for whatever cannot be used."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from http_library import httpx
from store_credit import (
    AsyncSpreeClient,
    AsyncVinrClient,
    ConfigurationError,
    SpreeClient,
    Timeout,
    VinrClient,
)
from together import together

CLIENTS: dict[str, Callable[..., Any]] = {
    "vinr": lambda **settings: VinrClient(**{"api_key": "sk_test_1", **settings}),
    "async vinr": lambda **settings: AsyncVinrClient(**{"api_key": "sk_test_1", **settings}),
    "spree": lambda **settings: SpreeClient(**{"base_url": "http://spree.test", "token": "t", **settings}),
    "async spree": lambda **settings: AsyncSpreeClient(**{"base_url": "http://spree.test", "token": "t", **settings}),
}


@pytest.fixture(params=CLIENTS)
def make(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Makes a client of each kind."""
    return CLIENTS[request.param]


def refusal(call: Callable[[], Any]) -> str:
    """What the error of a setting says."""
    with pytest.raises(ConfigurationError) as raised:
        call()
    return str(raised.value)


# Where the settings come from


@pytest.mark.parametrize("client", [VinrClient, AsyncVinrClient])
@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("sk_live_1", "https://api.vinr.com"),
        ("rk_live_1", "https://api.vinr.com"),
        ("sk_test_1", "https://sandbox.api.vinr.com"),
        ("rk_test_1", "https://sandbox.api.vinr.com"),
    ],
)
def test_the_prefix_of_a_key_decides_the_host(client: Any, key: str, host: str) -> None:
    """A test key never reaches the live host, nor a live one the sandbox."""
    assert client(api_key=key).base_url == host
    assert client(key).base_url == host


def test_a_base_url_overrides_the_host_of_the_key(environment: pytest.MonkeyPatch) -> None:
    """The argument before the environment, the environment before the key."""
    environment.setenv("VINR_BASE_URL", "http://env.test")

    assert VinrClient("sk_test_1").base_url == "http://env.test"
    assert VinrClient("sk_test_1", base_url="http://argument.test").base_url == "http://argument.test"
    assert VinrClient("odd_key", base_url="http://argument.test").base_url == "http://argument.test"


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1"])
def test_a_live_key_does_not_go_over_plain_http(key: str) -> None:
    """But to this machine, where a mock may listen."""
    assert "https" in refusal(lambda: VinrClient(key, base_url="http://vinr.test"))
    for local in ("http://localhost:9", "http://127.0.0.1:9", "http://[::1]:9"):
        assert VinrClient(key, base_url=local).base_url == local
    for pretended in ("http://localhost.evil.test", "http://127.0.0.1.evil.test", "HTTP://vinr.test"):
        assert "https" in refusal(lambda pretended=pretended: VinrClient(key, base_url=pretended))


def test_the_environment_is_enough(
    environment: pytest.MonkeyPatch, serve: Callable[..., Any], store_credit: Any
) -> None:
    """VINR_SECRET_KEY, SPREE_URL and SPREE_TOKEN."""
    environment.setenv("VINR_SECRET_KEY", "sk_test_env")
    environment.setenv("SPREE_URL", "http://env.test")
    environment.setenv("SPREE_TOKEN", "env-token")
    server = serve(store_credit)
    SpreeClient().store_credits.retrieve("7")

    assert VinrClient().base_url == AsyncVinrClient().base_url == "https://sandbox.api.vinr.com"
    assert AsyncSpreeClient().base_url == "http://env.test"
    assert server.request.headers["Authorization"] == "Bearer env-token"
    assert server.request.url.host == "env.test"


def test_arguments_win_over_the_environment(
    environment: pytest.MonkeyPatch, serve: Callable[..., Any], store_credit: Any
) -> None:
    """Each by itself."""
    environment.setenv("VINR_SECRET_KEY", "sk_live_env")
    environment.setenv("SPREE_URL", "http://env.test")
    environment.setenv("SPREE_TOKEN", "env-token")
    server = serve(store_credit)
    SpreeClient("http://spree.test").store_credits.retrieve("7")
    SpreeClient(token="mine").store_credits.retrieve("7")

    assert VinrClient("sk_test_1").base_url == "https://sandbox.api.vinr.com"
    assert [one.headers["Authorization"] for one in server.requests] == ["Bearer env-token", "Bearer mine"]
    assert [one.url.host for one in server.requests] == ["spree.test", "env.test"]


@pytest.mark.parametrize("name", ["VINR_SECRET_KEY", "VINR_BASE_URL", "SPREE_URL", "SPREE_TOKEN"])
def test_an_empty_variable_counts_as_none(environment: pytest.MonkeyPatch, name: str) -> None:
    """As in a shell that was given no value."""
    environment.setenv(name, "")
    if name in ("VINR_SECRET_KEY", "SPREE_URL"):
        client = VinrClient if name.startswith("VINR") else SpreeClient
        assert name in refusal(client)
    else:
        assert VinrClient("sk_test_1").base_url == "https://sandbox.api.vinr.com"
        SpreeClient("http://spree.test")


@together(
    ("given", "base", "path"),
    [
        ("http://spree.test", "http://spree.test", "/api/v2/platform/store_credits/7"),
        ("http://spree.test/", "http://spree.test", "/api/v2/platform/store_credits/7"),
        ("http://spree.test///", "http://spree.test", "/api/v2/platform/store_credits/7"),
        ("http://spree.test/shop", "http://spree.test/shop", "/shop/api/v2/platform/store_credits/7"),
        ("http://spree.test/a/b/", "http://spree.test/a/b", "/a/b/api/v2/platform/store_credits/7"),
        ("HTTP://Spree.Test:8080", "http://Spree.Test:8080", "/api/v2/platform/store_credits/7"),
        ("http://[::1]:3000", "http://[::1]:3000", "/api/v2/platform/store_credits/7"),
    ],
)
def test_a_base_url_may_have_a_path_a_port_and_slashes_at_its_end(
    serve: Callable[..., Any], store_credit: Any, given: str, base: str, path: str
) -> None:
    """The path of a call comes behind it."""
    server = serve(store_credit)
    client = server.spree(base_url=given)
    client.store_credits.retrieve("7")

    assert client.base_url == base
    assert server.request.url.raw_path.decode() == path
    assert server.request.headers["Host"] == base.removeprefix("http://").partition("/")[0]


def test_a_client_without_a_token_is_good_for_the_storefront(
    serve: Callable[..., Any], recorded: Callable[[str], Any]
) -> None:
    """Those calls bring their own."""
    server = serve(recorded("storefront.account.retrieve"))

    assert SpreeClient("http://spree.test").account.retrieve(customer_token="c").id == "6"
    assert server.request.headers["Authorization"] == "Bearer c"


# What cannot be used


def test_a_missing_key_says_how_to_give_one() -> None:
    """The argument and the variable."""
    for client in (VinrClient, AsyncVinrClient):
        assert refusal(client) == "the VINR key is missing; pass api_key= or set VINR_SECRET_KEY"


def test_a_missing_address_says_how_to_give_one() -> None:
    """The argument and the variable."""
    for client in (SpreeClient, AsyncSpreeClient):
        assert refusal(client) == "the address of the Spree server is missing; pass base_url= or set SPREE_URL"


SECRETS = [5, b"sk_test_1", "", "  ", "sk_test_1\n", " sk_test_1", "sk_test_ключ", "sk_test_a b", "sk_test_\x00", ["x"]]


@together("secret", SECRETS)
def test_a_credential_that_cannot_be_sent_is_refused_and_not_shown(secret: Any) -> None:
    """A copy with a line break at its end is the usual one."""
    for said in (
        refusal(lambda: VinrClient(secret)),
        refusal(lambda: SpreeClient("http://spree.test", token=secret)),
    ):
        assert said.startswith(("api_key ", "token "))
        assert "sk_test_" not in said


@pytest.mark.parametrize("key", ["pk_live_1", "pk_test_1"])
def test_a_publishable_key_is_refused(key: str) -> None:
    """It belongs into a browser and cannot issue credit."""
    assert "publishable" in refusal(lambda: VinrClient(key))


@pytest.mark.parametrize("key", ["live_1", "whsec_1", "sk_1", "SK_TEST_1"])
def test_a_key_of_an_unknown_kind_needs_a_base_url(key: str) -> None:
    """Guessing the host would send a key to the wrong one; the key is not shown."""
    said = refusal(lambda: VinrClient(key))

    assert "base_url=" in said
    assert key not in said


ADDRESSES = [
    "",
    "shop.example",
    "localhost:3000",
    "//shop.example",
    "ftp://shop.example",
    "http://",
    "https:///path",
    "http://:3000",
    "http://shop.example:port",
    "http://shop.example:99999",
    "http://[::1",
    "http://shop.example?a=b",
    "http://shop.example/#top",
    "http://shop example",
    "http://shop.example\n",
    "http://shöp.example",
    "http://shop.example/\x00",
    5,
    b"http://shop.example",
    None,
]


@together("address", ADDRESSES[:-1])
def test_an_address_that_cannot_be_used_is_refused(address: Any) -> None:
    """The error names the setting and shows a good one, or what to leave out."""
    for said in (
        refusal(lambda: SpreeClient(address, token="t")),
        refusal(lambda: AsyncVinrClient("sk_test_1", base_url=address)),
    ):
        assert "base" in said
        assert "URL" in said or "base_url" in said


@pytest.mark.parametrize("name", ["SPREE_URL", "VINR_BASE_URL"])
def test_a_bad_address_of_the_environment_is_named_by_its_variable(environment: pytest.MonkeyPatch, name: str) -> None:
    """Nobody passed base_url=."""
    environment.setenv(name, "shop.example")

    assert name in refusal(SpreeClient if name == "SPREE_URL" else lambda: VinrClient("sk_test_1"))


@together(
    "address",
    [
        "http://user:hunter2@shop.example",
        "http://hunter2@shop.example",
        "http://user:hunter2@shop.example:port",
        "http://user:hunter2@[::1",
        "ftp://user:hunter2@shop.example",
        "user:hunter2@shop.example",
        "http://user:hunter2@shop.example?a",
        "http://user:hunter2@shöp.example",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_shown(address: str) -> None:
    """Whatever else is wrong with it."""
    assert "hunter2" not in refusal(lambda: SpreeClient(address, token="t"))


TIMEOUTS = [0, -1, float("nan"), float("inf"), "30", True, [30], Timeout(read=0), Timeout(connect="5")]  # type: ignore[arg-type]


HEADERS = ["A: b", 5, ["A"], {"A": 5}, {"A": "b\n"}, {"A": "é"}, {"a b": "c"}, {5: "a"}, {"": "a"}]


@together(
    ("name", "value", "said"),
    [
        *(("timeout", value, "timeout is") for value in TIMEOUTS),
        *(("max_retries", value, "max_retries is") for value in (-1, 1.5, "2", None, True)),
        # One function alone is the usual slip.
        *(("event_hooks", value, "event_hooks") for value in (print, 5, ["x"], [None], "print")),
        *(("headers", value, "header") for value in HEADERS),
        # The error names the class to pass.
        *(("http_client", value, "httpx.") for value in ("x", httpx, object())),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(make: Callable[..., Any], name: str, value: Any, said: str) -> None:
    """For a client of each kind, and for a copy of it."""
    assert said in refusal(lambda: make(**{name: value}))
    if name != "http_client":
        assert said in refusal(lambda: make().with_options(**{name: value}))


@pytest.mark.parametrize("options", [{"timeout": 0}, {"max_retries": -1}], ids=str)
def test_the_options_of_a_call_are_checked_alike(serve: Callable[..., Any], options: dict[str, Any]) -> None:
    """Before anything is sent."""
    server = serve(200)
    (name,) = options
    assert f"{name} is" in refusal(lambda: server.spree().store_credits.retrieve("7", **options))

    assert server.requests == []


@together("version", ["2026", "latest", "2026-4-1", "2026-04-01\n", "\u0662\u0660\u0662\u0666-04-01", 20260401, ""])
def test_a_version_is_a_date(version: Any) -> None:
    """As text."""
    assert "api_version is" in refusal(lambda: VinrClient("sk_test_1", api_version=version))


@pytest.mark.parametrize("version", ["2026-04-01", date(2026, 4, 1)], ids=repr)
def test_a_pinned_version_goes_with_every_request(serve: Callable[..., Any], credit: Any, version: Any) -> None:
    """Unless a call names another; a date object will do, or is refused in one sentence."""
    server = serve(credit)
    try:
        client = server.vinr(api_version=version)
    except ConfigurationError as refused:
        assert "api_version" in str(refused)  # noqa: PT017 - either is right
        return
    client.store_credit.retrieve("sc_1")
    client.store_credit.retrieve("sc_1", vinr_version="2025-01-01")

    assert [one.headers.get_list("Vinr-Version") for one in server.requests] == [["2026-04-01"], ["2025-01-01"]]


@pytest.mark.anyio
async def test_a_sync_client_takes_a_sync_one_and_an_async_client_an_async_one() -> None:
    """The other kind is refused by name."""
    with httpx.Client() as sync:
        assert "httpx.AsyncClient" in refusal(lambda: AsyncSpreeClient("http://spree.test", http_client=sync))  # type: ignore[arg-type]
    async with httpx.AsyncClient() as other:
        assert "httpx.Client" in refusal(lambda: VinrClient("sk_test_1", http_client=other))  # type: ignore[arg-type]


def test_a_closed_http_client_is_named(store_credit: Any) -> None:
    """It was closed by its owner, too early."""
    http_client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json=store_credit)))
    client = SpreeClient("http://spree.test", "t", http_client=http_client)
    http_client.close()

    assert "closed" in refusal(lambda: client.store_credits.retrieve("7"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://user:hunter2@proxy.test:1"),
        ("HTTPS_PROXY", "http://user:hunter2@proxy.test:port"),
        ("ALL_PROXY", "nonsense://"),
        ("SSL_CERT_FILE", "{folder}/no-certificate"),
    ],
)
def test_an_environment_that_httpx_cannot_use_is_named(
    environment: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    """The error says which variables to look at, and shows no password."""
    (tmp_path / "no-certificate").write_text("this is none")
    environment.setenv(name, value.format(folder=tmp_path))
    for make in (VinrClient, AsyncVinrClient):
        said = refusal(lambda make=make: make("sk_test_1"))
        assert name in said
        assert "hunter2" not in said


def test_an_unknown_setting_is_an_error(make: Callable[..., Any]) -> None:
    """Python says it for constructors and copies."""
    with pytest.raises(TypeError, match="retries"):
        make(retries=3)
    with pytest.raises(TypeError, match="retries"):
        make().with_options(retries=3)
