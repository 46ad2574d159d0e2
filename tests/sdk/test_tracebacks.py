"""No secret in what a crash reporter sends along: the locals of every frame behind an error, ours and the library's."""

import ssl
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any

import anyio
import pytest

from http_library import httpx
from store_credit import (
    AsyncClientCredentials,
    AsyncSpreeClient,
    AsyncVinrClient,
    ClientCredentials,
    OutcomeUnknownError,
    SpreeClient,
    VinrClient,
)
from together import together

KEY, TOKEN, ORDER, CUSTOMER, CLIENT, HEADER = (
    "sk_test_S3CRETKEY",
    "S3CRETADMIN",
    "S3CRETORDER",
    "S3CRETCUSTOMER",
    "S3CRETCLIENT",
    "S3CRETHEADER",
)
PACKAGES = ("store_credit", "httpx", "httpx2", "httpcore", "httpcore2", "h11", "anyio")


def chained(error: BaseException) -> Iterator[BaseException]:
    """An error and everything that it was raised from or during, each once; the members of groups too."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions


def frames(error: BaseException) -> Iterator[Any]:
    """Every frame behind an error that is of one of the packages."""
    for one in chained(error):
        trace: TracebackType | None = one.__traceback__
        while trace is not None:
            if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] in PACKAGES:
                yield trace.tb_frame
            trace = trace.tb_next


def shown(error: BaseException) -> list[str]:
    """Where a secret can be seen: function and name of the local, and of the attributes of errors."""
    found: list[str] = []
    for frame in frames(error):
        for name, value in frame.f_locals.items():
            if "S3CRET" in safe_repr(value):
                found.append(f"{frame.f_globals['__name__']}.{frame.f_code.co_name}: {name}")
    for one in chained(error):
        for name, value in {**getattr(one, "__dict__", {}), "args": one.args}.items():
            if "S3CRET" in safe_repr(value):
                found.append(f"{type(one).__name__}.{name}")
    return found


def safe_repr(value: Any) -> str:
    """As a crash reporter writes it."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - an object that is half made has none
        return ""


def certificate(request: Any) -> Any:
    try:
        raise ssl.SSLCertVerificationError(1, "certificate verify failed")
    except ssl.SSLError as error:
        raise httpx.ConnectError("TLS", request=request) from error


def raising(make: Callable[[Any], Exception]) -> Callable[[Any], Any]:
    def handle(request: Any) -> Any:
        raise make(request)

    return handle


FAILURES: dict[str, Callable[[Any], Any]] = {
    "refused": lambda request: httpx.Response(422, json={"error": {"code": "c", "message": "no"}}),
    "unauthorized": lambda request: httpx.Response(401),
    "rate limit": lambda request: httpx.Response(429, headers={"Retry-After": "900"}),
    "failing": lambda request: httpx.Response(503),
    "redirect": lambda request: httpx.Response(303, headers={"Location": "https://other.test/"}),
    "html": lambda request: httpx.Response(200, html="<html>"),
    "another's": lambda request: httpx.Response(200, json={"id": "other"}),
    "bad gzip": lambda request: httpx.Response(
        200, stream=httpx.ByteStream(b"no"), headers={"Content-Encoding": "gzip"}
    ),
    "too large": lambda request: httpx.Response(200, stream=httpx.ByteStream(b" " * 5000)),
    "connect": raising(lambda request: httpx.ConnectError("refused", request=request)),
    "timeout": raising(lambda request: httpx.ReadTimeout("slow", request=request)),
    "broken": raising(lambda request: httpx.RemoteProtocolError("gone", request=request)),
    "not sendable": raising(lambda request: httpx.LocalProtocolError("no", request=request)),
    "certificate": certificate,
    "own transport": raising(lambda request: TypeError("handle() takes 2 arguments")),
    "own mock": raising(lambda request: AssertionError("unexpected request")),
    "reset": raising(lambda request: ConnectionResetError("reset")),
}
VINR: dict[str, Callable[[Any], Any]] = {
    "create": lambda vinr: vinr.store_credit.create(customer="c", amount=1, currency="USD"),
    "retrieve": lambda vinr: vinr.store_credit.retrieve("sc_1"),
    "list": lambda vinr: vinr.store_credit.list(),
    "raw": lambda vinr: vinr.request("POST", "/v1/x", json={}),
    "key of the call": lambda vinr: vinr.store_credit.retrieve("sc_1", api_key=KEY),
    "raw, key of the call": lambda vinr: vinr.request("PATCH", "/v1/x", api_key=KEY),
    "raw, header": lambda vinr: vinr.request("PATCH", "/v1/x", headers={"X-Api-Key": HEADER}),
    "copy": lambda vinr: vinr.with_options(api_key=KEY).store_credit.retrieve("sc_1"),
    "raw response": lambda vinr: vinr.with_raw_response(vinr.store_credit.retrieve, "sc_1"),
}
SPREE: dict[str, Callable[[Any], Any]] = {
    "create": lambda spree: spree.store_credit_types.create(name="x", priority=1),
    "update": lambda spree: spree.store_credits.update("7", memo="x"),
    "delete": lambda spree: spree.store_credits.delete("7"),
    "cart": lambda spree: spree.checkout.add_store_credit(order_token=ORDER, customer_token=CUSTOMER),
    "account": lambda spree: spree.account.retrieve(customer_token=CUSTOMER),
    "token of the call": lambda spree: spree.store_credits.retrieve("7", token=TOKEN),
    "raw, header": lambda spree: spree.request("PATCH", "/api/v2/platform/x", headers={"Authorization": HEADER}),
}
RAW = ("raw", "raw, key of the call", "raw, header")
"""They take any success as it is."""
SETTINGS: dict[str, Any] = {"max_retries": 0, "max_response_bytes": 4000}


def sync_clients(handle: Callable[[Any], Any], **settings: Any) -> tuple[Any, Any]:
    """A client of each system, with a transport of the caller's."""
    http_client = httpx.Client(transport=httpx.MockTransport(handle))
    made = {**SETTINGS, "http_client": http_client, **settings}
    return (
        VinrClient(KEY, base_url="http://vinr.test", **made),
        SpreeClient("http://spree.test", lambda: TOKEN, **made),
    )


def error_of(call: Callable[[], Any]) -> BaseException:
    """What a call raises, whatever it is."""
    try:
        call()
    except BaseException as error:  # noqa: BLE001 - looked at, and not handled
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize("failure", FAILURES)
def test_no_frame_behind_an_error_shows_a_secret(failure: str) -> None:
    """Whatever went wrong, and whichever way it was given: to the client, by a function, with a call, by a shopper."""
    for calls, client in zip((VINR, SPREE), sync_clients(FAILURES[failure]), strict=True):
        for name, call in calls.items():
            if name in RAW and failure in ("html", "another's"):
                assert call(client).status_code == 200
                continue
            error = error_of(lambda call=call, client=client: call(client))
            assert shown(error) == [], name
            assert failure in ("own mock", "not sendable") or list(frames(error)), name


@pytest.mark.parametrize("failure", [name for name in FAILURES if name not in ("html", "another's")])
def test_no_frame_shows_a_secret_when_the_sdk_opens_the_connections(serve: Callable[..., Any], failure: str) -> None:
    """Through the library's own transport, whose frames hold headers."""
    server = serve(FAILURES[failure])
    for call in VINR.values():
        error = error_of(lambda call=call: call(server.vinr(api_key=KEY, **SETTINGS)))
        assert shown(error) == []
    for call in SPREE.values():
        error = error_of(lambda call=call: call(server.spree(token=TOKEN, **SETTINGS)))
        assert shown(error) == []


# bad gzip: whoever stops reading a stream leaves async generators of the library behind, which trio warns of.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.anyio
@pytest.mark.parametrize("failure", FAILURES)
async def test_no_frame_shows_a_secret_async(failure: str) -> None:
    """The same, awaited, with and without a deadline."""
    found: list[str] = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(FAILURES[failure])) as http_client:
        for deadline in (None, 60.0):
            made = {**SETTINGS, "http_client": http_client, "deadline": deadline}
            vinr = AsyncVinrClient(KEY, base_url="http://vinr.test", **made)
            spree = AsyncSpreeClient("http://spree.test", lambda: TOKEN, **made)
            for calls, client in ((VINR, vinr), (SPREE, spree)):
                for call in calls.values():
                    try:
                        await call(client)
                    except BaseException as error:  # noqa: BLE001 - looked at, and not handled
                        found += shown(error)
    assert found == []


def test_no_frame_shows_a_secret_with_a_deadline() -> None:
    """Then an attempt runs in a thread of its own, and its error comes from there."""
    for failure in ("connect", "timeout", "own mock", "own transport", "not sendable", "html"):
        vinr, spree = sync_clients(FAILURES[failure], deadline=60.0)
        for calls, client in ((VINR, vinr), (SPREE, spree)):
            for name, call in calls.items():
                if not (name in RAW and failure == "html"):
                    assert shown(error_of(lambda call=call, client=client: call(client))) == []


# Before anything is sent. What a caller passes by a wrong name, or to a call with another argument that is refused,
# stays in the frames of that call: it has not become a credential yet.

SLIPS: dict[str, Callable[[], Any]] = {
    "client: timeout": lambda: VinrClient(KEY, timeout=0),
    "client: line break": lambda: VinrClient(KEY + "\n"),
    "client: publishable": lambda: VinrClient("pk_test_S3CRETKEY"),
    "client: base_url": lambda: VinrClient(KEY, base_url="vinr.test"),
    "client: http_client": lambda: VinrClient(KEY, http_client=5),  # type: ignore[arg-type]
    "client: hooks": lambda: SpreeClient("http://spree.test", TOKEN, event_hooks=print),  # type: ignore[arg-type]
    "client: no address": lambda: SpreeClient(token=TOKEN),
    "async client: timeout": lambda: AsyncVinrClient(KEY, timeout=0),
    "copy: key": lambda: VinrClient(KEY).with_options(api_key="S3CRETOTHER"),
    "copy: timeout": lambda: VinrClient(KEY).with_options(api_key=KEY, timeout=0),
    "credentials: id": lambda: ClientCredentials("", CLIENT, base_url="http://spree.test"),
    "credentials: line": lambda: ClientCredentials("id", CLIENT + "\n", base_url="http://spree.test"),
    "credentials: address": lambda: ClientCredentials("id", CLIENT, base_url="spree.test"),
    "async credentials": lambda: AsyncClientCredentials("id", CLIENT + "\n", base_url="http://spree.test"),
    "body": lambda: VinrClient(KEY).request("POST", "/v1/x", json={"a": object()}),
    "query": lambda: VinrClient(KEY).request("GET", "/v1/x", query={"a": "\ud800"}),
    "path": lambda: VinrClient(KEY).request("GET", "/v1/x y"),
    "argument": lambda: VinrClient(KEY).store_credit.create(customer="c", amount=1.5, currency="USD"),  # type: ignore[arg-type]
    "option and key": lambda: VinrClient(KEY).store_credit.retrieve("sc_1", api_key=KEY, timeout=0),
    "key of the call": lambda: VinrClient(KEY).store_credit.retrieve("sc_1", api_key="sk_live_S3CRET"),
    "token function": lambda: SpreeClient("http://s.test", lambda: TOKEN + "\n").store_credits.retrieve("7"),
    "token of a shopper": lambda: SpreeClient("http://s.test", TOKEN).account.retrieve(customer_token=CUSTOMER + " x"),
    "argument and token of a cart": lambda: SpreeClient("http://s.test", TOKEN).checkout.add_store_credit(
        amount=1.5,  # type: ignore[arg-type]
        order_token=ORDER,
    ),
    "argument and token of a shopper": lambda: SpreeClient("http://s.test", TOKEN).account.retrieve(
        include=5,  # type: ignore[arg-type]
        customer_token=CUSTOMER,
    ),
    "key function": lambda: VinrClient(lambda: "pk_S3CRET", base_url="http://v.test").store_credit.retrieve("sc_1"),
}


@together("slip", SLIPS)
def test_no_frame_shows_a_secret_when_nothing_is_sent(slip: str) -> None:
    """A setting or an argument beside it is wrong, or the secret itself is."""
    assert shown(error_of(SLIPS[slip])) == []


def test_no_frame_shows_a_secret_when_an_outcome_is_settled() -> None:
    """The error of a lost call, and of settling it in vain, may both be reported."""
    vinr, _ = sync_clients(FAILURES["timeout"])
    lost = error_of(lambda: VINR["create"](vinr))
    assert isinstance(lost, OutcomeUnknownError)

    assert shown(error_of(lambda: vinr.settle(lost))) == []
    assert shown(error_of(lambda: VinrClient("sk_test_S3CRETOTHER", base_url="http://vinr.test").settle(lost))) == []
    assert shown(error_of(lambda: vinr.settle(lost, key_window=0))) == []


@pytest.mark.anyio
async def test_no_frame_shows_a_secret_when_a_call_is_cancelled() -> None:
    """While it waits for the response; as an error of the task's own it is reported too."""

    async def hang(request: Any) -> Any:
        await anyio.sleep_forever()

    found: list[str] = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as http_client:
        vinr = AsyncVinrClient(KEY, base_url="http://vinr.test", http_client=http_client)
        with anyio.move_on_after(0.02):
            try:
                await vinr.store_credit.retrieve("sc_1", api_key=KEY)
            except BaseException as error:
                found += shown(error)
                raise

    assert found == []


def test_this_test_sees_what_a_frame_shows() -> None:
    """It would be worth nothing if it looked past what it is there for."""
    namespace: dict[str, Any] = {"__name__": "httpx.planted"}
    exec("def fail(key):\n    headers = [(b'X-Api-Key', key)]\n    raise ValueError(key)", namespace)

    def fail() -> None:
        try:
            namespace["fail"](KEY)
        except ValueError:
            raise RuntimeError("outer") from None

    assert shown(error_of(fail)) == ["httpx.planted.fail: key", "httpx.planted.fail: headers", "ValueError.args"]
