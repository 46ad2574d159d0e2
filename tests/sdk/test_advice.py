"""What a connection error says to do: each cause names its own remedy, and none names another's."""

import ssl
from collections.abc import Callable
from typing import Any

import pytest

from http_library import httpx
from store_credit import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncSpreeClient,
    ConfigurationError,
    SpreeClient,
    StoreCreditError,
    Timeout,
    default_async_http_client,
    default_http_client,
)
from store_credit._core.faults import DeadlineError
from together import together

REMEDIES = {
    "address": "is the right address and can be reached",
    "certificate": "SSL_CERT_FILE",
    "TLS": "that the server uses https on this port",
    "proxy refused": "The proxy refused the connection: check HTTP_PROXY",
    "proxy": "can be reached through the proxy",
    "full pool": "No connection was free",
    "own program": "comes from this program's own transport",
    "timeout": "a larger timeout= waits longer",
    "deadline": "a larger deadline= waits longer",
    "redirect": "does not follow redirects",
}


def remedies(error: StoreCreditError) -> list[str]:
    """Which of them an error's text names."""
    return [name for name, words in REMEDIES.items() if words in str(error)]


def caused(outer: Exception, inner: BaseException) -> Exception:
    """An error raised from another, as the HTTP library does it."""
    outer.__cause__ = inner
    return outer


CAUSES: dict[str, tuple[Callable[[], Exception], type[StoreCreditError], str]] = {
    "refused": (lambda: httpx.ConnectError("[Errno 111] Connection refused"), APIConnectionError, "address"),
    "unknown host": (lambda: httpx.ConnectError("[Errno -2] Name or service not known"), APIConnectionError, "address"),
    "slow connect": (lambda: httpx.ConnectTimeout("slow"), APIConnectionError, "address"),
    "reset": (lambda: httpx.ReadError("reset"), APIConnectionError, "address"),
    "certificate": (
        lambda: caused(httpx.ConnectError("TLS"), ssl.SSLCertVerificationError(1, "certificate verify failed")),
        APIConnectionError,
        "certificate",
    ),
    "TLS": (lambda: caused(httpx.ConnectError("TLS"), ssl.SSLError(1, "wrong version")), APIConnectionError, "TLS"),
    "proxy": (lambda: httpx.ProxyError("403 Forbidden"), APIConnectionError, "proxy refused"),
    "pool": (lambda: httpx.PoolTimeout("full"), APIConnectionError, "full pool"),
    "own": (lambda: TypeError("handle() takes 2 arguments"), APIConnectionError, "own program"),
    "timeout": (lambda: httpx.ReadTimeout("slow"), APITimeoutError, "timeout"),
    "deadline": (lambda: DeadlineError("the call's deadline passed"), APITimeoutError, "deadline"),
}


def failing(make: Callable[[], Exception], asked: list[Any], **settings: Any) -> SpreeClient:
    """A client whose transport raises, as it is and with what it was raised from."""

    def fail(request: Any) -> httpx.Response:
        asked.append(request)
        raise make()

    http_client = httpx.Client(transport=httpx.MockTransport(fail))
    return SpreeClient(**{"base_url": "http://spree.test", "token": "t", "http_client": http_client, **settings})


@together("cause", CAUSES)
def test_each_cause_names_its_own_remedy(cause: str) -> None:
    """And the error that it was raised from. None calls a create that may have happened repeatable."""
    make, kind, remedy = CAUSES[cause]
    with pytest.raises(StoreCreditError) as raised:
        failing(make, [], max_retries=0).store_credits.retrieve("7")

    assert type(raised.value) is kind
    assert remedies(raised.value) == [remedy]
    if cause != "deadline":
        assert type(make()).__name__ in str(raised.value)
    with pytest.raises(StoreCreditError) as created:
        failing(make, [], max_retries=0).store_credit_types.create(name="x", priority=1)
    assert "may be repeated" not in str(created.value)


def test_a_certificate_that_is_not_trusted_is_not_asked_for_again(waits: list[float]) -> None:
    """The text names the server, the variable that is read, the one that is not, and the way to pass a context."""
    asked: list[Any] = []
    client = failing(CAUSES["certificate"][0], asked, base_url="https://shop.test")
    with pytest.raises(APIConnectionError) as raised:
        client.store_credits.retrieve("7")

    for words in ("https://shop.test", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "default_http_client(verify=...)"):
        assert words in str(raised.value)
    assert len(asked) == 1
    assert waits == []


def test_a_full_pool_says_how_many_connections_there_are_and_which_settings_help(serve: Callable[..., Any]) -> None:
    """Nothing is wrong with the address, and the server was not asked."""
    raised: list[StoreCreditError] = []

    def nested(request: Any) -> httpx.Response:
        if not raised:
            with pytest.raises(APIConnectionError) as full:
                client.store_credits.retrieve("8")
            raised.append(full.value)
        return httpx.Response(404)

    client = serve(nested).spree(max_connections=1, timeout=Timeout(pool=0.01))
    with pytest.raises(APIStatusError):
        client.store_credits.retrieve("7")

    assert remedies(raised[0]) == ["full pool"]
    for words in ("all 1 connections", "0.01 seconds", "Timeout.pool", "max_connections="):
        assert words in str(raised[0])
    assert raised[0].attempts == 0


@pytest.mark.parametrize(
    ("variable", "value"), [("HTTP_PROXY", "http://user:S3CRET@proxy.test:3128"), ("all_proxy", "proxy.test:3128")]
)
def test_a_proxy_of_the_environment_is_named_without_its_password(
    serve: Callable[..., Any], environment: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """It is what could not be reached, as likely as the server itself; NO_PROXY is the way round it."""
    environment.setenv(variable, value if "//" in value else f"http://{value}")
    with pytest.raises(APIConnectionError) as raised:
        serve(httpx.ConnectError("refused")).spree(max_retries=0).store_credits.retrieve("7")

    assert remedies(raised.value) == ["proxy"]
    assert "http://proxy.test:3128" in str(raised.value)
    assert "NO_PROXY" in str(raised.value)
    assert "S3CRET" not in str(raised.value)


def test_a_proxy_that_the_server_is_exempt_from_is_not_named(
    serve: Callable[..., Any], environment: pytest.MonkeyPatch
) -> None:
    """Nor one for another scheme, nor the environment's for a client that was injected."""
    environment.setenv("HTTP_PROXY", "http://proxy.test:3128")
    environment.setenv("NO_PROXY", "spree.test")
    with pytest.raises(APIConnectionError) as exempt:
        serve(httpx.ConnectError("refused")).spree(max_retries=0).store_credits.retrieve("7")
    assert remedies(exempt.value) == ["address"]

    def refuse(request: Any) -> httpx.Response:
        raise httpx.ConnectError("refused")

    environment.delenv("NO_PROXY")
    with httpx.Client(transport=httpx.MockTransport(refuse)) as http_client:
        client = SpreeClient("http://spree.test", "t", http_client=http_client, max_retries=0)
        with pytest.raises(APIConnectionError) as injected:
            client.store_credits.retrieve("7")
    assert remedies(injected.value) == ["address"]


NO_PROXY: list[tuple[str, str | None]] = [
    ("localhost,127.0.0.0/8,::1/128", "::1/128"),
    ("localhost,[::1]", "[::1]"),
    ("::1, fd00::/8", "fd00::/8"),
    (".corp.test,shop.test:http", "shop.test:http"),
    ("localhost,::1,10.0.0.0/8,.corp.test,shop.test:8080,*.test,http://other.test", None),
    ("*", None),
]
MADE = (SpreeClient, AsyncSpreeClient, default_http_client, default_async_http_client)


@together(
    ("make", "value", "culprit"),
    [*((SpreeClient, *entry) for entry in NO_PROXY), *((make, *NO_PROXY[0]) for make in MADE[1:])],
)
def test_an_entry_of_no_proxy_that_the_library_cannot_read_is_named(
    environment: pytest.MonkeyPatch, make: Callable[..., Any], value: str, culprit: str | None
) -> None:
    """When the client is made, and none that it reads; a newer httpx2 reads them all."""
    environment.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    environment.setenv("NO_PROXY", value)
    arguments = ("https://spree.test", "t") if make in (SpreeClient, AsyncSpreeClient) else ()
    if culprit is None:
        make(*arguments)
        return
    said = ""
    try:
        make(*arguments)
    except ConfigurationError as error:
        said = str(error)

    if httpx.__name__ == "httpx" or said:
        assert f"NO_PROXY contains {culprit!r}, which {httpx.__name__} cannot parse" in said
    assert "proxy.test" not in said


@pytest.mark.parametrize("status", [301, 307, 308])
def test_a_redirect_names_where_it_leads(serve: Callable[..., Any], status: int) -> None:
    """And the base URL to check."""
    with pytest.raises(APIStatusError) as raised:
        serve((status, b"", {"Location": "https://www.spree.test/"})).spree().store_credits.retrieve("7")

    assert remedies(raised.value) == ["redirect"]
    assert "redirects to https://www.spree.test/" in str(raised.value)
    assert "check the base URL http://spree.test" in str(raised.value)
